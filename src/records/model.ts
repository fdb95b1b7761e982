import type { Size } from '../graph/size';
import type { SourceRange } from './source';

/** How several rows' losses become one number. */
export type Reduction = 'mean' | 'sum' | 'none';

/** Which inputs follow query, key and value. */
interface AttentionMasks {
  /** Added to the scores, or true or false; which of the two says that a place takes no part depends on the call. */
  readonly mask: boolean;
  /** [rows, keys], true where a key takes no part. */
  readonly keyPadding: boolean;
}

/** A pair (height, width), or one number for one-dimensional layers. */
export type Extent = readonly number[];

type NoArguments = Record<never, never>;

interface Convolution {
  readonly inChannels: Size;
  readonly outChannels: Size;
  readonly kernel: Extent;
  readonly stride: Extent;
  readonly padding: Extent;
  readonly dilation: Extent;
  readonly groups: number;
  /** Padding behind the last element where it differs from that before the first. */
  readonly paddingEnd?: Extent;
  /** What stands in the padding; zeros when it is not said. */
  readonly paddingMode?: 'reflect' | 'replicate' | 'circular';
}

/** `weight` is [in, out/groups, ...kernel]. */
interface TransposedConvolution extends Omit<Convolution, 'paddingEnd' | 'paddingMode'> {
  readonly outputPadding: Extent;
}

interface Pooling {
  readonly kernel: Extent;
  readonly stride: Extent;
  readonly padding: Extent;
  /** Steps between the elements of a window; 1 when it is not said. */
  readonly dilation?: Extent;
  /** Windows that begin inside and reach beyond the end count too. */
  readonly ceil?: boolean;
  /** Averages: false when the padding does not count as elements. */
  readonly countPadding?: boolean;
  /** Averages: what each window's sum is divided by, in place of its size. */
  readonly divisor?: number | null;
}

interface Reduced {
  /** Null is every axis. */
  readonly axes: readonly number[] | null;
  readonly keep: boolean;
}

/** One layer of a recurrent net, in one direction; a PyTorch module of several layers is as many of them. */
interface Recurrence {
  readonly in: Size;
  readonly hidden: Size;
  /** True for x of [rows, times, in], false for [times, rows, in]; without rows x is [times, in]. */
  readonly batchFirst: boolean;
  /** Whether it goes from the last time to the first; its results stand at the times of their inputs all the same. */
  readonly reverse: boolean;
  /** The states h at all times (laid out as x is), or h or the cell c where it ends, [1, rows, hidden]. */
  readonly result: 'sequence' | 'hidden' | 'cell';
}

/** The function of the new content, as PyTorch has it always; Keras lets it be chosen. */
export type RecurrentActivation = 'tanh' | 'relu' | 'sigmoid' | 'linear';

/**
 * Every layer and function that a model or loss can be made of, with its arguments (PyTorch's
 * meaning and defaults already filled in). Parameters are listed apart, in `ModelNode.parameters`.
 */
export interface Layers {
  /** The k-th tensor that the script passes to the model. */
  readonly input: { readonly index: number };
  /** The k-th target that the script passes to the loss. */
  readonly target: { readonly index: number };
  readonly constant: { readonly value: number };
  /** A raw `nn.Parameter` used as a tensor (role `value`). */
  readonly parameter: NoArguments;

