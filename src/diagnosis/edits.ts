import type { SourceRange, Sourced, TextEdit } from '../records/source';
import { place, samePlace } from './finding';
import { amount } from './words';
import type { Texts } from './text';
import { codeCharacters, editAt, enclosingBracket, lineBreak, offsetAt, parseCall, statementAt, textAt } from './text';

/** A plain Python number. */
const numberLiteral = /^[+-]?(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)([eE][+-]?\d+)?$/;

/** `value` as Python text in the style of `like`: exponents stay exponents (`1e-3`), a missing leading zero stays missing. */
export function numberLike(like: string, value: number): string {
  if (/e/i.test(like) && numberLiteral.test(like)) {
    const [mantissa = '1', exponent = '0'] = value.toExponential().split('e');
    const mark = like.includes('E') ? 'E' : 'e';
    const digits = Number(exponent);
    const padded = /e[+-]?0\d/i.test(like) && Math.abs(digits) < 10 ? `0${Math.abs(digits)}` : String(Math.abs(digits));
    const point = like.includes('.') && !mantissa.includes('.') ? '.0' : '';
    return `${mantissa}${point}${mark}${digits < 0 ? '-' : ''}${padded}`;
  }
  const plain = plainDecimal(value);
  if (/^[+-]?\./.test(like)) return plain.replace(/^(-?)0\./, '$1.');
  return like.includes('.') && !/[.e]/.test(plain) ? `${plain}.0` : plain;
}

/** Decimals down to 1e-4, exponents beyond, as people write rates. */
function plainDecimal(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) return value.toExponential().replace('e+', 'e');
  return String(value);
}

/** Rounds a rate to a value that people write: one digit, or 1.5 and 2.5, times a power of ten. */
export function niceRate(value: number): number {
  const exponent = Math.floor(Math.log10(value));
  const mantissa = value / 10 ** exponent;
  const nice = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9, 10];
  const best = nice.reduce((a, b) => (Math.abs(Math.log(b / mantissa)) < Math.abs(Math.log(a / mantissa)) ? b : a));
  return Number(`${best}e${exponent}`);
}

/**
 * Edits that give a number (or True/False) another value: its literal, or the argument in the call when
 * the definition serves several units, or a new argument `name=` when the library's default holds.
 * Empty when the text does not allow it.
 */
