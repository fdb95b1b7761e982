import type { Objective, Run } from '../engine/twin';
import type { Recorder } from './recorder';

/** Distances along the direction, in units of the parameters' norm. */
const distances = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];

/** How far the loss falls along the most negative direction of curvature, both ways, as a share of the loss here. */
export async function observeSaddleDescent(
  objective: Objective,
  run: Run,
  direction: Float32Array,
  recorder: Recorder,
): Promise<void> {
  const here = (await objective.evaluate(run.theta)).loss;
  if (!Number.isFinite(here) || here <= 0) return;
  const scale = Math.max(1e-3, Math.sqrt(run.theta.reduce((sum, entry) => sum + entry * entry, 0)));
  const moved = new Float32Array(run.theta.length);
  let lowest = here;
  for (const sign of [1, -1]) {
    for (const distance of distances) {
      const step = sign * distance * scale;
      for (let i = 0; i < moved.length; i++) moved[i] = (run.theta[i] as number) + step * (direction[i] as number);
      const { loss } = await objective.evaluate(moved);
      if (loss < lowest) lowest = loss;
    }
  }
  recorder.add('saddleDescent', run.step, (here - lowest) / here);
}
