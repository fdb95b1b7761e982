import type { Evidence } from './rule';
import { between, errorAt, median, read } from './series';

/** The batch size and the median of the simple noise scale trΣ/‖g‖² over the first half of the run. */
export interface BatchNoise {
  readonly batch: number;
  readonly scale: number;
  /** Median half width of the single estimates' 95 % intervals; undefined where none is known. */
  readonly error: number | undefined;
}

/** Null where batches are all rows, or the noise was measured at under three steps. */
export function batchNoise(e: Evidence): BatchNoise | null {
  const batch = e.experiment.batches?.batchSize?.value;
  const { steps, values: scales } = between(read(e.measurements, 'noiseScale'), 0, 0.5 * (e.run?.steps ?? 0));
  if (batch === undefined || scales.length < 3) return null;
  const errors = steps.flatMap((step) => errorAt(e.measurements, 'noiseScale', step) ?? []);
  return { batch, scale: median(scales), error: errors.length === 0 ? undefined : median(errors) };
}

/** The noise scale's error as a part of evidence. */
export const errorOf = ({ error }: BatchNoise): { readonly error?: number } => (error === undefined ? {} : { error });