export function setValue(
  texts: Texts,
  sourced: Sourced<number | boolean>,
  call: SourceRange,
  name: string,
  value: number | boolean,
): readonly TextEdit[] {
  if (sourced.isDefault) return insertArgument(texts, call, `${name}=${pythonValue('', value)}`);
  const target = sourced.callArgument ?? sourced.place;
  const old = textAt(texts, target);
  if (old === null) return [{ ...place(target), newText: pythonValue('', value) }];
  const keyword = /^\s*(\w+\s*=(?!=)\s*)/.exec(old)?.[1] ?? '';
  const expression = old.slice(keyword.length);
  if (/^['"]/.test(expression)) return [];
  return [{ ...place(target), newText: keyword + pythonValue(expression.trim(), value) }];
}

const pythonValue = (like: string, value: number | boolean): string =>
  typeof value === 'boolean' ? (value ? 'True' : 'False') : numberLike(like, value);

/** A number as the script writes it, or rounded where it is not a literal. */
export function asWritten(e: { readonly texts: Texts }, sourced: Sourced<number>): string {
  const text = sourced.isDefault ? null : textAt(e.texts, sourced.place);
  return text !== null && numberLiteral.test(text.trim()) && Number(text) === sourced.value ? text.trim() : amount(sourced.value);
}

/** Adds `argument` at the end of a call; empty when the call's text is not at hand. */
export function insertArgument(texts: Texts, call: SourceRange, argument: string): readonly TextEdit[] {
  const text = texts[call.path];
  const written = textAt(texts, call);
  const parsed = written === null ? null : parseCall(written);
  if (text === undefined || parsed === null) return [];
  const start = offsetAt(text, call.line, call.column);
  const lastArgument = parsed.arguments.at(-1);
  if (lastArgument === undefined) return [editAt(call.path, text, start + parsed.close, start + parsed.close, argument)];
  const at = start + lastArgument.end;
  return [editAt(call.path, text, at, at, `, ${argument}`)];
}

/** Replaces `from` by `to` in the text at a range, where it occurs exactly once; empty otherwise. */
export function replaceWithin(texts: Texts, range: SourceRange, from: RegExp, to: string): readonly TextEdit[] {
  const old = textAt(texts, range);
  if (old === null || !from.test(old)) return [];
  const changed = old.replace(from, to);
  return changed === old ? [] : [{ ...place(range), newText: changed }];
}

/** Adds a statement on a line of its own before (after) the statement at `range`, with its indentation. */
export function insertStatement(
  texts: Texts,
  range: SourceRange,
  where: 'before' | 'after',
  statement: string,
): readonly TextEdit[] {
  const text = texts[range.path];
  if (text === undefined) return [];
  const here = statementAt(
    text,
    offsetAt(
      text,
      where === 'before' ? range.line : range.endLine,
      where === 'before' ? range.column : Math.max(1, range.endColumn - 1),
    ),
  );
  const end = lineBreak(text);
  if (where === 'before') return [editAt(range.path, text, here.start, here.start, here.indent + statement + end)];
  const lineEnd = text[here.end - 1] === '\r' ? here.end - 1 : here.end;
  return [editAt(range.path, text, lineEnd, lineEnd, end + here.indent + statement)];
}

/** The name that the statement at `range` assigns its value to (`x = …`, `self.x = …`); null when it does not. */
export function assignedName(texts: Texts, range: SourceRange): string | null {
  const text = texts[range.path];
  if (text === undefined) return null;
  const offset = offsetAt(text, range.line, range.column);
  const { start, end } = statementAt(text, offset);
  // Of several statements on one line, the one that holds the range.
  const own = [...codeCharacters(text, start)].filter(({ at, character }) => character === ';' && at < offset).at(-1)?.at;
  return /^\s*([A-Za-z_][\w.]*)\s*=(?!=)/.exec(text.slice(own === undefined ? start : own + 1, end))?.[1] ?? null;
}

const activationName = /(['"])(?:softmax|sigmoid|relu|relu6|tanh|softplus|softsign|elu|selu|linear)\1/;

/** Keras's activation by another name, where it is a string or `Activation('…')`. Empty for other texts. */
export function nameActivation(texts: Texts, range: SourceRange, name: string): readonly TextEdit[] {
  const written = textAt(texts, range) ?? '';
  const whole = new RegExp(`^(?:[\\w.]*Activation\\(\\s*)?${activationName.source}\\s*\\)?$`);
  return whole.test(written) ? [{ ...place(range), newText: written.replace(activationName, `'${name}'`) }] : [];
}

/** Gives a layer of Keras the activation `name`, in place of the one that its call names already. Empty for other texts. */
export function giveActivation(texts: Texts, call: SourceRange, name: string): readonly TextEdit[] {
  const written = textAt(texts, call) ?? '';
  if (!/\bactivation\s*=/.test(written)) return insertArgument(texts, call, `activation='${name}'`);
  return replaceWithin(texts, call, /\bactivation\s*=\s*(?:(['"])\w+\1|None\b)/, `activation='${name}'`);
}

/**
 * Removes a layer from the forward pass: an element of a `Sequential` or list, or a call `f(x)` that becomes `x`.
 * `range` is the layer's constructor or the function call, `call` where the forward pass applies it. Empty when unsure.
 */
export function removeLayer(texts: Texts, range: SourceRange, call: SourceRange): readonly TextEdit[] {
  const written = textAt(texts, range);
  const named = nameActivation(texts, range, 'linear');
  if (named.length > 0) return named;
  const parsed = written === null ? null : parseCall(written);
  if (parsed === null) return [];
  const callee = parsed.callee.split('.').at(-1) ?? '';
  if (/^[A-Z]/.test(callee)) return removeElement(texts, range) ?? (samePlace(call, range) ? [] : unwrapModuleCall(texts, call));
  return unwrap(texts, range);
}

/** `self.softmax(x)` becomes `x`: only for a bare attribute or name, so that no whole network is unwrapped by mistake. */
function unwrapModuleCall(texts: Texts, call: SourceRange): readonly TextEdit[] {
  const parsed = parseCall(textAt(texts, call) ?? '');
  if (parsed?.arguments.length !== 1 || !/^(self\.)?[a-z_]*(softmax|sigmoid|relu|tanh|act|out|prob)\w*$/.test(parsed.callee))
    return [];
  return unwrap(texts, call);
}

/** `F.softmax(x, dim=1)` becomes `x`, `x.softmax(1)` and `x.sigmoid()` become `x`. */
function unwrap(texts: Texts, range: SourceRange): readonly TextEdit[] {
  const parsed = parseCall(textAt(texts, range) ?? '');
  if (parsed === null) return [];
  const [argument] = parsed.arguments;
  const isFunction =
    /^(F|torch|nn\.functional|torch\.nn\.functional|self\.\w+)(\.\w+)?$/.test(parsed.callee) || !parsed.callee.includes('.');
  if (isFunction) return argument === undefined ? [] : [{ ...place(range), newText: argument.text }];
  return [{ ...place(range), newText: parsed.callee.replace(/\.\w+$/, '') }];
}

/** Takes an element out of `Sequential(…)` or `[…]` with its comma; null when it is not such an element. */
function removeElement(texts: Texts, range: SourceRange): readonly TextEdit[] | null {
  const text = texts[range.path];
  if (text === undefined) return null;
  const start = offsetAt(text, range.line, range.column);
  const end = offsetAt(text, range.endLine, range.endColumn);
  const around = enclosingBracket(text, start);
  if (around === null || !(around.bracket === '[' || around.callee.endsWith('Sequential'))) return null;
  const comma = commaBefore(text, around.open, start);
  if (comma !== null) return [editAt(range.path, text, comma, end, '')];
  const after = /^\s*,\s*/.exec(text.slice(end))?.[0];
  return after === undefined ? null : [editAt(range.path, text, start, end + after.length, '')];
}

/** Offset of the comma that ends the element before `start`; null for the first element. */
function commaBefore(text: string, open: number, start: number): number | null {
  let comma: number | null = null;
  for (const { at, character } of codeCharacters(text, open + 1)) {
    if (at >= start) break;
    if (character === ',') comma = at;
  }
  return comma;
}

/** Adds a statement at the end of the body of the loop at `range`; empty when it is no loop with a body of its own. */
export function appendToBody(texts: Texts, range: SourceRange, statement: string): readonly TextEdit[] {
  const text = texts[range.path];
  if (text === undefined) return [];
  const head = statementAt(text, offsetAt(text, range.line, range.column));
  // A trainer's `fit` is a loop without a body.
  if (!/^\s*(async\s+)?(for|while)\b/.test(text.slice(head.start, head.end))) return [];
  const body = /\n([ \t]+)\S/.exec(text.slice(head.end))?.[1];
  if (body === undefined || body.length <= head.indent.length) return [];
  const end = endOfLine(text, offsetAt(text, range.endLine, range.endColumn));
  return [editAt(range.path, text, end, end, `${lineBreak(text)}${body}${statement}`)];
}

/** Takes the statement at `range` out with its line; empty when something else stands on it. */
export function removeStatement(texts: Texts, range: SourceRange): readonly TextEdit[] {
  const text = texts[range.path];
  if (text === undefined) return [];
  const { start, end } = statementAt(text, offsetAt(text, range.line, range.column));
  const written = textAt(texts, range) ?? '';
  const line = text.slice(start, end).trimStart();
  if (!line.startsWith(written) || !/^\s*(#.*)?$/.test(line.slice(written.length))) return [];
  const next = text.indexOf('\n', end);
  return [editAt(range.path, text, start, next < 0 ? text.length : next + 1, '')];
}

/** End of the line that holds the last character before `offset`, without its line break. */
function endOfLine(text: string, offset: number): number {
  const start = text[offset - 1] === '\n' ? offset - 1 : offset;
  const end = text.indexOf('\n', start);
  const at = end < 0 ? text.length : end;
  return text[at - 1] === '\r' ? at - 1 : at;
}
