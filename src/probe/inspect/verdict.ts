import { adjointCheck } from '../../curvature/adjointCheck';
import { criticalPoint, negativeBeyondRounding, type CriticalPointEvidence } from '../../curvature/criticalPoint';
import {
  finiteProbes,
  layerDirections,
  randomDirections,
  type ProbeDirection,
  type ProbeResult,
} from '../../curvature/finiteProbes';
import { gainWithinReach } from '../../curvature/gradientGain';
import { lanczos, type LanczosResult, type RitzEnd } from '../../curvature/lanczos';
import type { LinearOperator } from '../../curvature/operator';
import { deadParameters, deadUnits, withoutDead, type DeadUnits } from '../../curvature/deadUnits';
import { effectiveRates, equilibriumTurn, withoutScales, type ScaleGroup } from '../../curvature/scaleFree';
import { duplicatedUnits, symmetryBreakingDirections } from '../../curvature/symmetry';
import type { InspectedPoint } from '../../records/inspection/point';
import type { InspectedCopies, InspectedEnd, InspectedVerdict } from '../../records/inspection/verdict';
import { curvatureElsewhere } from './elsewhere';
import { hiddenLayers } from '../observeSymmetry';
import { whyNoZero } from './noZero';
import { finiteOrNull, type CostMeter, type Spot } from './spot';
import { hasKinkedActivations, kinksOfLoss, scaleFreeGroups } from './structure';

/** Random directions that finite probes try, and layers at most. */
const randomProbes = 8;
const mostLayers = 24;
/** Products that tell what the gradient could gain. */
const gainSteps = 16;
/** Distances of finite probes over the reach. */
const probeShares = [1e-3, 1e-2, 0.1, 0.3];

/** The verdict with what later parts build on. */
export interface Verdict {
  readonly part: InspectedVerdict;
  readonly spectrum: LanczosResult;
  /** A direction along which a finite probe fell, where second order shows none. */
  readonly falling: Float32Array | null;
}

/** Names the point: both ends of the spectrum from a fresh random start, and the loss at finite distances where the gradient vanishes. */
export async function inspectVerdict(spot: Spot, point: InspectedPoint, meter: CostMeter): Promise<Verdict> {
  const { unit, theta, gradient } = spot;
  const scale = scaleFreeGroups(unit.experiment, unit.twin);
  const dead = await deadOf(spot);
  const flat = deadParameters(theta.length, unit.form.decay === null ? dead : []);
  const operator = withoutScales(withoutDead(spot.operator, flat), theta, scale);
  const asymmetry = spot.smooth ? (await adjointCheck(spot.operator, spot.random.fork('adjoint'), 1)).asymmetry : null;
  let spectrum = await bothEnds(spot, operator, false);
  const gradientGain = await gainOf(spot, operator);
  const noZero = await whyNoZero(spot, point);
  let elsewhere: CriticalPointEvidence['elsewhere'] = null;
  const evidence = (probes: readonly ProbeResult[] | null): CriticalPointEvidence => ({
    ...point,
    gradientGain,
    ...(noZero === null ? {} : { noZero }),
    spectrum,
    deadParameters: countOf(flat),
    elsewhere,
    probes,
    reach: spot.reach,
    smooth: spot.smooth,
  });
  const groups = copiesOf(spot);
  let results: ProbeResult[] = [];
  let directions: ProbeDirection[] = [];
  const isCritical = criticalPoint(evidence(null)).kind !== 'not critical';
  if (isCritical) {
    // "No negative curvature" needs the bound too, and not only the smallest value that was found.
    if (spectrum.smallest.value > 0) spectrum = await bothEnds(spot, operator, true);
    if (spot.smooth && negativeBeyondRounding(spectrum)) elsewhere = await curvatureElsewhere(spot, spectrum.smallest.vector);
    directions = probeDirections(spot, spectrum, groups).map((one) => ({ ...one, vector: withoutFlat(one.vector, flat) }));
    const radii = probeShares.map((share) => share * spot.reach);
    results = await finiteProbes(unit.loss.lossAt, theta, directions, { radii, gradient, cancel: spot.cancel });
  }
  const named = criticalPoint(evidence(isCritical ? results : null));
  const falls = deepest(results);
  const part: InspectedVerdict = {
    part: 'verdict',
    kind: named.kind,
    nearly: named.nearly,
    reasons: named.reasons,
    couldHaveMissed: [...named.couldHaveMissed, ...blindSpots(spot)],
    largest: endOf(spectrum.largest),
    smallest: endOf(spectrum.smallest),
    missProbability: spectrum.missProbability,
    scaleDirections: scale.length,
    scaleRates: scaleRatesOf(spot, scale),
    asymmetry,
    copies: groups.map(({ layer, groups: of }) => ({ layer, groups: of })),
    dead: dead.map(({ layer, of, units }) => ({ layer, of, units })),
    deadParameters: countOf(flat),
    probes: results,
    cost: meter.take(),
  };
  return { part, spectrum, falling: directions.find(({ name }) => name === falls?.name)?.vector ?? null };
}

