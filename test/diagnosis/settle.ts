import type { Evidence, Outcome, Rule } from '../../src/diagnosis/rule';
import type { Finding } from '../../src/records/finding';
import type { TrialResult } from '../../src/records/trial';
import { answer } from './evidence';

/** Asks a rule until it wants nothing more; `results` answers its trials. Also returns every key it asked for. */
export function settle(
  rule: Rule,
  evidence: Evidence,
  results: Readonly<Record<string, TrialResult>> = {},
): { outcome: Outcome; asked: string[] } {
  let trials = new Map(evidence.trials);
  const asked: string[] = [];
  for (let round = 0; round < 20; round++) {
    const outcome = rule.detect({ ...evidence, trials });
    if (outcome.kind !== 'wants') return { outcome, asked };
    asked.push(...outcome.trials.map(({ key }) => key));
    trials = new Map([...trials, ...answer(outcome.trials, results)]);
  }
  throw new Error(`${rule.id} never settles: ${asked.join(', ')}`);
}

/** The only finding of a rule; throws with the outcome when there is none. */
export function findingOf(rule: Rule, evidence: Evidence, results: Readonly<Record<string, TrialResult>> = {}): Finding {
  const { outcome, asked } = settle(rule, evidence, results);
  if (outcome.kind !== 'found' || outcome.findings.length !== 1)
    throw new Error(`${rule.id}: ${outcome.kind} ${outcome.kind === 'undecided' ? outcome.needs : ''} after ${asked.join(', ')}`);
  return outcome.findings[0] as Finding;
}

export const kindOf = (rule: Rule, evidence: Evidence, results: Readonly<Record<string, TrialResult>> = {}): Outcome['kind'] =>
  settle(rule, evidence, results).outcome.kind;