  /** y = x Wᵀ + b; roles `weight` [out, in], `bias` [out]. */
  readonly linear: { readonly in: Size; readonly out: Size };
  /** Roles `weight`, `bias`; x is [rows, channels, length]. */
  readonly conv1d: Convolution;
  /** Roles `weight` [out, in/groups, kh, kw], `bias`; x is [rows, channels, height, width]. */
  readonly conv2d: Convolution;
  readonly maxPool1d: Pooling;
  readonly maxPool2d: Pooling;
  readonly avgPool1d: Pooling;
  readonly avgPool2d: Pooling;
  readonly convTranspose1d: TransposedConvolution;
  readonly convTranspose2d: TransposedConvolution;
  readonly adaptiveAvgPool1d: { readonly output: Extent };
  readonly adaptiveAvgPool2d: { readonly output: Extent };
  readonly adaptiveMaxPool1d: { readonly output: Extent };
  readonly adaptiveMaxPool2d: { readonly output: Extent };
  /** To `size`, or by `scale`, over the axes after rows and channels; `linear` is bilinear over planes. */
  readonly interpolate: {
    readonly size: Extent | null;
    readonly scale: Extent | null;
    readonly mode: 'nearest' | 'linear' | 'bicubic';
    readonly alignCorners: boolean;
  };
  /** [rows, channels · factor², height, width] to [rows, channels, height · factor, width · factor]. */
  readonly pixelShuffle: { readonly factor: number };
  readonly pixelUnshuffle: { readonly factor: number };
  /** Each element over (k + alpha · mean of the squares of `size` neighbouring channels)^beta. */
  readonly localResponseNorm: { readonly size: number; readonly alpha: number; readonly beta: number; readonly k: number };
  /** y_o = aᵀ W_o b + bias; inputs a, b; roles `weight` [out, a's size, b's size], `bias`. */
  readonly bilinear: { readonly in1: Size; readonly in2: Size; readonly out: Size };
  /** Role `weight` [count, dimension]. The row `padding` gets no gradient; null for none. */
  readonly embedding: { readonly count: Size; readonly dimension: Size; readonly padding?: number | null };
  /**
   * Inputs: x, then the first state h and, for lstm, c, each [1, rows, hidden]; without them they are zero. Roles `weight_ih`
   * [gates · hidden, in], `weight_hh` [gates · hidden, hidden], `bias_ih`, `bias_hh` [gates · hidden], each bias if there
   * is one. Gates in PyTorch's order.
   */
  readonly rnn: Recurrence & { readonly activation: RecurrentActivation };
  /** Gates i, f, g, o. */
  readonly lstm: Recurrence & { readonly activation: RecurrentActivation };
  /** Gates r, z, n. `resetAfter`: r scales W h + b (PyTorch), else h itself before the product. */
  readonly gru: Recurrence & { readonly activation: RecurrentActivation; readonly resetAfter: boolean };
  /** Over [rows, features] or [rows, features, length]; roles `weight`, `bias`, buffers `running_mean`, `running_var`. */
  readonly batchNorm: {
    readonly features: Size;
    readonly epsilon: number;
    readonly momentum: number | null;
    readonly trackStatistics: boolean;
    /** Keras's: the running variance divides by n, and a batch of one row is no error. */
    readonly biasedVariance?: true;
    readonly dimensions: 1 | 2 | 3;
  };
  /** Over the last `shape.length` axes; roles `weight`, `bias`. */
  readonly layerNorm: { readonly shape: readonly Size[]; readonly epsilon: number };
  readonly groupNorm: { readonly groups: number; readonly channels: Size; readonly epsilon: number };
  /** Over the last `shape.length` axes, by the root of the mean square; role `weight`; epsilon null: that of the number type. */
  readonly rmsNorm: { readonly shape: readonly Size[]; readonly epsilon: number | null };
  /** `call` is the order of the dropout calls in one forward pass, from 0. */
  readonly dropout: { readonly p: number; readonly call: number };
  /** Whole channels (axis 1) are dropped. */
  readonly featureDropout: { readonly p: number; readonly call: number };
  /** Keeps mean and variance behind a SELU. */
  readonly alphaDropout: { readonly p: number; readonly call: number };
  /** Fresh random numbers of each pass: of the shape of the input, or of `shape` (-1 is the rows). */
  readonly noise: {
    readonly distribution: 'normal' | 'uniform';
    readonly shape: readonly Size[] | null;
    readonly call: number;
  };
  /**
   * Attention with heads. Inputs: query, key, value [rows, length, dimension] (rows second unless `batchFirst`), then the
   * masks. Roles `in_proj_weight` [3 · dimension, dimension], `in_proj_bias`, `out_proj.weight`, `out_proj.bias`.
   */
  readonly multiheadAttention: AttentionMasks & {
    readonly dimension: Size;
    readonly heads: number;
    readonly batchFirst: boolean;
    readonly p: number;
    readonly call: number;
  };
  /** softmax(q kᵀ · scale + mask) v; scale null: 1/√(last size of q). Inputs q, k, v, then the mask. */
  readonly attention: AttentionMasks & {
    readonly causal: boolean;
    readonly scale: number | null;
    readonly p: number;
    readonly call: number;
  };

