import { alignTo, type Figure, type Hue, type Trace } from './figure';
import { errorQuantities, type QuantityName } from '../../src/records/measurement';

const lines: readonly {
  readonly quantity: QuantityName;
  readonly label: string;
  readonly hue: Hue;
  readonly dash: Trace['dash'];
  readonly above?: string;
}[] = [
  { quantity: 'learningRate', label: 'in use', hue: { token: 'blue' }, dash: 'solid' },
  { quantity: 'gradientStepRate', label: 'best along the gradient', hue: { token: 'green' }, dash: 'dotted' },
  { quantity: 'rateLimit', label: 'limit of stability', hue: { token: 'red' }, dash: 'dashed', above: 'unstable' },
];

/** The learning rate against what the measured curvature allows. */
export const rateFigure: Figure = {
  id: 'rates',
  title: 'Learning rate',
  axis: 'per step',
  empty: 'The learning rate as its schedule moves it, and the largest one that the measured curvature allows.',
  logByDefault: true,
  signed: false,
  share: false,
  traces: (columns) =>
    lines.flatMap(({ quantity, ...line }): Trace[] => {
      const column = columns.get(quantity);
      if (!column) return [];
      const errors = errorQuantities[quantity];
      const error = errors === undefined ? {} : { error: alignTo(column, columns.get(errors)) };
      return [{ key: quantity, steps: column.steps, values: column.values, noisy: false, ...error, ...line }];
    }),
};
