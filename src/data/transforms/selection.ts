import { ok } from '../../base/result';
import type { ColumnTransform } from '../../records/columnTransforms';
import { fault } from '../fault';
import { chosenColumns, columnOf, meansOf, type Matrix, type Transform } from './columns';

/** VarianceThreshold: columns that vary more than the threshold; with the threshold 0, that have two values. */
export const varying: Transform<Extract<ColumnTransform, { form: 'varying' }>> = ({ threshold }, fitted, rows) => {
  const places = Array.from({ length: fitted.width }, (_, at) => at).filter((at) => {
    const column = columnOf(fitted, at).filter((value) => !Number.isNaN(value));
    const [mean, spread] = [average(column), extent(column)];
    const variance = average(column.map((value) => (value - mean) ** 2));
    return (threshold === 0 ? Math.min(variance, spread) : variance) > threshold;
  });
  return places.length > 0 ? ok(chosenColumns(rows, places)) : fault('No column varies more than the threshold.');
};

/** SelectKBest: the columns with the largest scores, in their order. Of equal scores the later column counts more. */
export const best: Transform<Extract<ColumnTransform, { form: 'best' }>> = ({ score, count }, fitted, rows, labels) => {
  if (!labels || labels.length !== fitted.rows) return fault('SelectKBest needs a label for each row that it is fitted on.');
  const kept = count ?? fitted.width;
  if (kept > fitted.width) return fault(`SelectKBest is to keep ${kept} of ${fitted.width} columns.`);
  if (score === 'chi2' && fitted.values.some((value) => value < 0)) return fault('chi2 takes no negative numbers.');
  const scores = scorers[score](fitted, labels).map((value) => (Number.isNaN(value) ? -Infinity : value));
  const order = Array.from(scores.keys()).sort((a, b) => (scores[a] as number) - (scores[b] as number) || a - b);
  const places = order.slice(order.length - kept).sort((a, b) => a - b);
  return ok(chosenColumns(rows, places));
};

type Scorer = (rows: Matrix, labels: Float64Array) => number[];

const scorers: Readonly<Record<'f_classif' | 'f_regression' | 'chi2', Scorer>> = {
  f_classif: (rows, labels) => {
    const groups = groupsOf(labels);
    return columnsOf(rows).map((column) => betweenGroups(column, groups));
  },
  f_regression: (rows, labels) => columnsOf(rows).map((column) => ofCorrelation(column, labels)),
  chi2: (rows, labels) => {
    const groups = groupsOf(labels);
    const means = meansOf(rows);
    return columnsOf(rows).map((column, at) => {
      const total = (means[at] as number) * rows.rows;
      return groups.reduce((sum, group) => {
        const expected = (total * group.length) / rows.rows;
        const seen = group.reduce((of, row) => of + (column[row] as number), 0);
        return sum + (seen - expected) ** 2 / expected;
      }, 0);
    });
  },
};

const columnsOf = (rows: Matrix): Float64Array[] => Array.from({ length: rows.width }, (_, at) => columnOf(rows, at));

/** The rows of each label. */
function groupsOf(labels: Float64Array): readonly (readonly number[])[] {
  const groups = new Map<number, number[]>();
  for (const [row, label] of labels.entries()) {
    const group = groups.get(label);
    if (group) group.push(row);
    else groups.set(label, [row]);
  }
  return [...groups.values()];
}

/** The F statistic of one-way analysis of variance. */
function betweenGroups(column: Float64Array, groups: readonly (readonly number[])[]): number {
  const mean = average(column);
  let [between, within] = [0, 0];
  for (const group of groups) {
    const own = group.reduce((sum, row) => sum + (column[row] as number), 0) / group.length;
    between += group.length * (own - mean) ** 2;
    for (const row of group) within += ((column[row] as number) - own) ** 2;
  }
  return between / (groups.length - 1) / (within / (column.length - groups.length));
}

/** The F statistic of a line through the points. */
function ofCorrelation(column: Float64Array, labels: Float64Array): number {
  const [x, y] = [average(column), average(labels)];
  let [xy, xx, yy] = [0, 0, 0];
  for (const [i, value] of column.entries()) {
    xy += (value - x) * ((labels[i] as number) - y);
    xx += (value - x) ** 2;
    yy += ((labels[i] as number) - y) ** 2;
  }
  const squared = (xy * xy) / (xx * yy);
  return (squared / (1 - squared)) * (column.length - 2);
}

const average = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const extent = (values: Float64Array): number =>
  values.reduce((most, value) => Math.max(most, value), -Infinity) -
  values.reduce((least, value) => Math.min(least, value), Infinity);
