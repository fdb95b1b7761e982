import type { SourceRange } from '../records/source';
import { place } from './finding';
import type { Texts } from './text';
import { editAt, offsetAt, parseCall, statementAt } from './text';

/**
 * Where the statement at `range` is `model.fit(X, y, …)`, the last statement before it that gives the name of its rows (or of its targets)
 * a value, in the same block: what is to follow the making of the rows stands there. Null for calls of another form.
 */
export function madeBeforeFit(texts: Texts, range: SourceRange, part: 'inputs' | 'targets'): SourceRange | null {
  const name = fittedName(texts, range, part);
  const text = texts[range.path];
  if (name === null || text === undefined) return null;
  const fit = statementAt(text, offsetAt(text, range.line, range.column));
  const gives = new RegExp(`^([ \\t]*)(?:\\(?[\\w ,]*,\\s*)?${name}\\s*(?:,[\\w ,]*\\)?\\s*)?=(?!=)`, 'gm');
  const before = [...text.slice(0, fit.start).matchAll(gives)].at(-1);
  if (before?.[1] !== fit.indent) return null;
  const { start, end } = statementAt(text, before.index);
  return place(editAt(range.path, text, start + fit.indent.length, end, ''));
}

/** Whether the statement at `range` trains a model. */
export const isFit = (texts: Texts, range: SourceRange): boolean => fitCall(texts, range) !== null;

/** The name that the call gives to `fit` as rows or targets; null where it is no plain name. */
function fittedName(texts: Texts, range: SourceRange, part: 'inputs' | 'targets'): string | null {
  const given = fitCall(texts, range)?.arguments ?? [];
  const [position, keyword] = part === 'inputs' ? [0, /^[xX]\s*=(?!=)\s*/] : [1, /^y\s*=(?!=)\s*/];
  const named = given.find(({ text }) => keyword.test(text))?.text.replace(keyword, '');
  const plain = given.slice(0, position + 1).every(({ text }) => !/^\w+\s*=(?!=)/.test(text));
  const written = named ?? (plain ? given[position]?.text : undefined);
  return written !== undefined && /^[A-Za-z_]\w*$/.test(written.trim()) ? written.trim() : null;
}

function fitCall(texts: Texts, range: SourceRange) {
  const text = texts[range.path];
  if (text === undefined) return null;
  const { start, end } = statementAt(text, offsetAt(text, range.line, range.column));
  const written = text.slice(start, end).replace(/^\s*(?:[\w.]+\s*=(?!=)\s*)?/, '');
  const call = parseCall(written.replace(/\)[ \t]*#[^\n]*$/, ')').trim());
  return call !== null && /\.fit$/.test(call.callee) ? call : null;
}
