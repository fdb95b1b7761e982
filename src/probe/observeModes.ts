import type { CancelToken } from '../base/cancel';
import { lossByMode, slowShare } from '../curvature/lossByMode';
import type { LinearOperator } from '../curvature/operator';
import { momentumOf } from '../diagnosis/limits';
import type { Run } from '../engine/twin';
import type { Optimizer } from '../records/optimizer';
import type { Plan } from './plan';
import type { Recorder } from './recorder';

/**
 * Share of the remaining loss in directions that the whole script is too short for: ηλT/(1-μ) < 1. Only for SGD, whose
 * pace the plain Hessian tells.
 */
export async function observeSlowModes(
  run: Run,
  operator: LinearOperator,
  gradient: Float32Array,
  optimizer: Optimizer,
  plan: Plan,
  recorder: Recorder,
  cancel: CancelToken,
): Promise<void> {
  if (optimizer.kind !== 'sgd' || run.learningRate <= 0) return;
  const modes = await lossByMode(operator, gradient, Math.min(24, plan.lanczosProducts), cancel);
  const share = slowShare(modes, (1 - momentumOf(optimizer)) / (run.learningRate * plan.ofSteps));
  if (share === null) return;
  recorder.add('slowModeShare', run.step, share.value);
  recorder.add('slowModeShareError', run.step, share.error);
}
