import type { Evidence } from './rule';
import { between, median, read } from './series';

/** The batch size and the median of the simple noise scale trΣ/‖g‖² over the first half of the run. */
export interface BatchNoise {
  readonly batch: number;
  readonly scale: number;
}

/** Null where batches are all rows, or the noise was measured at under three steps. */
export function batchNoise(e: Evidence): BatchNoise | null {
  const batch = e.experiment.batches?.batchSize?.value;
  const scales = between(read(e.measurements, 'noiseScale'), 0, 0.5 * (e.run?.steps ?? 0)).values;
  return batch === undefined || scales.length < 3 ? null : { batch, scale: median(scales) };
}
