import { howTried, lossAmount } from '../diagnosis/words';
import type { Finding, Fix } from '../records/finding';
import type { TrialRequest, TrialResult, Verification } from '../records/trial';
import { buildEdited, type EditedUnit } from './editedUnit';
import { longestWork, planRun } from './plan';
import type { Session } from './session';
import { trialRun } from './trialRun';
import { tooBig, workOf } from './work';

/** Most fixes of one script that are tried. */
const mostFixes = 2;

/**
 * Findings on a script that cannot be run as it stands (the framework stops at its first step), with their fixes tried: the mended
 * script must run and its loss end below its start, on two seeds. A fix that does not train is taken back, one that cannot be built
 * here stays as not tried, and the message says so.
 */
export async function withTriedFixes(session: Session, seed: number, findings: readonly Finding[]): Promise<readonly Finding[]> {
  const tried: Finding[] = [];
  let left = mostFixes;
  for (const finding of findings) {
    const [fix] = finding.fixes;
    const isOpen = fix !== undefined && fix.verified === undefined && finding.severity === 'error' && left-- > 0;
    tried.push(isOpen ? await settled(session, seed, finding, fix) : finding);
  }
  return tried;
}

async function settled(session: Session, seed: number, finding: Finding, fix: Fix): Promise<Finding> {
  const edited = await buildEdited(session, seed, fix.edits);
  if (typeof edited === 'string') return { ...finding, message: `${finding.message} The fix could not be tried: ${edited}` };
  try {
    const refusal = tooBig(edited.experiment, edited.dataset, longestWork);
    if (refusal !== null) return { ...finding, message: `${finding.message} The fix could not be tried: ${refusal.text}` };
    const results = await onTwoSeeds(session, seed, finding, fix, edited);
    return results === null ? finding : told(finding, fix, results);
  } finally {
    edited.twin.dispose();
  }
}

/** Null when it was cut short. */
async function onTwoSeeds(
  session: Session,
  seed: number,
  finding: Finding,
  fix: Fix,
  edited: EditedUnit,
): Promise<readonly TrialResult[] | null> {
  const plan = planRun(workOf(edited.twin));
  const results: TrialResult[] = [];
  for (const seedOffset of [0, 1]) {
    const request: TrialRequest = { key: `${finding.rule}:fix@seed${seedOffset}`, changes: [], edits: fix.edits, seedOffset };
    session.emit({ kind: 'phase', phase: 'trials', fraction: 0.3 + 0.3 * seedOffset, text: `Trying: ${fix.title}` });
    const result = await trialRun(request, { ...edited, plan, seed, bounds: session.bounds });
    if (result === null) return null;
    results.push(result);
  }
  return results;
}

function told(finding: Finding, fix: Fix, results: readonly TrialResult[]): Finding {
  const [first] = results;
  if (first === undefined) return finding;
  const { start, end } = first.probeLoss;
  const how = howTried(first, null, results.length);
  const helped = results.every(({ status, probeLoss }) => status === 'trained' && probeLoss.end < probeLoss.start);
  if (!helped)
    return { ...finding, message: `${finding.message} ${fix.title}, run from the start, did not train. ${how}`, fixes: [] };
  const verified: Verification = {
    steps: first.steps,
    seeds: results.length,
    quantity: 'probeLoss',
    before: NaN,
    after: end,
    helped,
    refused: true,
  };
  return {
    ...finding,
    message: `${finding.message} The framework refuses the script before it trains. ${fix.title}, run from the start: the probe loss goes ${lossAmount(start)} → ${lossAmount(end)}. ${how}`,
    fixes: [{ ...fix, verified }, ...finding.fixes.slice(1)],
  };
}
