import { never } from '../src/base/cancel';
import { openSite } from './curvatureNets';
import { kernelWay } from './engineKernelWay';
import { buildNet, nets, sgdStep, type NetName } from './engineNets';
import { loopWay, type Way } from './engineWays';
import type { BenchRow } from './row';
import { calibrate, fastest, judged, median, quartiles, rounds, type Timed } from './row';

/** What measuring at every step may add to bare training, in percent. */
const mostPercent = 10;
/** Steps of one call of a run. */
const stepsPerCall = 200;
/** Length of a round: long enough for the compiler of the engine's own code to be done with it. */
const roundMilliseconds = 250;

/**
 * What the columns of every step (norms of gradient, parameters and update by parameter, cosine to the last gradient) add to bare
 * training: a run of SGD on all rows, against the fastest way of taking the same steps that keeps nothing.
 */
export async function instrumentRows(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const name of Object.keys(nets) as NetName[]) rows.push(await instrumentRow(name));
  return rows;
}

/**
 * Milliseconds of processor time for each iteration of work in this process: what other processes take meanwhile does not count, and a
 * share of a few percent can be told on a busy machine.
 */
function processorTimed(work: Timed): Timed {
  return async (iterations) => {
    const before = process.cpuUsage();
    await work(iterations);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / iterations;
  };
}

async function instrumentRow(name: NetName): Promise<BenchRow> {
  const site = await openSite(name, 0);
  const run = site.twin.start(0);
  const measured = processorTimed(async (iterations) => {
    for (let left = iterations; left > 0; left -= stepsPerCall) await run.advance(Math.min(left, stepsPerCall), never);
    return 0;
  });
  const ways = await bareWays(name);
  const { name: way, work: bare } = await fastest(ways.map((each) => ({ ...each, work: processorTimed(each.work) })));
  const [ours, theirs] = [await calibrate(measured, roundMilliseconds), await calibrate(bare, roundMilliseconds)];
  const pairs: { readonly measured: number; readonly bare: number }[] = [];
  for (let round = 0; round < rounds; round++) pairs.push({ measured: await measured(ours), bare: await bare(theirs) });
  const added = pairs.map((pair) => 100 * (pair.measured / pair.bare - 1));
  for (const { dispose } of ways) dispose();
  run.dispose();
  site.dispose();
  const ms = (values: readonly number[]): string => `${median(values).toPrecision(3)} ms`;
  const detail = `${ms(pairs.map((pair) => pair.measured))} a step against ${ms(pairs.map((pair) => pair.bare))} (${way})`;
  const row = `columns of every step over bare training, ${name} batch ${nets[name]}`;
  return judged('curvature', row, median(added), '%', { atMost: mostPercent }, { spread: quartiles(added), detail });
}

async function bareWays(name: NetName): Promise<Way[]> {
  const [once, looped] = [buildNet(name), buildNet(name)];
  return [await kernelWay(once, 'sgd'), await loopWay('flat', looped, sgdStep(looped, true), 50)];
}
