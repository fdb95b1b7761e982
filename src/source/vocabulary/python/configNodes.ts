import { settingsFrom } from '../../configs/settingsFile';
import type { Call } from '../../interpret/call';
import type { Reason } from '../../../records/source';
import { booleanValue, listValue, none, numberValue, stringValue, type NamespaceValue, type Value } from '../../values/value';
import type { MethodTable } from '../functionTable';
import { named } from './settings';

/** Deepest settings that are followed. */
const deepest = 20;

/** A node of settings with all nodes below it. */
function copied(node: NamespaceValue, depth = 0): NamespaceValue {
  const inner = (value: Value): Value =>
    value.kind === 'namespace' && depth < deepest
      ? copied(value, depth + 1)
      : value.kind === 'list'
        ? { ...value, items: [...value.items] }
        : value;
  return { ...node, entries: new Map([...node.entries].map(([key, value]) => [key, inner(value)])) };
}

/** What cannot be read could have changed any of the settings. */
function doubt(node: NamespaceValue, reason: Reason, depth = 0): void {
  for (const [key, value] of node.entries) {
    if (value.kind !== 'namespace') node.entries.set(key, { kind: 'unknown', reason });
    else if (depth < deepest) doubt(value, reason, depth + 1);
  }
}

/** Text that is a literal of Python stands for it, as in `"(0.9, 0.999)"` and `"1e-4"`. */
function decoded(value: Value): Value {
  if (value.kind !== 'string') return value;
  const text = value.value.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return numberValue(Number(text), /^[+-]?\d+$/.test(text), value.origin);
  if (text === 'True' || text === 'False') return booleanValue(text === 'True', value.origin);
  if (text === 'None') return none;
  const items = /^[([]([^()[\]]*)[)\]]$/.exec(text)?.[1]?.split(',') ?? null;
  if (items === null) return /^(['"]).*\1$/.test(text) ? stringValue(text.slice(1, -1), value.origin) : value;
  const words = items.map((item) => item.trim()).filter((item) => item !== '');
  return listValue(
    words.map((word) => decoded(stringValue(word, value.origin))),
    text.startsWith('(') ? 'tuple' : 'list',
  );
}

/** Later settings over those of the node, level by level, in place. */
function mergeInto(node: NamespaceValue, above: NamespaceValue, depth = 0): void {
  for (const [key, value] of above.entries) {
    const below = node.entries.get(key);
    if (below?.kind === 'namespace' && value.kind === 'namespace' && depth < deepest) mergeInto(below, value, depth + 1);
    else node.entries.set(key, decoded(value));
  }
}

function fromFile(node: NamespaceValue, call: Call): Value {
  const given = call.positional[0] ?? call.keywords.get('cfg_filename');
  const path = given?.value;
  const range = given?.range ?? call.range;
  const above = path?.kind === 'string' ? named(settingsFrom(call.machine, path.value, 'yaml', range, 'core')) : (path ?? none);
  if (above.kind === 'namespace') mergeInto(node, above);
  else
    doubt(node, (above.kind === 'unknown' && above.reason) || { text: 'Which settings file this is could not be read', range });
  return none;
}

/** `["SOLVER.LR", 0.1, …]`: names and values in turn. Nothing where the command line gives no words. */
function fromList(node: NamespaceValue, call: Call): Value {
  const given = call.positional[0] ?? call.keywords.get('cfg_list');
  if (given?.value.kind === 'unknown') {
    doubt(node, given.value.reason ?? { text: 'These settings could not be read', range: given.range });
    return none;
  }
  const items = given?.value.kind === 'list' ? given.value.items : [];
  for (let i = 0; i + 1 < items.length; i += 2) {
    const [name, value] = [items[i], items[i + 1]];
    if (name?.kind === 'string' && value) setAt(node, name.value.split('.'), decoded(value));
  }
  return none;
}

function setAt(node: NamespaceValue, [first = '', ...rest]: readonly string[], value: Value): void {
  const below = node.entries.get(first);
  if (rest.length === 0) node.entries.set(first, value);
  else if (below?.kind === 'namespace') setAt(below, rest, value);
}

/** Methods of settings that are kept as nodes in one another (`yacs.config.CfgNode`). */
export const configNodeMethods: MethodTable<NamespaceValue> = {
  merge_from_file: fromFile,
  merge_from_list: fromList,
  merge_from_other_cfg: (node, call) => {
    const above = call.positional[0];
    if (above?.value.kind === 'namespace') mergeInto(node, above.value);
    else if (above) doubt(node, { text: 'These settings could not be read', range: above.range });
    return none;
  },
  clone: (node) => copied(node),
  freeze: () => none,
  defrost: () => none,
  set_new_allowed: () => none,
};
