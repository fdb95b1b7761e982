import type { TensorGap } from '../../records/comparison';
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

/** Where no tensor is compared. */
const noTensor: TensorGap = { name: 'no tensor', gap: 0, own: 0, excess: 0 };

/** The first step, from 0, at which a gap is above what is allowed there, the gap, and whose it is (null: not of one parameter). */
export interface Parting {
  readonly step: number;
  readonly gap: number;
  readonly name: string | null;
}

/** One line of the report, all gaps relative. `excess`: the worst gap over what is allowed there; at most 1 is agreement. */
export interface Gaps {
  readonly steps: number;
  /** The largest over the steps. */
  readonly loss: number;
  readonly norm: number;
  readonly tensors: readonly TensorGap[];
  /** The tensor that ends furthest from PyTorch's for what is allowed. */
  readonly tensor: TensorGap;
  readonly excess: { readonly loss: number; readonly norm: number; readonly tensor: number; readonly rate: number };
  readonly parting: { readonly loss: Parting | null; readonly norm: Parting | null; readonly rate: Parting | null };
}

/** Compares a run with PyTorch's. */
export function compare(run: TakenRun, reference: Reference): Gaps {
  const losses = reference.loss.map((exact, step) => relativeGap(run.loss[step], exact, 0));
  const gradients = gradientGaps(run, reference);
  const norms = gradients.map(({ gap }) => gap);
  const rates = rateGaps(run, reference);
  const tensors = tensorGaps(run, reference);
  const tensor = tensors.reduce((a, b) => (b.excess > a.excess ? b : a), noTensor);
  const excess = {
    loss: excesses(losses, reference.lossGaps, tolerances.loss),
    norm: excesses(norms, reference.normGaps, tolerances.norm),
    rate: excesses(rates, [], tolerances.rate),
  };
  return {
    steps: reference.steps,
    loss: Math.max(0, ...losses),
    norm: Math.max(0, ...norms),
    tensors,
    tensor,
    excess: {
      loss: Math.max(0, ...excess.loss),
      norm: Math.max(0, ...excess.norm),
      rate: Math.max(0, ...excess.rate),
      tensor: tensor.excess,
    },
    parting: {
      loss: parting(losses, excess.loss),
      norm: parting(norms, excess.norm, (step) => gradients[step]?.name ?? null),
      rate: parting(rates, excess.rate),
    },
  };
}

/** |ours - exact| relative to the larger of |exact| and `floor`; 0 where both are equally not finite. */
export function relativeGap(ours: number | undefined, exact: number, floor: number): number {
  if (ours === undefined) return Infinity;
  if (Object.is(ours, exact) || ours === exact) return 0;
  const relative = Math.abs(ours - exact) / Math.max(Math.abs(exact), floor);
  return Number.isNaN(relative) ? Infinity : relative;
}

/** Each gap over what is allowed there. */
const excesses = (gaps: readonly number[], own: readonly number[], tolerance: number): number[] =>
  gaps.map((value, step) => value / Math.max(tolerance, ownGaps * (own[step] ?? 0)));

function parting(
  gaps: readonly number[],
  excess: readonly number[],
  nameAt: (step: number) => string | null = () => null,
): Parting | null {
  const step = excess.findIndex((value) => value > 1);
  return step < 0 ? null : { step, gap: gaps[step] ?? Infinity, name: nameAt(step) };
}

/** The worst of all parameters at each step. */
function gradientGaps(run: TakenRun, { norms, normGaps }: Reference): { readonly name: string; readonly gap: number }[] {
  return gradientFloors(norms, normGaps.length).map((floor, step) =>
    Object.entries(norms)
      .map(([name, values]) => ({ name, gap: relativeGap(run.norms(name)[step], values[step] ?? NaN, floor) }))
      .reduce((a, b) => (b.gap > a.gap ? b : a)),
  );
}

/** What gradients of each step are measured against when they are smaller. */
export function gradientFloors(norms: Reference['norms'], steps: number): number[] {
  let largest = 0;
  return Array.from({ length: steps }, (_, step) => {
    largest = Math.max(largest, Math.hypot(...Object.values(norms).map((values) => values[step] ?? NaN)));
    return smallest.gradient * largest;
  });
}

function tensorGaps(run: TakenRun, { tensors, norms }: Reference): TensorGap[] {
  const all = Math.hypot(...Object.keys(norms).map((name) => tensors[name]?.norm ?? 0));
  return Object.entries(tensors).map(([name, tensor]) =>
    tensorGap(name, run.difference(name, tensor), tensor, smallest.tensor * all),
  );
}

function tensorGap(name: string, difference: number, { norm, float32 }: ReferenceTensor, floor: number): TensorGap {
  // Where all tensors are zero any difference is endless.
  const size = Math.max(norm, floor, Number.MIN_VALUE);
  const own = float32 / size;
  // Equally not a number: nothing is left to compare.
  if (Number.isNaN(difference) && Number.isNaN(float32)) return { name, gap: 0, own, excess: 0 };
  const found = difference / size;
  return { name, gap: found, own, excess: Number.isNaN(found) ? Infinity : found / Math.max(tolerances.tensor, ownGaps * own) };
}

/** The largest over the groups, at each step. */
function rateGaps(run: TakenRun, { rates, steps }: Reference): number[] {
  return Array.from({ length: steps }, (_, step) => {
    const [, ...groups] = rates.filter(([first]) => first !== undefined && first <= step).at(-1) ?? [];
    return Math.max(0, ...groups.map((rate, group) => relativeGap(run.rate(step, group), rate, 0)));
  });
}
