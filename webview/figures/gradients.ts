import type { Column } from '../columns';
import { columnsOf, depthOf, type Figure, type Trace } from './figure';

/** Gradient norms, one line per layer: the root of the sum of squares over its parameters. */
export const gradientFigure: Figure = {
  id: 'gradients',
  title: 'Gradient norm per layer',
  axis: 'loss per unit of parameter',
  empty: 'The norm of the gradient of each layer, before clipping: how much of the signal reaches the first layers.',
  logByDefault: true,
  signed: false,
  share: false,
  traces(columns) {
    const layers = new Map<string, Column[]>();
    for (const { part, column } of columnsOf(columns, 'gradientNorm')) {
      const layer = layerOf(part);
      layers.set(layer, [...(layers.get(layer) ?? []), column]);
    }
    const traces = [...layers].map(([layer, parts], index): Trace => {
      const { steps, values } = jointNorm(parts);
      return { key: layer, label: layer, steps, values, hue: depthOf(index, layers.size), dash: 'solid', noisy: true };
    });
    const whole = columns.get('gradientNorm');
    if (!whole) return traces;
    const { steps, values } = whole;
    return [
      ...traces,
      { key: 'whole', label: 'all layers', steps, values, hue: { token: 'foreground' }, dash: 'dotted', noisy: true },
    ];
  },
};

/** The layer that a parameter belongs to: its name without the last part. */
export function layerOf(parameter: string): string {
  const dot = parameter.lastIndexOf('.');
  return dot > 0 ? parameter.slice(0, dot) : parameter;
}

/** √Σ‖g_p‖² over the parameters p of a layer, at the steps where all of them were measured. */
export function jointNorm(parts: readonly Column[]): { readonly steps: Float64Array; readonly values: Float64Array } {
  const [first, ...rest] = parts;
  if (!first) return { steps: new Float64Array(0), values: new Float64Array(0) };
  if (rest.length === 0) return { steps: first.steps, values: first.values };
  const steps = new Float64Array(first.steps.length);
  const values = new Float64Array(first.steps.length);
  const at = rest.map(() => 0);
  let length = 0;
  for (let i = 0; i < first.steps.length; i++) {
    const step = first.steps[i] as number;
    let squares = (first.values[i] as number) ** 2;
    const complete = rest.every((part, p) => {
      while ((part.steps[at[p] as number] ?? Infinity) < step) at[p] = (at[p] as number) + 1;
      const position = at[p] as number;
      squares += (part.values[position] ?? NaN) ** 2;
      return part.steps[position] === step;
    });
    if (!complete) continue;
    steps[length] = step;
    values[length] = Math.sqrt(squares);
    length++;
  }
  return { steps: steps.subarray(0, length), values: values.subarray(0, length) };
}
