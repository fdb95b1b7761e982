import type { DataKind, DataStep } from '../../records/dataSteps';
import type { Array as DataArray } from '../values/dataValues';

/** Steps that leave some rows out or put them into another order, each in its own way. */
const ownRows: ReadonlySet<DataKind> = new Set<DataKind>([
  'dropMissing',
  'dropDuplicates',
  'sortRows',
  'shuffleRows',
  'withoutRows',
]);

/** Steps whose rows are numbered anew. */
const newRows: ReadonlySet<DataKind> = new Set<DataKind>([
  'groupTable',
  'merge',
  'concatenate',
  'reduce',
  'quantile',
  'countValues',
]);

const hasLabels = ({ flavour, shape }: DataArray): boolean =>
  (flavour === 'frame' || flavour === 'series') && shape?.length !== 0;

/**
 * What pandas calls the rows of a step's result: results with the same word have the same labels in the same order. Undefined:
 * 0, 1, 2, …
 */
export function labelsAfter(
  step: Pick<DataStep, 'kind' | 'arguments' | 'inputs'>,
  at: number,
  inputs: readonly DataArray[],
): string | undefined {
  const { kind } = step;
  if (newRows.has(kind)) return undefined;
  const before = (inputs.find(hasLabels) ?? inputs[0])?.rowLabels;
  if (ownRows.has(kind)) return `${at}`;
  // The same mask or the same places take the same rows of tables with the same labels.
  if (kind === 'takeRows') return `${before ?? ''} of ${step.inputs[1] ?? at}`;
  if (kind === 'slice') {
    const { axis, start, end, step: by } = step.arguments as { axis: number; start: unknown; end: unknown; step: number };
    const isHead = axis !== 0 || ((start === null || start === 0) && by === 1);
    return isHead ? before : `${before ?? ''} from ${JSON.stringify([start, end, by])}`;
  }
  // A split gives the rows to train on and to test on by turns.
  if (kind === 'part')
    return inputs[0] && hasLabels(inputs[0])
      ? `${step.inputs[0] ?? at}, ${(step.arguments as { index: number }).index % 2}`
      : before;
  return before;
}

/** Whether pandas calls the rows of a table 0, 1, 2, … */
export const areNumbered = (table: DataArray): boolean => hasLabels(table) && table.rowLabels === undefined;

/** Whether pandas puts the rows of two tables together as they stand: by position where one of them has no labels, else by label. */
export const sameLabels = (table: DataArray, other: DataArray): boolean =>
  !hasLabels(table) || !hasLabels(other) || table.rowLabels === other.rowLabels;

/** Why rows whose labels differ are not put side by side. */
export const labelsDiffer =
  'pandas puts these rows side by side by their labels, which are not the same in both: this is not read';
