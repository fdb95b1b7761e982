import { slice } from '../../curvature/slice';
import type { Plane } from '../../curvature/surface';
import { norm, plus } from '../../curvature/vector';
import type { ParameterView } from '../../engine/twin';
import type { InspectedSurface } from '../../records/inspection/surface';
import type { CoursePoint } from './course';
import type { CostMeter, EmitPart, Spot } from './spot';

/** Room on both sides of the run's way, over its width. */
const margin = 0.6;
/** How much further than the run went its model's minimum may lie to be in the picture, over that way. */
const furthest = 6;
/** Halvings of the only parameter's range: 129 points, shown from the level before on. */
const levels = 7;

/** The name of one entry of the flat vector: `net.0.weight[2, 5]`, or the parameter's alone where it has one entry. */
export function entryName(parameters: readonly ParameterView[], index: number): string {
  const view = parameters.find(({ offset, length }) => index >= offset && index < offset + length);
  if (!view) return `parameter ${index}`;
  if (view.length === 1) return view.name;
  let rest = index - view.offset;
  const places = [...view.shape].reverse().map((size) => {
    const place = rest % size;
    rest = Math.floor(rest / size);
    return place;
  });
  return `${view.name}[${places.reverse().join(', ')}]`;
}

/** Two entries of θ as axes that carry their own values, wide enough for the run's way and the second-order model's minimum. */
export async function parameterAxes(
  spot: Spot,
  [i, j]: readonly [number, number],
  points: readonly CoursePoint[],
): Promise<Plane> {
  const minimum = await modelMinimum(spot, [i, j]);
  const centre = spot.theta.slice();
  centre[i] = centre[j] = 0;
  const unit = (index: number): Float32Array => {
    const vector = new Float32Array(centre.length);
    vector[index] = 1;
    return vector;
  };
  const range = (index: number, at: number | null): [number, number] => rangeOf(valuesOf(spot, points, index), at);
  return { centre, x: unit(i), y: unit(j), xRange: range(i, minimum?.[0] ?? null), yRange: range(j, minimum?.[1] ?? null) };
}

const valuesOf = ({ theta }: Spot, points: readonly CoursePoint[], index: number): number[] =>
  [...points.map((point) => point.theta), theta].map((values) => values[index] as number);

function rangeOf(values: readonly number[], minimum: number | null): [number, number] {
  let [low, high] = [Math.min(...values), Math.max(...values)];
  const width = Math.max(high - low, 0.2 * Math.max(Math.abs(low), Math.abs(high)), 0.1);
  if (minimum !== null && minimum > low - furthest * width && minimum < high + furthest * width) {
    [low, high] = [Math.min(low, minimum), Math.max(high, minimum)];
  }
  const room = margin * Math.max(high - low, width);
  return [low - room, high + room];
}

/** Where the second-order model over two entries is lowest; null where it is not convex in them. For one entry, twice it. */
async function modelMinimum(
  { theta, gradient, operator }: Spot,
  [i, j]: readonly [number, number],
): Promise<[number, number] | null> {
  const column = async (index: number): Promise<Float32Array> => {
    const unit = new Float32Array(theta.length);
    unit[index] = 1;
    const image = new Float32Array(theta.length);
    await operator.apply(unit, image);
    return image;
  };
  const first = await column(i);
  const [a, b] = [first[i] as number, first[j] as number];
  const [p, q] = [gradient[i] as number, gradient[j] as number];
  const [x, y] = [theta[i] as number, theta[j] as number];
  if (i === j) return a > 0 ? [x - p / a, x - p / a] : null;
  const c = (await column(j))[j] as number;
  const determinant = a * c - b * b;
  if (!(a > 0 && determinant > 1e-9 * a * c)) return null;
  return [x - (c * p - b * q) / determinant, y - (a * q - b * p) / determinant];
}

/** The loss over the model's only parameter, from coarse to fine: a surface of one row. */
export async function inspectOnlyParameter(
  spot: Spot,
  points: readonly CoursePoint[],
  emit: EmitPart,
  meter: CostMeter,
): Promise<void> {
  const { xRange, centre, x } = await parameterAxes(spot, [0, 0], points);
  let level = 0;
  for await (const { positions, losses } of slice(spot.unit.loss.lossAt, centre, x, xRange, levels, spot.cancel)) {
    level++;
    if (level < levels - 1) continue;
    emit({
      part: 'surface',
      plane: 'parameters',
      xTitle: entryName(spot.unit.twin.parameters, 0),
      yTitle: '',
      xs: positions,
      ys: new Float64Array(1),
      losses,
      here: [spot.theta[0] as number, 0],
      whole: true,
      trajectory: trajectoryOver([0, 0], spot.theta, points, true),
      level,
      levels,
      cost: meter.take(),
    });
  }
}

/** The run's values of two entries, with the distance of the others from those at the point; of one alone when `single`. */
export function trajectoryOver(
  [i, j]: readonly [number, number],
  theta: Float32Array,
  points: readonly CoursePoint[],
  single = false,
): InspectedSurface['trajectory'] {
  const distance = (values: Float32Array): number => {
    const offset = plus(values, -1, theta);
    offset[i] = offset[j] = 0;
    return norm(offset);
  };
  return {
    steps: Float64Array.from(points, ({ step }) => step),
    x: Float64Array.from(points, (point) => point.theta[i] as number),
    y: Float64Array.from(points, (point) => (single ? 0 : (point.theta[j] as number))),
    distance: Float64Array.from(points, (point) => distance(point.theta)),
  };
}
