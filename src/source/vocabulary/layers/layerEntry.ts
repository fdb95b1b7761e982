import type { Size } from '../../../graph/size';
import type { Arguments } from '../../interpret/call';
import type { CellInitializer, Layer, LayerStep, ParameterCell } from '../../values/trace';

/** A layer of torch.nn: its arguments in positional order, what it builds, and its parameters. */
export interface LayerEntry {
  readonly names: string;
  readonly step: (a: Arguments) => LayerStep | null;
  readonly parameters?: (a: Arguments, cell: CellMaker) => Record<string, ParameterCell>;
  /** What a call gives, where that is more than the step; null for the step alone. */
  readonly apply?: (a: Arguments) => NonNullable<Layer['apply']> | null;
  /** Where single arguments stand, by their names in `Layers`. */
  readonly places?: Readonly<Record<string, string>>;
}

/** Makes a parameter of the layer's call. */
export type CellMaker = (shape: readonly Size[], initializer: CellInitializer) => ParameterCell;

/** The default of Linear's and the convolutions' weights. */
export const rectified: CellInitializer = {
  kind: 'kaimingUniform',
  slope: Math.sqrt(5),
  mode: 'fanIn',
  nonlinearity: 'leaky_relu',
};
export const ones: CellInitializer = { kind: 'constant', value: 1 };
export const zeros: CellInitializer = { kind: 'constant', value: 0 };

/** A weight with its default, and a bias of `out` unless the call says no. */
export function withBias(a: Arguments, cell: CellMaker, weightShape: readonly Size[], out: Size): Record<string, ParameterCell> {
  const weight = cell(weightShape, rectified);
  return a.boolean('bias', true) ? { weight, bias: cell([out], { kind: 'biasUniform', weight }) } : { weight };
}

/** Scale and shift of a normalisation, 1 and 0. */
export const scaleAndShift = (cell: CellMaker, shape: readonly Size[]): Record<string, ParameterCell> => ({
  weight: cell(shape, ones),
  bias: cell(shape, zeros),
});

/** A shape given as one number, a tuple or a list. */
export function shapeArgument(a: Arguments, name: string): Size[] {
  const value = a.value(name);
  if (value?.kind === 'list') {
    const sizes = value.items.flatMap((item) =>
      item.kind === 'number' ? [item.value] : item.kind === 'size' ? [item.size] : [],
    );
    if (sizes.length === value.items.length) return sizes;
  }
  return [a.size(name)];
}
