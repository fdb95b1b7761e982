import type { ModelGraph, ModelNode } from '../records/model/graph';
import { isWeighing } from './graphWalk';
import { parameterOf } from './initEdits';
import { fans, initialVariance, isRectified, weighingAfter } from './initStatistics';
import type { Evidence } from './rule';
import { first, readEach } from './series';

/** A hidden layer whose initialiser, set by the script, gives its signal `factor` times the variance that keeps it. */
export interface OddlyScaled {
  readonly node: ModelNode;
  readonly factor: number;
}

/** Hidden layers with Var(w)·fan-in/gain² outside [0.1, 10] [own]; layers of default initialisers are never among them. */
export function oddlyScaled(model: ModelGraph): readonly OddlyScaled[] {
  const hidden = model.nodes.filter((node) => isWeighing(node) && weighingAfter(model, node).length > 0);
  return hidden.flatMap((node): OddlyScaled[] => {
    const factor = varianceFactor(model, node);
    return factor !== null && factor > 0 && (factor < 0.1 || factor > 10) ? [{ node, factor }] : [];
  });
}

/** Var(w)·fan-in/gain² of an initialiser that the script sets; null for defaults and what cannot be told. */
function varianceFactor(model: ModelGraph, node: ModelNode): number | null {
  const weight = parameterOf(model, node, 'weight');
  const fan = weight === undefined ? null : fans(weight.shape);
  if (weight === undefined || weight.isDefault || fan === null) return null;
  const variance = initialVariance(weight.initializer, weight.shape);
  return variance === null ? null : (variance * fan.in) / (isRectified(model, node) ? 2 : 1);
}

/** Whether the measured activations of the first and last layer differ a hundredfold at the start. */
export function signalSpreads(e: Evidence): boolean {
  const deviations = readEach(e.measurements, 'activationDeviation').map(({ reading }) => first(reading) ?? 0);
  const [from, to] = [deviations[0], deviations.at(-1)];
  return from !== undefined && to !== undefined && deviations.length > 1 && from > 0 && (to / from > 100 || to / from < 0.01);
}
