import type { InspectedSlice } from '../../src/records/inspection/slice';
import type { InspectedSurface } from '../../src/records/inspection/surface';
import { formatNumber } from '../format';
import { interpolate, type Interpolated } from './interpolation';
import { stepper, type PlayedOptimizer, type PlaySettings, type Spot } from './optimizers';

/** Problems that optimizers are let loose on. */
export type ProblemKind = 'parameters' | 'quadratic' | 'eigenvectors' | 'trajectory';

/** A loss over one or two numbers, drawn as a grid and walked with its slope. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly title: string;
  /** What is drawn, and what must be kept in mind. */
  readonly note: string;
  readonly surface: InspectedSurface;
  /** Null outside of the picture. */
  at(x: number, y: number): Interpolated | null;
  readonly start: Spot;
  /** Largest curvature at the point that is looked at; not positive where it curves downwards. */
  readonly curvature: number;
}

/** How an optimizer went. */
export interface Way {
  readonly optimizer: PlayedOptimizer;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly losses: Float64Array;
  /** `outside`: it left the picture, or the loss is not finite there. */
  readonly ended: 'steps' | 'outside';
}

/** Lets an optimizer loose from `start` for up to `steps` steps; deterministic, on the whole loss. */
export function descend(problem: Problem, optimizer: PlayedOptimizer, settings: PlaySettings, start: Spot, steps: number): Way {
  const step = stepper(optimizer, settings);
  const [xs, ys, losses]: [number[], number[], number[]] = [[], [], []];
  let [x, y] = start;
  let ended: Way['ended'] = 'steps';
  for (let i = 0; i <= steps; i++) {
    const here = problem.at(x, y);
    if (!here) {
      ended = 'outside';
      break;
    }
    xs.push(x);
    ys.push(y);
    losses.push(here.loss);
    const [dx, dy] = step(here.slope);
    x += dx;
    y += dy;
  }
  return { optimizer, x: Float64Array.from(xs), y: Float64Array.from(ys), losses: Float64Array.from(losses), ended };
}

const notes: Readonly<Record<Exclude<ProblemKind, 'quadratic'>, string>> = {
  parameters: 'measured on the rows; between the places of the grid the loss is interpolated',
  eigenvectors: 'measured in the plane of both eigenvectors; RMSprop and Adam scale these two axes, not the parameters',
  trajectory: 'measured in the plane of the run’s main directions; RMSprop and Adam scale these two axes, not the parameters',
};
const titles: Readonly<Record<ProblemKind, string>> = {
  parameters: 'Two parameters',
  quadratic: 'Quadratic with this spectrum',
  eigenvectors: 'Plane of the eigenvectors',
  trajectory: 'Plane of the run',
};

/** A measured plane as a problem; it starts where the run did, or as near to there as the picture goes. */
export function measuredProblem(surface: InspectedSurface, kind: Exclude<ProblemKind, 'quadratic'>): Problem {
  const { xs, ys, trajectory, here, whole } = surface;
  const at = (x: number, y: number): Interpolated | null => interpolate(surface, x, y);
  const names = ys.length > 1 ? `${surface.xTitle} and ${surface.yTitle}` : surface.xTitle;
  const held = kind === 'parameters' && !whole ? '; all others are held' : '';
  const title =
    kind !== 'parameters'
      ? titles[kind]
      : ys.length > 1
        ? whole
          ? 'The whole problem'
          : titles.parameters
        : 'The whole problem';
  return {
    kind,
    title,
    note: `${kind === 'parameters' ? `${names}: ` : ''}${notes[kind]}${held}`,
    surface,
    at,
    start: [inside(xs, trajectory.x[0] ?? here[0]), ys.length > 1 ? inside(ys, trajectory.y[0] ?? here[1]) : 0],
    curvature: curvatureAt(surface, here),
  };
}

