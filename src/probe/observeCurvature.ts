import type { CancelToken } from '../base/cancel';
import { Breath } from '../base/yield';
import type { Random } from '../base/random';
import { preconditioned } from '../curvature/composition';
import { GroupedNoise } from '../curvature/groupedNoise';
import { lanczos, type RitzEnd } from '../curvature/lanczos';
import type { LinearOperator } from '../curvature/operator';
import { withoutScales, type ScaleGroup } from '../curvature/scaleFree';
import { dot } from '../curvature/vector';
import { limitFor } from '../diagnosis/limits';
import type { HessianAt, Run, Twin } from '../engine/twin';
import type { Optimizer } from '../records/optimizer';
import { observeBatches } from './observeBatches';
import { observeSlowModes } from './observeModes';
import { observeSaddleDescent } from './observeSaddle';
import { observeSymmetry, type hiddenLayers } from './observeSymmetry';
import type { Plan } from './plan';
import type { Probe } from './probeRows';
import type { Recorder } from './recorder';

/** What the last look at the curvature leaves for the next: its eigenvectors are good starts. */
export interface CurvatureMemory {
  starts: Float32Array[];
  preconditionedStarts: Float32Array[];
  scaleFreeStarts: Float32Array[];
  /** Of the gradient on the probe rows. */
  largestGradientNorm: number;
}

/** Nothing seen yet. */
export const freshMemory = (): CurvatureMemory => ({
  starts: [],
  preconditionedStarts: [],
  scaleFreeStarts: [],
  largestGradientNorm: 0,
});

export interface CurvatureInput {
  readonly twin: Twin;
  readonly probe: Probe;
  readonly run: Run;
  readonly optimizer: Optimizer;
  readonly plan: Plan;
  readonly layers: ReturnType<typeof hiddenLayers>;
  /** Weights whose lengths have no effect. */
  readonly scales: readonly ScaleGroup[];
  /** Loss on the probe rows above its floor. */
  readonly lossLeft: number;
  /** Whether rows of data reach the loss: else batches do not differ. */
  readonly seesRows: boolean;
  /** Whether the curvature of single batches is looked at too. */
  readonly looksAtBatches: boolean;
  /** Changed: holds the eigenvectors for the next call. */
  readonly memory: CurvatureMemory;
  readonly recorder: Recorder;
  readonly random: Random;
  readonly cancel: CancelToken;
}

/** Curvature, the limit in force and gradient noise at the run's current point. */
export async function observeCurvature(input: CurvatureInput): Promise<void> {
  const { probe, run, optimizer, plan, memory, recorder, random, cancel } = input;
  const hessianAt = await probe.train.hessian(run.theta);
  try {
    const operator = asOperator(hessianAt, run.theta.length);
    const spectrum = await lanczos(operator, {
      random: random.fork(`lanczos ${run.step}`),
      starts: memory.starts,
      tolerance: 0.01,
      smallestTolerance: 0.03,
      maximumApplications: plan.lanczosProducts,
      cancel,
    });
    memory.starts = [spectrum.largest.vector, spectrum.smallest.vector].filter((vector) => vector.length > 0);
    recordEnd(recorder, 'lambdaMax', run.step, spectrum.largest);
    recordEnd(recorder, 'lambdaMin', run.step, spectrum.smallest);
    let products = spectrum.applications;

    const magnitude = Math.max(Math.abs(spectrum.largest.value), Math.abs(spectrum.smallest.value));
    const diagonal = run.preconditioner();
    let effective = spectrum.largest;
    if (diagonal) {
      const result = await lanczos(preconditioned(operator, diagonal), {
        random: random.fork(`preconditioned ${run.step}`),
        starts: memory.preconditionedStarts,
        tolerance: 0.02,
        ends: 'largest',
        maximumApplications: plan.lanczosProducts,
        cancel,
      });
      memory.preconditionedStarts = result.largest.vector.length > 0 ? [result.largest.vector] : [];
      effective = result.largest;
      recordEnd(recorder, 'preconditionedLambdaMax', run.step, result.largest);
      products += result.applications;
    }
    recorder.add('curvatureProducts', run.step, products);
    const limit = limitFor(optimizer);
    if (limit && limit.firstStep < Infinity) {
      recorder.add('stabilityLimit', run.step, limit.curvature(run.learningRate));
      recordRateLimit(recorder, run.step, effective, limit.rate);
    }
    const gradient = new Float32Array(operator.dim);
    await probe.train.gradient(run.theta, gradient);
    await observeGradientStep(run, operator, gradient, diagonal, recorder);
    await observeSlowModes(run, operator, gradient, optimizer, plan, recorder, cancel);
    observeSymmetry(input.layers, run, gradient, recorder);
    if (input.looksAtBatches) {
      const top = spectrum.largest;
      await observeBatches(input.twin, run, optimizer, top, recorder, random.fork(`batches ${run.step}`), cancel);
    }
    const smallest = await scaleFreeEnd(input, operator, spectrum.smallest, magnitude);
    const norm = Math.sqrt(dot(gradient, gradient));
    memory.largestGradientNorm = Math.max(memory.largestGradientNorm, norm);
    const isNegative = smallest.value < -Math.max(3 * smallest.residual, negativeShare * magnitude);
    if (isNegative && isNearCritical(norm, spectrum.largest.value, input)) {
      await observeSaddleDescent(probe.train, run, smallest.vector, recorder);
    }
  } finally {
    hessianAt.dispose();
  }
  if (input.seesRows) await observeNoise(probe, run, recorder);
}

