import type { CancelToken } from '../base/cancel';
import type { Quantity, Series } from '../records/measurement';
import type { Reason } from '../records/source';
import type { Watch } from './watch';

/** Where a parameter lies in the flat vector of all trainable parameters. */
export interface ParameterView {
  /** Name in the state_dict. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
}

/**
 * The Experiment built on its Dataset: what can be trained and measured here.
 * Building compiles graphs; runs and objectives share them, so that starting again costs nothing.
 */
export interface Twin {
  readonly parameters: readonly ParameterView[];
  /** Number of trainable parameters. */
  readonly dim: number;
  readonly stepsPerEpoch: number;
  /** Optimizer steps of the whole script. */
  readonly totalSteps: number;
  /** Floating-point operations of one optimizer step, counted from the graph. */
  readonly flopsPerStep: number;
  /** Rows of a batch that are computed together where the whole does not fit into memory; null: all. */
  readonly partRows: number | null;
  readonly trainRows: number;
  readonly validationRows: number;
  /** A run from the script's initialisation; same seed, same numbers. */
  start(seed: number, settings?: Partial<RunSettings>): Run;
  /** The mean loss over fixed rows as a function of the parameters. */
  objective(split: 'train' | 'validation', rows: Int32Array, options?: ObjectiveOptions): Objective;
  /** Why a run with these settings cannot be started (a batch of one row before a batch norm, say); null when it can. */
  check(settings: Partial<RunSettings>): Reason | null;
  /** The first steps of a run from `seed`, with all that is needed to take them again elsewhere, as an npz archive. */
  trace(options: { readonly steps: number; readonly seed: number; readonly cancel: CancelToken }): Promise<Uint8Array>;
  dispose(): void;
}

/** How an objective treats what is not in the flat vector. */
export interface ObjectiveOptions {
  /**
   * Statistics that batch norm uses: of the batch (`train`, in chunks of the script's own batch size; the default on
   * training rows) or the running ones (`eval`; the default on validation rows).
   */
  readonly batchNorm?: 'train' | 'eval';
  /** Whose running statistics and frozen parameters hold; by default those of the run that was started last. */
  readonly run?: Run;
}

/** What a run may change without building anew; the script's own values are the default. */
export interface RunSettings {
  readonly learningRate: number;
  readonly momentum: number;
  readonly batchSize: number;
  /** Length of the whole run in steps, to which schedules are scaled. */
  readonly totalSteps: number;
  /**
   * The steps at which all norms are taken, in all and by parameter; every step by default. At others, which are cheaper, the loss is
   * known, and of some the gradient's norm; what is not taken is NaN.
   */
  readonly watch: Watch;
}

/** Training in progress. */
export interface Run {
  /** Optimizer steps taken. */
  readonly step: number;
  /** Current parameters, a live view: copy it to keep it. */
  readonly theta: Float32Array;
  /** The weights that the script evaluates: `theta`, or the average of the weights that it keeps. A live view. */
  readonly evaluated: Float32Array;
  /** State of non-trained tensors and of the optimizer in `snapshot` too. */
  snapshot(): RunSnapshot;
  restore(snapshot: RunSnapshot): void;
  /** Takes up to `count` steps; ends early at cancellation or when the loss is not finite. */
  advance(count: number, cancel: CancelToken): Promise<StepColumns>;
  /** Learning rate of the coming step, after schedules. */
  readonly learningRate: number;
  /** Diagonal P of the adaptive optimizer at its current state, as `mathematics` defines it; null for SGD. */
  preconditioner(): Float32Array | null;
  /** Row numbers (into the training rows) of the last step's batch. */
  readonly lastBatch: Int32Array;
  dispose(): void;
}

export interface RunSnapshot {
  readonly step: number;
  readonly bytes: number;
}

/** By-products of the steps taken. */
export interface StepColumns {
  readonly steps: readonly number[];
  /** Those of `steps` of which more may be known than the loss and the learning rate. */
  readonly looked: readonly number[];
  /**
   * Loss and learning rate: an entry for each of `steps`. Others: one for each of `looked`, NaN where it was not taken, and none for the
   * last ones of which nothing is known.
   */
  readonly columns: ReadonlyMap<Quantity, Series['values']>;
  /** Set when the run ended because a value was not finite. */
  readonly nonFinite: { readonly step: number } | null;
}

/** Takes a gradient over; it is waited for where it gives a promise. */
export type UseGradient = (gradient: Float32Array) => unknown;

/** A loss over fixed rows: dropout off, batch norm in the mode given when it was made. */
export interface Objective {
  readonly rows: Int32Array;
  /** Mean loss, and share of right answers where that has a meaning. */
  evaluate(theta: Float32Array): Promise<{ readonly loss: number; readonly accuracy: number | null }>;
  /** out ← gradient; returns the loss. */
  gradient(theta: Float32Array, out: Float32Array): Promise<number>;
  /** Fixes the point: afterwards `apply` maps v to Hv, with the primal part computed once. */
  hessian(theta: Float32Array): Promise<HessianAt>;
  /** The Gauss-Newton matrix at the point, in place of the Hessian; null where the loss is convex in no output that all parameters act through. */
  gaussNewton(theta: Float32Array): Promise<GaussNewtonAt | null>;
  /**
   * Gradients of parts of the rows of `rowsEach` rows each (of more where batch norm needs a batch), all of one size, to `use` one after
   * another: the vector is overwritten by the next, for which a promise is waited for. Returns the rows of each part.
   */
  partGradients(theta: Float32Array, rowsEach: number, use: UseGradient): Promise<number>;
  /** What goes into each linear layer, a vector for every row (and place in a row), in forward order. */
  layerInputs(theta: Float32Array): Promise<readonly LayerInput[]>;
  /**
   * The same with what happens on the way, from one pass. `rowGradients`: whether the rows' own gradients are wanted, for which the pass
   * goes back too.
   */
  observe(theta: Float32Array, wanted: { readonly rowGradients: boolean }): Promise<Observed>;
  /** The first operation, in execution order, whose result is not finite at `theta`; null when all are. */
  findNonFinite(
    theta: Float32Array,
  ): Promise<{ readonly node: string; readonly operation: string; readonly pass: 'forward' | 'backward' } | null>;
  dispose(): void;
}

export interface HessianAt {
  /** out ← Hv. Await it: undefined where the product is already made. */
  apply(v: Float32Array, out: Float32Array): Promise<void> | undefined;
  dispose(): void;
}

/** The Gauss-Newton matrix at a point. */
export interface GaussNewtonAt {
  readonly at: HessianAt;
  /** True where it is the Fisher matrix of the model's distribution: cross-entropies over scores, unweighted. */
  readonly isFisher: boolean;
}

/** What is seen of a point over the rows of an objective. */
export interface Observed {
  /** Mean loss. */
  readonly loss: number;
  /** Share of right answers, where that has a meaning. */
  readonly accuracy: number | null;
  /** Statistics of the units of each activation. */
  readonly units: readonly LayerUnits[];
  /**
   * Norms of each row's own gradient by the parameters of a layer, for linear layers and embeddings, where the loss is a sum of what rows
   * give by themselves (no batch norm on the batch, say): scaled so that the gradient is the rows' mean.
   */
  readonly rowGradients: readonly RowGradients[];
}

/** One layer's gradient, row by row. */
export interface RowGradients {
  /** Name of the layer. */
  readonly name: string;
  /** In the order of the objective's rows. */
  readonly norms: Float32Array;
}

/** The vectors that go into one layer. */
export interface LayerInput {
  readonly name: string;
  readonly vectors: readonly Float32Array[];
}

/** One activation's units over the rows of an objective. Arrays have one entry a unit. */
export interface LayerUnits {
  /** Name of the activation's node. */
  readonly name: string;
  readonly kind: string;
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
  /** Mean of φ'(z) over its largest possible value: low means saturated. Null for activations that do not saturate. */
  readonly slope: Float32Array | null;
  /** True (1) where the unit is 0 (its slope is 0) on every row. */
  readonly dead: Uint8Array;
}
