import type { Run } from '../engine/twin';
import type { Probe } from './probeRows';
import type { Recorder } from './recorder';

/** The rows' own gradients by layer: the mean of their norms, and the largest over it. */
export async function observeRowGradients(probe: Probe, run: Run, recorder: Recorder): Promise<void> {
  for (const { name, norms } of await probe.train.rowGradients(run.theta)) {
    const mean = norms.reduce((sum, norm) => sum + norm, 0) / Math.max(1, norms.length);
    const largest = norms.reduce((most, norm) => Math.max(most, norm), 0);
    recorder.add(`rowGradientNorm/${name}`, run.step, mean);
    if (mean > 0) recorder.add(`rowGradientPeak/${name}`, run.step, largest / mean);
  }
}
