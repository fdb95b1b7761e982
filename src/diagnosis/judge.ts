import type { Finding, RuleId } from '../records/finding';
import type { Measurements } from '../records/measurement';
import type { TrialRequest } from '../records/trial';
import { isCauseOf } from './causes';
import { isGame, judgedByFallingLoss } from './game';
import type { Evidence, Outcome, Rule, Tier } from './rule';
import { errorAt } from './series';
import { withSharedTrials } from './sharedTrials';

export interface JudgeOptions {
  /** Rules that are switched off: they leave no trace. */
  readonly off: readonly RuleId[];
  /** Rules that need more are undecided, and trials are not asked for below tier 4. Default 4. */
  readonly maxTier?: Tier;
}

/** All that the rules say of one unit. */
export interface Verdict {
  readonly findings: readonly Finding[];
  readonly passed: readonly RuleId[];
  readonly undecided: readonly { readonly rule: RuleId; readonly needs: string }[];
  /** Re-runs that rules asked for and do not have yet; judge again with their results. Most important first. */
  readonly wanted: readonly TrialRequest[];
}

const tierNeeds: Readonly<Record<Tier, string>> = {
  0: 'the text',
  1: 'the data',
  2: 'a run of the script',
  3: 'a run with curvature',
  4: 'trials',
};

/** What is said of a run as such, that all is normal or that it should go on, is not said beside the fault that explains it. */
const notes: ReadonlySet<RuleId> = new Set(['edge-of-stability', 'stopped-too-early', 'batch-too-large', 'local-minimum']);

interface Judged {
  readonly rule: RuleId;
  readonly outcome: Outcome;
}

/**
 * Asks every rule, joins findings with their causes so that one fault raises one warning, and collects the trials.
 * Rules that a fault may explain do not ask for trials while that fault stands or is itself being tried.
 */
export function judge(rules: readonly Rule[], evidence: Evidence, { off, maxTier = 4 }: JudgeOptions): Verdict {
  const judged = rules
    .filter(({ id }) => !off.includes(id))
    .map((rule) => ({ rule: rule.id, outcome: ask(rule, evidence, maxTier) }));
  const order = rules.map(({ id }) => id);
  const standing = new Set(judged.filter(({ outcome }) => findingsOf(outcome).some(isFault)).map(({ rule }) => rule));
  const open = new Set(judged.filter(({ outcome }) => outcome.kind === 'wants').map(({ rule }) => rule));
  const findings = judged
    .filter(({ rule }) => !(notes.has(rule) && causesOf(rule, standing, order).length > 0))
    .flatMap(({ rule, outcome }) => findingsOf(outcome).map((one) => withCauses(one, causesOf(rule, standing, order))))
    .map((one) => withErrors(one, evidence.measurements));
  return {
    findings: inTextOrder(withSharedTrials(findings)),
    passed: judged.filter(({ outcome }) => outcome.kind === 'passed').map(({ rule }) => rule),
    undecided: judged.flatMap(({ rule, outcome }) => needsOf(rule, outcome, causesOf(rule, standing, order))),
    wanted: maxTier < 4 ? [] : wantedOf(judged, new Set([...standing, ...open]), order),
  };
}

function ask(rule: Rule, evidence: Evidence, maxTier: Tier): Outcome {
  if (rule.tier > maxTier) return { kind: 'undecided', needs: tierNeeds[rule.tier] };
  if (judgedByFallingLoss.has(rule.id) && isGame(evidence.experiment))
    return {
      kind: 'undecided',
      needs: 'a loss that falls by this optimizer alone: another one takes turns with it, on a loss of its own',
    };
  return rule.detect(evidence);
}

/** What is found already, also while trials of its fix are awaited. */
function findingsOf(outcome: Outcome): readonly Finding[] {
  if (outcome.kind === 'found') return outcome.findings;
  return outcome.kind === 'wants' ? (outcome.meanwhile ?? []) : [];
}

const isFault = ({ severity }: Finding): boolean => severity === 'error' || severity === 'warning';

/** The rules among `candidates` that explain `rule`. */
const causesOf = (rule: RuleId, candidates: ReadonlySet<RuleId>, order: readonly RuleId[]): readonly RuleId[] =>
  [...candidates].filter((candidate) => isCauseOf(candidate, rule, order));

function withCauses(finding: Finding, causes: readonly RuleId[]): Finding {
  if (causes.length === 0) return finding;
  return { ...finding, causes, severity: isFault(finding) ? 'information' : finding.severity };
}

/** Evidence with the errors that were measured beside it. */
function withErrors(finding: Finding, measurements: Measurements): Finding {
  const told = finding.evidence.map((one) => {
    const error = one.error ?? errorAt(measurements, one.quantity, one.step);
    return error === undefined ? one : { ...one, error };
  });
  return { ...finding, evidence: told };
}

function needsOf(rule: RuleId, outcome: Outcome, causes: readonly RuleId[]): Verdict['undecided'] {
  if (outcome.kind === 'undecided') return [{ rule, needs: outcome.needs }];
  if (outcome.kind !== 'wants' || findingsOf(outcome).length > 0) return [];
  const [cause] = causes;
  return [{ rule, needs: cause === undefined ? outcome.needs : `${outcome.needs}, once ${cause} is out of the way` }];
}

/** Trials of rules that nothing found, or still being tried, may explain. */
function wantedOf(judged: readonly Judged[], before: ReadonlySet<RuleId>, order: readonly RuleId[]): readonly TrialRequest[] {
  const wanted = new Map<string, TrialRequest>();
  for (const { rule, outcome } of judged) {
    if (outcome.kind !== 'wants' || causesOf(rule, before, order).length > 0) continue;
    for (const trial of outcome.trials) if (!wanted.has(trial.key)) wanted.set(trial.key, trial);
  }
  return [...wanted.values()];
}

const inTextOrder = (findings: readonly Finding[]): readonly Finding[] =>
  [...findings].sort(
    (a, b) => compareText(a.range.path, b.range.path) || a.range.line - b.range.line || a.range.column - b.range.column,
  );

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
