import type { CancelToken } from '../../base/cancel';
import { yieldToEvents } from '../../base/yield';
import type { InspectEvent, InspectParameters, InspectResult } from '../../protocol/inspection';
import type { CriticalPointSearch } from '../../records/inspection/point';
import type { Surroundings } from '../session';
import { inspectConditioning } from './conditioning';
import { inspectConvexity } from './convexity';
import { inspectEscape } from './escape';
import { inspectFrames } from './frames';
import { inspectGains } from './gains';
import { inspectMinima } from './minima';
import { findCriticalPoint } from './nearest';
import { inspectNoise } from './noise';
import { inspectPoint } from './point';
import { inspectRavine } from './ravine';
import { inspectRemedies } from './remedies';
import { inspectSlices } from './slices';
import { densityPart, wholeSpectrum } from './spectrum';
import { CostMeter, openSpot, ownStepAt, type EmitPart, type MeasuredSpot, type Spot } from './spot';
import { kinksOfLoss } from './structure';
import { inspectPair, openSurfaces, type SurfacesInProgress } from './surfaces';
import type { BenchedUnit, UnitBench } from './unitBench';
import { inspectVerdict } from './verdict';

/** Hears what happens during an inspection. */
export type EmitInspection = (event: InspectEvent) => void;

/** What of an inspection is asked for. */
export type InspectionWish = Pick<InspectParameters, 'step' | 'nearest' | 'largestGradient' | 'pair'>;

/**
 * The loss surface around one point of a unit's run: goes there again from the start (the same seed gives the same numbers), then
 * tells part after part, what answers most first. Never throws for a fault of the script or its data.
 */
export async function inspect(
  parameters: InspectParameters,
  surroundings: Surroundings,
  bench: UnitBench,
  emit: EmitInspection,
  cancel: CancelToken,
): Promise<InspectResult> {
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  emit({ kind: 'progress', fraction: 0, text: 'Building the model' });
  const work = (unit: BenchedUnit): Promise<string | null> => inspectUnit(unit, parameters, emit, cancel);
  const outcome = await bench.use(parameters, surroundings, cancel, work);
  if (cancel.cancelled) return { status: 'cancelled', reason: null, seconds: seconds() };
  const reason = outcome.ok ? outcome.value : outcome.error;
  return { status: reason === null ? 'done' : 'unavailable', reason, seconds: seconds() };
}

/** Inspects a unit that stands ready. Returns why it could not, or null. */
export async function inspectUnit(
  unit: BenchedUnit,
  wish: InspectionWish,
  emit: EmitInspection,
  cancel: CancelToken,
): Promise<string | null> {
  const meter = new CostMeter(unit.loss);
  const step = Math.max(0, Math.min(Math.round(wish.step), unit.plan.steps));
  emit({ kind: 'progress', fraction: 0.05, text: `Training to step ${step.toLocaleString('en-US')}` });
  const reached = await unit.course.to(step, cancel);
  if (cancel.cancelled) return null;
  if (reached < step) return `Values are not finite from step ${reached} on: look at an earlier step.`;
  const place = await placeOf(unit, step, wish.nearest, emit, cancel);
  if (typeof place === 'string') return place;
  if (cancel.cancelled) return null;
  const spot = await openSpot({ unit, step, ...place, cancel });
  try {
    if (!Number.isFinite(spot.loss)) return `The loss is not finite at step ${step}.`;
    if (wish.pair) {
      emit({ kind: 'progress', fraction: 0.2, text: 'The loss over two parameters' });
      return await tellPair(spot, wish.pair, (part) => emit({ kind: 'part', part }), meter);
    }
    await tell(spot, place.search, wish, (part) => emit({ kind: 'part', part }), emit, meter);
    return null;
  } finally {
    spot.operator.dispose();
  }
}

async function tellPair(spot: Spot, pair: readonly [number, number], part: EmitPart, meter: CostMeter): Promise<string | null> {
  const isThere = pair.every((index) => Number.isInteger(index) && index >= 0 && index < spot.theta.length);
  if (!isThere || pair[0] === pair[1]) return `Two different parameters of ${spot.theta.length} are needed.`;
  await inspectPair(spot, pair, part, meter);
  return null;
}

