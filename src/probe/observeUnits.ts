import type { LayerUnits, Run } from '../engine/twin';
import type { Probe } from './probeRows';
import type { Recorder } from './recorder';

/** Slope below which a unit counts as saturated: a tenth of the activation's largest. */
const saturatedSlope = 0.1;

/** Statistics of each activation's units; returns the largest saturated and dead fractions. */
export async function observeUnits(probe: Probe, run: Run, recorder: Recorder): Promise<{ saturated: number; dead: number }> {
  let saturated = 0;
  let dead = 0;
  for (const layer of await probe.train.units(run.theta)) {
    const count = Math.max(1, layer.mean.length);
    const deadShare = layer.dead.reduce((sum, isDead) => sum + isDead, 0) / count;
    recorder.add(`dead/${layer.name}`, run.step, deadShare);
    dead = Math.max(dead, deadShare);
    if (layer.slope) {
      const share = layer.slope.reduce((sum, slope) => sum + (slope < saturatedSlope ? 1 : 0), 0) / count;
      recorder.add(`saturated/${layer.name}`, run.step, share);
      saturated = Math.max(saturated, share);
    }
    recordMoments(layer, run.step, recorder);
  }
  return { saturated, dead };
}

function recordMoments(layer: LayerUnits, step: number, recorder: Recorder): void {
  const count = Math.max(1, layer.mean.length);
  let mean = 0;
  let squaredMeans = 0;
  let variances = 0;
  layer.mean.forEach((unitMean, unit) => {
    const deviation = layer.deviation[unit] ?? 0;
    mean += unitMean / count;
    squaredMeans += (unitMean * unitMean) / count;
    variances += (deviation * deviation) / count;
  });
  const meanSquare = squaredMeans + variances;
  recorder.add(`activationMean/${layer.name}`, step, mean);
  recorder.add(`activationDeviation/${layer.name}`, step, Math.sqrt(Math.max(0, meanSquare - mean * mean)));
  recorder.add(`activationCentre/${layer.name}`, step, meanSquare > 0 ? squaredMeans / meanSquare : 0);
}
