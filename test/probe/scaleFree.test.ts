import { describe, expect, it } from 'vitest';
import { never } from '../../src/base/cancel';
import { withoutScales } from '../../src/curvature/scaleFree';
import { toDense } from '../../src/curvature/dense';
import { scaleFreeGroups } from '../../src/probe/inspect/structure';
import { mainRun } from '../../src/probe/mainRun';
import { planRun } from '../../src/probe/plan';
import { openProbe } from '../../src/probe/probeRows';
import { workOf } from '../../src/probe/work';
import type { ModelGraph } from '../../src/records/model/graph';
import { jacobiEigen } from '../curvature/jacobi';
import {
  dataset,
  experiment,
  loop,
  meanSquaredError,
  minibatches,
  ModelBuilder,
  optimizer,
  sourced,
} from '../engine/experiments';
import { allRows, normalTensor, twinOf } from '../engine/twins';

const x = normalTensor([48, 3], 1);
const y = normalTensor([48, 1], 2);

type Norm = 'batchNorm' | 'layerNorm' | 'groupNorm' | 'rmsNorm' | 'twice read';

/** Linear, a normalisation, tanh, linear. */
function normalised(norm: Norm): ModelGraph {
  const model = new ModelBuilder();
  const h = model.linear(model.input(), 'first', 3, 4);
  const weight = (): number => model.parameter('norm.weight', [4], { kind: 'constant', value: 1 });
  const bias = (): number => model.parameter('norm.bias', [4], { kind: 'constant', value: 0 });
  const named = (more: Record<string, number>) => ({ name: 'norm', parameters: more });
  const after = {
    batchNorm: () => model.batchNorm(h, 'norm', 4, { epsilon: 1e-9 }),
    layerNorm: () => model.call('layerNorm', [h], { shape: [4], epsilon: 1e-9 }, named({ weight: weight(), bias: bias() })),
    groupNorm: () =>
      model.call('groupNorm', [h], { groups: 2, channels: 4, epsilon: 1e-9 }, named({ weight: weight(), bias: bias() })),
    rmsNorm: () => model.call('rmsNorm', [h], { shape: [4], epsilon: 1e-9 }, named({ weight: weight() })),
    'twice read': () => model.call('add', [model.batchNorm(h, 'norm', 4), h], {}),
  }[norm]();
  const out = model.linear(model.call('tanh', [after], {}), 'second', 4, 1);
  return model.finish(out, model.call('mse', [out, model.beginLoss()], meanSquaredError));
}

const unitOf = (norm: Norm) =>
  experiment({
    model: normalised(norm),
    optimizer: optimizer('sgd', 0.05, norm === 'rmsNorm' ? 5 : 6),
    batches: minibatches(16),
    loop: loop({ epochs: sourced(8) }),
  });

describe('scale directions', () => {
  it.each([
    ['batchNorm', 4],
    ['layerNorm', 1],
    ['groupNorm', 2],
    ['rmsNorm', 1],
  ] as const)('the loss does not change when weights before %s are stretched', async (norm, count) => {
    const unit = unitOf(norm);
    const twin = await twinOf(unit, dataset(x, y));
    const groups = scaleFreeGroups(unit, twin);
    expect(groups).toHaveLength(count);
    const run = twin.start(3);
    await run.advance(5, never);
    const objective = twin.objective('train', allRows(48), { run });
    const { loss } = await objective.evaluate(run.theta);
    for (const group of groups) {
      const stretched = run.theta.slice();
      for (const { offset, length } of group)
        for (let i = offset; i < offset + length; i++) stretched[i] = 1.7 * (run.theta[i] ?? 0);
      expect((await objective.evaluate(stretched)).loss).toBeCloseTo(loss, 4);
    }
    twin.dispose();
  });

  it('are none where something else reads the layer, or batch norm uses running statistics', async () => {
    const twice = unitOf('twice read');
    const twin = await twinOf(twice, dataset(x, y));
    expect(scaleFreeGroups(twice, twin)).toEqual([]);
    const eval_ = { ...unitOf('batchNorm'), loop: loop({ trainsInEvalMode: true }) };
    expect(scaleFreeGroups(eval_, twin)).toEqual([]);
    twin.dispose();
  });
});

it('a run measures the smallest eigenvalue beside them, as the dense matrix has it', async () => {
  const unit = unitOf('batchNorm');
  const twin = await twinOf(unit, dataset(x, y));
  const plan = planRun(workOf(twin));
  const probe = openProbe(twin, plan, 0);
  const bounds = { cancel: never, deadline: null };
  const { measurements } = await mainRun({ twin, experiment: unit, plan, probe, seed: 0, bounds, onBatch: () => undefined });
  const measured = measurements.scaleFreeLambdaMin;
  expect(measured?.steps).toEqual(measurements.lambdaMin?.steps);
  measured?.values.forEach((value, i) => expect(value).toBeGreaterThanOrEqual((measurements.lambdaMin?.values[i] ?? NaN) - 1e-3));

  const run = twin.start(0, { totalSteps: plan.steps });
  const hessian = await probe.train.hessian(run.theta);
  const operator = { dim: twin.dim, selfAdjoint: true, apply: hessian.apply.bind(hessian) };
  const { values } = jacobiEigen(await toDense(withoutScales(operator, run.theta, scaleFreeGroups(unit, twin))), twin.dim);
  const top = measurements.lambdaMax?.values[0] ?? NaN;
  expect(Math.abs((measured?.values[0] ?? NaN) - (values[0] ?? NaN))).toBeLessThan(0.03 * top);

  // Batches of 16 of 48 rows differ: the limit with them is below the one of all rows, and the sharpness of single batches is known.
  const step = measurements.minibatchRateLimit?.steps[0];
  const at = measurements.rateLimit?.steps.indexOf(step as never) ?? -1;
  expect(measurements.minibatchRateLimit?.values[0]).toBeLessThan(Number(measurements.rateLimit?.values[at]));
  expect(measurements.batchSharpness?.values[0]).toBeGreaterThan(0);
  probe.dispose();
  twin.dispose();
});