type Place = Pick<Spot, 'theta' | 'ownStep' | 'origin'> & { readonly search: CriticalPointSearch | null };

/** The run's own point, or the critical point nearest to it; a sentence when there is no such search. */
async function placeOf(
  unit: BenchedUnit,
  step: number,
  nearest: boolean,
  emit: EmitInspection,
  cancel: CancelToken,
): Promise<Place | string> {
  const own = unit.course.run.theta.slice();
  if (!nearest) return { theta: own, ownStep: await ownStepAt(unit, step, cancel), origin: null, search: null };
  if (unit.experiment.model && kinksOfLoss(unit.experiment.model) === 'jumps') {
    return 'The loss has kinks: its gradient does not fade towards a critical point, so that there is none to be found by it.';
  }
  const onIteration = (iteration: number, share: number, norm: number): void =>
    emit({
      kind: 'progress',
      fraction: 0.1 + 0.3 * share,
      text: `Searching: gradient norm ${norm.toPrecision(2)} after ${iteration} steps, ${Math.round(100 * share)} % of the work for it`,
    });
  const { theta, search } = await findCriticalPoint(unit, own, cancel, onIteration);
  return { theta, ownStep: null, origin: own, search };
}

/** All parts in the order of what they answer. */
async function tell(
  spot: Spot,
  search: CriticalPointSearch | null,
  wish: InspectionWish,
  part: EmitPart,
  emit: EmitInspection,
  meter: CostMeter,
): Promise<void> {
  const { cancel } = spot;
  const stage = async (fraction: number, text: string, work: () => Promise<void>): Promise<void> => {
    if (cancel.cancelled) return;
    emit({ kind: 'progress', fraction, text });
    await work();
    await yieldToEvents();
  };
  const point = await inspectPoint(spot, search, wish.largestGradient, meter);
  part(point);
  emit({ kind: 'progress', fraction: 0.45, text: 'Both ends of the spectrum' });
  const { part: verdict, spectrum, falling } = await inspectVerdict(spot, point, meter);
  if (cancel.cancelled) return;
  part(verdict);
  const measured: MeasuredSpot = { ...spot, spectrum };
  await stage(0.55, 'Cutting the loss along lines', () => inspectSlices(measured, part, meter));
  if (verdict.kind === 'saddle') {
    await stage(0.6, 'Trying ways out of the saddle', async () => {
      const escape = await inspectEscape(measured, falling, meter);
      if (escape && !cancel.cancelled) part(escape);
    });
  }
  await stage(0.65, 'What single steps would gain', async () => part(await inspectGains(measured, meter)));
  await stage(0.66, 'Whether the loss is convex', async () => part(await inspectConvexity(measured, meter)));
  let surfaces: SurfacesInProgress | null = null;
  await stage(0.67, 'The loss over planes', async () => {
    surfaces = await openSurfaces(measured, part, meter);
    await surfaces.first();
  });
  await stage(0.7, 'What is left of the loss, and in which directions', async () => {
    const ravine = await inspectRavine(measured, meter);
    if (!ravine || cancel.cancelled) return;
    part(ravine);
    emit({ kind: 'progress', fraction: 0.72, text: 'Trying what helps in a ravine' });
    await inspectRemedies(measured, ravine.best, part, meter);
  });
  await stage(0.76, 'The whole spectrum', async () => {
    const whole = await wholeSpectrum(measured, measured.operator, 'density');
    const density = cancel.cancelled ? null : densityPart(whole, meter);
    if (density) part(density);
    const conditioning = await inspectConditioning(measured, whole, meter);
    if (!cancel.cancelled) part(conditioning);
  });
  await stage(0.82, 'The loss over planes, finer', async () => surfaces?.rest());
  await stage(0.86, 'How rows and batches differ', async () => part(await inspectNoise(measured, meter)));
  // What follows is of the whole run, and takes it to its end and back.
  const here = spot.unit.course.run.snapshot();
  await stage(0.89, 'The spectrum along the run', () => inspectFrames(measured, part, meter));
  await stage(0.94, 'Ends of runs from other seeds', () => inspectMinima(measured, part, meter));
  spot.unit.course.run.restore(here);
}
