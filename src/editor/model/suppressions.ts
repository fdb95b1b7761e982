import type { Finding } from '../../records/finding';
import type { SourceRange } from '../../records/source';

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
