import type { Size } from '../graph/size';
import type { SourceRange, Sourced } from './source';

/** Settings of each optimizer beside its learning rate, with PyTorch's names, meaning and defaults. */
export interface OptimizerSettings {
  readonly sgd: {
    readonly momentum: Sourced<number>;
    readonly dampening: Sourced<number>;
    readonly weightDecay: Sourced<number>;
    readonly nesterov: Sourced<boolean>;
  };
  readonly adam: AdamSettings;
  readonly adamw: AdamSettings;
  readonly rmsprop: {
    readonly alpha: Sourced<number>;
    readonly epsilon: Sourced<number>;
    readonly weightDecay: Sourced<number>;
    readonly momentum: Sourced<number>;
    readonly centered: Sourced<boolean>;
  };
  readonly adagrad: {
    readonly learningRateDecay: Sourced<number>;
    readonly weightDecay: Sourced<number>;
    readonly initialAccumulator: Sourced<number>;
    readonly epsilon: Sourced<number>;
  };
  /** A step takes up to `maxIterations` iterations, each with evaluations of the closure; `lineSearch`: strong Wolfe. */
  readonly lbfgs: {
    readonly maxIterations: Sourced<number>;
    readonly maxEvaluations: Sourced<number>;
    readonly gradientTolerance: Sourced<number>;
    readonly changeTolerance: Sourced<number>;
    readonly history: Sourced<number>;
    readonly lineSearch: Sourced<boolean>;
    /** It has none: 0. */
    readonly weightDecay: Sourced<number>;
  };
  readonly adadelta: { readonly rho: Sourced<number>; readonly epsilon: Sourced<number>; readonly weightDecay: Sourced<number> };
  readonly adamax: Moments;
  readonly nadam: Moments & {
    /** ψ of the momentum β1 (1 - ½ · 0.96^(tψ)); 1 in Keras. */
    readonly momentumDecay: Sourced<number>;
    readonly decoupledDecay: Sourced<boolean>;
  };
  readonly radam: Moments & { readonly decoupledDecay: Sourced<boolean> };
  /** A rate η / (1 + λ η t)^α and a pull λ towards zero; the average of the parameters beside them changes nothing. */
  readonly asgd: {
    readonly pull: Sourced<number>;
    readonly power: Sourced<number>;
    readonly weightDecay: Sourced<number>;
  };
  /** A step for every element, times `growing` or `shrinking` as the gradient keeps its sign or turns, within two bounds. */
  readonly rprop: {
    readonly shrinking: Sourced<number>;
    readonly growing: Sourced<number>;
    readonly smallestStep: Sourced<number>;
    readonly largestStep: Sourced<number>;
    /** It has none: 0. */
    readonly weightDecay: Sourced<number>;
  };
}

interface Moments {
  readonly beta1: Sourced<number>;
  readonly beta2: Sourced<number>;
  readonly epsilon: Sourced<number>;
  readonly weightDecay: Sourced<number>;
}

export interface AdamSettings extends Moments {
  readonly amsgrad: Sourced<boolean>;
}

export type OptimizerKind = keyof OptimizerSettings;

/** The optimizer's name as people write it. */
export const optimizerNames: Readonly<Record<OptimizerKind, string>> = {
  sgd: 'SGD',
  rmsprop: 'RMSprop',
  adam: 'Adam',
  adamw: 'AdamW',
  adagrad: 'Adagrad',
  adadelta: 'Adadelta',
  lbfgs: 'L-BFGS',
  adamax: 'Adamax',
  nadam: 'NAdam',
  radam: 'RAdam',
  asgd: 'ASGD',
  rprop: 'Rprop',
};

/** Optimizers whose step is one formula for each parameter by itself. */
export type ElementwiseKind = Exclude<OptimizerKind, 'lbfgs'>;

export interface OptimizerOf<K extends OptimizerKind> {
  readonly kind: K;
  readonly learningRate: Sourced<number>;
  readonly settings: OptimizerSettings[K];
  /** Keras's formulas where they differ: the place of ε, and the rate inside the velocity. PyTorch's when absent. */
  readonly form?: 'keras';
  /** True for `maximize=True`: the update climbs. */
  readonly maximize: boolean;
  /** The whole call, and its name (`SGD` in `optim.SGD`): the place when a default is at fault. */
  readonly call: SourceRange;
  readonly name: SourceRange;
  /** The argument of the rate: `lr` when absent; null when the script cannot set the rate itself. */
  readonly rateName?: string | null;
  /** The call that takes this argument, where it is not `call`. */
  readonly rateCall?: SourceRange;
  /** The parameter argument (`model.parameters()`). */
  readonly parametersArgument: SourceRange;
  /** Indices into the model's parameters that are updated; in order of the groups. */
  readonly groups: readonly ParameterGroup[];
}

export type Optimizer = { [K in OptimizerKind]: OptimizerOf<K> }[OptimizerKind];

/** Parameters that share settings; overrides of the optimizer's own are numbers with their places. */
export interface ParameterGroup {
  readonly parameters: readonly number[];
  readonly learningRate?: Sourced<number>;
  readonly weightDecay?: Sourced<number>;
}

