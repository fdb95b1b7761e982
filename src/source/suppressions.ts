import type { SourceRange } from '../records/source';

/** A comment that silences rules on its line (or on the next one, when it stands alone). */
export interface Suppression {
  /** The line on which findings are silenced, from 1. */
  readonly line: number;
  /** Rule names; empty silences every rule. */
  readonly rules: readonly string[];
  readonly reason: string;
  /** The comment itself. */
  readonly range: SourceRange;
}

const comment = /#\s*descent-lens:\s*ignore(?:\[([^\]]*)\])?[ \t]*(.*)$/;

/** All `# descent-lens: ignore[rule, ...] reason` comments of a text; `#` inside of strings does not count. */
export function suppressionsOf(path: string, text: string): Suppression[] {
  const found: Suppression[] = [];
  const lines = text.split(/\r\n|\n|\r/);
  let quote: string | null = null;
  lines.forEach((content, index) => {
    const { start, open } = commentStart(content, quote);
    quote = open;
    const match = start === null ? null : comment.exec(content.slice(start));
    if (start === null || !match || match.index !== 0) return;
    const alone = content.slice(0, start).trim() === '';
    const rules = (match[1] ?? '').split(',').flatMap((rule) => (rule.trim() === '' ? [] : [rule.trim()]));
    const line = index + 1;
    found.push({
      line: alone ? nextCodeLine(lines, index) : line,
      rules,
      reason: (match[2] ?? '').trim(),
      range: { path, line, column: start + 1, endLine: line, endColumn: content.length + 1 },
    });
  });
  return found;
}

function nextCodeLine(lines: readonly string[], index: number): number {
  const next = lines.findIndex((line, i) => i > index && line.trim() !== '' && !line.trim().startsWith('#'));
  return next < 0 ? index + 1 : next + 1;
}

/** Where a comment begins on a line, given the triple quote that is still open from the lines before. */
function commentStart(line: string, quote: string | null): { readonly start: number | null; readonly open: string | null } {
  let open = quote;
  for (let i = 0; i < line.length; i++) {
    const three = line.slice(i, i + 3);
    const character = line[i];
    if (open !== null) {
      if (character === '\\') i++;
      else if (line.startsWith(open, i)) {
        i += open.length - 1;
        open = null;
      }
    } else if (character === '#') return { start: i, open: null };
    else if (three === '"""' || three === "'''") {
      open = three;
      i += 2;
    } else if (character === '"' || character === "'") open = character;
  }
  return { start: null, open: open !== null && open.length === 3 ? open : null };
}