  readonly relu: NoArguments;
  readonly relu6: NoArguments;
  readonly leakyRelu: { readonly slope: number };
  /** Role `weight` [1] or [channels]. */
  readonly prelu: NoArguments;
  readonly elu: { readonly alpha: number };
  readonly selu: NoArguments;
  readonly celu: { readonly alpha: number };
  readonly gelu: { readonly approximate: 'none' | 'tanh' };
  readonly silu: NoArguments;
  readonly mish: NoArguments;
  readonly sigmoid: NoArguments;
  readonly logSigmoid: NoArguments;
  readonly hardSigmoid: NoArguments;
  readonly tanh: NoArguments;
  readonly tanhshrink: NoArguments;
  readonly hardTanh: { readonly low: number; readonly high: number };
  readonly hardSwish: NoArguments;
  readonly softplus: { readonly beta: number; readonly threshold: number };
  readonly softsign: NoArguments;
  readonly softshrink: { readonly lambda: number };
  readonly hardshrink: { readonly lambda: number };
  readonly threshold: { readonly threshold: number; readonly value: number };
  readonly softmax: { readonly axis: number };
  readonly softmin: { readonly axis: number };
  readonly logSoftmax: { readonly axis: number };
  /** The first half along the axis times the sigmoid of the second. */
  readonly glu: { readonly axis: number };

  readonly add: NoArguments;
  readonly subtract: NoArguments;
  readonly multiply: NoArguments;
  readonly divide: NoArguments;
  readonly power: { readonly exponent: number };
  readonly negate: NoArguments;
  readonly exp: NoArguments;
  readonly log: NoArguments;
  readonly sqrt: NoArguments;
  readonly abs: NoArguments;
  readonly sin: NoArguments;
  readonly cos: NoArguments;
  readonly clamp: { readonly low: number | null; readonly high: number | null };
  readonly matmul: NoArguments;
  readonly sum: { readonly axes: readonly number[] | null; readonly keep: boolean };
  readonly mean: { readonly axes: readonly number[] | null; readonly keep: boolean };
  readonly reciprocal: NoArguments;
  readonly erf: NoArguments;
  readonly sign: NoArguments;
  readonly floor: NoArguments;
  /** Halves go to the even neighbour. */
  readonly round: NoArguments;
  /** Base and exponent are tensors; the base is positive. */
  readonly powerOf: NoArguments;
  readonly maximum: NoArguments;
  readonly minimum: NoArguments;
  /** A mask. */
  readonly compare: { readonly function: '<' | '<=' | '>' | '>=' | '==' | '!=' };
  readonly logical: { readonly function: 'and' | 'or' | 'not' };
  /** Inputs: mask, a, b: a where the mask is true, else b. */
  readonly where: NoArguments;
  /** The value passes, gradients do not. */
  readonly stopGradient: NoArguments;
  /** Einstein's sums in letters, `...` resolved: `bhld,bhmd->bhlm`. */
  readonly einsum: { readonly equation: string };
  /** Several equal largest elements share the gradient. */
  readonly max: Reduced;
  readonly min: Reduced;
  /** The first largest or smallest element takes the gradient. */
  readonly maxAlong: { readonly axis: number; readonly keep: boolean };
  readonly minAlong: { readonly axis: number; readonly keep: boolean };
  /** Places as integers; axis null: in the flattened tensor. */
  readonly argMax: { readonly axis: number | null; readonly keep: boolean };
  readonly argMin: { readonly axis: number | null; readonly keep: boolean };
  /** The `count` largest elements along an axis in falling order, or the places where they stand. */
  readonly largest: {
    readonly count: number;
    readonly axis: number;
    readonly smallest: boolean;
    readonly part: 'values' | 'places';
  };
  /** Squared deviations over n - correction. */
  readonly variance: Reduced & { readonly correction: number };
  readonly deviation: Reduced & { readonly correction: number };
  /** (Σ |x|ᵖ)^(1/p); p may be infinite. */
  readonly norm: Reduced & { readonly p: number };
  readonly logSumExp: Reduced;
  readonly cumulativeSum: { readonly axis: number };
  readonly concatenate: { readonly axis: number };
  /** -1 stands for the size that is left; the first axis is the rows. */
  readonly reshape: { readonly shape: readonly Size[] };
  /** Joins the axes `start` to `end` (inclusive, negative from the end). */
  readonly flatten: { readonly start: number; readonly end: number };
  readonly squeeze: { readonly axis: number | null };
  readonly unsqueeze: { readonly axis: number };
  readonly permute: { readonly order: readonly number[] };
  readonly slice: { readonly axis: number; readonly start: number; readonly end: number | null; readonly step: number };
  /** Axes of size 1 repeat; -1 keeps a size. */
  readonly expand: { readonly shape: readonly Size[] };
  /** The whole, so many times along each axis (aligned at the last). */
  readonly repeat: { readonly counts: readonly Size[] };
  /** Before and after each axis, aligned at the last; negative cuts. */
  readonly pad: {
    readonly before: readonly number[];
    readonly after: readonly number[];
    readonly mode: 'constant' | 'reflect' | 'replicate' | 'circular';
    readonly value: number;
  };
  readonly flip: { readonly axes: readonly number[] };
  readonly roll: { readonly shifts: readonly number[]; readonly axes: readonly number[] };
  /** Parts one axis into several; -1 is what is left. */
  readonly unflatten: { readonly axis: number; readonly shape: readonly Size[] };
  /** Zeros above (`lower`) or below the diagonal of the last two axes. */
  readonly triangle: { readonly diagonal: number; readonly part: 'lower' | 'upper' };
  /** torch.gather: inputs x and integer places of the same rank. */
  readonly gather: { readonly axis: number };
  /** Entries of x along an axis by integer places; the axis is replaced by their shape. */
  readonly take: { readonly axis: number };
  /** Numbers that the script computes without data, row by row; masks are 0 and 1. */
  readonly values: {
    readonly shape: readonly number[];
    readonly values: readonly number[];
    readonly type: 'float' | 'integer' | 'mask';
  };
  /** A size as a number: of the batch's rows, or one that the data decide. */
  readonly size: { readonly size: Size };
  /** Every element is `value`; the symbol `rows` stands for those of the batch. */
  readonly filled: { readonly shape: readonly Size[]; readonly value: number };
  /** Integer class numbers become rows of 0 and 1. */
  readonly oneHot: { readonly classes: Size };
  /** A change of number type (`.float()`, `.long()`). */
  readonly cast: { readonly to: 'float' | 'integer' };

