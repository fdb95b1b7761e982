import { filterNormalisedDirection, principalDirections } from '../../curvature/directions';
import { surface, type Plane, type Surface } from '../../curvature/surface';
import { axpy, dot, norm, plus } from '../../curvature/vector';
import type { InspectedSurface, PlaneKind } from '../../records/inspection/surface';
import type { CoursePoint } from './course';
import { effortOf } from './effort';
import { entryName, inspectOnlyParameter, parameterAxes, trajectoryOver } from './parameterPlane';
import { eigenvectorRadius } from './slices';
import type { CostMeter, EmitPart, MeasuredSpot, Spot } from './spot';

/** A plane with its words, and the run's way seen in it. */
interface DrawnPlane {
  readonly kind: PlaneKind;
  readonly plane: Plane;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly here: InspectedSurface['here'];
  readonly trajectory: InspectedSurface['trajectory'];
}

/** Work of all surfaces together. */
const surfaceWork = 2e11;
/** The level up to which a surface is seen before other parts are: 9×9. */
const firstLevels = 2;

/** Draws the loss over planes further, every one coarse before any gets finer: first as far as to be seen, then to the end. Ends at cancellation. */
export interface SurfacesInProgress {
  first(): Promise<void>;
  rest(): Promise<void>;
}

/** Surfaces at a point; the loss over its only parameter where a model has one. */
export async function openSurfaces(spot: MeasuredSpot, emit: EmitPart, meter: CostMeter): Promise<SurfacesInProgress> {
  if (spot.theta.length > 1) return drawing(spot, await planesOf(spot), emit, meter);
  const points = spot.unit.course.pointsUpTo(spot.step);
  return { first: () => inspectOnlyParameter(spot, points, emit, meter), rest: () => Promise.resolve() };
}

/** The loss over two chosen entries of θ, from coarse to fine. */
export async function inspectPair(spot: Spot, pair: readonly [number, number], emit: EmitPart, meter: CostMeter): Promise<void> {
  await drawing(spot, [await pairPlane(spot, pair)], emit, meter).rest();
}

function drawing(spot: Spot, planes: readonly DrawnPlane[], emit: EmitPart, meter: CostMeter): SurfacesInProgress {
  const levels = levelsFor(spot, planes.length);
  const drawings = planes.map((drawn) => ({
    drawn,
    grids: surface(spot.unit.loss.lossAt, drawn.plane, levels, spot.cancel),
  }));
  let level = 0;
  const upTo = async (last: number): Promise<void> => {
    while (level < last) {
      level++;
      for (const { drawn, grids } of drawings) {
        const next = await grids.next();
        if (next.done || spot.cancel.cancelled) return;
        emit(partOf(spot, drawn, next.value, level, levels, meter));
      }
    }
  };
  return { first: () => upTo(Math.min(firstLevels, levels)), rest: () => upTo(levels) };
}

function partOf(
  { theta }: Spot,
  { kind, xTitle, yTitle, here, trajectory }: DrawnPlane,
  grid: Surface,
  level: number,
  levels: number,
  meter: CostMeter,
): InspectedSurface {
  const whole = theta.length <= 2;
  return { part: 'surface', plane: kind, xTitle, yTitle, ...grid, here, whole, trajectory, level, levels, cost: meter.take() };
}

/** As fine as the work allows: grids of 9×9 to 33×33, and 65×65 where there are two parameters. */
function levelsFor({ unit, theta }: Spot, planes: number): number {
  const { evaluation } = effortOf(unit);
  const affordable = [...(theta.length === 2 ? [5] : []), 4, 3].find(
    (levels) => (4 * 2 ** (levels - 1) + 1) ** 2 * evaluation * planes <= surfaceWork,
  );
  return affordable ?? 2;
}

