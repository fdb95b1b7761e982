import type { RowGradients } from '../engine/twin';
import type { Recorder } from './recorder';

/** Records the rows' own gradients by layer: the mean of their norms, and the largest over it. */
export function recordRowGradients(layers: readonly RowGradients[], step: number, recorder: Recorder): void {
  for (const { name, norms } of layers) {
    const mean = norms.reduce((sum, norm) => sum + norm, 0) / Math.max(1, norms.length);
    const largest = norms.reduce((most, norm) => Math.max(most, norm), 0);
    recorder.add(`rowGradientNorm/${name}`, step, mean);
    if (mean > 0) recorder.add(`rowGradientPeak/${name}`, step, largest / mean);
  }
}
