import type { Figure, Hue, Trace } from './figure';
import type { QuantityName } from '../../src/records/measurement';

const lines: readonly { readonly quantity: QuantityName; readonly label: string; readonly hue: Hue }[] = [
  { quantity: 'accuracy', label: 'training probe', hue: { token: 'green' } },
  { quantity: 'validationAccuracy', label: 'validation', hue: { token: 'orange' } },
];

/** Learning curves of the accuracy. */
export const accuracyFigure: Figure = {
  id: 'accuracy',
  title: 'Accuracy',
  axis: 'rows classified correctly',
  empty: 'The share of rows that are classified correctly. A regression has none.',
  logByDefault: false,
  signed: false,
  share: true,
  traces: (columns) =>
    lines.flatMap(({ quantity, label, hue }): Trace[] => {
      const column = columns.get(quantity);
      return column
        ? [{ key: quantity, label, steps: column.steps, values: column.values, hue, dash: 'solid', noisy: false }]
        : [];
    }),
};
