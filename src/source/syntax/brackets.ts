/** A bracket that stands alone: its place in the text, and what is wrong with it in words. */
export interface LoneBracket {
  readonly offset: number;
  readonly text: string;
}

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The first closing bracket that does not fit, else the innermost one that is never closed; null where all fit. */
export function loneBracket(text: string): LoneBracket | null {
  const open: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (char === '#') i = endOfLine(text, i) - 1;
    else if (char === '"' || char === "'") i = endOfString(text, i) - 1;
    else if (char in closers) open.push(i);
    else if (char === ')' || char === ']' || char === '}') {
      const opener = open.pop();
      if (opener === undefined) return { offset: i, text: `\`${char}\` closes nothing` };
      if (closers[text[opener] as string] !== char)
        return { offset: i, text: `\`${char}\` does not close the \`${text[opener]}\` before it` };
    }
  }
  const last = open[open.length - 1];
  return last === undefined ? null : { offset: last, text: `\`${text[last]}\` is never closed` };
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? text.length : at;
}

/** Behind the string that begins at `from`; one in single quotes ends with its line at the latest. */
function endOfString(text: string, from: number): number {
  const quote = text[from] as string;
  const triple = quote.repeat(3);
  if (text.startsWith(triple, from)) {
    const end = indexOfUnescaped(text, triple, from + 3, text.length);
    return end < 0 ? text.length : end + 3;
  }
  const last = endOfLine(text, from);
  const end = indexOfUnescaped(text, quote, from + 1, last);
  return end < 0 ? last : end + 1;
}

function indexOfUnescaped(text: string, what: string, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    if (text[i] === '\\') i++;
    else if (text.startsWith(what, i)) return i;
  }
  return -1;
}
