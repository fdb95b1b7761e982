import { kernelWay } from './engineKernelWay';
import { fullyConnected, type Net } from './engineNets';
import type { Way } from './engineWays';
import type { BenchRow } from './row';
import { calibrate, judged, processorTime, rounds } from './row';

/** Length of one point's turn in a round. */
const roundMilliseconds = 40;

/** One size of a series, and its net. */
interface Point {
  readonly size: number;
  readonly make: () => Net;
}

/** A series of nets that grow in one direction only. */
interface Series {
  readonly title: string;
  readonly points: readonly Point[];
  /** Sizes from which on the work itself counts, and not the call. */
  readonly from: number;
  /** Largest exponent that counts as linear here. */
  readonly atMost: number;
}

const width = (parameters: number): number => Math.max(2, Math.round((Math.sqrt(74 * 74 + 4 * parameters) - 74) / 2));

/** Parameters of 64-w-w-10 without its biases. */
const parametersOf = (w: number): number => 64 * w + w * w + 10 * w;

function seriesOf(all: boolean): readonly Series[] {
  const sizes = [1e2, 1e3, 1e4, 1e5, 1e6, ...(all ? [1e7] : [])].map(width);
  const batches = [1, 4, 16, 64, 256, 1024, 4096];
  const depths = [2, 4, 8, 16, 32];
  const deep = (depth: number): number[] => [64, ...new Array<number>(depth).fill(128), 10];
  return [
    {
      title: 'processor time of an SGD step over parameters, batch 64',
      points: sizes.map((w) => ({ size: parametersOf(w), make: () => fullyConnected([64, w, w, 10], 64) })),
      from: 1e4,
      atMost: 1.15,
    },
    {
      title: 'processor time of an SGD step over the batch, 64-128-128-10',
      points: batches.map((batch) => ({ size: batch, make: () => fullyConnected([64, 128, 128, 10], batch) })),
      from: 64,
      atMost: 1.15,
    },
    {
      title: 'processor time of an SGD step over depth, layers of 128, batch 64',
      points: depths.map((depth) => ({ size: depth, make: () => fullyConnected(deep(depth), 64) })),
      from: 4,
      // From some 16 layers on, weights and gradients are more than a core's own cache: a layer then takes up to half as long again.
      atMost: 1.25,
    },
  ];
}

/** Rows of how the cost of a step grows: the fitted exponent of each direction, with the times it was fitted to. */
export async function scalingRows({ all }: { readonly all: boolean }): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const { title, points, from, atMost } of seriesOf(all)) {
    const times = await stepTimes(points);
    const exponent = exponentOf(times.filter(({ size }) => size >= from));
    const detail = times.map(({ size, ms }) => `${size.toExponential(0)}: ${ms.toPrecision(2)} ms`).join(', ');
    rows.push(judged('engine', `${title}, exponent`, exponent, '', { atMost }, { detail }));
  }
  return rows;
}

/**
 * Processor time of a step at each point in ms, all threads together, the least of some rounds: the clock on the wall also counts what
 * other processes do meanwhile, and most so in the long steps. Each round goes through all points, as the speed of a busy machine
 * changes over minutes: one point after the other, that change would count as growth.
 */
async function stepTimes(points: readonly Point[]): Promise<{ readonly size: number; readonly ms: number }[]> {
  const made: { readonly size: number; readonly way: Way; readonly iterations: number; readonly samples: number[] }[] = [];
  for (const { size, make } of points) {
    const way = await kernelWay(make(), 'sgd');
    made.push({ size, way, iterations: await calibrate(way.work, roundMilliseconds), samples: [] });
  }
  for (let round = 0; round < rounds; round++)
    for (const { way, iterations, samples } of made) samples.push((await processorTime(() => way.work(iterations))) / iterations);
  for (const { way } of made) way.dispose();
  return made.map(({ size, samples }) => ({ size, ms: Math.min(...samples) }));
}

/** Slope of log time over log size by least squares. */
function exponentOf(times: readonly { readonly size: number; readonly ms: number }[]): number {
  const points = times.map(({ size, ms }) => [Math.log(size), Math.log(ms)] as const);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([a]) => a)), mean(points.map(([, b]) => b))];
  const covariance = mean(points.map(([a, b]) => (a - x) * (b - y)));
  return covariance / mean(points.map(([a]) => (a - x) ** 2));
}
