/** One measured row, as the contract of `npm run bench` has it. */
export interface BenchRow {
  readonly bench: string;
  readonly row: string;
  /** Null when it could not be measured; `reason` says why. */
  readonly value: number | null;
  readonly unit: string;
  /** The floor: 70 % of the goal. Null for rows that only inform. */
  readonly target: { readonly atLeast: number } | { readonly atMost: number } | null;
  readonly goal?: number;
  /** Whether `value` reaches `target`; null without either. */
  readonly met: boolean | null;
  /** First and third quartile of what was measured. */
  readonly spread: readonly [number, number] | null;
  readonly reason?: string;
  /** What the value was made of, for people. */
  readonly detail?: string;
}

/** Rounds of a paired comparison. */
export const rounds = 15;

/** Part of a goal at which a row is met. */
export const floorOfGoal = 0.7;

/** Runs `iterations` of the work; gives milliseconds for each. */
export type Timed = (iterations: number) => Promise<number>;

/** The q-quantile (linear between neighbours); NaN of nothing. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const low = sorted[Math.floor(place)] ?? NaN;
  const high = sorted[Math.ceil(place)] ?? NaN;
  return low + (high - low) * (place - Math.floor(place));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** A Timed over work that runs in this process. */
export function timed(work: (iterations: number) => Promise<void>): Timed {
  return async (iterations) => {
    const start = performance.now();
    await work(iterations);
    return (performance.now() - start) / iterations;
  };
}

/** Milliseconds of processor time, all threads together: what other processes take meanwhile does not count. */
export async function processorTime(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** How often to repeat the work for a round of about `milliseconds`; warms it up. */
export async function calibrate(work: Timed, milliseconds = 40): Promise<number> {
  let iterations = 1;
  for (;;) {
    const each = await work(iterations);
    if (each * iterations >= milliseconds / 4 || iterations > 1e6) return Math.max(1, Math.round(milliseconds / each));
    iterations *= 4;
  }
}

/** The fastest of several ways to do the same work. */
export async function fastest<T extends { readonly work: Timed }>(ways: readonly T[]): Promise<T> {
  const measured: { readonly way: T; readonly cost: number }[] = [];
  for (const way of ways) {
    const iterations = await calibrate(way.work);
    const samples = [await way.work(iterations), await way.work(iterations), await way.work(iterations)];
    measured.push({ way, cost: Math.min(...samples) });
  }
  const [best] = measured.sort((a, b) => a.cost - b.cost);
  if (best === undefined) throw new Error('nothing to choose from');
  return best.way;
}

/** How much faster `ours` is than `peer`: rounds of both in turn, each round one ratio. */
export async function compare(bench: string, row: string, goal: number, ours: Timed, peer: Timed): Promise<BenchRow> {
  const ourIterations = await calibrate(ours);
  const peerIterations = await calibrate(peer);
  const pairs: { readonly ours: number; readonly peer: number }[] = [];
  for (let round = 0; round < rounds; round++) pairs.push({ ours: await ours(ourIterations), peer: await peer(peerIterations) });
  const ratios = pairs.map((pair) => pair.peer / pair.ours);
  const value = median(ratios);
  const target = { atLeast: goal * floorOfGoal };
  const ms = (values: readonly number[]): string => `${median(values).toPrecision(3)} ms`;
  return {
    bench,
    row,
    value,
    unit: 'x',
    target,
    goal,
    met: value >= target.atLeast,
    spread: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    detail: `${ms(pairs.map((pair) => pair.ours))} against ${ms(pairs.map((pair) => pair.peer))}`,
  };
}

/** A row that could not be measured. */
export function unmeasured(bench: string, row: string, goal: number, reason: string): BenchRow {
  return { bench, row, value: null, unit: 'x', target: { atLeast: goal * floorOfGoal }, goal, met: null, spread: null, reason };
}

/** A row held against a bound itself, not a comparison; without a target it only informs. */
export function judged(
  bench: string,
  row: string,
  value: number,
  unit: string,
  target: BenchRow['target'],
  more: { readonly spread?: readonly [number, number]; readonly detail?: string } = {},
): BenchRow {
  const met = target === null ? null : 'atLeast' in target ? value >= target.atLeast : value <= target.atMost;
  const goal = target === null ? undefined : 'atLeast' in target ? target.atLeast : target.atMost;
  return {
    bench,
    row,
    value,
    unit,
    target,
    ...(goal === undefined ? {} : { goal }),
    met,
    spread: more.spread ?? null,
    ...(more.detail === undefined ? {} : { detail: more.detail }),
  };
}

/** First and third quartile. */
export const quartiles = (values: readonly number[]): readonly [number, number] => [
  quantile(values, 0.25),
  quantile(values, 0.75),
];
