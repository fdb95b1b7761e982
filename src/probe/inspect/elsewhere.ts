import type { CurvatureElsewhere } from '../../curvature/criticalPoint';
import { meanOfSamples } from '../../curvature/estimate';
import { dot } from '../../curvature/vector';
import { fewestRows, onRows } from './sampling';
import type { Spot } from './spot';

/** Parts of the other rows, none larger than the rows of the inspection. */
const partCount = 4;

/**
 * Curvature along a direction that was found on the rows of the inspection, on rows that had no part in finding it. Null where there are
 * too few others, or at cancellation.
 */
export async function curvatureElsewhere(spot: Spot, direction: Float32Array): Promise<CurvatureElsewhere | null> {
  const { unit, random, cancel } = spot;
  const { rows, rowNumbers } = unit.loss;
  const seen = new Set(rowNumbers);
  const others = random
    .fork('other rows')
    .permutation(unit.twin.trainRows)
    .filter((row) => !seen.has(row));
  const each = Math.min(rows, Math.floor(others.length / partCount));
  if (each < Math.max(partCount, fewestRows(unit, rows))) return null;
  const values: number[] = [];
  const image = new Float32Array(direction.length);
  for (let part = 0; part < partCount; part++) {
    if (cancel.cancelled) return null;
    const value = await onRows(spot, others.slice(part * each, (part + 1) * each), async (held) => {
      await held.apply(direction, image);
      return dot(direction, image);
    });
    values.push(value);
  }
  return { rows: partCount * each, ...meanOfSamples(values) };
}
