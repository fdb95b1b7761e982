import type { Figure, Hue, Trace } from './figure';
import type { QuantityName } from '../../src/records/measurement';

const lines: readonly { readonly quantity: QuantityName; readonly label: string; readonly hue: Hue; readonly noisy: boolean }[] =
  [
    { quantity: 'loss', label: 'training batch', hue: { token: 'blue' }, noisy: true },
    { quantity: 'epochLoss', label: 'training probe', hue: { token: 'green' }, noisy: false },
    { quantity: 'validationLoss', label: 'validation', hue: { token: 'orange' }, noisy: false },
  ];

/** Learning curves of the loss. */
export const lossFigure: Figure = {
  id: 'loss',
  title: 'Loss',
  axis: 'value of the loss function',
  empty: 'The loss on the batches, on fixed probe rows and on the validation rows, step by step.',
  logByDefault: false,
  signed: false,
  share: false,
  traces: (columns) =>
    lines.flatMap(({ quantity, label, hue, noisy }): Trace[] => {
      const column = columns.get(quantity);
      if (!column) return [];
      return [{ key: quantity, label, steps: column.steps, values: column.values, hue, dash: 'solid', noisy }];
    }),
};
