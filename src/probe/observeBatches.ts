import type { CancelToken } from '../base/cancel';
import type { Random } from '../base/random';
import type { Estimate } from '../curvature/estimate';
import { batchCurvatureSpread, batchSharpness } from '../curvature/gradientNoise';
import type { LinearOperator } from '../curvature/operator';
import { minibatchRateLimit } from '../diagnosis/limits';
import type { Objective, Run, Twin } from '../engine/twin';
import type { Optimizer } from '../records/optimizer';
import type { Recorder } from './recorder';

/** Batches that are looked at. */
const batchCount = 8;

/** The top of the Hessian on the probe rows. */
export interface TopMode {
  readonly value: number;
  readonly vector: Float32Array;
}

/**
 * How curvature differs from batch to batch, at batches drawn anew: batch sharpness, and for SGD the rate at which its momentum on
 * minibatches turns unstable. Says nothing where a batch is all rows.
 */
export async function observeBatches(
  twin: Twin,
  run: Run,
  optimizer: Optimizer,
  top: TopMode,
  recorder: Recorder,
  random: Random,
  cancel: CancelToken,
): Promise<void> {
  const rows = run.lastBatch.length;
  if (rows === 0 || 2 * rows > twin.trainRows || !(top.value > 0)) return;
  const batches = drawBatches(twin, rows, random);
  const sharpness = await sharpnessOf(twin, run, run.theta, batches, cancel);
  if (Number.isFinite(sharpness.value)) recorder.add('batchSharpness', run.step, sharpness.value);
  if (Number.isFinite(sharpness.error)) recorder.add('batchSharpnessError', run.step, sharpness.error);
  const momentum = plainMomentum(optimizer);
  if (momentum === null) return;
  const spread = await batchCurvatureSpread(
    eachBatch(twin, run, run.theta, batches, (_, hessian) => Promise.resolve(hessian)),
    top.vector,
    top.value,
    { cancel },
  );
  if (!Number.isFinite(spread.value)) return;
  const limitFor = (c: number): number => minibatchRateLimit(top.value, momentum, Math.max(0, c));
  recorder.add('minibatchRateLimit', run.step, limitFor(spread.value));
  if (!Number.isFinite(spread.error)) return;
  // The limit falls with the spread: half of the way between its ends.
  const width = (limitFor(spread.value - spread.error) - limitFor(spread.value + spread.error)) / 2;
  recorder.add('minibatchRateLimitError', run.step, width);
}

/** Some batches of `rows` rows that share none. */
export function drawBatches(twin: Twin, rows: number, random: Random): Int32Array[] {
  const order = random.permutation(twin.trainRows);
  const count = Math.min(batchCount, Math.floor(twin.trainRows / rows));
  return Array.from({ length: count }, (_, i) => order.slice(i * rows, (i + 1) * rows));
}

/** Batch sharpness at θ over the given batches, with `run`'s running statistics. */
export function sharpnessOf(
  twin: Twin,
  run: Run,
  theta: Float32Array,
  batches: readonly Int32Array[],
  cancel: CancelToken,
): Promise<Estimate> {
  const each = eachBatch(twin, run, theta, batches, async (objective, hessian) => {
    const gradient = new Float32Array(hessian.dim);
    await objective.gradient(theta, gradient);
    return { hessian, gradient };
  });
  return batchSharpness(each, { cancel });
}

/** One batch after another, its Hessian let go before the next. */
async function* eachBatch<T>(
  twin: Twin,
  run: Run,
  theta: Float32Array,
  batches: readonly Int32Array[],
  look: (objective: Objective, hessian: LinearOperator) => Promise<T>,
): AsyncGenerator<T> {
  for (const rows of batches) {
    const objective = twin.objective('train', rows, { run });
    const at = await objective.hessian(theta);
    try {
      yield await look(objective, { dim: twin.dim, selfAdjoint: true, apply: (v, out) => at.apply(v, out) });
    } finally {
      // Who listens may have heard enough.
      at.dispose();
      objective.dispose();
    }
  }
}

/** Momentum of SGD as the limit on minibatches has it; null for what that limit is not known for. */
function plainMomentum(optimizer: Optimizer): number | null {
  if (optimizer.kind !== 'sgd') return null;
  const { momentum, dampening, nesterov, weightDecay } = optimizer.settings;
  const isPlain = dampening.value === 0 && !nesterov.value && weightDecay.value === 0 && momentum.value < 1;
  return isPlain ? momentum.value : null;
}
