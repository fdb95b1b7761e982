import { chord } from '../../curvature/chord';
import { permuteUnits } from '../../curvature/symmetry';
import { convex } from '../../diagnosis/rules/convex';
import type { Evidence } from '../../diagnosis/rule';
import type { Experiment } from '../../records/experiment';
import type { InspectedConvexity } from '../../records/inspection/minima';
import { hiddenLayers } from '../observeSymmetry';
import type { CostMeter, MeasuredSpot } from './spot';

/** Convex by structure, or shown not to be by a chord between two copies of the point with permuted units. */
export async function inspectConvexity(spot: MeasuredSpot, meter: CostMeter): Promise<InspectedConvexity> {
  const { unit, theta, cancel } = spot;
  const { experiment, twin, loss, form } = unit;
  const certificate = form.sign > 0 ? certificateOf(experiment) : null;
  if (certificate !== null) {
    return { part: 'convexity', kind: 'certified', text: certificate, chord: null, cost: meter.take() };
  }
  const layers = experiment.model ? hiddenLayers(experiment.model, twin) : [];
  let drawn: InspectedConvexity['chord'] = null;
  for (const { name, layout } of layers) {
    const count = layout.incoming.length;
    const reversed = Int32Array.from({ length: count }, (_, i) => count - 1 - i);
    const line = await chord(loss.lossAt, theta, permuteUnits(theta, layout, reversed), 15, 1e-5, cancel);
    const { positions, losses, above, at, disprovesConvexity } = line;
    drawn = { layer: name, positions, losses, above, at };
    if (disprovesConvexity) {
      const text = `Putting the units of ${name} in another order gives the same loss, and on the straight line between both it lies above: the loss is not convex.`;
      return { part: 'convexity', kind: 'disproved', text, chord: drawn, cost: meter.take() };
    }
  }
  const text =
    drawn === null
      ? 'No structure that makes the loss convex, and no layer whose units could be put in another order.'
      : 'No chord between points with permuted units lies below the loss: that proves nothing.';
  return { part: 'convexity', kind: 'undecided', text, chord: drawn, cost: meter.take() };
}

/** The reason why a model's loss is convex by structure; null when there is none. */
function certificateOf(experiment: Experiment): string | null {
  const nothing = { statistics: null, run: null, measurements: {}, trials: new Map(), baseline: null, texts: {} };
  const evidence: Evidence = { ...nothing, experiment };
  const outcome = convex.detect(evidence);
  return outcome.kind === 'found' ? (outcome.findings[0]?.message ?? null) : null;
}
