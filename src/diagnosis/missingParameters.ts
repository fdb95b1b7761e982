import type { ParameterSpec } from '../records/model/graph';
import type { SourceRange } from '../records/source';
import { place } from './finding';
import type { Remedy } from './removal';
import type { Evidence } from './rule';
import { textAt } from './text';

/** `X.parameters()`, by the expression before it. */
const parametersOf = /([A-Za-z_][\w.]*)\.parameters\(\)/g;

/**
 * The edit of the optimizer's argument that gives it the parameters `left` too: all of the model where one part of it was given, else
 * what is missing beside what is there. `given` are the parameters that the argument gives. Null where their expressions are not known.
 */
export function completedArgument(
  e: Evidence,
  argument: SourceRange,
  left: readonly ParameterSpec[],
  given: readonly ParameterSpec[],
): Remedy | null {
  const written = textAt(e.texts, argument);
  if (written === null) return null;
  const keyword = /^\s*params\s*=\s*/.exec(written)?.[0] ?? '';
  const expression = written.slice(keyword.length).trim();
  const owner = ownerOf(expression, given, e.texts[argument.path] ?? '');
  if (owner === null) return null;
  const all = e.experiment.model?.parameters ?? [];
  // One part of the model was given, alone or in `list(…)` or `filter(…)`: the whole stands in its place.
  const [part, another] = expression.match(parametersOf) ?? [];
  const isOnePart = owner !== '' && part !== undefined && another === undefined && !/^\[|\+/.test(expression);
  const newText = isOnePart
    ? expression.replace(part, `${owner}.parameters()`)
    : extended(expression, missingParts(owner, left, all), (e.experiment.optimizer?.groups.length ?? 0) > 1);
  if (newText === null) return null;
  const title = isOnePart ? `Give the optimizer ${owner}.parameters()` : 'Give the optimizer the rest too';
  return { title, edits: [{ ...place(argument), newText: keyword + newText }] };
}

/**
 * The expression whose attributes the parameters' names are (`model` in `model.head.parameters()`); empty where the names begin with
 * variables of the script, null when it cannot be told.
 */
function ownerOf(expression: string, given: readonly ParameterSpec[], text: string): string | null {
  const parts = [...expression.matchAll(parametersOf)].map((match) => match[1] ?? '');
  const holds = (prefix: string): boolean => given.some(({ name }) => name.startsWith(`${prefix}.`));
  if (parts.length === 0) return given.every(({ name }) => isAssigned(text, name.split('.')[0] ?? '')) ? '' : null;
  if (parts.every(holds)) return '';
  const owners = parts.map((part) => {
    const words = part.split('.');
    const at = words.findIndex((_, i) => i > 0 && holds(words.slice(i).join('.')));
    return at < 0 ? null : words.slice(0, at).join('.');
  });
  const [owner = null] = owners;
  return owners.every((other) => other === owner) ? owner : null;
}

/** Whether a statement of the script makes a variable of this name. */
const isAssigned = (text: string, name: string): boolean =>
  /^[A-Za-z_]\w*$/.test(name) && new RegExp(`^(?:[\\w, ]*,)?[ \\t]*${name}\\b[\\w, ]*=(?!=)`, 'm').test(text);

/** A module, or a single tensor, that the optimizer lacks. */
interface Part {
  readonly expression: string;
  readonly isTensor: boolean;
}

/** The largest modules of which all parameters are missing, and the tensors that stand alone. */
function missingParts(owner: string, left: readonly ParameterSpec[], all: readonly ParameterSpec[]): readonly Part[] {
  const missing = new Set(left);
  const parts = new Map<string, Part>();
  for (const { name } of left) {
    const words = name.split('.');
    const depth = words.findIndex((_, i) => {
      const prefix = `${words.slice(0, i + 1).join('.')}.`;
      return all.every((spec) => !spec.name.startsWith(prefix) || !spec.trainable || missing.has(spec));
    });
    const expression = inPython(owner, words.slice(0, depth + 1));
    parts.set(expression, { expression, isTensor: depth === words.length - 1 });
  }
  return [...parts.values()];
}

/** `model.layers[0].weight`: numbers in a name are places in a list of modules. */
function inPython(owner: string, words: readonly string[]): string {
  const [first = '', ...rest] = owner === '' ? words : [owner, ...words];
  return rest.reduce((made, word) => (/^\d+$/.test(word) ? `${made}[${word}]` : `${made}.${word}`), first);
}

/** The argument with what is missing behind it; null for forms that cannot be lengthened. */
function extended(expression: string, parts: readonly Part[], inGroups: boolean): string | null {
  const groups = parts.map(({ expression: part, isTensor }) => `{'params': ${isTensor ? `[${part}]` : `${part}.parameters()`}}`);
  const listed = parts.map(({ expression: part, isTensor }) => (isTensor ? part : `*${part}.parameters()`));
  const inner = /^\[([\s\S]*?),?\s*\]$/.exec(expression)?.[1];
  const isOneList = inner !== undefined && !/\]\s*\+/.test(inner);
  if (isOneList) return `[${inner}, ${(inGroups || inner.trimStart().startsWith('{') ? groups : listed).join(', ')}]`;
  if (inGroups || !/^[\w.()[\], +*]+$/.test(expression)) return null;
  const more = parts.map(({ expression: part, isTensor }) => (isTensor ? `[${part}]` : `list(${part}.parameters())`));
  const first = /^list\(/.test(expression) ? expression : `list(${expression})`;
  return [first, ...more].join(' + ');
}