/** How fast the directions of weights turn whose lengths have no effect. */
function scaleRatesOf({ unit, theta }: Spot, groups: readonly ScaleGroup[]): InspectedVerdict['scaleRates'] {
  const { optimizer } = unit.experiment;
  const rate = unit.course.run.learningRate;
  const rates = effectiveRates(theta, groups, rate);
  if (rates === null || optimizer === null) return null;
  const isPlain = optimizer.kind === 'sgd' && optimizer.settings.momentum.value === 0;
  const decay = isPlain || optimizer.kind === 'adamw' ? optimizer.settings.weightDecay.value : 0;
  return { ...rates, turn: decay > 0 ? equilibriumTurn(rate, decay) : null };
}

/** The probe that fell the most; undefined when none did. */
function deepest(results: readonly ProbeResult[]): ProbeResult | undefined {
  const depth = ({ ahead, behind }: ProbeResult): number => Math.min(...ahead, ...behind);
  const falling = results.filter(({ trend }) => trend === 'falls' || trend === 'crosses');
  return falling.sort((a, b) => depth(a) - depth(b))[0];
}

/** |Δloss| between here and the second-order model's critical point, over the loss. */
async function gainOf({ gradient, reach, loss, cancel }: Spot, operator: LinearOperator): Promise<number> {
  return (await gainWithinReach(operator, gradient, reach, gainSteps, cancel)) / Math.max(Math.abs(loss), 1e-12);
}

function bothEnds(spot: Spot, operator: LinearOperator, untilBounded: boolean): Promise<LanczosResult> {
  const { lanczosProducts } = spot.unit.plan;
  return lanczos(operator, {
    random: spot.random.fork(untilBounded ? 'ends, bounded' : 'ends'),
    tolerance: untilBounded ? 1e-3 : 0.01,
    smallestTolerance: untilBounded ? 1e-3 : 3e-3,
    untilBounded,
    maximumApplications: (untilBounded ? 4 : 2) * lanczosProducts,
    cancel: spot.cancel,
  });
}

type Copies = InspectedCopies & { readonly directions: readonly ProbeDirection[] };

/** Units that are copies of each other, with directions that tell them apart. */
function copiesOf({ unit, theta, gradient }: Spot): Copies[] {
  const { experiment, twin } = unit;
  const layers = experiment.model ? hiddenLayers(experiment.model, twin) : [];
  return layers.flatMap(({ name, layout }) => {
    const groups = duplicatedUnits(theta, gradient, layout);
    if (groups.length === 0) return [];
    return [{ layer: name, groups, directions: symmetryBreakingDirections(theta.length, layout, groups) }];
  });
}

/** Units that are zero on every row. */
async function deadOf({ unit, theta, random }: Spot): Promise<DeadUnits[]> {
  const { experiment, twin, loss } = unit;
  const layers = experiment.model ? hiddenLayers(experiment.model, twin) : [];
  if (layers.length === 0) return [];
  const layouts = layers.map(({ name, layout }) => ({ ...layout, name }));
  return deadUnits(loss.bareGradient, theta, layouts, random.fork('dead'));
}

const countOf = (flags: Uint8Array): number => flags.reduce((sum, flag) => sum + flag, 0);

/** The direction without parameters that have no effect near here. */
const withoutFlat = (vector: Float32Array, flat: Uint8Array): Float32Array =>
  flat.includes(1) ? vector.map((value, i) => (flat[i] === 1 ? 0 : value)) : vector;

function probeDirections({ unit, theta, random }: Spot, spectrum: LanczosResult, copies: readonly Copies[]): ProbeDirection[] {
  const { largest, smallest } = spectrum;
  const ends: ProbeDirection[] = [
    { kind: 'eigenvector', name: 'the top eigenvector', vector: largest.vector },
    { kind: 'eigenvector', name: 'the bottom eigenvector', vector: smallest.vector },
  ];
  return [
    ...ends.filter(({ vector }) => vector.length > 0),
    // Along the top eigenvector the loss rises and hides the rest.
    ...randomDirections(theta.length, randomProbes, random.fork('probes'), largest.value > 0 ? [largest.vector] : []),
    ...layerDirections(theta.length, unit.twin.parameters.slice(0, mostLayers), random.fork('layers')),
    ...copies.flatMap(({ directions }) => directions),
  ];
}

function blindSpots({ unit, smooth }: Spot): string[] {
  const { model } = unit.experiment;
  if (!smooth || !model) return [];
  return [
    ...(hasKinkedActivations(model)
      ? ['kinks of the activations that lie beside this point, which the Hessian does not see']
      : []),
    ...(kinksOfLoss(model) === 'bends' ? ['errors further away that come to where the loss goes on as a straight line'] : []),
  ];
}

const endOf = ({ value, residual, error, bound }: RitzEnd): InspectedEnd => ({
  value,
  residual,
  error: finiteOrNull(error),
  bound: finiteOrNull(bound),
});
