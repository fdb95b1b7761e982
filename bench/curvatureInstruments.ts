import { never } from '../src/base/cancel';
import { largestDim } from '../src/engine/loop/stepLoop';
import { mainRun } from '../src/probe/mainRun';
import { planRun, type Plan } from '../src/probe/plan';
import { openProbe } from '../src/probe/probeRows';
import { workOf } from '../src/probe/work';
import { openSite, type Site } from './curvatureNets';
import { ScheduledRun, type Pair } from './curvatureScheduled';
import { kernelWay } from './engineKernelWay';
import { buildNet, nets, sgdStep, type NetName } from './engineNets';
import { loopWay, smallWays, type Way } from './engineWays';
import type { BenchRow } from './row';
import { calibrate, fastest, judged, median, processorTime, quartiles, rounds, type Timed } from './row';

/** What measuring on the default schedule may add to bare training, in percent. */
const mostPercent = 10;
/** Steps that the script of a row asks for; the plan takes as many of them as it does of any script. */
const scriptSteps = 2000;
/** Steps of one call: of bare training about as many as runs take, and of a run whose steps are all looked at. */
const stepsPerCall = 200;
/** Length of a round on either side. */
const roundMilliseconds = 250;
/** Work on either side after which the other's turn comes. */
const pieceMilliseconds = 20;
/** Work before anything counts: the first runs of a process are interpreted, and compiled, as they go. */
const settlingMilliseconds = 2500;
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
  const stepMilliseconds = await own.work(theirs);
  // Runs of a small net are short: several make a round as long as one of a larger net.
  const runs = Math.max(1, Math.round(theirs / plan.steps));
  const piece = Math.ceil(pieceMilliseconds / stepMilliseconds);
  const openRun = async ({ name: way }: Way): Promise<ScheduledRun> =>
    ScheduledRun.open(site, plan, await madeAnew(name, site.twin.dim, way));
  const opened = new Map<Way, ScheduledRun>();
  const scheduled = async (bare: Way): Promise<Pair> => {
    // Where the memory of a large net lies makes its steps some percent faster or slower: each of its runs lies anew.
    if (runs === 1) opened.get(bare)?.dispose();
    const run = (runs === 1 ? undefined : opened.get(bare)) ?? (await openRun(bare));
    opened.set(bare, run);
    let [measured, bareTime] = [0, 0];
    for (let i = 0; i < runs; i++) {
      const pair = await run.take(piece);
      measured += pair.measured / runs;
      bareTime += pair.bare / runs;
    }
    return { measured, bare: bareTime };
  };
  const everyStep = site.twin.start(0);
  const each = processorTimed(async (iterations) => {
    for (let left = iterations; left > 0; left -= stepsPerCall) await everyStep.advance(Math.min(left, stepsPerCall), never);
  });
  const ours = await calibrate(each, roundMilliseconds);
  const against =
    (measured: () => Promise<number>) =>
    async (bare: Way): Promise<Pair> => ({ measured: await measured(), bare: await bare.work(theirs) });
  const row = async (
    title: string,
    pairOf: (bare: Way) => Promise<Pair>,
    count: number,
    { bare = own, isJudged = false }: { readonly bare?: Way; readonly isJudged?: boolean } = {},
  ): Promise<BenchRow> => {
    const first = await pairOf(bare);
    if (isJudged) await settle(() => pairOf(bare));
    const pairs: Pair[] = [];
    for (let round = 0; round < count; round++) pairs.push(await pairOf(bare));
    const shares = pairs.map(percentAdded);
    const ms = (values: readonly number[]): string => `${median(values).toPrecision(3)} ms`;
    const steps = `${ms(pairs.map((pair) => pair.measured))} a step against ${ms(pairs.map((pair) => pair.bare))} (${bare.name})`;
    const cold = isJudged ? `; ${percentAdded(first).toFixed(0)} % in the first round` : '';
    const target = isJudged ? { atMost: mostPercent } : null;
    return judged('curvature', `${title} bare training, ${name} batch ${nets[name]}`, median(shares), '%', target, {
      spread: quartiles(shares),
      detail: `${steps}; ${plan.steps} steps, gradients at ${plan.gradientSteps.length} of them${cold}.`,
    });
  };
  const looks = 'columns, losses, units and gradients of rows on the default schedule';
  const rows = [
    await row(`${looks} over`, scheduled, rounds, { isJudged: true }),
    ...(best === own ? [] : [await row(`${looks}, over the fastest form of`, scheduled, wholeRounds, { bare: best })]),
    await row(
      'all columns of every step over',
      against(() => each(ours)),
      rounds,
    ),
    await row(
      'all measuring of a default run, curvature too, over',
      against(() => wholeRun(site, plan)),
      wholeRounds,
    ),
  ];
  everyStep.dispose();
  for (const run of opened.values()) run.dispose();
  for (const { dispose } of ways) dispose();
  site.dispose();
  return rows;
}

/** What measuring adds, in percent. */
const percentAdded = ({ measured, bare }: Pair): number => 100 * (measured / bare - 1);

/** Repeats the work until the engine's own code is compiled. */
async function settle(work: () => Promise<unknown>): Promise<void> {
  let spent = 0;
  while (spent < settlingMilliseconds) spent += await processorTime(work);
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

/** The way in memory of its own. */
async function madeAnew(name: NetName, dim: number, title: string): Promise<Way> {
  const ways = await bareWays(name, dim);
  const anew = ways.find((way) => way.name === title);
  if (anew === undefined) throw new Error(`There is no way “${title}”.`);
  for (const other of ways) if (other !== anew) other.dispose();
  return anew;
}

async function bareWays(name: NetName, dim: number): Promise<BareWay[]> {
  const [once, looped] = [buildNet(name), buildNet(name)];
  const step = sgdStep(looped, true);
  const loops = [await loopWay('flat', looped, step, stepsPerCall), ...smallWays(looped, step, stepsPerCall)];
  const isLooped = dim <= largestDim;
  return [{ ...(await kernelWay(once, 'sgd')), isOwn: !isLooped }, ...loops.map((way) => ({ ...way, isOwn: isLooped }))].map(
    (way) => ({ ...way, work: processorTimed(way.work) }),
  );
}
