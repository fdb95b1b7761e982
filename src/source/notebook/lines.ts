/** Lines of a text, without their ends. There is always one. */
export const linesOf = (text: string): string[] => text.split(/\r\n|\r|\n/);

/** Where the scan of a cell stands between two lines. */
interface State {
  /** Open brackets. */
  depth: number;
  /** The quotes that end an open string over lines; null outside of one. */
  quotes: '"""' | "'''" | null;
  /** The line before ended with a backslash. */
  continued: boolean;
}

const pieces = /"""|'''|"(?:\\.|[^"\\])*("|$)|'(?:\\.|[^'\\])*('|$)|#.*|[([{]|[)\]}]/g;

/** What a line is to Python: the begin of a statement, its continuation, or nothing at all. */
export type LineRole = 'begin' | 'inside' | 'foreign';

/**
 * The role of each line. One that `isForeign` says so of is foreign where a statement may begin (not within brackets,
 * a string, or after a backslash), and so are those that it reaches by a backslash.
 */
export function lineRoles(lines: readonly string[], isForeign: (line: string) => boolean): LineRole[] {
  const state: State = { depth: 0, quotes: null, continued: false };
  let foreignGoesOn = false;
  return lines.map((line) => {
    const begins = state.depth === 0 && state.quotes === null && !state.continued;
    if (foreignGoesOn || (begins && isForeign(line))) {
      foreignGoesOn = line.trimEnd().endsWith('\\');
      return 'foreign';
    }
    scan(line, state);
    return begins ? 'begin' : 'inside';
  });
}

function scan(line: string, state: State): void {
  let rest = line;
  state.continued = false;
  for (;;) {
    if (state.quotes !== null) {
      const end = endOfString(rest, state.quotes);
      if (end < 0) return;
      rest = rest.slice(end);
      state.quotes = null;
    }
    pieces.lastIndex = 0;
    let opened = false;
    for (let match = pieces.exec(rest); match && !opened; match = pieces.exec(rest)) {
      const [piece] = match;
      if (piece.startsWith('#')) return;
      if (piece === '"""' || piece === "'''") {
        state.quotes = piece;
        rest = rest.slice(match.index + 3);
        opened = true;
      } else if ('([{'.includes(piece)) state.depth++;
      else if (')]}'.includes(piece)) state.depth = Math.max(0, state.depth - 1);
      if (opened) break;
    }
    if (!opened) {
      state.continued = rest.endsWith('\\');
      return;
    }
  }
}

/** Position after the closing quotes; -1 when the string goes on. */
function endOfString(text: string, quotes: string): number {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text.startsWith(quotes, at)) return at + quotes.length;
  }
  return -1;
}
