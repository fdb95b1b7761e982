import type { Finding, Fix } from '../../records/finding';
import type { SourceRange, TextEdit } from '../../records/source';
import { trialChange, trialQuantity } from '../../protocol/trialWords';
import { brief, percent } from './format';
import { touches } from './ranges';
import type { ShownFinding } from './findings';

/** The title of a fix with what is known of it: tried with which result, or not tried. */
export function fixTitle(fix: Fix): string {
  const { verified } = fix;
  if (!verified) return `${fix.title} (not tried)`;
  const seeds = verified.seeds > 1 ? ` on ${verified.seeds} seeds` : '';
  const { name, isShare } = trialQuantity(verified.quantity);
  const write = isShare ? percent : brief;
  const [before, after] = [verified.before, verified.after].map(write);
  return `${fix.title} (tried${seeds}: ${before === after ? `${name} ${after} as before` : trialChange(verified, name, write)})`;
}

/** Whether a fix was seen to help on the data. */
export function isProven(fix: Fix): boolean {
  return fix.verified?.helped === true;
}

/** The fix that is applied without asking: the first that was seen to help, on a finding that still holds. */
export function preferredFix(shown: ShownFinding): Fix | null {
  if (shown.stale) return null;
  return shown.finding.fixes.find((fix) => isProven(fix) && fix.edits.length > 0) ?? null;
}

/** The fixes of findings in their order, the same edits once. */
export function offeredFixes(shown: readonly ShownFinding[]): readonly { readonly shown: ShownFinding; readonly fix: Fix }[] {
  const all = shown.flatMap((one) => one.finding.fixes.map((fix) => ({ shown: one, fix, key: JSON.stringify(fix.edits) })));
  return all.filter(({ fix, key }, at) => fix.edits.length === 0 || all.findIndex((other) => other.key === key) === at);
}

/** Edits of all preferred fixes of a script that do not get in each other's way, earlier findings first. */
export function fixAllEdits(shown: readonly ShownFinding[]): readonly TextEdit[] {
  const taken: TextEdit[] = [];
  for (const one of shown) {
    const edits = preferredFix(one)?.edits ?? [];
    const isFree = edits.every((edit) => !taken.some((other) => touches(edit, other)));
    if (isFree) taken.push(...edits);
  }
  return taken;
}

/** Findings whose place touches `range`, worst first. */
export function findingsAt(shown: readonly ShownFinding[], range: SourceRange): readonly ShownFinding[] {
  const rank = { error: 0, warning: 1, information: 2, hint: 3 } as const;
  const here = shown.filter(({ finding }) => touches(finding.range, range));
  return here.sort((a, b) => rank[a.finding.severity] - rank[b.finding.severity]);
}

/** A key by which the same finding is found again after it went through a command. */
export function findingKey(finding: Finding): string {
  const { path, line, column } = finding.range;
  return [finding.rule, path, line, column].join(':');
}
