import type { ModelGraph, ModelNode } from '../records/model/graph';
import { lossNodes, maker } from './graphWalk';

/** A loss that is the mean of what the outputs miss the targets by: squared, or the size alone. */
export interface MeanError {
  readonly squared: boolean;
}

/** The mean error that the script descends on, from the library or written by hand; null for other losses and for changed targets. */
export function meanErrorOf(model: ModelGraph): MeanError | null {
  const [loss] = lossNodes(model);
  if (loss === undefined) return byHand(model);
  if (loss.kind !== 'mse' && loss.kind !== 'l1') return null;
  return loss.arguments.reduction === 'mean' && isTarget(model, loss.inputs[1]) ? { squared: loss.kind === 'mse' } : null;
}

/** `((output - target) ** 2).mean()`, `(output - target).abs().mean()` and the like. */
function byHand(model: ModelGraph): MeanError | null {
  const mean = model.loss === null ? null : maker(model, model.loss);
  if (mean?.kind !== 'mean' || mean.arguments.axes !== null) return null;
  const made = input(model, mean);
  const difference = made === null ? null : input(model, made);
  if (made === null || difference?.kind !== 'subtract' || !difference.inputs.some((at) => isTarget(model, at))) return null;
  if (made.kind === 'abs') return { squared: false };
  const isSquare =
    (made.kind === 'power' && made.arguments.exponent === 2) || (made.kind === 'multiply' && made.inputs[0] === made.inputs[1]);
  return isSquare ? { squared: true } : null;
}

const input = (model: ModelGraph, node: ModelNode): ModelNode | null => maker(model, node.inputs[0] ?? -1);

const isTarget = (model: ModelGraph, index: number | undefined): boolean => maker(model, index ?? -1)?.kind === 'target';
