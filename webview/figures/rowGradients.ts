import { alignTo, columnsOf, depthOf, type Figure, type Trace } from './figure';

/** Norms of single rows' gradients: their mean solid, the largest dashed; one pair of lines per layer. */
export const rowGradientFigure: Figure = {
  id: 'rowGradients',
  title: 'Gradient norm of single rows',
  axis: 'loss per unit of parameter · solid: mean, dashed: largest',
  empty: "The norm of each row's own gradient: a few rows far above the others decide the step.",
  logByDefault: true,
  signed: false,
  share: false,
  traces(columns) {
    const layers = columnsOf(columns, 'rowGradientNorm');
    return layers.flatMap(({ part, column }, index): Trace[] => {
      const hue = depthOf(index, layers.length);
      const { steps, values } = column;
      const peaks = alignTo(column, columns.get(`rowGradientPeak/${part}`));
      const largest = values.map((mean, i) => mean * (peaks[i] ?? NaN));
      const line = { steps, hue, noisy: false };
      return [
        { key: part, label: `${part} mean`, short: part, values, dash: 'solid', ...line },
        { key: `largest/${part}`, label: `${part} largest`, values: largest, dash: 'dashed', ...line },
      ];
    });
  },
};
