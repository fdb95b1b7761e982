import type { Column } from '../columns';
import { columnsOf, depthOf, type Figure, type Trace } from './figure';
import { jointNorm, layerOf } from './gradients';

/** How far each step moves the parameters, one line per layer: the root of the sum of squares over its parameters. */
export const updateFigure: Figure = {
  id: 'updates',
  title: 'Update norm per layer',
  axis: 'change of the parameters in one step',
  empty: 'How far a step of the optimizer moves the parameters of each layer.',
  logByDefault: true,
  signed: false,
  share: false,
  traces(columns) {
    const layers = new Map<string, Column[]>();
    for (const { part, column } of columnsOf(columns, 'updateNorm')) {
      const layer = layerOf(part);
      layers.set(layer, [...(layers.get(layer) ?? []), column]);
    }
    const traces = [...layers].map(([layer, parts], index): Trace => {
      const { steps, values } = jointNorm(parts);
      return { key: layer, label: layer, steps, values, hue: depthOf(index, layers.size), dash: 'solid', noisy: true };
    });
    const whole = columns.get('updateNorm');
    if (!whole) return traces;
    const { steps, values } = whole;
    const all = { key: 'whole', label: 'all layers', steps, values, noisy: true } as const;
    return [...traces, { ...all, hue: { token: 'foreground' }, dash: 'dotted' }];
  },
};
