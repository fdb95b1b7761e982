import { Random } from '../../base/random';
import { restricted } from '../../curvature/composition';
import { lanczos } from '../../curvature/lanczos';
import { spectralQuadrature } from '../../curvature/quadrature';
import { negativeFraction, spectralHistogram, spectralRange } from '../../curvature/spectralDensity';
import type { Twin } from '../../engine/twin';
import type { InspectedFrame } from '../../records/inspection/spectrum';
import type { CoursePoint } from './course';
import { signedThirds } from './decades';
import { effortOf, timesWithin } from './effort';
import { exactSpectrum, mostDense, noiseOf } from './spectrum';
import { finiteOrNull, type CostMeter, type EmitPart, type MeasuredSpot } from './spot';
import type { BenchedUnit } from './unitBench';

/** Frames along a run at most and at least, and the work of all of them. */
const mostFrames = 12;
const fewestFrames = 4;
const framesWork = 1.6e11;
/** Fewer frames than these tell little of a run's course: then each is taken with fewer products. */
const wantedFrames = 8;
const mostLayers = 24;

/** Hessian products of one frame: random vectors, Lanczos steps of each, and those for one layer. */
interface Detail {
  readonly probes: number;
  readonly lanczosSteps: number;
  readonly layerProducts: number;
}

const full: Detail = { probes: 4, lanczosSteps: 32, layerProducts: 12 };
const light: Detail = { probes: 2, lanczosSteps: 16, layerProducts: 5 };

/** Layers from input to output with the places of all their parameters. */
interface Layer {
  readonly name: string;
  readonly ranges: readonly { readonly offset: number; readonly length: number }[];
}

/** What was seen of a unit's run, by step. */
const known = new WeakMap<BenchedUnit, Map<number, InspectedFrame>>();

/** The spectrum at steps along the whole run, and each layer's largest eigenvalue there. Takes the run to its end. */
export async function inspectFrames(spot: MeasuredSpot, emit: EmitPart, meter: CostMeter): Promise<void> {
  const { unit, cancel, smooth } = spot;
  const { course, plan } = unit;
  // Differences of gradients over a step tell one direction well, and no spectrum.
  if (!smooth) return;
  const reached = await course.to(plan.steps, cancel);
  if (cancel.cancelled) return;
  const points = course.pointsUpTo(reached);
  const layers = layersOf(unit.twin);
  const { count, detail } = affordable(unit, layers.length);
  const chosen = spread(points, count);
  const frames = known.get(unit) ?? new Map<number, InspectedFrame>();
  known.set(unit, frames);
  const steps = chosen.map(({ step }) => step);
  // Both ends first: the picture spans the run early and fills up.
  for (const point of inwards(chosen)) {
    const frame = frames.get(point.step) ?? (await frameAt(spot, point, steps, layers, detail, meter));
    if (cancel.cancelled) return;
    if (!frame) continue;
    frames.set(point.step, frame);
    emit(frame);
  }
}

function affordable(unit: BenchedUnit, layers: number): { readonly count: number; readonly detail: Detail } {
  const { product } = effortOf(unit);
  const within = (detail: Detail): number =>
    timesWithin(
      framesWork,
      product * (detail.probes * detail.lanczosSteps + layers * detail.layerProducts),
      fewestFrames,
      mostFrames,
    );
  const count = within(full);
  return count >= wantedFrames ? { count, detail: full } : { count: Math.min(wantedFrames, within(light)), detail: light };
}

async function frameAt(
  { unit, cancel }: MeasuredSpot,
  { theta, step }: CoursePoint,
  steps: readonly number[],
  layers: readonly Layer[],
  { probes, lanczosSteps, layerProducts }: Detail,
  meter: CostMeter,
): Promise<InspectedFrame | null> {
  const operator = await unit.loss.hessian(theta);
  try {
    const exact = operator.dim <= mostDense;
    // Of the run and not of the place from which one looks: it is the same seen from everywhere.
    const fork = new Random(unit.seed).fork(`frame ${step}`);
    const quadrature = exact
      ? await exactSpectrum(operator)
      : await spectralQuadrature(operator, {
          random: fork,
          steps: lanczosSteps,
          tolerance: 0.05,
          maximumApplications: probes * lanczosSteps,
          cancel,
        });
    if (cancel.cancelled) return null;
    const range = spectralRange(quadrature);
    // So few Lanczos steps do not tell the many eigenvalues at zero from those close by.
    const noise = exact ? noiseOf(true) : 5 * noiseOf(false);
    const floor = noise * Math.max(Math.abs(range[0]), Math.abs(range[1]));
    if (!(floor > 0) || !Number.isFinite(floor)) return null;
    const edges = signedThirds(range, floor);
    const shares = spectralHistogram(quadrature, edges);
    const negative = negativeFraction(quadrature, noise);
    const largest = [];
    for (const { name, ranges } of layers) {
      const block = restricted(operator, ranges);
      const options = { ends: 'largest', tolerance: 0.02, maximumApplications: layerProducts, cancel } as const;
      const { value, error } = (await lanczos(block, { random: fork.fork(name), ...options })).largest;
      largest.push({ name, largest: value, error: finiteOrNull(error) });
    }
    return {
      part: 'frame',
      step,
      steps,
      edges,
      shares: Float64Array.from(shares, ({ value }) => value),
      errors: Float64Array.from(shares, ({ error }) => error),
      exact,
      probes: exact ? 0 : quadrature.probes.length,
      lanczosSteps: exact ? 0 : lanczosSteps,
      largest: range[1],
      smallest: range[0],
      negative: { value: negative.value, error: finiteOrNull(negative.error) },
      layers: largest,
      cost: meter.take(),
    };
  } finally {
    operator.dispose();
  }
}

/** Parameters with the same name up to their role belong to one layer. */
function layersOf({ parameters }: Twin): Layer[] {
  const layers = new Map<string, { offset: number; length: number }[]>();
  for (const { name, offset, length } of parameters) {
    const layer = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : name;
    layers.set(layer, [...(layers.get(layer) ?? []), { offset, length }]);
  }
  return [...layers].slice(0, mostLayers).map(([name, ranges]) => ({ name, ranges }));
}

/** At most `count` of the points, the first few close together as the run's changes are, with both ends. */
function spread(points: readonly CoursePoint[], count: number): CoursePoint[] {
  if (points.length <= count) return [...points];
  const last = points.length - 1;
  const picked = new Set(Array.from({ length: count }, (_, i) => Math.round(last * (i / (count - 1)) ** 1.5)));
  return points.filter((_, i) => picked.has(i));
}

/** The last, the first, then what lies halfway between those that were told. */
function inwards<T>(all: readonly T[]): T[] {
  const order: T[] = [];
  const add = (i: number): void => {
    const entry = all[i];
    if (entry !== undefined && !order.includes(entry)) order.push(entry);
  };
  add(all.length - 1);
  add(0);
  for (let stride = all.length; stride >= 1; stride /= 2)
    for (let i = stride / 2; i < all.length; i += stride) add(Math.floor(i));
  for (const i of all.keys()) add(i);
  return order;
}
