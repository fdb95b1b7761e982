import type { NoArguments } from './arguments';

/** Functions of each element, and those that share an axis out, with their arguments. */
export interface Activations {
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
}
