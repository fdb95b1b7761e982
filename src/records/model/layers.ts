import type { Size } from '../../graph/size';
import type { Activations } from './activations';
import type { NoArguments } from './arguments';
import type { Losses } from './losses';
import type { Operations } from './operations';

/** Which inputs follow query, key and value. */
interface AttentionMasks {
  /** Added to the scores, or true or false; which of the two says that a place takes no part depends on the call. */
  readonly mask: boolean;
  /** [rows, keys], true where a key takes no part. */
  readonly keyPadding: boolean;
}

/** A pair (height, width), one number for one-dimensional layers, or (depth, height, width). */
export type Extent = readonly number[];

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

/** Windows over planes, each number for (height, width). */
interface Windows {
  readonly kernel: Extent;
  readonly stride: Extent;
  readonly padding: Extent;
  readonly dilation: Extent;
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
  /** What the last inputs are, in this order; none when it is not said. */
  readonly modifiers?: readonly RecurrenceModifier[];
}

/**
 * `times`: [rows, times], 1 where a time counts and 0 where the state before it stays. `stateFactors` and `inputFactors`: what h
 * and x are multiplied with before their products, [rows, gates · hidden] and [rows, gates · in], the same at all times.
 */
export type RecurrenceModifier = 'times' | 'stateFactors' | 'inputFactors';

/** The function of the new content, as PyTorch has it always; Keras lets it be chosen. */
export type RecurrentActivation = 'tanh' | 'relu' | 'sigmoid' | 'linear';

/**
 * Every layer and function that a model or loss can be made of, with its arguments (PyTorch's
 * meaning and defaults already filled in). Parameters are listed apart, in `ModelNode.parameters`.
 */
export interface Layers extends Activations, Operations, Losses {
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
  /** As over planes, with the depth before them: x is [rows, channels, depth, height, width]. */
  readonly conv3d: Convolution;
  readonly convTranspose3d: TransposedConvolution;
  readonly maxPool3d: Pooling;
  readonly avgPool3d: Pooling;
  readonly adaptiveAvgPool3d: { readonly output: Extent };
  readonly adaptiveMaxPool3d: { readonly output: Extent };
  /** Where a maximum pooling finds its values: places in the length or the flattened plane. */
  readonly maxPoolPlaces1d: Pooling;
  readonly maxPoolPlaces2d: Pooling;
  /** Inputs: values, and their places in zeros of `size` (the axes after rows and channels). No place comes twice. */
  readonly maxUnpool: { readonly size: readonly Size[] };
  /** Input: matrices [rows, 2, 3]; places (x, y) from -1 to 1 of planes of `size` (height, width) under them: [rows, height, width, 2]. */
  readonly affineGrid: { readonly size: readonly Size[]; readonly alignCorners: boolean };
  /** Inputs: planes, and places in them as `affineGrid` gives them. Outside stand zeros, or what stands at the border. */
  readonly gridSample: {
    readonly mode: 'bilinear' | 'nearest';
    readonly padding: 'zeros' | 'border';
    readonly alignCorners: boolean;
  };
  /** Every window of the planes as a column: [rows, channels · kernel's size, windows]. */
  readonly unfold: Windows;
  /** The windows of `unfold` added up, in planes of `size`. */
  readonly fold: Windows & { readonly size: Extent };
  /** Channels in `groups`, dealt out in turn. */
  readonly channelShuffle: { readonly groups: number };
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
  /** Gates i, f, g, o. `projected`: the size of h, which is role `weight_hr` [projected, hidden] times the state; that of c stays. */
  readonly lstm: Recurrence & { readonly activation: RecurrentActivation; readonly projected?: number };
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
  /** As `alphaDropout`, with whole channels (axis 1). */
  readonly featureAlphaDropout: { readonly p: number; readonly call: number };
  /** A rectifier whose slope below 0 is drawn in [low, high) for every element of each pass; their mean where nothing drops. */
  readonly randomRelu: { readonly low: number; readonly high: number; readonly call: number };
  /**
   * Fresh random numbers of each pass: of the shape of the input, or of `shape` (-1 is the rows). `permutation`: 0 … n-1 in a
   * random order; `beta` with its two shape parameters a and b. `inTraining`: zero where nothing drops.
   */
  readonly noise: {
    readonly distribution: 'normal' | 'uniform' | 'permutation' | 'beta';
    readonly beta?: readonly [number, number];
    readonly inTraining?: true;
    readonly shape: readonly Size[] | null;
    readonly call: number;
  };
  /**
   * Attention with heads. Inputs: query, key, value [rows, length, dimension] (rows second unless `batchFirst`), then the
   * masks. Roles `in_proj_weight` [3 · dimension, dimension] (or `q_proj_weight`, `k_proj_weight`, `v_proj_weight`, where keys
   * and values have sizes of their own), `in_proj_bias`, `out_proj.weight`, `out_proj.bias`.
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
}

export type LayerKind = keyof Layers;
