import { chord } from '../../curvature/chord';
import type { InspectedMinima, LineBetweenEnds } from '../../records/inspection/minima';
import { hiddenLayers } from '../observeSymmetry';
import { effortOf, timesWithin } from './effort';
import { matchUnits } from './matching';
import type { CostMeter, EmitPart, MeasuredSpot } from './spot';
import type { BenchedUnit } from './unitBench';

/** Runs from other seeds, fewer where each is dear; the work that they may take together. */
const mostSeeds = 3;
const seedsWork = 1.2e11;
/** Distance of fresh seeds from the run's own. */
const seedStride = 1_000_003;
/** Inner points of a line. */
const linePoints = 23;

/** What was found of a unit's minima: it is the same from wherever one looks. */
const known = new WeakMap<BenchedUnit, Omit<InspectedMinima, 'cost'>>();

/** Trains the unit from other seeds, and cuts the loss along the lines between the ends, with the hidden units as they are and matched. */
export async function inspectMinima(spot: MeasuredSpot, emit: EmitPart, meter: CostMeter): Promise<void> {
  const { unit, cancel } = spot;
  const { course, plan, seed } = unit;
  const held = known.get(unit);
  if (held) return emit({ ...held, cost: meter.take() });
  const of = timesWithin(seedsWork, plan.steps * effortOf(unit).step, 1, mostSeeds);
  if ((await course.to(plan.steps, cancel)) < plan.steps || cancel.cancelled) return;
  const own = course.run.theta.slice();
  const loss = await unit.loss.lossAt(own);
  const lines: LineBetweenEnds[] = [];
  for (let i = 1; i <= of; i++) {
    const line = await lineTo(spot, own, seed + i * seedStride);
    if (cancel.cancelled) return;
    if (line) lines.push(line);
    const part: Omit<InspectedMinima, 'cost'> = { part: 'minima', steps: plan.steps, seed, loss, lines: [...lines], of };
    if (lines.length > 0) emit({ ...part, cost: meter.take() });
    if (i === of && lines.length > 0) known.set(unit, part);
  }
}

/** Null where the run from that seed ends in values that are not finite. */
async function lineTo({ unit, cancel }: MeasuredSpot, own: Float32Array, seed: number): Promise<LineBetweenEnds | null> {
  const { twin, plan, loss, experiment } = unit;
  const run = twin.start(seed, { totalSteps: plan.steps });
  while (run.step < plan.steps) {
    const { nonFinite } = await run.advance(plan.steps - run.step, cancel);
    if (nonFinite || cancel.cancelled) break;
  }
  const [end, reached] = [run.theta.slice(), run.step];
  run.dispose();
  if (cancel.cancelled || reached < plan.steps) return null;
  const straight = await chord(loss.lossAt, own, end, linePoints, 1e-5, cancel);
  const layouts = experiment.model ? hiddenLayers(experiment.model, twin).map(({ layout }) => layout) : [];
  const matched = await matchUnits(own, end, layouts, cancel);
  const over = matched && (await chord(loss.lossAt, own, matched.theta, linePoints, 1e-5, cancel));
  if (cancel.cancelled) return null;
  const last = straight.losses[straight.losses.length - 1] ?? NaN;
  if (!Number.isFinite(last)) return null;
  const { positions, losses, barrier } = straight;
  return {
    seed,
    loss: last,
    positions,
    losses,
    barrier,
    matched: matched && over && { losses: over.losses, barrier: over.barrier, moved: matched.moved, units: matched.units },
  };
}
