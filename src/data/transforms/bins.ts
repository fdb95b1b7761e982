import { ok } from '../../base/result';
import type { ColumnTransform } from '../../records/columnTransforms';
import { fault } from '../fault';
import { quantile } from '../steps/statistic';
import { columnOf, type Transform } from './columns';

type Settings = Extract<ColumnTransform, { form: 'bins' }>;

/** KBinsDiscretizer: in which bin of its column an entry lies; what lies outside belongs to the outermost ones. */
export const bins: Transform<Settings> = (settings, fitted, rows) => {
  if (fitted.values.some(Number.isNaN) || rows.values.some(Number.isNaN))
    return fault('KBinsDiscretizer takes no missing values.');
  const edges = Array.from({ length: fitted.width }, (_, at) => innerEdges(columnOf(fitted, at).sort(), settings));
  const places = rows.values.map((value, at) => binOf(edges[at % rows.width] ?? [], value));
  if (settings.encode === 'ordinal') return ok({ width: rows.width, values: places });
  const starts: number[] = [];
  let width = 0;
  for (const inner of edges) {
    starts.push(width);
    width += inner.length + 1;
  }
  const values = new Float64Array(rows.rows * width);
  for (const [at, place] of places.entries())
    values[Math.floor(at / rows.width) * width + (starts[at % rows.width] as number) + place] = 1;
  return ok({ width, values });
};

/** The edges between the bins of a sorted column; a column of one value has one bin. */
function innerEdges(sorted: Float64Array, { count, by }: Settings): readonly number[] {
  const [low, high] = [sorted[0] as number, sorted.at(-1) as number];
  if (low === high) return [];
  const edges = Array.from({ length: count + 1 }, (_, i) =>
    by === 'uniform' ? low + ((high - low) / count) * i : quantile(sorted, i / count),
  );
  if (by === 'uniform') return edges.slice(1, -1);
  // Bins that are as good as empty are left out.
  return edges.filter((edge, i) => i === 0 || edge - (edges[i - 1] as number) > 1e-8).slice(1, -1);
}

/** The number of edges at or below a value. */
function binOf(edges: readonly number[], value: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
