/** A point on the search line: step length t, loss f, gradient g and slope gᵀd. */
export interface LinePoint {
  readonly t: number;
  readonly f: number;
  readonly g: Float32Array;
  readonly slope: number;
}

/** Evaluates the loss at step length t. */
export type LineFunction = (t: number) => Promise<LinePoint>;

const sufficientDecrease = 1e-4;
const curvatureShare = 0.9;
const shortestChange = 1e-9;
const mostEvaluations = 25;

/**
 * The line search of torch.optim.LBFGS (Nocedal and Wright, algorithms 3.5 and 3.6, with minFunc's safeguards):
 * a point that satisfies the strong Wolfe conditions, or the best found. `start` is at t = 0; `longest` is the
 * largest entry of the direction.
 */
export async function strongWolfe(
  at: LineFunction,
  start: LinePoint,
  firstStep: number,
  longest: number,
): Promise<{ readonly point: LinePoint; readonly evaluations: number }> {
  const enough = (point: LinePoint): boolean => point.f <= start.f + sufficientDecrease * point.t * start.slope;
  const flat = (point: LinePoint): boolean => Math.abs(point.slope) <= -curvatureShare * start.slope;

  let before = start;
  let point = await at(firstStep);
  let evaluations = 1;
  let rounds = 0;
  let bracket: [LinePoint, LinePoint] | null = null;
  while (rounds < mostEvaluations) {
    if (!enough(point) || (rounds > 1 && point.f >= before.f)) bracket = [before, point];
    else if (flat(point)) return { point, evaluations };
    else if (point.slope >= 0) bracket = [before, point];
    if (bracket !== null) break;
    const bounds = [point.t + 0.01 * (point.t - before.t), 10 * point.t] as const;
    const t = cubicMinimum(before, point, bounds);
    before = point;
    point = await at(t);
    evaluations++;
    rounds++;
  }
  let [a, b] = bracket ?? [start, point];
  let stalled = false;
  const lower = (): LinePoint => (a.f <= b.f ? a : b);
  while (rounds < mostEvaluations && Math.abs(b.t - a.t) * longest >= shortestChange) {
    const inside = insideBracket(a, b, stalled);
    stalled = inside.stalled;
    const next = await at(inside.t);
    evaluations++;
    rounds++;
    const low = lower();
    const high = low === a ? b : a;
    const replaced: { low: LinePoint; high: LinePoint } = { low, high };
    let done = false;
    if (!enough(next) || next.f >= low.f) replaced.high = next;
    else {
      if (flat(next)) done = true;
      else if (next.slope * (high.t - low.t) >= 0) replaced.high = low;
      replaced.low = next;
    }
    [a, b] = low === a ? [replaced.low, replaced.high] : [replaced.high, replaced.low];
    if (done) return { point: next, evaluations };
  }
  return { point: lower(), evaluations };
}

/** Where to look next between two points, kept away from their ends when it stalls there. */
function insideBracket(a: LinePoint, b: LinePoint, stalled: boolean): { readonly t: number; readonly stalled: boolean } {
  const t = cubicMinimum(a, b);
  const [least, most] = [Math.min(a.t, b.t), Math.max(a.t, b.t)];
  const margin = 0.1 * (most - least);
  if (Math.min(most - t, t - least) >= margin) return { t, stalled: false };
  if (!stalled && t < most && t > least) return { t, stalled: true };
  return { t: Math.abs(t - most) < Math.abs(t - least) ? most - margin : least + margin, stalled: false };
}

/** The minimum of the cubic through two points with their slopes, within `bounds`; the middle where there is none. */
function cubicMinimum(p: LinePoint, q: LinePoint, bounds?: readonly [number, number]): number {
  const [least, most] = bounds ?? [Math.min(p.t, q.t), Math.max(p.t, q.t)];
  const [first, second] = p.t <= q.t ? [p, q] : [q, p];
  const d1 = p.slope + q.slope - (3 * (p.f - q.f)) / (p.t - q.t);
  const square = d1 * d1 - p.slope * q.slope;
  if (!(square >= 0)) return (least + most) / 2;
  const d2 = Math.sqrt(square);
  const t = second.t - (second.t - first.t) * ((second.slope + d2 - d1) / (second.slope - first.slope + 2 * d2));
  return Math.min(Math.max(t, least), most);
}
