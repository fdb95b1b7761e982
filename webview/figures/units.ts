import type { Quantity } from '../../src/records/measurement';
import type { Column } from '../columns';
import { columnsOf, depthOf, type Figure, type Hue, type Trace } from './figure';

/** Share of saturated and of dead units, one line per layer and kind. */
export const unitFigure: Figure = {
  id: 'units',
  title: 'Saturated and dead units',
  axis: 'share of units · solid: saturated, dashed: dead',
  empty: 'The share of units of each layer that are saturated, or dead: they pass no gradient on.',
  logByDefault: false,
  signed: false,
  share: true,
  traces(columns) {
    const parts = [...columnsOf(columns, 'saturated'), ...columnsOf(columns, 'dead')].map(({ part }) => part);
    const layers = [...new Set(parts)];
    return layers.flatMap((layer, index) => tracesOf(columns, layer, depthOf(index, layers.length)));
  },
};

/** A tanh layer has no dead units and a ReLU layer no saturated ones: a line at zero for them would say nothing. */
function tracesOf(columns: ReadonlyMap<Quantity, Column>, layer: string, hue: Hue): Trace[] {
  const both = [
    ...traceOf(columns.get(`saturated/${layer}`), 'saturated', layer, hue),
    ...traceOf(columns.get(`dead/${layer}`), 'dead', layer, hue),
  ];
  const telling = both.filter(({ values }) => values.some((value) => value !== 0));
  return telling.length > 0 ? telling : both.slice(0, 1);
}

function traceOf(column: Column | undefined, kind: 'saturated' | 'dead', layer: string, hue: Hue): Trace[] {
  if (!column) return [];
  const dash = kind === 'dead' ? 'dashed' : 'solid';
  const { steps, values } = column;
  return [
    {
      key: `${kind}/${layer}`,
      label: `${layer} ${kind}`,
      short: kind === 'dead' ? `${layer} dead` : layer,
      steps,
      values,
      hue,
      dash,
      noisy: false,
    },
  ];
}