  /** Inputs: logits, targets (class numbers, or probabilities). */
  readonly crossEntropy: {
    readonly reduction: Reduction;
    readonly labelSmoothing: number;
    readonly weight: readonly number[] | null;
    readonly ignoreIndex: number;
  };
  /** Inputs: log-probabilities, class numbers. */
  readonly nll: { readonly reduction: Reduction; readonly weight: readonly number[] | null; readonly ignoreIndex: number };
  /** Inputs: probabilities, targets; PyTorch clamps the logarithm at -100. */
  readonly bce: { readonly reduction: Reduction };
  readonly bceWithLogits: { readonly reduction: Reduction; readonly positiveWeight: readonly number[] | null };
  readonly mse: { readonly reduction: Reduction };
  readonly l1: { readonly reduction: Reduction };
  readonly huber: { readonly reduction: Reduction; readonly delta: number };
  readonly smoothL1: { readonly reduction: Reduction; readonly beta: number };
  /** Inputs: log-rates (rates when not `logInput`), counts. `full` adds Stirling's term. */
  readonly poissonNll: {
    readonly reduction: Reduction;
    readonly logInput: boolean;
    readonly full: boolean;
    readonly epsilon: number;
  };
  /** Inputs: means, targets, variances (also one for each row). */
  readonly gaussianNll: { readonly reduction: Reduction; readonly full: boolean; readonly epsilon: number };
  /** Inputs: distances, targets of 1 and -1. */
  readonly hingeEmbedding: { readonly reduction: Reduction; readonly margin: number };
  /** Inputs: two scores, and 1 where the first is to be larger, else -1. */
  readonly marginRanking: { readonly reduction: Reduction; readonly margin: number };
  /** Inputs: scores, class numbers. */
  readonly multiMargin: {
    readonly reduction: Reduction;
    readonly power: 1 | 2;
    readonly margin: number;
    readonly weight: readonly number[] | null;
  };
  /** Inputs: scores, targets of 1 and -1. */
  readonly softMargin: { readonly reduction: Reduction };
  /** Inputs: logits, targets of 0 and 1; the mean over the classes of each row. */
  readonly multiLabelSoftMargin: { readonly reduction: Reduction; readonly weight: readonly number[] | null };
  /** Inputs: two points, and 1 where they are to be alike, else -1. */
  readonly cosineEmbedding: { readonly reduction: Reduction; readonly margin: number };
  /** Inputs: anchor, a point of its kind, a point of another. */
  readonly tripletMargin: {
    readonly reduction: Reduction;
    readonly margin: number;
    readonly power: 1 | 2;
    readonly epsilon: number;
    readonly swap: boolean;
  };
  readonly klDivergence: { readonly reduction: Reduction | 'batchmean'; readonly logTarget: boolean };
}

