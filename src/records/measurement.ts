/**
 * Fixed names of what is measured. Per-layer and per-parameter quantities carry their name after a slash
 * (`gradientNorm/net.0.weight`, `saturated/net.1`).
 */
export const quantities = {
  loss: { unit: 'loss', title: 'training loss' },
  epochLoss: { unit: 'loss', title: 'training loss on the probe rows' },
  validationLoss: { unit: 'loss', title: 'validation loss' },
  accuracy: { unit: 'fraction', title: 'training accuracy on the probe rows' },
  validationAccuracy: { unit: 'fraction', title: 'validation accuracy' },
  learningRate: { unit: 'per step', title: 'learning rate' },
  gradientNorm: { unit: 'loss per unit of parameter', title: 'gradient norm, before clipping' },
  probeGradientNorm: { unit: 'loss per unit of parameter', title: 'gradient norm on the probe rows' },
  parameterNorm: { unit: 'parameter', title: 'parameter norm' },
  updateNorm: { unit: 'parameter', title: 'update norm' },
  updateRatio: { unit: 'fraction', title: 'update norm over parameter norm' },
  rowGradientNorm: { unit: 'loss per unit of parameter', title: 'mean gradient norm of single rows' },
  rowGradientPeak: { unit: 'ratio', title: 'largest gradient norm of a row over the mean' },
  gradientCosine: { unit: 'cosine', title: 'cosine of successive gradients' },
  lambdaMax: { unit: 'loss per squared parameter', title: 'largest eigenvalue of the Hessian' },
  lambdaMin: { unit: 'loss per squared parameter', title: 'smallest eigenvalue of the Hessian' },
  lambdaMaxError: { unit: 'loss per squared parameter', title: 'distance of the largest eigenvalue to the true end' },
  lambdaMinError: { unit: 'loss per squared parameter', title: 'distance of the smallest eigenvalue to the true end' },
  lambdaMaxResidual: { unit: 'loss per squared parameter', title: 'residual bound of the largest eigenvalue' },
  lambdaMinResidual: { unit: 'loss per squared parameter', title: 'residual bound of the smallest eigenvalue' },
  scaleFreeLambdaMin: {
    unit: 'loss per squared parameter',
    title: 'smallest eigenvalue of the Hessian without the scale directions of normalised weights',
  },
  scaleFreeLambdaMinResidual: {
    unit: 'loss per squared parameter',
    title: 'residual bound of the smallest eigenvalue without scale directions',
  },
  scaleFreeLambdaMinError: {
    unit: 'loss per squared parameter',
    title: 'distance of the smallest eigenvalue without scale directions to the true end',
  },
  batchSharpness: { unit: 'loss per squared parameter', title: 'curvature of single batches along their own gradients' },
  batchSharpnessError: { unit: 'loss per squared parameter', title: 'error of the curvature of single batches' },
  minibatchRateLimit: { unit: 'per step', title: 'learning rate at the limit of stability with batches that differ' },
  minibatchRateLimitError: { unit: 'per step', title: 'error of the learning rate at that limit' },
  preconditionedLambdaMax: { unit: 'per step', title: 'largest eigenvalue of the preconditioned Hessian' },
  preconditionedLambdaMaxError: {
    unit: 'per step',
    title: 'distance of the largest eigenvalue of the preconditioned Hessian to the true end',
  },
  preconditionedLambdaMaxResidual: {
    unit: 'per step',
    title: 'residual bound of the largest eigenvalue of the preconditioned Hessian',
  },
  stabilityLimit: {
    unit: 'loss per squared parameter',
    title: 'eigenvalue at which the optimizer turns unstable at its current rate',
  },
  saddleDescent: { unit: 'fraction', title: 'share of the loss that a line search along the most negative direction takes away' },
  slowModeShare: { unit: 'fraction', title: 'share of the loss in directions too flat to be learned in the whole run' },
  slowModeShareError: { unit: 'fraction', title: 'error of that share' },
  rateLimit: { unit: 'per step', title: 'learning rate at the limit of stability' },
  rateLimitError: { unit: 'per step', title: 'error of the learning rate at the limit of stability' },
  gradientStepRate: { unit: 'per step', title: 'best learning rate along the gradient' },
  curvatureProducts: { unit: 'Hessian products', title: 'cost of both ends of the spectrum' },
  noiseScale: { unit: 'rows', title: 'gradient noise scale' },
  noiseScaleError: { unit: 'rows', title: 'error of the gradient noise scale' },
  noiseTrace: { unit: 'squared gradient', title: 'trace of the per-row gradient covariance' },
  noiseTraceError: { unit: 'squared gradient', title: 'error of that trace' },
  signalToNoise: { unit: 'ratio', title: 'squared mean gradient over its sampling variance' },
  signalToNoiseError: { unit: 'ratio', title: 'error of that ratio' },
  activationMean: { unit: 'activation', title: 'mean activation' },
  activationDeviation: { unit: 'activation', title: 'standard deviation of the activations' },
  activationCentre: { unit: 'fraction', title: 'squared mean over mean square of the activations' },
  saturated: { unit: 'fraction', title: 'saturated units' },
  dead: { unit: 'fraction', title: 'dead units' },
  duplicated: { unit: 'fraction', title: 'units that copy another' },
  stepMilliseconds: { unit: 'ms', title: 'time of one step' },
} as const;

