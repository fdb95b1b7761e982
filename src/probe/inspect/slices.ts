import { slice } from '../../curvature/slice';
import { taylorPicture } from '../../curvature/taylorPicture';
import { dot, plus, scale } from '../../curvature/vector';
import type { InspectedSlice } from '../../records/inspection/slice';
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
    ['top', 'largest'],
    ['bottom', 'smallest'],
  ] as const) {
    const { vector } = spectrum[end];
    if (vector.length === 0) continue;
    const radius = await eigenvectorRadius(spot, end);
    lines.push({ direction, unit: 'distance', vector, range: [-radius, radius] });
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

/**
 * How far to go along an eigenvector: to where the second-order change is as large as the loss itself, within reach, and not beyond
 * where the loss has doubled, so that what is near is seen.
 */
export async function eigenvectorRadius(spot: MeasuredSpot, end: 'largest' | 'smallest'): Promise<number> {
  const { loss, reach, theta, spectrum, unit } = spot;
  const { value, vector } = spectrum[end];
  const size = Math.max(Math.abs(loss), 1e-6);
  const shortest = 1e-3 * reach;
  let radius = Math.min(reach, Math.max(shortest, Math.sqrt((2 * size) / Math.max(Math.abs(value), 1e-12))));
  const trial = new Float32Array(theta.length);
  const rise = async (distance: number): Promise<number> => (await unit.loss.lossAt(plus(theta, distance, vector, trial))) - loss;
  while (radius / 1.5 > shortest && Math.min(await rise(radius), await rise(-radius)) > size) radius /= 1.5;
  return radius;
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
