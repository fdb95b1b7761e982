/** A number of our run that is further from PyTorch's than rounding explains. */
export interface Difference {
  readonly kind: 'steps' | 'rate' | 'loss' | 'gradients' | 'parameters';
  /** Optimizer step from which on, counted from 1; null where it is the state after the last one. */
  readonly step: number | null;
  /** The parameter that is furthest off; null for the loss and rates. */
  readonly name: string | null;
  /** Relative: the largest over the steps, and of `loss` and `rate` the one at `step`. */
  readonly gap: number;
}

/** A tensor after the last step, against PyTorch's. Gaps are relative, in Euclidean norm. */
export interface TensorGap {
  readonly name: string;
  readonly gap: number;
  /** Between PyTorch's float32 and float64 results; 0 where float64 was not needed. */
  readonly own: number;
  /** `gap` over what is allowed; at most 1 is agreement. */
  readonly excess: number;
}

/** How the first steps of a training unit here compare with those that the script itself takes in PyTorch. */
export interface Comparison {
  /** Version of PyTorch. */
  readonly torch: string;
  /** Version of Python, and the interpreter that ran the script. */
  readonly python: string;
  readonly interpreter: string;
  /** Optimizer steps that were compared. */
  readonly steps: number;
  /** Whether PyTorch's run was in float64 too, to know its own rounding. */
  readonly inDouble: boolean;
  /** Largest relative gaps: of the loss, and of the norm of any parameter's gradient before clipping. */
  readonly gaps: { readonly loss: number; readonly gradients: number };
  readonly tensors: readonly TensorGap[];
  readonly losses: { readonly ours: readonly number[]; readonly pytorch: readonly number[] };
  /** Norm of all gradients together, before clipping. */
  readonly gradientNorms: { readonly ours: readonly number[]; readonly pytorch: readonly number[] };
  /** Empty when the runs agree; the one that comes first in time is first. */
  readonly differences: readonly Difference[];
  /** What was seen beside the numbers: names, data, batches or first values that are not as they were read. */
  readonly notes: readonly string[];
}

/** Why there is no comparison. */
export interface ComparisonFailure {
  /**
   * `unfit`: this unit cannot be compared. `untrained`: it cannot be trained here. `python`: the interpreter cannot be started
   * or has no PyTorch. `data`: the script did not find its data. `optimizer`: it made no such optimizer, or took no step.
   * `script`: it failed.
   */
  readonly kind: 'unfit' | 'untrained' | 'python' | 'data' | 'optimizer' | 'script';
  readonly text: string;
  /** Line of the script, from 1, where there is one. */
  readonly line: number | null;
}
