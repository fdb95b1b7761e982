import type { LayerUnits, Run } from '../engine/twin';
import { recordLosses, type ProbeLosses } from './observeLosses';
import { recordRowGradients } from './observeRowGradients';
import type { Probe } from './probeRows';
import type { Recorder } from './recorder';

/** Slope below which a unit counts as saturated: a tenth of the activation's largest. */
const saturatedSlope = 0.1;

/** The largest saturated and dead fractions of all activations. */
export interface UnitShares {
  readonly saturated: number;
  readonly dead: number;
}

/** Losses and accuracies, the statistics of each activation's units and, where wanted, the rows' own gradients, from one pass. */
export async function observeUnits(
  probe: Probe,
  run: Run,
  recorder: Recorder,
  wanted: { readonly rowGradients: boolean },
): Promise<{ readonly losses: ProbeLosses; readonly units: UnitShares }> {
  const observed = await probe.train.observe(run.theta, wanted);
  const losses = await recordLosses(probe, run, recorder, observed);
  const units = recordUnits(observed.units, run.step, recorder);
  recordRowGradients(observed.rowGradients, run.step, recorder);
  return { losses, units };
}

function recordUnits(layers: readonly LayerUnits[], step: number, recorder: Recorder): UnitShares {
  let saturated = 0;
  let dead = 0;
  for (const layer of layers) {
    const count = Math.max(1, layer.mean.length);
    const deadShare = layer.dead.reduce((sum, isDead) => sum + isDead, 0) / count;
    recorder.add(`dead/${layer.name}`, step, deadShare);
    dead = Math.max(dead, deadShare);
    if (layer.slope) {
      const share = layer.slope.reduce((sum, slope) => sum + (slope < saturatedSlope ? 1 : 0), 0) / count;
      recorder.add(`saturated/${layer.name}`, step, share);
      saturated = Math.max(saturated, share);
    }
    recordMoments(layer, step, recorder);
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