export type LayerKind = keyof Layers;

/** Role of a parameter in its layer, PyTorch's attribute name: `weight`, `bias`. */
export type ParameterRole = string;

/** One call of a layer or function, in the order in which the forward pass makes them. */
export interface ModelNodeOf<K extends LayerKind> {
  readonly kind: K;
  readonly arguments: Layers[K];
  /** Indices of the nodes that come in, in argument order. */
  readonly inputs: readonly number[];
  /** Role to index into `ModelGraph.parameters`. */
  readonly parameters: Readonly<Record<ParameterRole, number>>;
  /** The module's name in the state_dict (`net.0`), or `kind` and a number for a function call. Unique. */
  readonly name: string;
  /** The layer's constructor call, or the function call: the place of findings about the layer. */
  readonly range: SourceRange;
  /** Where the forward pass calls it, if elsewhere. */
  readonly call: SourceRange;
  /** Places of single arguments, by their name in `Layers` (`p`, `out`, `shape`). */
  readonly places: Readonly<Record<string, SourceRange>>;
}

export type ModelNode = { [K in LayerKind]: ModelNodeOf<K> }[LayerKind];

/** How a parameter gets its first value. Names and meaning are torch.nn.init's. */
export type Initializer =
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  /** `zeroRow`: the row that is set to zero afterwards (an embedding's padding). */
  | { readonly kind: 'normal'; readonly mean: number; readonly deviation: number; readonly zeroRow?: number }
  | {
      readonly kind: 'truncatedNormal';
      readonly mean: number;
      readonly deviation: number;
      readonly low: number;
      readonly high: number;
    }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'xavierUniform' | 'xavierNormal'; readonly gain: number }
  | {
      readonly kind: 'kaimingUniform' | 'kaimingNormal';
      /** Negative slope a of the rectifier; PyTorch's Linear default is √5. */
      readonly slope: number;
      readonly mode: 'fanIn' | 'fanOut';
      readonly nonlinearity: string;
    }
  /** Keras's VarianceScaling: the variance is scale / fan; a truncated normal is cut at two deviations and widened to keep it. */
  | {
      readonly kind: 'varianceScaling';
      readonly scale: number;
      readonly mode: 'fanIn' | 'fanOut' | 'fanAverage';
      readonly distribution: 'uniform' | 'normal' | 'truncatedNormal';
    }
  | { readonly kind: 'orthogonal'; readonly gain: number }
  | { readonly kind: 'sparse'; readonly sparsity: number; readonly deviation: number }
  | { readonly kind: 'identity' }
  /** U(-1/√fanIn, 1/√fanIn) with the fan-in of the layer's weight: PyTorch's default for a bias. */
  | { readonly kind: 'biasUniform'; readonly weight: number }
  /** Values written in the script, row by row. */
  | { readonly kind: 'values'; readonly values: readonly number[] };

export interface ParameterSpec {
  /** Name in the state_dict. */
  readonly name: string;
  readonly shape: readonly Size[];
  readonly initializer: Initializer;
  /** The init call when the script has one, else the layer. */
  readonly range: SourceRange;
  /** True when the framework's default initialisation holds. */
  readonly isDefault: boolean;
  /** False after `requires_grad = False`. */
  readonly trainable: boolean;
  /** Parameters of one name here start with the same random numbers (`deepcopy`); their own name when it is not said. */
  readonly stream?: string;
}

/** Forward pass and loss as one graph of calls; `nodes` are in topological order. */
export interface ModelGraph {
  readonly nodes: readonly ModelNode[];
  readonly parameters: readonly ParameterSpec[];
  /** What the model returns: the nodes before the loss. */
  readonly outputs: readonly number[];
  /** The scalar that `backward` is called on; null when the loss could not be read. */
  readonly loss: number | null;
  /** The loss call itself (`criterion(out, y)`) and the loss's constructor, for findings on it. */
  readonly lossCall: SourceRange | null;
  readonly lossRange: SourceRange | null;
  /** First index in `nodes` that belongs to the loss and not to the model. */
  readonly lossStart: number;
  /** How right answers are counted: `argmax` of a row, or `threshold` at 0 for logits and 0.5 for probabilities. */
  readonly accuracy: { readonly kind: 'argmax' | 'threshold'; readonly node: number; readonly at: number } | null;
}
