import type { Finding } from '../records/finding';
import type { SourceRange } from '../records/source';

/** A comment `# descent-lens: ignore[rule, rule] reason`. */
export interface Suppression {
  /** The comment itself. */
  readonly range: SourceRange;
  /** The line that it is about: its own, or the next when it stands alone. */
  readonly line: number;
  /** Rules that are silenced. */
  readonly rules: readonly string[];
}

/** A suppression with those of its rules that silenced nothing. */
export interface UnusedSuppression {
  readonly suppression: Suppression;
  readonly rules: readonly string[];
}

/**
 * All such comments of a Python text. A comment that stands alone on its line is about the next line that is not one.
 * What looks like a comment inside a string is none.
 */
export function readSuppressions(path: string, text: string): readonly Suppression[] {
  const lines = text.split(/\r\n|\r|\n/);
  return comments(text).flatMap(({ line, column, content }) => {
    const match = /#\s*descent-lens:\s*ignore\[([^\]]*)\].*$/.exec(content);
    if (!match) return [];
    const rules = (match[1] ?? '')
      .split(',')
      .map((rule) => rule.trim())
      .filter((rule) => rule !== '');
    // It may stand at the end of another comment.
    const range = { path, line, column: column + match.index, endLine: line, endColumn: column + content.length };
    return [{ range, line: isAlone(lines, line, column) ? nextCodeLine(lines, line) : line, rules }];
  });
}

interface Comment {
  readonly line: number;
  readonly column: number;
  readonly content: string;
}

/** Strings (of any quote, over lines for triple quotes) and comments, in the order in which they begin. */
const tokens = /("""|''')[\s\S]*?(?:\1|$)|"(?:\\.|[^"\\\r\n])*"|'(?:\\.|[^'\\\r\n])*'|#[^\r\n]*/g;

function comments(text: string): readonly Comment[] {
  if (!text.includes('descent-lens:')) return [];
  const found: Comment[] = [];
  for (const { 0: content, index } of text.matchAll(tokens)) {
    if (!content.startsWith('#')) continue;
    const before = text.slice(0, index).split(/\r\n|\r|\n/);
    found.push({ line: before.length, column: (before[before.length - 1] ?? '').length + 1, content });
  }
  return found;
}

function isAlone(lines: readonly string[], line: number, column: number): boolean {
  return (lines[line - 1] ?? '').slice(0, column - 1).trim() === '';
}

function nextCodeLine(lines: readonly string[], line: number): number {
  let next = line + 1;
  while (next < lines.length && /^\s*(#|$)/.test(lines[next - 1] ?? '')) next++;
  return next;
}

/** Whether a comment silences this finding: same file, same line, rule named. */
export function isSilenced(finding: Finding, suppressions: readonly Suppression[]): boolean {
  return suppressions.some((comment) => silences(comment, finding));
}

/**
 * Comments that silence none of `findings`. A rule that is not decided yet (it waits for a run) may still come,
 * so only rules in `decided` are reported.
 */
export function unusedSuppressions(
  suppressions: readonly Suppression[],
  findings: readonly Finding[],
  decided: ReadonlySet<string>,
): readonly UnusedSuppression[] {
  return suppressions.flatMap((suppression) => {
    const rules = suppression.rules.filter(
      (rule) => decided.has(rule) && !findings.some((finding) => finding.rule === rule && silences(suppression, finding)),
    );
    return rules.length > 0 ? [{ suppression, rules }] : [];
  });
}

function silences(comment: Suppression, finding: Finding): boolean {
  return comment.range.path === finding.range.path && comment.line === finding.range.line && comment.rules.includes(finding.rule);
}

/** The line's text with a comment that silences `rule`: joined to one that is there, else added at the end. */
export function withSuppression(line: string, rule: string): string {
  const existing = /#\s*descent-lens:\s*ignore\[([^\]]*)\]/.exec(line);
  if (!existing) return `${line.trimEnd()}  # descent-lens: ignore[${rule}]`;
  const list = (existing[1] ?? '').trim();
  const start = existing.index + existing[0].lastIndexOf('[') + 1;
  const end = existing.index + existing[0].length - 1;
  return `${line.slice(0, start)}${list === '' ? rule : `${list}, ${rule}`}${line.slice(end)}`;
}

/** The line's text without those rules; the whole comment goes with its last rule. Null when the line goes with it. */
export function withoutRules(line: string, rules: readonly string[]): string | null {
  const comment = /\s*#\s*descent-lens:\s*ignore\[([^\]]*)\].*$/.exec(line);
  if (!comment) return line;
  const left = (comment[1] ?? '')
    .split(',')
    .map((rule) => rule.trim())
    .filter((rule) => rule !== '' && !rules.includes(rule));
  if (left.length > 0) return line.replace(/ignore\[[^\]]*\]/, `ignore[${left.join(', ')}]`);
  const rest = line.slice(0, comment.index);
  return rest.trim() === '' ? null : rest;
}
