import { slice } from '../../curvature/slice';
import { taylorPicture } from '../../curvature/taylorPicture';
import { dot, scale } from '../../curvature/vector';
import type { InspectedSlice } from '../../records/inspection';
import type { CostMeter, EmitPart, MeasuredSpot } from './spot';

interface Line {
  readonly direction: InspectedSlice['direction'];
  readonly unit: InspectedSlice['unit'];
  readonly vector: Float32Array;
  readonly range: readonly [number, number];
}

/** Halvings of a slice's spacing: 33 points; it is shown from the level before on. */
const levels = 5;

/** Cuts the loss along gradient, step, top and bottom eigenvector; away from the run also along the line to the run's own point. */
export async function inspectSlices(spot: MeasuredSpot, emit: EmitPart, meter: CostMeter): Promise<void> {
  for (const line of await linesOf(spot)) {
    if (spot.cancel.cancelled) return;
    await cut(spot, line, emit, meter);
  }
}

async function linesOf(spot: MeasuredSpot): Promise<Line[]> {
  const { ownStep, origin, theta, spectrum } = spot;
  const lines: Line[] = [];
  if (origin) {
    const vector = origin.map((x, i) => x - (theta[i] as number));
    if (dot(vector, vector) > 0) lines.push({ direction: 'path', unit: 'path', vector, range: [-1, 2] });
  } else {
    const downhill = await gradientLine(spot);
    if (downhill) lines.push(downhill);
    if (ownStep) lines.push({ direction: 'step', unit: 'step', vector: ownStep.vector, range: [-1, 3] });
  }
  for (const [direction, end] of [
    ['top', spectrum.largest],
    ['bottom', spectrum.smallest],
  ] as const) {
    if (end.vector.length === 0) continue;
    const radius = eigenvectorRadius(spot, end.value);
    lines.push({ direction, unit: 'distance', vector: end.vector, range: [-radius, radius] });
  }
  return lines;
}

/** Downhill along the gradient, as far as to three times the model's own minimum. */
async function gradientLine({ gradient, gradientNorm, operator, reach }: MeasuredSpot): Promise<Line | null> {
  if (!(gradientNorm > 0)) return null;
  const vector = gradient.map((g) => -g / gradientNorm);
  const image = new Float32Array(vector.length);
  await operator.apply(vector, image);
  const bend = dot(vector, image);
  const lowest = bend > 0 ? Math.min(gradientNorm / bend, reach / 3) : reach / 30;
  return { direction: 'gradient', unit: 'distance', vector, range: [-lowest, 3 * lowest] };
}

/** Distance at which the second-order change is as large as the loss itself, within reach. */
export function eigenvectorRadius({ loss, reach }: Pick<MeasuredSpot, 'loss' | 'reach'>, curvature: number): number {
  const size = Math.max(Math.abs(loss), 1e-6);
  const radius = Math.sqrt((2 * size) / Math.max(Math.abs(curvature), 1e-12));
  return Math.min(reach, Math.max(1e-3 * reach, radius));
}

async function cut(spot: MeasuredSpot, line: Line, emit: EmitPart, meter: CostMeter): Promise<void> {
  const { theta, gradient, operator, loss, ownStep, cancel } = spot;
  const { lossAt } = spot.unit.loss;
  const image = new Float32Array(theta.length);
  const unit = line.vector.slice();
  const length = Math.sqrt(dot(unit, unit));
  scale(1 / length, unit);
  // On the unit vector: the image of a tiny step would drown in rounding.
  await operator.apply(unit, image);
  const derivatives = { loss, slope: dot(gradient, line.vector), curvature: dot(unit, image) * length * length };
  const isStep = line.direction === 'step';
  const picture = isStep ? await taylorPicture(lossAt, theta, gradient, operator, line.vector, undefined, cancel) : null;
  let level = 0;
  for await (const columns of slice(lossAt, theta, line.vector, line.range, levels, cancel)) {
    level++;
    if (level < levels - 1) continue;
    emit({
      part: 'slice',
      direction: line.direction,
      unit: line.unit,
      ...columns,
      ...derivatives,
      parts: picture && { firstOrder: picture.firstOrderPartsAt, secondOrder: picture.secondOrderPartsAt },
      made: isStep && ownStep ? ownStep.made : null,
      cost: meter.take(),
    });
  }
}
