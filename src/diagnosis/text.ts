import type { SourceRange, TextEdit } from '../records/source';

/** The texts that fixes are written into, by path. */
export type Texts = Readonly<Record<string, string>>;

/** Offset of a line and column (both from 1) in `text`; the end of the text when they lie beyond it. */
export function offsetAt(text: string, line: number, column: number): number {
  let offset = 0;
  for (let i = 1; i < line; i++) {
    const next = text.indexOf('\n', offset);
    if (next < 0) return text.length;
    offset = next + 1;
  }
  return Math.min(text.length, offset + column - 1);
}

/** Line and column (from 1) of an offset. */
export function positionAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - start + 1 };
}

/** The text at a range; null when its file is not at hand. */
export function textAt(texts: Texts, range: SourceRange): string | null {
  const text = texts[range.path];
  if (text === undefined) return null;
  return text.slice(offsetAt(text, range.line, range.column), offsetAt(text, range.endLine, range.endColumn));
}

/** An edit of the offsets `start` to `end` (exclusive) of the file at `path`. */
export function editAt(path: string, text: string, start: number, end: number, newText: string): TextEdit {
  const from = positionAt(text, start);
  const to = positionAt(text, end);
  return { path, line: from.line, column: from.column, endLine: to.line, endColumn: to.column, newText };
}

/** One character of code, or a whole string by its opening quote; `end` is its last offset. */
interface CodeCharacter {
  readonly at: number;
  readonly end: number;
  readonly character: string;
}

/** The code of `text` from `start`, comments skipped and strings as one. */
export function* codeCharacters(text: string, start = 0): Generator<CodeCharacter> {
  for (let i = start; i < text.length; i++) {
    const character = text[i] as string;
    if (character === '#') {
      const end = text.indexOf('\n', i);
      if (end < 0) return;
      i = end - 1;
    } else if (character === '"' || character === "'") {
      const end = stringEnd(text, i);
      yield { at: i, end, character };
      i = end;
    } else yield { at: i, end: i, character };
  }
}

/** Offset of the last quote of the string that begins at `start`. */
function stringEnd(text: string, start: number): number {
  const quote = text[start] as string;
  const long = text.startsWith(quote.repeat(3), start);
  const closing = long ? quote.repeat(3) : quote;
  for (let i = start + closing.length; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text.startsWith(closing, i)) return i + closing.length - 1;
    else if (!long && text[i] === '\n') return i;
  }
  return text.length;
}

/** A call cut into its callee and its top-level arguments, with their offsets in the call's text. */
export interface CallText {
  readonly callee: string;
  readonly arguments: readonly { readonly text: string; readonly start: number; readonly end: number }[];
  /** Offset of the closing bracket. */
  readonly close: number;
}

/** Takes `callee(a, b)` apart, the last call of a chain of calls; null when the text does not end in a call. */
export function parseCall(text: string): CallText | null {
  let depth = 0;
  let open = -1;
  let close = -1;
  let parts: { text: string; start: number; end: number }[] = [];
  let part: { start: number; end: number } | null = null;
  const finish = (): void => {
    if (part !== null) parts.push({ ...part, text: text.slice(part.start, part.end) });
    part = null;
  };
  for (const { at, end, character } of codeCharacters(text)) {
    const opens = '([{'.includes(character);
    if (depth === 0) {
      if (opens) {
        [open, close, parts, depth] = [at, -1, [], 1];
        if (character !== '(') open = -1;
      }
      continue;
    }
    if (opens) depth++;
    else if (')]}'.includes(character) && --depth === 0) {
      finish();
      close = at;
      continue;
    }
    if (character === ',' && depth === 1) finish();
    else if (character.trim() !== '') part = { start: part === null ? at : (part as { start: number }).start, end: end + 1 };
  }
  if (open < 0 || close < 0 || text.slice(close + 1).trim() !== '') return null;
  return { callee: text.slice(0, open).trim(), arguments: parts, close };
}

/** The innermost bracket that is open at `offset`, with the callee before it ('' for a list or tuple); null at top level. */
export function enclosingBracket(
  text: string,
  offset: number,
): { readonly open: number; readonly bracket: string; readonly callee: string } | null {
  const stack: number[] = [];
  for (const { at, character } of codeCharacters(text)) {
    if (at >= offset) break;
    if ('([{'.includes(character)) stack.push(at);
    else if (')]}'.includes(character)) stack.pop();
  }
  const open = stack.at(-1);
  if (open === undefined) return null;
  const callee = /[\w.]+$/.exec(text.slice(0, open))?.[0] ?? '';
  return { open, bracket: text[open] as string, callee };
}

/** The statement that holds `offset`: from its first character to the end of its last line (exclusive of the line break). */
export function statementAt(
  text: string,
  offset: number,
): { readonly start: number; readonly end: number; readonly indent: string } {
  let depth = 0;
  let start = 0;
  let wanted = false;
  for (const { at, character } of codeCharacters(text)) {
    if (at >= offset) wanted = true;
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    else if (character === '\n' && depth === 0 && text[at - 1] !== '\\') {
      if (wanted) return { start, end: at, indent: indentAt(text, start) };
      start = at + 1;
    }
  }
  return { start, end: text.length, indent: indentAt(text, start) };
}

const indentAt = (text: string, lineStart: number): string => /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? '';

/** The line break that the file uses. */
export const lineBreak = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');
