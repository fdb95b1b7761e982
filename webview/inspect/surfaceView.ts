import type { InspectedSurface, PlaneKind } from '../../src/records/inspection/surface';
import { formatNumber, formatShare, groupThousands } from '../format';
import { linearScale, ticksOf } from '../plot/scale';
import type { Axis } from '../plot/view';
import { reliefOf, type Relief } from './contours';

/** A surface's axes and what its losses are told apart by. */
export interface SurfaceView {
  readonly x: Axis;
  readonly y: Axis;
  readonly relief: Relief;
}

/** Names of the planes, as they are chosen. */
export const planeTitles: Readonly<Record<PlaneKind, string>> = {
  eigenvectors: 'Top and bottom eigenvector',
  random: 'Two random directions, by filter',
  trajectory: 'Main directions of the run',
  parameters: 'Two parameters',
};

/** Null when no loss of the plane is finite. */
export function surfaceView(surface: InspectedSurface, width: number, height: number): SurfaceView | null {
  const relief = reliefOf(surface);
  if (!relief) return null;
  const axis = (places: Float64Array, wanted: number): Axis => {
    const [low, high] = [places[0] as number, places[places.length - 1] as number];
    return { scale: linearScale, low, high, ticks: ticksOf(linearScale, low, high, Math.max(2, wanted)) };
  };
  return { x: axis(surface.xs, width / 64), y: axis(surface.ys, height / 40), relief };
}

/** What a surface shows, in sentences. */
export function describeSurface(surface: InspectedSurface): string {
  const { xs, ys, losses, trajectory, plane, level, levels } = surface;
  let lowest = -1;
  losses.forEach((loss, i) => {
    if (Number.isFinite(loss) && (lowest < 0 || loss < (losses[lowest] as number))) lowest = i;
  });
  if (lowest < 0) return `${planeTitles[plane]}: no finite loss.`;
  const here = losses[Math.floor(losses.length / 2)] ?? NaN;
  const [x, y] = [xs[lowest % xs.length] as number, ys[Math.floor(lowest / xs.length)] as number];
  const centred = xs[0] === -(xs[xs.length - 1] as number) && ys[0] === -(ys[ys.length - 1] as number);
  return (
    `Loss over two directions: ${surface.xTitle}, ${surface.yTitle}. ${centred ? `${formatNumber(here)} here, ` : ''}lowest ${formatNumber(losses[lowest])} ` +
    `at ${formatNumber(x)}, ${formatNumber(y)}. ${trajectory.steps.length} points of the run on it. Grid of ${xs.length} by ${ys.length}, refinement ${level} of ${levels}.`
  );
}

/** What must be kept in mind beside the picture. */
export function surfaceNote({ trajectory, level, levels, whole }: InspectedSurface, parameters: number): string {
  const far = trajectory.distance[0] ?? 0;
  const start = trajectory.steps[0] ?? 0;
  const off = far > 0 ? ` · step ${groupThousands(start)} lies ${formatNumber(far)} off the plane` : '';
  const finer = level < levels ? ` · getting finer, ${formatShare(level / levels)}` : '';
  const seen = whole
    ? 'All there is: the model has no other parameter'
    : `2 of ${groupThousands(parameters)} directions: barriers elsewhere are not seen`;
  return `${seen}${off}${finer}`;
}

/** The loss at one place, as the keyboard's cursor speaks it. */
export function describePlace({ xs, ys, losses }: InspectedSurface, column: number, row: number): string {
  return `${formatNumber(xs[column])}, ${formatNumber(ys[row])}: loss ${formatNumber(losses[row * xs.length + column])}`;
}

/** Cells of the grid within which a point of the run's way counts as pointed at. */
const near = 2;

/** The step of the run whose point on the plane is nearest to a place of the grid; null where none is near. */
export function stepNear({ xs, ys, trajectory }: InspectedSurface, column: number, row: number): number | null {
  const cell = (axis: Float64Array): number =>
    ((axis[axis.length - 1] as number) - (axis[0] as number)) / Math.max(1, axis.length - 1);
  const [wide, high] = [cell(xs), cell(ys) || 1];
  let [best, least] = [null as number | null, near];
  trajectory.steps.forEach((step, i) => {
    const [across, up] = [
      (trajectory.x[i] as number) - (xs[column] as number),
      (trajectory.y[i] as number) - (ys[row] as number),
    ];
    const distance = Math.hypot(across / wide, up / high);
    if (distance <= least) [best, least] = [step, distance];
  });
  return best;
}
