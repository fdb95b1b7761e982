import { columnsOf, depthOf, type Figure, type Trace } from './figure';

/** Cosine of each step's gradient with that of the step before: 1 goes on, -1 turns back. One line per parameter. */
export const turnFigure: Figure = {
  id: 'turns',
  title: 'Gradient against the step before',
  axis: 'cosine of successive gradients',
  empty: 'Whether the gradient points where it did one step before (1), across it (0) or back (-1).',
  logByDefault: false,
  signed: true,
  share: false,
  traces(columns) {
    const parameters = columnsOf(columns, 'gradientCosine');
    const traces = parameters.map(({ part, column }, index): Trace => {
      const { steps, values } = column;
      return { key: part, label: part, steps, values, hue: depthOf(index, parameters.length), dash: 'solid', noisy: true };
    });
    const whole = columns.get('gradientCosine');
    if (!whole) return traces;
    const { steps, values } = whole;
    const all = { key: 'whole', label: 'all parameters', steps, values, noisy: true } as const;
    return [...traces, { ...all, hue: { token: 'foreground' }, dash: 'dotted' }];
  },
};
