import { never } from '../src/base/cancel';
import type { Run } from '../src/engine/twin';
import { largestDim } from '../src/engine/loop/stepLoop';
import { watchedAt } from '../src/engine/watch';
import { mainRun } from '../src/probe/mainRun';
import { evaluate } from '../src/probe/observeLosses';
import { observeUnits } from '../src/probe/observeUnits';
import { planRun, type Plan } from '../src/probe/plan';
import { openProbe } from '../src/probe/probeRows';
import { Recorder } from '../src/probe/recorder';
import { recordSteps, trainThrough } from '../src/probe/training';
import { workOf } from '../src/probe/work';
import { openSite, type Site } from './curvatureNets';
import { kernelWay } from './engineKernelWay';
import { buildNet, nets, sgdStep, type NetName } from './engineNets';
import { loopWay, smallWays, type Way } from './engineWays';
import type { BenchRow } from './row';
import { calibrate, fastest, judged, median, processorTime, quartiles, rounds, type Timed } from './row';

/** What measuring on the default schedule may add to bare training, in percent. */
const mostPercent = 10;
/** Steps that the script of a row asks for; the plan takes as many of them as it does of any script. */
const scriptSteps = 2000;
/** Steps of one call of a run whose steps are all looked at. */
const stepsPerCall = 200;
/** Length of a round: long enough for the compiler of the engine's own code to be done with it. */
const roundMilliseconds = 250;
/** Rounds of whole runs with their curvature. */
const wholeRounds = 3;
const bounds = { cancel: never, deadline: null };

/**
 * What measuring adds to bare training: runs of SGD on all rows, against the same steps taken in the form that runs of the net have, with
 * nothing kept; and, to inform, against the fastest form known, which runs of large nets do not have: a loop inside the library, deaf
 * to a cancel and silent about its gradients. On the default schedule of a script with `scriptSteps` steps, the columns with the losses on the probe rows and the statistics of
 * units; and all of it, the curvature too. Beside them, the columns with every norm by parameter at every step.
 */
export async function instrumentRows(names = Object.keys(nets) as NetName[]): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const name of names) rows.push(...(await rowsOf(name)));
  return rows;
}

/** Processor time for each iteration: a share of a few percent can be told on a busy machine. */
const processorTimed =
  (work: (iterations: number) => Promise<unknown>): Timed =>
  async (iterations) =>
    (await processorTime(() => work(iterations))) / iterations;

async function rowsOf(name: NetName): Promise<BenchRow[]> {
  const site = await openSite(name, 0);
  const plan = planRun({ ...workOf(site.twin), totalSteps: scriptSteps });
  const ways = await bareWays(name, site.twin.dim);
  const own = await fastest(ways.filter(({ isOwn }) => isOwn));
  const best = await fastest(ways);
  // As many steps as a run has at least: short rounds of a large net would be held against long ones.
  const theirs = Math.max(plan.steps, await calibrate(own.work, roundMilliseconds));
  const row = async (
    title: string,
    measured: () => Promise<number>,
    count: number,
    { bare = own, isJudged = false }: { readonly bare?: Way; readonly isJudged?: boolean } = {},
  ): Promise<BenchRow> => {
    await measured();
    const pairs: { readonly measured: number; readonly bare: number }[] = [];
    for (let round = 0; round < count; round++) pairs.push({ measured: await measured(), bare: await bare.work(theirs) });
    const added = pairs.map((pair) => 100 * (pair.measured / pair.bare - 1));
    const ms = (values: readonly number[]): string => `${median(values).toPrecision(3)} ms`;
    const detail = `${ms(pairs.map((pair) => pair.measured))} a step against ${ms(pairs.map((pair) => pair.bare))} (${bare.name})`;
    const target = isJudged ? { atMost: mostPercent } : null;
    return judged('curvature', `${title} bare training, ${name} batch ${nets[name]}`, median(added), '%', target, {
      spread: quartiles(added),
      detail: `${detail}; ${plan.steps} steps, gradients at ${plan.gradientSteps.length} of them.`,
    });
  };
  // Runs of a small net are short: several make a round as long as one of bare training.
  const runs = Math.max(1, Math.round(theirs / plan.steps));
  const scheduled = async (): Promise<number> => {
    let sum = 0;
    for (let run = 0; run < runs; run++) sum += await scheduledRun(site, plan);
    return sum / runs;
  };
  const everyStep = site.twin.start(0);
  const each = processorTimed(async (iterations) => {
    for (let left = iterations; left > 0; left -= stepsPerCall) await everyStep.advance(Math.min(left, stepsPerCall), never);
  });
  const ours = await calibrate(each, roundMilliseconds);
  const looks = 'columns, losses, units and gradients of rows on the default schedule';
  const rows = [
    await row(`${looks} over`, scheduled, rounds, { isJudged: true }),
    ...(best === own ? [] : [await row(`${looks}, over the fastest form of`, scheduled, rounds, { bare: best })]),
    await row('all columns of every step over', () => each(ours), rounds),
    await row('all measuring of a default run, curvature too, over', () => wholeRun(site, plan), wholeRounds),
  ];
  everyStep.dispose();
  for (const { dispose } of ways) dispose();
  site.dispose();
  return rows;
}

/** Processor time of a step in a run with its columns, and with probe losses and unit statistics where the plan has them. */
async function scheduledRun(site: Site, plan: Plan): Promise<number> {
  const probe = openProbe(site.twin, plan, 0);
  const recorder = new Recorder();
  const run: Run = site.twin.start(0, { totalSteps: plan.steps, watch: watchedAt(plan.gradientSteps) });
  // Memory and programs are bound at the first steps, as they are for bare training before it is timed.
  await run.advance(1, never);
  await evaluate(probe, run, new Recorder());
  await observeUnits(probe, run, new Recorder(), { rowGradients: true });
  const units = new Set(plan.unitSteps);
  const steps = [...new Set([...plan.evaluationSteps, ...plan.curvatureSteps])].filter((step) => step > 0).sort((a, b) => a - b);
  const at = async (step: number): Promise<void> => {
    if (units.has(step)) await observeUnits(probe, run, recorder, { rowGradients: true });
    else await evaluate(probe, run, recorder);
  };
  const time = await processorTime(() => trainThrough(run, { steps, at }, bounds, (columns) => recordSteps(recorder, columns)));
  run.dispose();
  probe.dispose();
  return time / (plan.steps - 1);
}

/** Processor time of a step in a main run as a diagnosis makes it. */
async function wholeRun({ twin, experiment }: Site, plan: Plan): Promise<number> {
  const probe = openProbe(twin, plan, 0);
  const input = { twin, experiment, plan, probe, seed: 0, bounds, onBatch: () => undefined };
  const time = await processorTime(() => mainRun(input));
  probe.dispose();
  return time / plan.steps;
}

/** A way that keeps nothing; `isOwn`: the form in which runs of the net are. */
interface BareWay extends Way {
  readonly isOwn: boolean;
}

async function bareWays(name: NetName, dim: number): Promise<BareWay[]> {
  const [once, looped] = [buildNet(name), buildNet(name)];
  const step = sgdStep(looped, true);
  const loops = [await loopWay('flat', looped, step, 50), ...smallWays(looped, step, 50)];
  const isLooped = dim <= largestDim;
  return [{ ...(await kernelWay(once, 'sgd')), isOwn: !isLooped }, ...loops.map((way) => ({ ...way, isOwn: isLooped }))].map(
    (way) => ({ ...way, work: processorTimed(way.work) }),
  );
}
