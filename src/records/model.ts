import type { Size } from '../graph/size';
import type { SourceRange } from './source';

/** How several rows' losses become one number. */
export type Reduction = 'mean' | 'sum' | 'none';

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
}

interface Pooling {
  readonly kernel: Extent;
  readonly stride: Extent;
  readonly padding: Extent;
}

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
  readonly adaptiveAvgPool2d: { readonly output: Extent };
  /** Role `weight` [count, dimension]. */
  readonly embedding: { readonly count: Size; readonly dimension: Size };
  /** Over [rows, features] or [rows, features, length]; roles `weight`, `bias`, buffers `running_mean`, `running_var`. */
  readonly batchNorm: {
    readonly features: Size;
    readonly epsilon: number;
    readonly momentum: number | null;
    readonly trackStatistics: boolean;
    readonly dimensions: 1 | 2 | 3;
  };
  /** Over the last `shape.length` axes; roles `weight`, `bias`. */
  readonly layerNorm: { readonly shape: readonly Size[]; readonly epsilon: number };
  readonly groupNorm: { readonly groups: number; readonly channels: Size; readonly epsilon: number };
  /** `call` is the order of the dropout calls in one forward pass, from 0. */
  readonly dropout: { readonly p: number; readonly call: number };

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
  readonly concatenate: { readonly axis: number };
  /** -1 stands for the size that is left; the first axis is the rows. */
  readonly reshape: { readonly shape: readonly Size[] };
  /** Joins the axes `start` to `end` (inclusive, negative from the end). */
  readonly flatten: { readonly start: number; readonly end: number };
  readonly squeeze: { readonly axis: number | null };
  readonly unsqueeze: { readonly axis: number };
  readonly permute: { readonly order: readonly number[] };
  readonly slice: { readonly axis: number; readonly start: number; readonly end: number | null; readonly step: number };
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
  | { readonly kind: 'normal'; readonly mean: number; readonly deviation: number }
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
