import { preconditionedTrace } from '../../curvature/gradientNoise';
import type { GradientOperators } from '../../curvature/gradientOperators';
import { lanczos } from '../../curvature/lanczos';
import { shuffledShare, smallRateNoiseFloor } from '../../curvature/lossNoiseFloor';
import { withoutScales } from '../../curvature/scaleFree';
import { extrapolateToAllRows, fewestParts } from '../../curvature/subsetExtrapolation';
import { momentumOf } from '../../diagnosis/limits';
import { dot } from '../../curvature/vector';
import type { Uncertain } from '../../records/inspection/cost';
import type { InspectedNoise } from '../../records/inspection/noise';
import { uncertain } from './spectrum';
import type { MeasuredSpot, Spot } from './spot';
import { scaleFreeGroups } from './structure';
import type { BenchedUnit } from './unitBench';
import { TrainedLoss, type HeldOperator } from './trainedLoss';

/**
 * The loss that the noise of batches keeps up at the rate in force, for rates well under the limit: η tr Σ/(4B(1-μ)), with a
 * preconditioner η tr(P⁻¹Σ)/(4B). Null where every batch is all rows or nothing is stepped.
 */
export function noiseFloorOf(
  spot: MeasuredSpot,
  { gradients, rowsEach }: GradientOperators,
  batch: number,
): InspectedNoise['floor'] {
  const { unit, spectrum } = spot;
  const { optimizer } = unit.experiment;
  const { run } = unit.course;
  if (optimizer === null || batch >= unit.twin.trainRows || !(run.learningRate > 0)) return null;
  const diagonal = run.preconditioner();
  const trace = preconditionedTrace(gradients, diagonal, rowsEach);
  const steps = { rate: run.learningRate, momentum: diagonal ? 0 : momentumOf(optimizer), batch };
  const top = spectrum.largest.value;
  return {
    loss: uncertain({ value: smallRateNoiseFloor(trace.value, steps), error: smallRateNoiseFloor(trace.error, steps) }),
    ...steps,
    preconditioned: diagonal !== null,
    shuffled: diagonal === null && top > 0 ? shuffledShare(top, unit.twin.trainRows, steps) : null,
  };
}

/** Parts of the rows from which the sampling of the ends is told. */
const partCount = 8;

/**
 * Both ends of the spectrum as they would be on all rows, by the law along which they fell from half of these rows, with what the choice of
 * the rows makes of them; null on all rows.
 */
export async function allRowsOf(spot: MeasuredSpot): Promise<InspectedNoise['allRows']> {
  const { unit, theta, random, spectrum, smooth, cancel } = spot;
  const { rows, rowNumbers } = unit.loss;
  if (rows >= unit.twin.trainRows || rows < 4 || !smooth || cancel.cancelled) return null;
  const alongParts = await curvaturesOfParts(spot);
  if (alongParts.largest.length < fewestParts) return cancel.cancelled ? null : { largest: null, smallest: null };
  const half = await onRows(spot, rowNumbers.slice(0, rows >> 1), (held) =>
    lanczos(withoutScales(held, theta, scaleFreeGroups(unit.experiment, unit.twin)), {
      random: random.fork('half of the rows'),
      tolerance: 0.01,
      smallestTolerance: 0.01,
      maximumApplications: unit.plan.lanczosProducts,
      cancel,
    }),
  );
  if (cancel.cancelled) return null;
  const onAll = (end: 'largest' | 'smallest'): Uncertain | null => {
    const seen = { atHalf: half[end].value, atRows: spectrum[end].value, alongParts: alongParts[end] };
    const brought = extrapolateToAllRows(seen, rows, unit.twin.trainRows);
    return brought && uncertain(brought);
  };
  return { largest: onAll('largest'), smallest: onAll('smallest') };
}

/** The Hessian over some of the rows, for as long as `use` takes. */
export async function onRows<T>({ unit, theta }: Spot, rows: Int32Array, use: (held: HeldOperator) => Promise<T>): Promise<T> {
  const objective = unit.twin.objective('train', rows, { run: unit.course.run });
  const held = await new TrainedLoss(objective, unit.form).hessian(theta);
  try {
    return await use(held);
  } finally {
    held.dispose();
    objective.dispose();
  }
}

/** Rows that the Hessian needs at least: a whole batch where batch norm takes its statistics from it (all `rows` without batches). */
export function fewestRows({ experiment }: BenchedUnit, rows: number): number {
  const normalises = experiment.model?.nodes.some(({ kind }) => kind === 'batchNorm') ?? false;
  return normalises ? (experiment.batches?.batchSize?.value ?? rows) : 1;
}

/** Curvature along both eigenvectors on parts of the rows; no parts where they would be smaller than the batches that batch norm takes. */
async function curvaturesOfParts(spot: MeasuredSpot): Promise<Readonly<Record<'largest' | 'smallest', number[]>>> {
  const { unit, spectrum, cancel } = spot;
  const { rows, rowNumbers } = unit.loss;
  const along = { largest: [] as number[], smallest: [] as number[] };
  const least = fewestRows(unit, rows);
  const each = Math.max(least, Math.floor(rows / partCount));
  for (let from = 0; from + each <= rows && !cancel.cancelled; from += each)
    await onRows(spot, rowNumbers.slice(from, from + each), async (held) => {
      const image = new Float32Array(held.dim);
      for (const end of ['largest', 'smallest'] as const) {
        const { vector } = spectrum[end];
        if (vector.length === 0) continue;
        await held.apply(vector, image);
        along[end].push(dot(vector, image));
      }
    });
  return along;
}
