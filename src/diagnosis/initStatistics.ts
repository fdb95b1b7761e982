import type { ModelGraph, ModelNode, ParameterSpec } from '../records/model/graph';
import type { Initializer } from '../records/model/initializer';
import { isActivation, isCarrying, rectifiers, takers } from './graphWalk';
import { parameterOf } from './initEdits';

/** Fan-in and fan-out of a weight of known shape [out, in, kernel…]; null when a size is unknown. */
export function fans(shape: ParameterSpec['shape']): { readonly in: number; readonly out: number } | null {
  const sizes = shape.filter((size): size is number => typeof size === 'number');
  if (sizes.length !== shape.length || sizes.length < 2) return null;
  const [out = 1, fanIn = 1, ...kernel] = sizes;
  const area = kernel.reduce((p, s) => p * s, 1);
  return { in: fanIn * area, out: out * area };
}

/** Gains of torch.nn.init.calculate_gain for the names that scripts use. */
function gainOf(nonlinearity: string, slope: number): number {
  if (nonlinearity === 'relu') return Math.SQRT2;
  if (nonlinearity === 'leaky_relu') return Math.sqrt(2 / (1 + slope * slope));
  if (nonlinearity === 'tanh') return 5 / 3;
  return nonlinearity === 'selu' ? 0.75 : 1;
}

/** Variance of one weight under an initialiser; null when it cannot be told. */
export function initialVariance(initializer: Initializer, shape: ParameterSpec['shape']): number | null {
  const fan = fans(shape);
  switch (initializer.kind) {
    case 'uniform':
      return (initializer.high - initializer.low) ** 2 / 12;
    case 'normal':
    case 'truncatedNormal':
      return initializer.deviation ** 2;
    case 'constant':
      return 0;
    case 'xavierUniform':
    case 'xavierNormal':
      return fan === null ? null : (2 * initializer.gain ** 2) / (fan.in + fan.out);
    case 'kaimingUniform':
    case 'kaimingNormal':
      return fan === null
        ? null
        : gainOf(initializer.nonlinearity, initializer.slope) ** 2 / (initializer.mode === 'fanIn' ? fan.in : fan.out);
    case 'varianceScaling': {
      if (fan === null) return null;
      const { mode, scale } = initializer;
      return scale / (mode === 'fanIn' ? fan.in : mode === 'fanOut' ? fan.out : (fan.in + fan.out) / 2);
    }
    default:
      return null;
  }
}

/** The value of every entry when all are equal; null otherwise. */
export function constantValue(initializer: Initializer): number | null {
  if (initializer.kind === 'constant') return initializer.value;
  if (initializer.kind === 'uniform' && initializer.low === initializer.high) return initializer.low;
  if (initializer.kind === 'normal' && initializer.deviation === 0) return initializer.mean;
  if (initializer.kind !== 'values') return null;
  const [first] = initializer.values;
  return first !== undefined && initializer.values.every((value) => value === first) ? first : null;
}

/** The layers of weights that take the values of `node` through activations alone. */
export function weighingAfter(model: ModelGraph, node: ModelNode): readonly ModelNode[] {
  return takers(model, model.nodes.indexOf(node)).flatMap((taker) =>
    isActivation(taker) || isCarrying(taker) || taker.kind === 'dropout'
      ? weighingAfter(model, taker)
      : parameterOf(model, taker, 'weight') === undefined
        ? []
        : [taker],
  );
}

/** Whether a rectifier follows the layer directly. */
export const isRectified = (model: ModelGraph, node: ModelNode): boolean =>
  takers(model, model.nodes.indexOf(node)).some((taker) => rectifiers.includes(taker.kind));

/** Number of units of a layer of weights; null when unknown. */
export function unitCount(model: ModelGraph, node: ModelNode): number | null {
  const size = parameterOf(model, node, 'weight')?.shape[0];
  return typeof size === 'number' ? size : null;
}