async function planesOf(spot: MeasuredSpot): Promise<DrawnPlane[]> {
  const { theta, spectrum, random, unit, step } = spot;
  const points = unit.course.pointsUpTo(step);
  // Two parameters are drawn with their values, and whole: other directions would show the same again.
  if (theta.length === 2) return [await pairPlane(spot, [0, 1])];
  const planes: DrawnPlane[] = [];
  const { largest, smallest } = spectrum;
  if (largest.vector.length > 0 && Math.abs(dot(largest.vector, smallest.vector)) < 0.5) {
    const [x, y] = [await eigenvectorRadius(spot, 'largest'), await eigenvectorRadius(spot, 'smallest')];
    const plane: Plane = { centre: theta, x: largest.vector, y: smallest.vector, xRange: [-x, x], yRange: [-y, y] };
    planes.push(drawnPlane('eigenvectors', plane, ['top eigenvector', 'bottom eigenvector'], points));
  }
  const [one, two] = ['x', 'y'].map((name) =>
    filterNormalisedDirection(theta, unit.twin.parameters, random.fork(`random ${name}`)),
  );
  if (one && two && norm(one) > 0 && norm(two) > 0) {
    const plane: Plane = { centre: theta, x: one, y: two, xRange: [-1, 1], yRange: [-1, 1] };
    planes.push(drawnPlane('random', plane, ['random direction', 'another random direction'], points));
  }
  const trajectory = await trajectoryPlane(spot, points);
  return trajectory ? [...planes, trajectory] : planes;
}

async function pairPlane(spot: Spot, pair: readonly [number, number]): Promise<DrawnPlane> {
  const { theta, unit, step } = spot;
  const points = unit.course.pointsUpTo(step);
  const [xTitle, yTitle] = [entryName(unit.twin.parameters, pair[0]), entryName(unit.twin.parameters, pair[1])];
  return {
    kind: 'parameters',
    plane: await parameterAxes(spot, pair, points),
    xTitle,
    yTitle,
    here: [theta[pair[0]] as number, theta[pair[1]] as number],
    trajectory: trajectoryOver(pair, theta, points),
  };
}

async function trajectoryPlane({ theta, random }: MeasuredSpot, points: readonly CoursePoint[]): Promise<DrawnPlane | null> {
  const around = [...points.map((point) => point.theta), theta];
  const [first, second] = await principalDirections(around, 2, random.fork('trajectory'));
  if (!first || !second) return null;
  const titles: [string, string] = [
    `main direction of the run, ${Math.round(100 * first.share)} % of its way`,
    `second direction, ${Math.round(100 * second.share)} %`,
  ];
  const projected = projection({ centre: theta, x: first.vector, y: second.vector }, points);
  const [xRange, yRange] = [withMargin(projected.x), withMargin(projected.y)];
  const plane: Plane = { centre: theta, x: first.vector, y: second.vector, xRange, yRange };
  return drawnPlane('trajectory', plane, titles, points);
}

function drawnPlane(
  kind: PlaneKind,
  plane: Plane,
  [xTitle, yTitle]: readonly [string, string],
  points: readonly CoursePoint[],
): DrawnPlane {
  return { kind, plane, xTitle, yTitle, here: [0, 0], trajectory: projection(plane, points) };
}

/** From the lowest to the highest place, zero among them, with a fifth more on both sides. */
function withMargin(places: Float64Array): [number, number] {
  const low = Math.min(0, ...places);
  const high = Math.max(0, ...places);
  const margin = 0.2 * (high - low) || 1;
  return [low - margin, high + margin];
}

/** The points nearest to the run's in the plane, by least squares, with their distances from it. */
export function projection(
  { centre, x, y }: Pick<Plane, 'centre' | 'x' | 'y'>,
  points: readonly CoursePoint[],
): InspectedSurface['trajectory'] {
  const [xx, xy, yy] = [dot(x, x), dot(x, y), dot(y, y)];
  const determinant = xx * yy - xy * xy;
  const places = points.map(({ theta }) => {
    const offset = plus(theta, -1, centre);
    const [ox, oy] = [dot(offset, x), dot(offset, y)];
    const a = (yy * ox - xy * oy) / determinant;
    const b = (xx * oy - xy * ox) / determinant;
    axpy(-a, x, offset);
    axpy(-b, y, offset);
    return { a, b, distance: norm(offset) };
  });
  return {
    steps: Float64Array.from(points, ({ step }) => step),
    x: Float64Array.from(places, ({ a }) => a),
    y: Float64Array.from(places, ({ b }) => b),
    distance: Float64Array.from(places, ({ distance }) => distance),
  };
}
