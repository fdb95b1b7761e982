import type { ModelGraph } from '../records/model/graph';
import { lossFloor, lossNodes, maker } from './graphWalk';
import type { LossNode } from './graphWalk';
import type { Evidence } from './rule';

/** What there is to lose: a run is judged by the share of this that it has lost. */
export interface LossSpan {
  /** Smallest value that the loss can take. */
  readonly floor: number;
  /** The loss of a good answer that does not look at the inputs; Infinity where it is not known. */
  readonly top: number;
}

/**
 * The span of the loss. A start far above `top`, from raw inputs or targets, comes down to it by the output's bias alone: that
 * is no learning, and a run that stays there stands still.
 */
export const lossSpan = (e: Evidence): LossSpan => ({ floor: lossFloor(e.experiment), top: uninformedLoss(e) });

/** All the way from the first loss to the floor, for rules that ask how fast a run moves, wherever to. */
export const wholeSpan = (e: Evidence): LossSpan => ({ floor: lossFloor(e.experiment), top: Infinity });

/** The first loss of a run, or `top` where that is lower. */
export const startOf = (start: number, { top }: LossSpan): number => Math.min(start, top);

function uninformedLoss(e: Evidence): number {
  const { model } = e.experiment;
  if (model === null || e.statistics === null) return Infinity;
  const [loss] = lossNodes(model);
  if (loss === undefined || model.loss === null || model.nodes[model.loss] !== loss || !isPlainMean(loss)) return Infinity;
  return constantAnswer(e, model, loss);
}

function isPlainMean(loss: LossNode): boolean {
  if (loss.arguments.reduction !== 'mean') return false;
  if (loss.kind === 'crossEntropy') return loss.arguments.weight === null && loss.arguments.labelSmoothing === 0;
  return loss.kind !== 'bceWithLogits' || loss.arguments.positiveWeight === null;
}

/** Entropy of the classes, entropy of a yes-or-no answer, variance of numbers; Infinity for the rest. */
function constantAnswer(e: Evidence, model: ModelGraph, loss: LossNode): number {
  const { target } = e.statistics ?? {};
  if (target === undefined || maker(model, loss.inputs[1] ?? -1)?.kind !== 'target') return Infinity;
  if (loss.kind === 'crossEntropy' && target.kind === 'classes') return entropy(target.counts);
  const binary = target.minimum >= 0 && target.maximum <= 1;
  if ((loss.kind === 'bce' || loss.kind === 'bceWithLogits') && binary) return entropy([target.mean, 1 - target.mean]);
  return loss.kind === 'mse' && target.variance > 0 ? target.variance : Infinity;
}

/** Entropy of shares or counts, in nats; Infinity where one alone has all. */
function entropy(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const shares = counts.filter((count) => count > 0).map((count) => count / total);
  return shares.length < 2 ? Infinity : shares.reduce((sum, share) => sum - share * Math.log(share), 0);
}
