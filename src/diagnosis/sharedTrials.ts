import type { Finding, Fix } from '../records/finding';

/** What was seen of a fix is said of it wherever the same edits are offered: a fault and what follows from it may call for one change. */
export function withSharedTrials(findings: readonly Finding[]): readonly Finding[] {
  const tried = new Map<string, Fix>();
  for (const fix of findings.flatMap(({ fixes }) => fixes)) if (fix.verified) tried.set(keyOf(fix), fix);
  const known = (fix: Fix): Fix => {
    const verified = fix.edits.length === 0 ? undefined : tried.get(keyOf(fix))?.verified;
    return verified === undefined || fix.verified ? fix : { ...fix, verified };
  };
  return findings.map((finding) => ({ ...finding, fixes: finding.fixes.map(known) }));
}

const keyOf = ({ edits }: Fix): string => JSON.stringify(edits);