/** The nearest value that leaves a twentieth of the axis to its ends. */
function inside(axis: Float64Array, value: number): number {
  const [low, high] = [axis[0] as number, axis[axis.length - 1] as number];
  const rim = 0.05 * (high - low);
  return Math.min(high - rim, Math.max(low + rim, value));
}

/** The larger eigenvalue of the second differences about a place. */
function curvatureAt(surface: InspectedSurface, [x, y]: readonly [number, number]): number {
  const { xs, ys } = surface;
  const spacing = (axis: Float64Array): number =>
    ((axis[axis.length - 1] as number) - (axis[0] as number)) / Math.max(1, axis.length - 1);
  const loss = (a: number, b: number): number => interpolate(surface, a, b)?.loss ?? NaN;
  const h = spacing(xs);
  const xx = (loss(x + h, y) - 2 * loss(x, y) + loss(x - h, y)) / (h * h);
  if (ys.length === 1) return xx;
  const k = spacing(ys);
  const yy = (loss(x, y + k) - 2 * loss(x, y) + loss(x, y - k)) / (k * k);
  const xy = (loss(x + h, y + k) - loss(x + h, y - k) - loss(x - h, y + k) + loss(x - h, y - k)) / (4 * h * k);
  return (xx + yy) / 2 + Math.sqrt(((xx - yy) / 2) ** 2 + xy * xy);
}

/** Places of the grid that a quadratic is drawn on, each way. */
const gridSize = 41;
/** Width over height of a picture whose axes have one scale, and how long a ravine may look before its floor is squeezed. */
const aspect = 1.6;
const longest = 6;

/**
 * The second-order model in its two outermost directions, about its own critical point: the ravine, or the saddle, of this net. The
 * flat direction lies level; both axes have one scale, unless the floor is too long to be seen.
 */
export function quadraticProblem(top: InspectedSlice, bottom: InspectedSlice): Problem | null {
  const [steep, flat] = [top.curvature, bottom.curvature];
  if (!(steep > 0) || flat === 0 || !Number.isFinite(steep) || !Number.isFinite(flat)) return null;
  const lossAt = (x: number, y: number): number => 0.5 * (flat * x * x + steep * y * y);
  const squeezed = Math.max(1, Math.sqrt(steep / Math.abs(flat)) / longest / aspect);
  const height = 1.25 * Math.sqrt((2 * Math.max(Math.abs(top.loss), 1e-6)) / steep);
  const width = height * aspect * squeezed;
  const axis = (end: number): Float64Array =>
    Float64Array.from({ length: gridSize }, (_, i) => end * ((2 * i) / (gridSize - 1) - 1));
  const [xs, ys] = [axis(width), axis(height)];
  const none = new Float64Array(0);
  const stretch = flat > 0 ? `condition number ${formatNumber(steep / flat)}` : 'a saddle: the level direction curves downwards';
  const scale = squeezed > 1 ? `; the level axis is squeezed ${formatNumber(squeezed)}-fold` : '';
  return {
    kind: 'quadratic',
    title: titles.quadratic,
    note: `½ (${formatNumber(flat)} x² + ${formatNumber(steep)} y²), ${stretch}: the outermost curvatures at this point and nothing of what bends them${scale}`,
    surface: {
      part: 'surface',
      plane: 'eigenvectors',
      xTitle: 'bottom eigenvector',
      yTitle: 'top eigenvector',
      xs,
      ys,
      losses: Float64Array.from({ length: gridSize ** 2 }, (_, i) =>
        lossAt(xs[i % gridSize] as number, ys[Math.floor(i / gridSize)] as number),
      ),
      here: [0, 0],
      whole: false,
      trajectory: { steps: none, x: none, y: none, distance: none },
      level: 1,
      levels: 1,
      cost: { applications: 0, evaluations: 0, milliseconds: 0 },
    },
    at: (x, y) => (Math.abs(x) <= width && Math.abs(y) <= height ? { loss: lossAt(x, y), slope: [flat * x, steep * y] } : null),
    start: [(flat > 0 ? -0.8 : -0.03) * width, 0.6 * height],
    curvature: steep,
  };
}