/** An end of a spectrum with its residual, and with its distance to the true end where one is known. */
function recordEnd(
  recorder: Recorder,
  quantity: 'lambdaMax' | 'lambdaMin' | 'preconditionedLambdaMax' | 'scaleFreeLambdaMin',
  step: number,
  { value, residual, error }: RitzEnd,
): void {
  recorder.add(quantity, step, value);
  recorder.add(`${quantity}Residual`, step, residual);
  if (Number.isFinite(error)) recorder.add(`${quantity}Error`, step, error);
}

/** The rate at the limit for the eigenvalue in force; its error is half of the way between those at the ends of the eigenvalue's. */
function recordRateLimit(recorder: Recorder, step: number, { value, error }: RitzEnd, rate: (curvature: number) => number): void {
  if (value <= 0) return;
  recorder.add('rateLimit', step, rate(value));
  if (error < value) recorder.add('rateLimitError', step, (rate(value - error) - rate(value + error)) / 2);
}

/** The Hessian, which lets a cancel be heard between its products. */
function asOperator(hessianAt: HessianAt, dim: number): LinearOperator {
  const breath = new Breath();
  const apply = (v: Float32Array, out: Float32Array): Promise<void> | undefined => {
    const pause = breath.pause();
    return pause === undefined ? hessianAt.apply(v, out) : pause.then(() => hessianAt.apply(v, out));
  };
  return { dim, selfAdjoint: true, apply };
}

/** Parts of the rows whose gradients tell the noise. */
const noiseParts = 64;

/** Share of the largest magnitude below which a negative eigenvalue is of no matter. */
const negativeShare = 0.03;

/**
 * The smallest eigenvalue without the scale directions of normalised weights. Taking directions out cannot lower it: where it is not
 * clearly negative with them, it need not be looked for again.
 */
async function scaleFreeEnd(
  { run, scales, memory, plan, recorder, random, cancel }: CurvatureInput,
  operator: LinearOperator,
  whole: RitzEnd,
  magnitude: number,
): Promise<RitzEnd> {
  if (scales.length === 0) return whole;
  let end = whole;
  if (whole.value < -negativeShare * magnitude) {
    const { smallest } = await lanczos(withoutScales(operator, run.theta, scales), {
      random: random.fork(`without scales ${run.step}`),
      starts: memory.scaleFreeStarts,
      tolerance: 0.03,
      ends: 'smallest',
      maximumApplications: plan.lanczosProducts,
      cancel,
    });
    end = smallest;
    memory.scaleFreeStarts = smallest.vector.length > 0 ? [smallest.vector] : [];
  }
  recordEnd(recorder, 'scaleFreeLambdaMin', run.step, end);
  return end;
}

/** Whether the gradient is so small that the point may be judged as a critical one: the rules ask no less. */
function isNearCritical(norm: number, largest: number, { memory, lossLeft }: CurvatureInput): boolean {
  if (norm < 0.01 * memory.largestGradientNorm) return true;
  return largest > 0 && (norm * norm) / (2 * largest) < 0.01 * Math.abs(lossLeft);
}

/** The best rate along the (preconditioned) gradient, gᵀP⁻¹g / gᵀP⁻¹HP⁻¹g; not recorded where that is not positive. */
async function observeGradientStep(
  run: Run,
  operator: LinearOperator,
  gradient: Float32Array,
  diagonal: Float32Array | null,
  recorder: Recorder,
): Promise<void> {
  const direction = diagonal ? gradient.map((g, i) => g / (diagonal[i] ?? 1)) : gradient.slice();
  const image = new Float32Array(operator.dim);
  await operator.apply(direction, image);
  const curvature = dot(direction, image);
  if (curvature > 0) recorder.add('gradientStepRate', run.step, dot(gradient, direction) / curvature);
  recorder.add('probeGradientNorm', run.step, Math.sqrt(dot(gradient, gradient)));
}

async function observeNoise(probe: Probe, run: Run, recorder: Recorder): Promise<void> {
  const grouped = new GroupedNoise(run.theta.length);
  const wanted = Math.max(1, Math.floor(probe.train.rows.length / noiseParts));
  const rowsEach = await probe.train.partGradients(run.theta, wanted, (gradient) => grouped.add(gradient));
  const batch = Math.max(1, run.lastBatch.length);
  const [trace, scale, signal] = grouped.statistics(rowsEach, [
    (noise) => noise.trace,
    (noise) => noise.trace / noise.squaredMean,
    (noise) => (batch * noise.squaredMean) / noise.trace,
  ]);
  const record = (quantity: 'noiseTrace' | 'noiseScale' | 'signalToNoise', estimate: typeof trace): void => {
    if (!estimate || !Number.isFinite(estimate.value)) return;
    recorder.add(quantity, run.step, estimate.value);
    if (Number.isFinite(estimate.error)) recorder.add(`${quantity}Error`, run.step, estimate.error);
  };
  record('noiseTrace', trace);
  record('noiseScale', scale);
  if ((trace?.value ?? 0) > 0) record('signalToNoise', signal);
}
