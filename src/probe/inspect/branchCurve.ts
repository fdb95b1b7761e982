import type { CancelToken } from '../../base/cancel';
import type { Run } from '../../engine/twin';
import type { BranchCurve } from '../../records/inspection/remedies';

/** Takes `count` steps of a run and measures the loss `points` times on the way, and at its beginning. Infinite where values are not finite. */
export async function branchCurve(
  run: Run,
  lossAt: (theta: Float32Array) => Promise<number>,
  count: number,
  points: number,
  cancel: CancelToken,
): Promise<BranchCurve> {
  const first = run.step;
  const steps: number[] = [0];
  const losses: number[] = [await lossAt(run.theta)];
  for (let i = 1; i <= points && !cancel.cancelled; i++) {
    const wanted = first + Math.round((i * count) / points) - run.step;
    if (wanted === 0) continue;
    const { nonFinite } = await run.advance(wanted, cancel);
    const loss = nonFinite ? Infinity : await lossAt(run.theta);
    steps.push(run.step - first);
    losses.push(Number.isFinite(loss) ? loss : Infinity);
    if (nonFinite) break;
  }
  return { steps: Float64Array.from(steps), losses: Float64Array.from(losses) };
}