export type QuantityName = keyof typeof quantities;

/**
 * Where the half width of a quantity's 95 % interval stands; what it may be off by numerically, on the rows that were looked at. What is not
 * among these is measured outright.
 */
export const errorQuantities: Partial<Readonly<Record<QuantityName, QuantityName>>> = {
  lambdaMax: 'lambdaMaxError',
  lambdaMin: 'lambdaMinError',
  scaleFreeLambdaMin: 'scaleFreeLambdaMinError',
  preconditionedLambdaMax: 'preconditionedLambdaMaxError',
  batchSharpness: 'batchSharpnessError',
  rateLimit: 'rateLimitError',
  minibatchRateLimit: 'minibatchRateLimitError',
  noiseScale: 'noiseScaleError',
  noiseTrace: 'noiseTraceError',
  signalToNoise: 'signalToNoiseError',
  slowModeShare: 'slowModeShareError',
};

/** A quantity's name, with the layer or parameter it belongs to where it has one. */
export type Quantity = QuantityName | `${QuantityName}/${string}`;

/** One quantity over the steps at which it was measured: two columns of equal length. */
export interface Series {
  readonly steps: readonly number[] | Float64Array;
  readonly values: readonly number[] | Float64Array;
}

/** Everything that was measured in one run. */
export type Measurements = Readonly<Partial<Record<Quantity, Series>>>;

/** What came since the last batch: the same columns, to be appended. */
export interface MeasurementBatch {
  /** From 0, without gaps within a run. */
  readonly sequence: number;
  readonly columns: readonly { readonly quantity: Quantity; readonly steps: Float64Array; readonly values: Float64Array }[];
}

/** How a run went. */
export interface RunSummary {
  readonly steps: number;
  readonly ofSteps: number;
  readonly rows: number;
  readonly ofRows: number;
  readonly stoppedBy: 'plan' | 'budget' | 'divergence' | 'cancelled';
  /** Optimizer steps in one epoch. */
  readonly stepsPerEpoch: number;
  /** Steps after which curvature was measured. */
  readonly curvatureSteps: readonly number[];
  readonly seed: number;
  readonly parameters: number;
  readonly seconds: number;
  /** Share of the time that measuring took, 0…1. */
  readonly measuringShare: number;
  /** Where a value first was not finite. */
  readonly nonFinite: {
    readonly step: number;
    readonly node: string;
    readonly operation: string;
    readonly pass: 'forward' | 'backward';
  } | null;
}
