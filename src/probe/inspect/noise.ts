import { gradientOperators, type GradientOperators } from '../../curvature/gradientOperators';
import { covarianceTrace, curvatureNoiseScale, halvingBatch, noiseScale, signalToNoise } from '../../curvature/gradientNoise';
import { gramian } from '../../curvature/gramian';
import { lanczos } from '../../curvature/lanczos';
import type { LinearOperator } from '../../curvature/operator';
import { dot, plus } from '../../curvature/vector';
import type { Uncertain } from '../../records/inspection/cost';
import type { InspectedNoise } from '../../records/inspection/noise';
import { drawBatches, sharpnessOf } from '../observeBatches';
import { seesRows } from '../seesRows';
import { effortOf, timesWithin } from './effort';
import { allRowsOf, noiseFloorOf } from './sampling';
import { uncertain } from './spectrum';
import type { CostMeter, MeasuredSpot } from './spot';

/** Layers whose inputs are told, at most. */
const mostLayers = 12;

/** The other matrices at the point: Gauss-Newton against the Hessian, gradient covariance, single batches, inputs of layers. */
export async function inspectNoise(spot: MeasuredSpot, meter: CostMeter): Promise<InspectedNoise> {
  return {
    part: 'noise',
    largest: spot.spectrum.largest.value,
    gaussNewton: await topOfGaussNewton(spot),
    ...(await gradientsOf(spot)),
    allRows: await allRowsOf(spot),
    batchSharpness: await batchesOf(spot),
    seesRows: seesRows(spot.unit.experiment.model),
    inputs: await inputsOf(spot),
    cost: meter.take(),
  };
}

async function topOfGaussNewton(spot: MeasuredSpot): Promise<InspectedNoise['gaussNewton']> {
  if (!spot.smooth || spot.cancel.cancelled) return null;
  const made = await spot.unit.loss.gaussNewton(spot.theta);
  if (made === null) return null;
  const largest = await topOf(spot, made.operator, 'Gauss-Newton');
  made.operator.dispose();
  return { largest, isFisher: made.isFisher };
}

async function gradientsOf(spot: MeasuredSpot): Promise<Pick<InspectedNoise, 'gradients' | 'floor'>> {
  const none = { gradients: null, floor: null };
  if (spot.cancel.cancelled || !seesRows(spot.unit.experiment.model)) return none;
  const { unit, theta } = spot;
  const operators = await gradientOperators(unit.loss.objective, theta);
  if (operators === null || operators.moments.squaredNorms.length < 4) return none;
  const { moments, covariance, rowsEach } = operators;
  const batch = batchRows(spot);
  const curvatureNoise = await curvatureNoiseOf(spot, operators);
  const drawnFrom = unit.experiment.batches?.sampling === 'replacement' ? null : unit.twin.trainRows;
  const gradients = {
    rowsEach,
    trace: uncertain(covarianceTrace(moments)),
    largest: await topOf(spot, covariance, 'covariance'),
    noiseScale: uncertain(noiseScale(moments)),
    curvatureNoise: curvatureNoise && uncertain(curvatureNoise),
    bestBatch: curvatureNoise && uncertain(drawnFrom === null ? curvatureNoise : halvingBatch(curvatureNoise, drawnFrom)),
    drawnFrom,
    signalToNoise: uncertain(signalToNoise(moments, batch)),
    batch,
  };
  return { gradients, floor: noiseFloorOf(spot, operators, batch) };
}

/** Work of the products with single rows' gradients, and these rows: at least, and at most. */
const rowsWork = 1e10;
const [fewestRows, mostRows] = [16, 64];

async function curvatureNoiseOf(
  spot: MeasuredSpot,
  { gradients, mean, rowsEach }: GradientOperators,
): Promise<{ readonly value: number; readonly error: number } | null> {
  const { unit, random, operator, gradient, smooth, cancel } = spot;
  if (!smooth || cancel.cancelled) return null;
  const count = timesWithin(rowsWork, effortOf(unit).product, fewestRows, mostRows);
  const order = random.fork('rows').permutation(gradients.length).slice(0, count);
  // About the trained loss's own gradient: it has its sign, and the pull of weight decay.
  const rows = Array.from(order, (i) => plus(plus(gradients[i] as Float32Array, -1, mean), 1, gradient));
  const scale = await curvatureNoiseScale(operator, rows, gradient, { tolerance: 0.1, cancel });
  if (scale === null || rows.length < 2) return null;
  // The estimator takes these rows' own mean to be meant; it is that of all gradients.
  const own = (n: number): number => n / (n - 1);
  const whole = (rowsEach * own(gradients.length)) / own(rows.length);
  const [value, error] = [whole * scale.value, whole * scale.error];
  // On a sample of the data, its own noise is in gᵀHg too.
  const clean = unit.loss.rows < unit.twin.trainRows ? 1 - value / unit.loss.rows : 1;
  return clean > 0.1 && value > 0 ? { value: value / clean, error: error / clean ** 2 } : null;
}

async function batchesOf(spot: MeasuredSpot): Promise<Uncertain | null> {
  const { unit, theta, random, cancel } = spot;
  const rows = batchRows(spot);
  if (cancel.cancelled || !seesRows(spot.unit.experiment.model) || 2 * rows > unit.twin.trainRows) return null;
  const batches = drawBatches(unit.twin, rows, random.fork('batches'));
  return uncertain(await sharpnessOf(unit.twin, unit.course.run, theta, batches, cancel));
}

async function inputsOf(spot: MeasuredSpot): Promise<InspectedNoise['inputs']> {
  const layers = (await spot.unit.loss.objective.layerInputs(spot.theta)).slice(0, mostLayers);
  const told: InspectedNoise['inputs'][number][] = [];
  for (const { name, vectors } of layers) {
    const [first] = vectors;
    if (first === undefined || spot.cancel.cancelled) continue;
    const mean = vectors.reduce((sum, vector) => sum + dot(vector, vector), 0) / vectors.length / first.length;
    told.push({ layer: name, largest: await topOf(spot, gramian(vectors, null), `input of ${name}`), mean });
  }
  return told;
}

async function topOf({ random, unit, cancel }: MeasuredSpot, operator: LinearOperator, name: string): Promise<Uncertain> {
  const { largest } = await lanczos(operator, {
    random: random.fork(name),
    ends: 'largest',
    maximumApplications: unit.plan.lanczosProducts,
    cancel,
  });
  return uncertain(largest);
}

const batchRows = ({ unit }: MeasuredSpot): number =>
  Math.max(1, unit.experiment.batches?.batchSize?.value || unit.course.run.lastBatch.length || unit.twin.trainRows);
