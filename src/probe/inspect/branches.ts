import { norm, normalVector, plus } from '../../curvature/vector';
import type { Run } from '../../engine/twin';
import type { EscapeBranch } from '../../records/inspection/ways';
import { branchCurve } from './branchCurve';
import { effortOf, timesWithin } from './effort';
import type { MeasuredSpot } from './spot';

/** Fall of the loss, over the loss, that counts as having left. */
export const leftShare = 0.01;
/** Work of one branch, and its steps at most and at least. */
const branchWork = 5e9;
const mostSteps = 1000;
const fewestSteps = 30;
/** Points at which a branch's loss is measured. */
const points = 12;

interface Way {
  readonly way: EscapeBranch['way'];
  readonly text: string;
  readonly start: Float32Array;
  /** Momentum of a fresh run; null for the run as it is. */
  readonly momentum: number | null;
}

/** Tries the ways out of a saddle, each for as many steps, over the same batches. Leaves the run as it was. */
export async function tryBranches(
  spot: MeasuredSpot,
  direction: Float32Array,
  distance: number,
  expected: number,
): Promise<EscapeBranch[]> {
  const { unit, cancel } = spot;
  const wanted = Number.isFinite(expected) ? Math.max(100, Math.ceil(1.5 * expected)) : 400;
  const steps = timesWithin(branchWork, effortOf(unit).step, fewestSteps, Math.min(wanted, mostSteps));
  const branches: EscapeBranch[] = [];
  for (const way of waysOf(spot, direction, distance)) {
    if (cancel.cancelled) break;
    branches.push(await tryWay(spot, way, steps));
  }
  return branches;
}

function waysOf(spot: MeasuredSpot, direction: Float32Array, distance: number): Way[] {
  const { theta, reach, random, unit } = spot;
  const { optimizer } = unit.experiment;
  const noise = normalVector(theta.length, random.fork('noise'));
  const amplitude = 1e-3 * reach;
  const ways: Way[] = [
    { way: 'as it is', text: 'the optimizer as it is', start: theta, momentum: null },
    {
      way: 'step',
      text: `a step of ${short(distance)} along the escape direction`,
      start: plus(theta, distance, direction),
      momentum: null,
    },
    {
      way: 'noise',
      text: `random numbers of length ${short(amplitude)} added once`,
      start: plus(theta, amplitude / norm(noise), noise),
      momentum: null,
    },
  ];
  if (optimizer?.kind === 'sgd' && optimizer.settings.momentum.value === 0) {
    ways.push({ way: 'momentum', text: 'momentum 0.9 in place of none', start: theta, momentum: 0.9 });
  }
  return ways;
}

const short = (x: number): string => Number(x.toPrecision(2)).toString();

async function tryWay(spot: MeasuredSpot, way: Way, steps: number): Promise<EscapeBranch> {
  const { unit, loss, origin } = spot;
  const { run } = unit.course;
  // Away from the run, its optimizer's memory is of another place: a fresh one starts there.
  if (way.momentum === null && origin === null) {
    const before = run.snapshot();
    const branch = await follow(run, spot, way, steps, loss);
    run.restore(before);
    return branch;
  }
  const settings = { totalSteps: unit.plan.steps, learningRate: run.learningRate };
  const fresh = unit.twin.start(unit.seed, way.momentum === null ? settings : { ...settings, momentum: way.momentum });
  const branch = await follow(fresh, spot, way, steps, loss);
  fresh.dispose();
  return branch;
}

async function follow(run: Run, { unit, cancel }: MeasuredSpot, way: Way, count: number, loss: number): Promise<EscapeBranch> {
  run.theta.set(way.start);
  const curve = await branchCurve(run, unit.loss.lossAt, count, points, cancel);
  const left = curve.losses.findIndex((value) => value < loss - leftShare * Math.abs(loss));
  return {
    way: way.way,
    text: way.text,
    ...curve,
    leftAt: left < 0 ? null : (curve.steps[left] as number),
  };
}