/** Learning-rate schedules, with torch.optim.lr_scheduler's meaning. */
export type ScheduleRule =
  | { readonly kind: 'step'; readonly stepSize: number; readonly gamma: number }
  | { readonly kind: 'multiStep'; readonly milestones: readonly number[]; readonly gamma: number }
  | { readonly kind: 'exponential'; readonly gamma: number }
  | { readonly kind: 'cosine'; readonly period: number; readonly minimum: number }
  | { readonly kind: 'cosineWarmRestarts'; readonly period: number; readonly factor: number; readonly minimum: number }
  | { readonly kind: 'linear'; readonly startFactor: number; readonly endFactor: number; readonly length: number }
  | {
      readonly kind: 'oneCycle';
      readonly maximum: number;
      /** One for each parameter group, where they differ. */
      readonly maxima?: readonly number[];
      readonly totalSteps: number;
      readonly rise: number;
      readonly initialDivisor: number;
      readonly finalDivisor: number;
      readonly shape: 'cos' | 'linear';
      /** The fall takes as long as the rise, and a third phase goes to the last rate. */
      readonly threePhase?: boolean;
      /** Momentum (β1 for Adam) cycles against the rate: PyTorch's .85 to .95 when absent; null for `cycle_momentum=False`. */
      readonly momentum?: { readonly base: number; readonly maximum: number } | null;
    }
  | {
      readonly kind: 'cyclic';
      /** Lowest and highest rate: one number, or one for each parameter group. */
      readonly low: readonly number[];
      readonly high: readonly number[];
      readonly up: number;
      readonly down: number;
      readonly mode: 'triangular' | 'triangular2' | 'expRange';
      readonly gamma: number;
      /** Momentum cycles against the rate; null for `cycle_momentum=False`. */
      readonly momentum: { readonly base: number; readonly maximum: number } | null;
    }
  | { readonly kind: 'constant'; readonly factor: number; readonly length: number }
  | { readonly kind: 'polynomial'; readonly length: number; readonly power: number }
  | {
      readonly kind: 'reduceOnPlateau';
      readonly factor: number;
      readonly patience: number;
      readonly threshold: number;
      readonly minimum: number;
      /** The mean over the epoch's batches, the last of them alone, or the validation rows. */
      readonly of: 'training' | 'lastBatch' | 'validation';
      /** What it looks at; the loss when absent. Accuracy is to rise. */
      readonly measure?: 'loss' | 'accuracy';
      /** `abs`: the threshold is an amount, not a share. */
      readonly thresholdMode?: 'rel' | 'abs';
      /** Steps after a reduction in which nothing is counted; 0 when absent. */
      readonly cooldown?: number;
      /** Changes of the rate up to this are not made; 1e-8 when absent. */
      readonly smallestChange?: number;
    }
  /** Several schedules one after another; `milestones` are the ticks at which the next one begins, with the base rate. */
  | { readonly kind: 'sequence'; readonly parts: readonly ScheduleRule[]; readonly milestones: readonly number[] }
  /** Several schedules stepped together, each on what the others left. */
  | { readonly kind: 'chain'; readonly parts: readonly ScheduleRule[] }
  /** Factors on the current rate, from the first tick on; the last one stays. */
  | { readonly kind: 'multiplicative'; readonly factors: readonly number[] }
  /** A curve over the ticks, of Keras's schedules. */
  | { readonly kind: 'decay'; readonly curve: DecayCurve }
  /** Rates set by hand or by a lambda: the factor on the base rate for each step or epoch; the last one stays. */
  | {
      readonly kind: 'table';
      readonly factors: readonly number[];
      /** In their place, a list for each parameter group, where these have factors of their own. */
      readonly ofGroups?: readonly (readonly number[])[];
      /** The rates go on changing after the last factor, in a way that is not known. */
      readonly goesOn?: true;
    };

/** Factor on the base rate after t ticks; `length` is in ticks. A staircase counts whole lengths only. */
export type DecayCurve =
  | { readonly kind: 'exponential'; readonly length: number; readonly gamma: number; readonly staircase: boolean }
  | { readonly kind: 'inverseTime'; readonly length: number; readonly gamma: number; readonly staircase: boolean }
  /** (t + 1)^-power. */
  | { readonly kind: 'inversePower'; readonly power: number }
  /** Holds factor i up to and with tick `boundaries[i]`. */
  | { readonly kind: 'piecewise'; readonly boundaries: readonly number[]; readonly factors: readonly number[] }
  | {
      readonly kind: 'polynomial';
      readonly length: number;
      readonly end: number;
      readonly power: number;
      /** Begins again with a multiple of the length, in place of staying at the end. */
      readonly cycle: boolean;
    }
  /** From `start` linearly to `top` over `warmUp` ticks, then a cosine to `end` times `top`. */
  | {
      readonly kind: 'cosine';
      readonly length: number;
      readonly end: number;
      readonly warmUp: number;
      readonly top: number;
    }
  | {
      readonly kind: 'cosineRestarts';
      readonly length: number;
      readonly lengthFactor: number;
      readonly heightFactor: number;
      readonly end: number;
    };

export interface Schedule {
  readonly rule: ScheduleRule;
  /** Lengths of `rule` that only the data decide (`len(loader)`), by their place there (`period`, `parts.1.period`), where they are NaN. */
  readonly lengths?: Readonly<Record<string, Size>>;
  /** The highest rate, where the schedule sets the rates itself and the optimizer's has no effect (OneCycleLR, CyclicLR). */
  readonly peak?: Sourced<number>;
  /** How often the script steps it. */
  readonly per: 'epoch' | 'batch';
  /** So many of its first steps leave the rates as they are: `step(epoch)` at the end of an epoch says again where it is. */
  readonly lag?: number;
  readonly range: SourceRange;
  /** The `scheduler.step()` call; null when there is none, and then it has no effect. */
  readonly stepCall: SourceRange | null;
}
