import type { Size } from '../graph/size';
import type { DataRecipe } from './dataSteps';
import type { ModelGraph } from './model/graph';
import type { Optimizer, Schedule } from './optimizer';
import type { Assumption, Reason, SourceRange, Sourced } from './source';

/** Tensors of one part of the data: indices into `DataRecipe.steps`, all with the rows first. */
export interface SplitRecipe {
  readonly inputs: readonly number[];
  readonly targets: readonly number[];
  /** Where these columns become the model's input (place of findings about inputs). */
  readonly inputRange: SourceRange;
  readonly targetRange: SourceRange;
}

/** How rows become batches. */
export interface Batches {
  /** `full`: all rows each step. `epochs`: each row once an epoch. `replacement`: a fresh random draw each step. */
  readonly sampling: 'full' | 'epochs' | 'replacement';
  /** Null for `full`. */
  readonly batchSize: Sourced<number> | null;
  readonly shuffle: Sourced<boolean>;
  readonly dropLast: boolean;
  /** The DataLoader call, or the batch loop. */
  readonly range: SourceRange;
}

/** Gradient clipping between `backward` and `step`. */
export interface Clipping {
  /** `normEach`: each parameter by its own norm (Keras's `clipnorm`). */
  readonly kind: 'norm' | 'normEach' | 'value';
  readonly limit: Sourced<number>;
  /** Exponent p of the norm; Infinity for the largest entry. */
  readonly normType: number;
  readonly range: SourceRange;
}

/** The evaluation that the script does beside training. */
export interface Evaluation {
  readonly range: SourceRange;
  /** Whether `model.eval()` holds while it runs. */
  readonly evalMode: boolean;
  readonly noGrad: boolean;
  /** Whether `model.train()` holds again when training goes on (true when it never left). */
  readonly trainModeRestored: boolean;
  /** How often it runs. */
  readonly per: 'epoch' | 'batch' | 'end';
}

/** An average of the weights that the script keeps beside the training (Polyak, exponential, stochastic weight averaging). */
export interface Averaging {
  /** Weight of the old average; null for the mean of all states that were taken in. */
  readonly decay: Sourced<number> | null;
  /** It takes the weights in after every so many steps or epochs. The first time copies them. */
  readonly per: 'step' | 'epoch';
  readonly every: number;
  /** Steps or epochs before the first time, beside the one that it follows. None: `every` - 1. */
  readonly from?: number;
  /** Steps are counted anew in each epoch. */
  readonly anew?: true;
  /** Whether the script's evaluation takes the average in place of the weights. */
  readonly evaluated: boolean;
  /** The call that takes the weights in. */
  readonly range: SourceRange;
}

/** Parameters whose values the script cuts off at two bounds around each step (`p.data.clamp_(-c, c)`); null is open. */
export interface WeightBounds {
  readonly low: Sourced<number> | null;
  readonly high: Sourced<number> | null;
  /** The norm of each row, the weights into one unit, is brought between these. */
  readonly norms?: { readonly least: number; readonly most: number };
  /** Before the forward pass of each step, or after the optimizer has changed them. */
  readonly when: 'beforeStep' | 'afterStep';
  /** Indices into the model's parameters. */
  readonly parameters: readonly number[];
  readonly range: SourceRange;
}

/** After which batches a step takes the sum of their gradients: the first time, and every `accumulation` batches from there on. */
export interface StepPace {
  /** Batches before the first step. */
  readonly first: number;
  /** The last batch of an epoch is followed by a step in any case. */
  readonly last: boolean;
  /** Whether batches are counted anew in each epoch. */
  readonly over: 'epoch' | 'run';
  /** What an epoch leaves without a step is cleared at its end, and not carried over. */
  readonly cleared: boolean;
}

/** What the training loop does, with the calls that do it. Null calls are missing from the script. */
export interface Loop {
  readonly range: SourceRange;
  /** Passes over the data; for full-batch scripts one step each. */
  readonly epochs: Sourced<number>;
  /** Optimizer steps when the script counts them itself, in place of epochs. */
  readonly steps: Sourced<number> | null;
  /** When the gradient buffers are cleared; `beforeStep`: between backward and step, so that the step has none. */
  readonly zeroGrad: { readonly when: 'everyStep' | 'everyEpoch' | 'never' | 'beforeStep'; readonly range: SourceRange | null };
  readonly backward: SourceRange | null;
  readonly step: SourceRange | null;
  /** Batches whose gradients are summed before one step. */
  readonly accumulation: number;
  /** After which batches the sum is taken. None: after every `accumulation` ones, counted anew in each epoch. */
  readonly pace?: StepPace;
  /** The unit takes only every so many batches of an epoch and lets the others pass. None: it takes all. */
  readonly takenEvery?: number;
  /** Batches of an epoch before the first one that it takes. None: 0. */
  readonly takenFrom?: number;
  readonly clipping: Clipping | null;
  readonly evaluation: Evaluation | null;
  /** True when the model is in evaluation mode while it trains. */
  readonly trainsInEvalMode: boolean;
  readonly earlyStopping: { readonly patience: number; readonly range: SourceRange } | null;
  readonly averaging?: Averaging;
  /** None when it is not said. */
  readonly bounds?: readonly WeightBounds[];
}

/**
 * Another optimizer that takes its steps in the same loop and changes parameters that this unit's loss goes through (generator and
 * discriminator). Its inputs and targets are indices into the unit's own split.
 */
export interface Partner {
  /** The optimizer's variable. */
  readonly name: string;
  readonly model: ModelGraph;
  readonly optimizer: Optimizer;
  readonly schedules: readonly Schedule[];
  readonly loop: Loop;
  /** `together`: both gradients are taken before either steps. */
  readonly order: 'before' | 'after' | 'together';
  /** After every `own` steps of the unit the partner takes `steps`. */
  readonly own: number;
  readonly steps: number;
  /**
   * For each of its parameters a number: the unit's index for those that the unit's graph has, others from its count on. Parameters of
   * one number are one tensor.
   */
  readonly parameters: readonly number[];
}

/** Frameworks as people write them. */
export const frameworkNames = { pytorch: 'PyTorch', keras: 'Keras', sklearn: 'scikit-learn' } as const;

/** What the code says: one training unit (an optimizer, a backward, a step), read without running it. */
export interface Experiment {
  readonly unit: {
    /** Unique in its file: the optimizer variable or enclosing function, then a number. */
    readonly name: string;
    /** The script that was read; the optimizer may be made in another file of the project. */
    readonly path: string;
    /** The optimizer call: where the lens stands. */
    readonly range: SourceRange;
    readonly framework: keyof typeof frameworkNames;
  };
  /** All files that were read for it. */
  readonly files: readonly string[];
  readonly seed: Sourced<number> | null;
  readonly data: DataRecipe;
  /** Null when the rows could not be traced to a source; `unread` says why. */
  readonly train: SplitRecipe | null;
  readonly validation: SplitRecipe | null;
  readonly batches: Batches | null;
  readonly model: ModelGraph | null;
  readonly optimizer: Optimizer | null;
  readonly schedules: readonly Schedule[];
  readonly loop: Loop | null;
  /** None when it is not said. */
  readonly partners?: readonly Partner[];
  readonly assumptions: readonly Assumption[];
  /** What could not be read. Anything here keeps the unit from being trained. */
  readonly unread: readonly Reason[];
  /** Number of parts seen and read, for the line of trust. */
  readonly parts: { readonly read: number; readonly total: number };
}

/** Where a script's shapes are decided by its data. */
export type Shape = readonly Size[];
