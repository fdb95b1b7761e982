import type { ModelGraph, ModelNodeOf, ParameterSpec } from '../records/model/graph';
import { finding, samePlace } from './finding';
import { parameterOf, replaceInit } from './initEdits';
import { constantValue, initialVariance } from './initStatistics';
import { lossLeft } from './course';
import { lossSpan } from './lossSpan';
import type { Evidence, Outcome } from './rule';
import { found, passed, wants } from './rule';
import { first, read } from './series';
import { clearlyBetter, editVariant, failed, protocol, verification } from './trials';
import { amount, howTried, lossAmount } from './words';

/** Spectral radius above which recurrent weights are suspected: forty steps multiply by a thousand. [own] */
const suspicious = 1.2;

interface Recurrence {
  readonly node: ModelNodeOf<'rnn'>;
  readonly weight: ParameterSpec;
  readonly radius: number;
}

/**
 * Spectral radius to expect of recurrent weights that the script initialises: σ√n for n × n independent entries of deviation σ (Girko's circular
 * law), c·n for equal ones; null where it cannot be told.
 */
export function expectedRadius({ initializer, shape }: ParameterSpec): number | null {
  const size = shape[0];
  if (typeof size !== 'number' || shape.length !== 2) return null;
  if (initializer.kind === 'orthogonal') return initializer.gain;
  if (initializer.kind === 'identity') return 1;
  const equal = constantValue(initializer);
  if (equal !== null) return Math.abs(equal) * size;
  const variance = initialVariance(initializer, shape);
  return variance === null ? null : Math.sqrt(variance * size);
}

/**
 * Recurrent weights that multiply the signal, and its gradient, at every time step. The suspicion convicts where the run failed or stayed
 * high and orthogonal ones, re-run from the start, are clearly better on two seeds.
 */
export function recurrentVerdict(e: Evidence, model: ModelGraph): Outcome {
  const worst = recurrences(model)
    .filter(({ radius }) => radius > suspicious)
    .sort((a, b) => b.radius - a.radius)[0];
  if (worst === undefined || e.run === null) return passed;
  if (e.run.stoppedBy !== 'divergence' && lossLeft(e) < 0.3) return passed;
  const { weight, radius } = worst;
  // A call that initialises vectors too cannot make them orthogonal.
  if (model.parameters.some((spec) => spec.shape.length < 2 && samePlace(spec.range, weight.range))) return passed;
  const edits = replaceInit(e, weight, 'orthogonal_', '');
  if (edits.length === 0) return passed;
  const trial = protocol(e, editVariant('init-scale', edits, 'orthogonal'), clearlyBetter(lossSpan(e)));
  if (trial.kind === 'wants') return wants('a re-run with orthogonal recurrent weights', ...trial.trials);
  if (trial.kind === 'unavailable' || !trial.helped) return passed;
  const norm = first(read(e.measurements, 'gradientNorm'));
  const measured = norm === undefined ? '' : ` The gradient norm at the start is ${amount(norm)}.`;
  const ending = failed(trial.before) ? 'no finite or useful value' : lossAmount(trial.before.probeLoss.end);
  const message =
    `The recurrent weights of ${worst.node.name} start with a spectral radius of about ${amount(radius)}: signal and gradient are multiplied by it at every time step.${measured} ` +
    `With orthogonal ones, re-run from the start, the probe loss ends at ${lossAmount(trial.after.probeLoss.end)}, as written at ${ending}. ${howTried(trial.after, e.run, trial.seeds)}`;
  return found(
    finding('init-scale', trial.seeds < 2 ? 'information' : 'warning', weight.range, message, {
      evidence: [{ quantity: 'recurrentRadius', step: 0, value: radius, limit: suspicious, unit: 'ratio' }],
      fixes: [{ title: 'Initialise with orthogonal_', edits, verified: verification(trial) }],
    }),
  );
}

const recurrences = (model: ModelGraph): readonly Recurrence[] =>
  model.nodes.flatMap((node): Recurrence[] => {
    const weight = node.kind === 'rnn' ? parameterOf(model, node, 'weight_hh') : undefined;
    const radius = weight === undefined || weight.isDefault ? null : expectedRadius(weight);
    return node.kind !== 'rnn' || weight === undefined || radius === null ? [] : [{ node, weight, radius }];
  });
