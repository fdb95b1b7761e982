import type { Reference, ReferenceTensor } from './reference';
import type { TakenRun } from './takenRun';

/** What may lie between a run and PyTorch's float64 run, relative, where PyTorch's own float32 run is not further away. */
export const tolerances = { loss: 1e-4, norm: 1e-3, tensor: 1e-4, rate: 1e-6 } as const;

/** PyTorch's own gaps are a sample: others may be so many times as large. */
const ownGaps = 3;

/**
 * Tensors smaller than this share of all together, and gradients smaller than this share of the largest so far, are
 * measured against that share: what is left of them is the rounding of larger terms that cancel.
 */
const smallest = { tensor: 1e-3, gradient: 1e-2 } as const;

/** One line of the report, all gaps relative. `excess`: the worst gap over what is allowed there; at most 1 is agreement. */
export interface Comparison {
  readonly steps: number;
  /** The largest over the steps. */
  readonly loss: number;
  readonly norm: number;
  /** The tensor that ends furthest from PyTorch's for what is allowed. */
  readonly tensor: TensorGap;
  readonly excess: { readonly loss: number; readonly norm: number; readonly tensor: number; readonly rate: number };
}

/** How far a tensor is from PyTorch's float64 result; `own`: how far PyTorch's float32 result is. */
export interface TensorGap {
  readonly name: string;
  readonly gap: number;
  readonly own: number;
  readonly excess: number;
}

/** Compares a run with PyTorch's. */
export function compare(run: TakenRun, reference: Reference): Comparison {
  const losses = reference.loss.map((exact, step) => gap(run.loss[step], exact, 0));
  const gradients = gradientGaps(run, reference);
  const tensor = tensorGaps(run, reference).reduce((a, b) => (b.excess > a.excess ? b : a));
  return {
    steps: reference.steps,
    loss: Math.max(...losses),
    norm: Math.max(...gradients),
    tensor,
    excess: {
      loss: excessOf(losses, reference.lossGaps, tolerances.loss),
      norm: excessOf(gradients, reference.normGaps, tolerances.norm),
      tensor: tensor.excess,
      rate: rateGap(run, reference) / tolerances.rate,
    },
  };
}

/** |ours - exact| relative to the larger of |exact| and `floor`; 0 where both are equally not finite. */
function gap(ours: number | undefined, exact: number, floor: number): number {
  if (ours === undefined) return Infinity;
  if (Object.is(ours, exact) || ours === exact) return 0;
  const relative = Math.abs(ours - exact) / Math.max(Math.abs(exact), floor);
  return Number.isNaN(relative) ? Infinity : relative;
}

function excessOf(gaps: readonly number[], own: readonly number[], tolerance: number): number {
  return Math.max(0, ...gaps.map((value, step) => value / Math.max(tolerance, ownGaps * (own[step] ?? 0))));
}

/** The worst of all parameters at each step. */
function gradientGaps(run: TakenRun, { norms, normGaps }: Reference): number[] {
  let largest = 0;
  return normGaps.map((_, step) => {
    const exact = Object.entries(norms).map(([name, values]) => [name, values[step] ?? NaN] as const);
    largest = Math.max(largest, Math.hypot(...exact.map(([, value]) => value)));
    return Math.max(...exact.map(([name, value]) => gap(run.norms(name)[step], value, smallest.gradient * largest)));
  });
}

function tensorGaps(run: TakenRun, { tensors, norms }: Reference): TensorGap[] {
  const all = Math.hypot(...Object.keys(norms).map((name) => tensors[name]?.norm ?? 0));
  return Object.entries(tensors).map(([name, tensor]) =>
    tensorGap(name, run.difference(name, tensor), tensor, smallest.tensor * all),
  );
}

function tensorGap(name: string, difference: number, { norm, float32 }: ReferenceTensor, floor: number): TensorGap {
  const size = Math.max(norm, floor);
  const own = float32 / size;
  // Equally not a number: nothing is left to compare.
  if (Number.isNaN(difference) && Number.isNaN(float32)) return { name, gap: 0, own, excess: 0 };
  const found = difference / size;
  return { name, gap: found, own, excess: Number.isNaN(found) ? Infinity : found / Math.max(tolerances.tensor, ownGaps * own) };
}

/** The largest over steps and groups. */
function rateGap(run: TakenRun, { rates, steps }: Reference): number {
  const gaps = Array.from({ length: steps }).flatMap((_, step) => {
    const [, ...groups] = rates.filter(([first]) => first !== undefined && first <= step).at(-1) ?? [];
    return groups.map((rate, group) => gap(run.rate(step, group), rate, 0));
  });
  return Math.max(0, ...gaps);
}
