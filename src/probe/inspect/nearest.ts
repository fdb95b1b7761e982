import type { CancelToken } from '../../base/cancel';
import { nearestCriticalPoint } from '../../curvature/nearestCriticalPoint';
import { norm } from '../../curvature/vector';
import { smallerLayer } from '../../curvature/smallerNet';
import type { CriticalPointSearch, SmallerLayer } from '../../records/inspection/point';
import { takers } from '../../diagnosis/graphWalk';
import { hiddenLayers } from '../observeSymmetry';
import { effortOf, timesWithin } from './effort';
import { hasKinkedActivations, kinksOfLoss, outputRays } from './structure';
import type { HeldOperator } from './trainedLoss';
import type { BenchedUnit } from './unitBench';

/** Work of the search, and the Hessian products that it may take: at least, and at most. */
const searchWork = 1e12;
const [fewestProducts, mostProducts] = [300, 12000];
const mostIterations = 400;
/** Work of the search beyond its goal, towards rounding: cheap nets are followed far along their flat valleys. */
const furtherWork = 1e11;
const [fewestFurther, mostFurther] = [1500, 12000];
const furtherIterations = 300;
/** Products in one Krylov space: as far as its vectors take no more than so many bytes, within bounds. */
const spaceBytes = 2 ** 27;
const [fewestInSpace, mostInSpace] = [60, 250];

/** The critical point nearest to `start`, with how the search for it went. */
export async function findCriticalPoint(
  unit: BenchedUnit,
  start: Float32Array,
  cancel: CancelToken,
  /** `share`: how much of the work that it may take at most is done. */
  onIteration: (iteration: number, share: number, gradientNorm: number) => void,
): Promise<{ readonly theta: Float32Array; readonly search: CriticalPointSearch }> {
  const { loss } = unit;
  const { model } = unit.experiment;
  const startLoss = await loss.lossAt(start);
  const largest = await unit.course.largestGradient(unit.course.run.step, loss, cancel);
  const totalApplications = timesWithin(searchWork, effortOf(unit).product, fewestProducts, mostProducts);
  const further = timesWithin(furtherWork, effortOf(unit).product, fewestFurther, mostFurther);
  const before = loss.applications;
  let held: HeldOperator | null = null;
  const hessian = async (theta: Float32Array): Promise<HeldOperator> => {
    held?.dispose();
    held = await loss.hessian(theta);
    return held;
  };
  const letGo = (): void => held?.dispose();
  try {
    const found = await nearestCriticalPoint({ gradient: loss.gradient, hessian, loss: loss.lossAt }, start, {
      maximumIterations: mostIterations,
      maximumApplications: timesWithin(spaceBytes, 4 * start.length, fewestInSpace, mostInSpace),
      totalApplications,
      further: { iterations: furtherIterations, applications: further },
      largestGradientNorm: largest.norm,
      mayHaveKinks: model === null || hasKinkedActivations(model) || kinksOfLoss(model) !== 'none',
      rays: model === null ? [] : outputRays(model, unit.twin),
      cancel,
      onIteration: (iteration, gradientNorm) => {
        const share = Math.max(iteration / mostIterations, (loss.applications - before) / totalApplications);
        onIteration(iteration, Math.min(1, share), gradientNorm);
      },
    });
    const { theta, distance, startGradientNorm, gradientNorm, gradientRounding, iterations, applications, stopped, outward } =
      found;
    const grown = norm(theta) / norm(start);
    const { accuracy } = await loss.objective.evaluate(theta);
    const search = {
      ...{ distance, startLoss, grown, startGradientNorm, gradientNorm, gradientRounding },
      ...{ iterations, applications, accuracy, stopped, outward, smaller: smallerLayers(unit, theta) },
    };
    return { theta, search };
  } finally {
    letGo();
  }
}

/** Hidden layers in which fewer units are left than there are. */
function smallerLayers({ experiment: { model }, twin }: BenchedUnit, theta: Float32Array): SmallerLayer[] {
  if (!model) return [];
  return hiddenLayers(model, twin).flatMap(({ name, layout }) => {
    const node = model.nodes.findIndex((one) => one.name === name);
    const readers = takers(model, node);
    const odd = readers.length > 0 && readers.every(({ kind }) => kind === 'tanh');
    const found = smallerLayer(theta, layout, odd);
    return found.left < found.units ? [{ layer: name, ...found }] : [];
  });
}
