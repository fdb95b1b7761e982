import { preconditioned } from '../../curvature/composition';
import { lossByMode, slowShare, type LossByMode, type ModeLosses } from '../../curvature/lossByMode';
import { RavineAccount } from '../../curvature/ravine';
import { dot, plus } from '../../curvature/vector';
import { bestHeavyBall } from '../../diagnosis/dynamics';
import { momentumOf } from '../../diagnosis/limits';
import type { InspectedRavine, RavinePath } from '../../records/inspection/ravine';
import { ownDiagonal } from './conditioning';
import { effortOf, timesWithin } from './effort';
import { histogram, thirdsOfDecades } from './decades';
import { uncertain } from './spectrum';
import type { CostMeter, MeasuredSpot } from './spot';

/** Steps that are followed, and the work that they may take. */
const pathSteps = 40;
const pathWork = 2e9;
/** Share of what is left of the loss that may lie on flatter curvatures than the flattest that momentum is set for. */
const flatShare = 0.1;

/** Spread of curvatures under which momentum has nothing to even out. */
const leastSpread = 1.5;

/** What is left of the loss by curvature, how the next steps lie about the stiffest direction, and the momentum for it. Leaves the run as it was. */
export async function inspectRavine(spot: MeasuredSpot, meter: CostMeter): Promise<InspectedRavine | null> {
  const { unit, gradient, operator, cancel } = spot;
  const { optimizer } = unit.experiment;
  if (!optimizer) return null;
  const products = Math.max(16, Math.min(32, unit.plan.lanczosProducts));
  const plain = await lossByMode(operator, gradient, products, cancel);
  const diagonal = ownDiagonal(spot);
  const own = diagonal ? await ownModes(spot, diagonal, products) : plain;
  const rate = unit.course.run.learningRate;
  // Adam's averaging takes as much from a step as its memory adds over the following ones.
  const memory = 'beta1' in optimizer.settings ? 0 : momentumOf(optimizer);
  const slowBelow = (1 - memory) / (rate * unit.plan.ofSteps);
  const hasLoss = own.losses.some((loss) => loss > 0);
  const edges = hasLoss ? thirdsOfDecades(own.eigenvalues.filter((_, j) => (own.losses[j] as number) > 0)) : new Float64Array(0);
  const shares = sharesOf(own, edges);
  const before = own.earlier[own.earlier.length - 1];
  const share = Number.isFinite(slowBelow) ? slowShare(own, slowBelow) : null;
  return {
    part: 'ravine',
    edges,
    shares,
    shareErrors: before
      ? sharesOf(before, edges).map((value, j) => Math.abs(value - (shares[j] as number)))
      : shares.map(() => 0),
    preconditioned: diagonal !== null,
    left: uncertain(own.left),
    slowBelow,
    slowShare: share && uncertain(share),
    undecided: own.undecided,
    path: await pathFrom(spot),
    best: bestFor(spot, plain),
    cost: meter.take(),
  };
}

/** Shares of what is left between the edges; what lies outside of them counts in none. */
function sharesOf({ eigenvalues, losses }: ModeLosses, edges: Float64Array): Float64Array {
  const left = losses.reduce((sum, loss) => sum + loss, 0);
  return histogram(eigenvalues, losses, edges).map((loss) => (left > 0 ? loss / left : 0));
}

function ownModes({ operator, gradient, cancel }: MeasuredSpot, diagonal: Float32Array, products: number): Promise<LossByMode> {
  const scaled = gradient.map((g, i) => g / Math.sqrt(diagonal[i] as number));
  return lossByMode(preconditioned(operator, diagonal), scaled, products, cancel);
}

/** Follows the run's own next steps and puts it back. */
async function pathFrom({ unit, origin, spectrum, cancel }: MeasuredSpot): Promise<RavinePath | null> {
  const stiff = spectrum.largest.vector;
  const { run } = unit.course;
  const count = timesWithin(pathWork, effortOf(unit).step, 0, pathSteps);
  // One direction alone has no other to be compared with.
  if (origin !== null || stiff.length < 2 || count < 4) return null;
  const before = run.snapshot();
  const account = new RavineAccount(stiff);
  let [there, way] = [0, 0];
  for (let i = 0; i < count && !cancel.cancelled; i++) {
    const from = run.theta.slice();
    const { nonFinite } = await run.advance(1, cancel);
    if (nonFinite) break;
    const step = plus(run.theta.slice(), -1, from);
    const along = dot(step, stiff);
    there += along;
    way += Math.abs(along);
    account.add(step);
  }
  run.restore(before);
  const { steps, alternation, floorStraightness, stiffShare } = account.progress();
  if (steps < 2) return null;
  return { steps, alternation, stiffProgress: way > 0 ? Math.abs(there) / way : 0, floorProgress: floorStraightness, stiffShare };
}

/** Heavy ball between the stiffest curvature and the flattest above which nine tenths of what is left lie. */
function bestFor({ spectrum }: MeasuredSpot, { eigenvalues, losses }: LossByMode): InspectedRavine['best'] {
  const left = losses.reduce((sum, loss) => sum + loss, 0);
  const stiffest = spectrum.largest.value;
  let below = 0;
  for (const [j, loss] of losses.entries()) {
    below += loss;
    const flattest = eigenvalues[j] as number;
    if (!(below > flatShare * left) || !(flattest > 0) || !(stiffest > leastSpread * flattest)) continue;
    return { ...bestHeavyBall(stiffest, flattest), stiffest, flattest };
  }
  return null;
}
