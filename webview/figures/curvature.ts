import type { Quantity } from '../../src/records/measurement';
import type { Column } from '../columns';
import { alignTo, type Figure, type Hue, type Trace } from './figure';

/** Both ends of the spectrum of the Hessian, with the limit of stability of the optimizer at its current rate. */
export const curvatureFigure: Figure = {
  id: 'curvature',
  title: 'Hessian eigenvalues',
  axis: 'loss per squared parameter · bars: 95 % error',
  empty: 'The largest and the smallest eigenvalue of the Hessian, and the value beyond which the optimizer is unstable.',
  logByDefault: true,
  signed: true,
  share: false,
  traces(columns) {
    const preconditioned = columns.get('preconditionedLambdaMax');
    return [
      ...eigenvalue(columns, 'lambdaMax', preconditioned ? 'largest, plain' : 'largest', { token: 'blue' }),
      ...eigenvalue(columns, 'preconditionedLambdaMax', 'largest, preconditioned', {
        token: 'green',
      }),
      ...eigenvalue(columns, 'lambdaMin', 'smallest', { token: 'purple' }),
      // The limit of an adaptive optimizer holds for the preconditioned eigenvalue, not for the plain one.
      ...limit(columns.get('stabilityLimit'), preconditioned ? 'limit, preconditioned' : 'stability limit'),
    ];
  },
};

function eigenvalue(
  columns: ReadonlyMap<Quantity, Column>,
  name: 'lambdaMax' | 'lambdaMin' | 'preconditionedLambdaMax',
  label: string,
  hue: Hue,
): Trace[] {
  const column = columns.get(name);
  if (!column) return [];
  const trace: Trace = { key: name, label, steps: column.steps, values: column.values, hue, dash: 'solid', noisy: false };
  return [{ ...trace, error: alignTo(column, columns.get(`${name}Error`)) }];
}

function limit(column: Column | undefined, label: string): Trace[] {
  if (!column) return [];
  const { steps, values } = column;
  return [
    {
      key: 'stabilityLimit',
      label,
      steps,
      values,
      hue: { token: 'red' },
      dash: 'dashed',
      noisy: false,
      above: 'unstable',
    },
  ];
}
