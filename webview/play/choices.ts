import type { InspectionPart } from '../../src/records/inspection/part';
import type { InspectedPoint } from '../../src/records/inspection/point';
import type { InspectedSlice } from '../../src/records/inspection/slice';
import type { InspectedSurface } from '../../src/records/inspection/surface';
import type { PlaySettings, Spot } from './optimizers';
import { measuredProblem, quadraticProblem, type Problem } from './problem';

/** What a person set for one problem. */
export interface PlayChoice {
  readonly settings: PlaySettings;
  readonly steps: number;
  /** Null: the problem's own start. */
  readonly start: Spot | null;
}

/** The problems that an inspection offers, the most telling first. */
export function problemsOf(parts: ReadonlyMap<string, InspectionPart>): Problem[] {
  const surface = (plane: InspectedSurface['plane']): InspectedSurface | null => {
    const part = parts.get(`surface ${plane}`);
    return part?.part === 'surface' ? part : null;
  };
  const slice = (direction: InspectedSlice['direction']): InspectedSlice | null => {
    const part = parts.get(`slice ${direction}`);
    return part?.part === 'slice' ? part : null;
  };
  const [top, bottom] = [slice('top'), slice('bottom')];
  const measured = (['parameters', 'eigenvectors', 'trajectory'] as const).flatMap((plane) => {
    const found = surface(plane);
    return found ? [measuredProblem(found, plane)] : [];
  });
  const isWhole = measured.some((problem) => problem.surface.whole);
  const quadratic = top && bottom && !isWhole ? quadraticProblem(top, bottom) : null;
  return [
    ...measured.filter(({ kind }) => kind === 'parameters'),
    ...(quadratic ? [quadratic] : []),
    ...measured.filter(({ kind }) => kind !== 'parameters'),
  ];
}

/** The larger extent of a problem's axes. */
export const extentOf = ({ surface: { xs, ys } }: Problem): number =>
  Math.max((xs[xs.length - 1] as number) - (xs[0] as number), (ys[ys.length - 1] as number) - (ys[0] as number));

/** The rate at which gradient descent turns unstable at the point; null where the loss does not curve upwards. */
export const limitOf = ({ curvature }: Problem): number | null =>
  curvature > 0 && Number.isFinite(curvature) ? 2 / curvature : null;

/** A rate whose first step takes a twentieth of the picture: where the loss hardly curves, the limit tells nothing. */
function gentleRate(problem: Problem): number {
  const slope = Math.hypot(...(problem.at(...problem.start)?.slope ?? [0, 0]));
  return slope > 0 ? extentOf(problem) / (20 * slope) : 1;
}

/** The script's own settings for the optimizer that it uses, and usual ones for the others. */
export function defaultChoice(problem: Problem, point: InspectedPoint): PlayChoice {
  const { optimizer, learningRate } = point;
  const extent = extentOf(problem);
  const limit = limitOf(problem);
  const isSgd = optimizer?.kind === 'sgd' && learningRate > 0;
  const plain = isSgd ? learningRate : Math.min(limit === null ? Infinity : limit / 4, gentleRate(problem));
  const isAdam = (optimizer?.kind === 'adam' || optimizer?.kind === 'adamw') && learningRate > 0;
  const isRms = optimizer?.kind === 'rmsprop' && learningRate > 0;
  return {
    settings: {
      gd: { rate: plain },
      momentum: { rate: plain, momentum: isSgd && optimizer.momentum > 0 ? optimizer.momentum : 0.9 },
      rmsprop: { rate: isRms ? learningRate : extent / 100, averaging: isRms ? (optimizer.averaging ?? 0.99) : 0.99 },
      adam: {
        rate: isAdam ? learningRate : extent / 100,
        momentum: isAdam ? optimizer.momentum : 0.9,
        averaging: isAdam ? (optimizer.averaging ?? 0.999) : 0.999,
      },
    },
    steps: 60,
    start: null,
  };
}
