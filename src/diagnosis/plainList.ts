import type { ParameterSpec } from '../records/model/graph';
import type { SourceRange, TextEdit } from '../records/source';
import type { Remedy } from './removal';
import type { Texts } from './text';
import { editAt, offsetAt, statementAt } from './text';

/** Layers in a plain list of a module, which `parameters()` does not see into. */
export interface PlainList {
  /** `self.layers`. */
  readonly name: string;
  readonly remedy: Remedy;
}

/**
 * The plain list that holds the layers of all these parameters (`self.layers = []` with `append`, or `self.layers = [nn.Linear(…), …]`), and
 * the edit that makes an `nn.ModuleList` of it; null where they are held otherwise or the list is made twice.
 */
export function plainListOf(texts: Texts, left: readonly ParameterSpec[]): PlainList | null {
  const [first] = left;
  const text = first === undefined ? undefined : texts[first.range.path];
  if (first === undefined || text === undefined || left.some(({ range }) => range.path !== first.range.path)) return null;
  const names = new Set(left.map(({ range }) => listAt(text, range)));
  const [name = null] = names;
  if (name === null || names.size > 1) return null;
  const made = [...text.matchAll(new RegExp(`^[ \\t]*${name.replace('.', '\\.')}[ \\t]*=(?!=)[ \\t]*`, 'gm'))];
  const [only] = made;
  if (only === undefined || made.length > 1) return null;
  const start = only.index + only[0].length;
  const written = text
    .slice(start, statementAt(text, start).end)
    .replace(/\s*#[^\n'"]*$/, '')
    .trimEnd();
  if (!/^\[[\s\S]*\]$/.test(written)) return null;
  const module = /\b((?:torch\.)?nn)\.(?:Module|Linear|Conv\w*)\b/.exec(text)?.[1];
  if (module === undefined) return null;
  const list = `${module}.ModuleList`;
  const edit: TextEdit = editAt(
    first.range.path,
    text,
    start,
    start + written.length,
    written === '[]' ? `${list}()` : `${list}(${written})`,
  );
  return { name, remedy: { title: `Make ${name} an ${list}`, edits: [edit] } };
}

/** The list that the statement at `range` makes with a layer in it, or appends one to. */
function listAt(text: string, range: SourceRange): string | null {
  const { start, end } = statementAt(text, offsetAt(text, range.line, range.column));
  const statement = text.slice(start, end);
  return (
    /^\s*(self\.\w+)\.append\(/.exec(statement)?.[1] ??
    /^\s*(self\.\w+)\s*=\s*\[/.exec(statement)?.[1] ??
    /^[^\n]*:\s*(self\.\w+)\.append\(/.exec(statement)?.[1] ??
    null
  );
}
