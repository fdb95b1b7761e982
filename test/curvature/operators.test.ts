import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { never } from '../../src/base/cancel';
import { block, preconditioned, restricted } from '../../src/curvature/composition';
import { toDense } from '../../src/curvature/dense';
import { gradientOperators } from '../../src/curvature/gradientOperators';
import { gramian } from '../../src/curvature/gramian';
import type { LinearOperator } from '../../src/curvature/operator';
import type { HessianAt, Twin } from '../../src/engine/twin';
import type { Tensor } from '../../src/records/dataset';
import type { OptimizerKind } from '../../src/records/optimizer';
import {
  dataset,
  experiment,
  fullBatch,
  meanSquaredError,
  minibatches,
  ModelBuilder,
  optimizer,
  perceptron,
} from '../engine/experiments';
import { allRows, normalTensor, relativeDistance, separableClasses, twinOf } from '../engine/twins';

interface Reference {
  readonly x: number[];
  readonly classes: number[];
  readonly targets: number[];
  readonly theta: number[];
  readonly hessian: number[];
  readonly batchHessian: number[];
  readonly gaussNewton: number[];
  readonly fisher: number[];
  readonly empiricalFisher: number[];
  readonly covariance: number[];
  readonly regression: { readonly hessian: number[]; readonly gaussNewton: number[] };
  readonly secondMoments: Readonly<Record<string, number[]>>;
  readonly preconditioned: Readonly<Record<string, number[]>>;
}
const reference = JSON.parse(readFileSync(new URL('../reference/curvature.json', import.meta.url), 'utf8')) as Reference;

const x: Tensor = { shape: [8, 2], values: Float32Array.from(reference.x) };
const classes: Tensor = { shape: [8], values: Int32Array.from(reference.classes) };
const targets: Tensor = { shape: [8, 3], values: Float32Array.from(reference.targets) };
const theta = Float32Array.from(reference.theta);
const sizes = [2, 2, 3];

const unit = (kind: OptimizerKind = 'sgd', settings: Readonly<Record<string, number>> = {}) =>
  experiment({
    model: perceptron(sizes, 'tanh', 'crossEntropy'),
    optimizer: optimizer(kind, 0.01, 4, settings),
    batches: fullBatch,
  });
const asOperator = (at: HessianAt, dim = theta.length): LinearOperator => ({ dim, selfAdjoint: true, apply: at.apply.bind(at) });
const close = (a: ArrayLike<number>, b: ArrayLike<number>): void => expect(relativeDistance(a, b)).toBeLessThan(3e-5);

describe('operators at a point, as PyTorch has them', () => {
  let classifier: Twin;
  let regression: Twin;
  beforeAll(async () => {
    classifier = await twinOf(unit(), dataset(x, classes));
    const squared = experiment({
      model: perceptron(sizes, 'tanh', 'mse'),
      optimizer: optimizer('sgd', 0.01, 4),
      batches: fullBatch,
    });
    regression = await twinOf(squared, dataset(x, targets));
  });
  afterAll(() => [classifier, regression].forEach((twin) => twin.dispose()));

  it('Hessian, on all rows and on a batch of them', async () => {
    const whole = asOperator(await classifier.objective('train', allRows(8)).hessian(theta));
    close(await toDense(whole), reference.hessian);
    close(await toDense(asOperator(await classifier.objective('train', allRows(3)).hessian(theta))), reference.batchHessian);
    close(
      await toDense(asOperator(await regression.objective('train', allRows(8)).hessian(theta))),
      reference.regression.hessian,
    );
  });

  it('its part on one layer', async () => {
    const whole = asOperator(await classifier.objective('train', allRows(8)).hessian(theta));
    const layer = classifier.parameters.filter(({ name }) => name.startsWith('net.2'));
    const expected = reference.hessian.map((entry, i) => {
      const inside = [Math.floor(i / 15), i % 15].every((at) =>
        layer.some((view) => at >= view.offset && at < view.offset + view.length),
      );
      return inside ? entry : 0;
    });
    close(await toDense(restricted(whole, layer)), expected);
    const weight = layer[0];
    const dense = await toDense(block(whole, weight?.offset ?? 0, weight?.length ?? 0));
    close(
      dense,
      expected.filter((_, i) => [Math.floor(i / 15), i % 15].every((at) => at >= 6 && at < 12)),
    );
  });

  it('Gauss-Newton, which is the Fisher matrix for cross-entropy and not for squared errors', async () => {
    const own = await classifier.objective('train', allRows(8)).gaussNewton(theta);
    const matrix = await toDense(asOperator(own?.at as HessianAt));
    close(matrix, reference.gaussNewton);
    close(matrix, reference.fisher);
    expect(own?.isFisher).toBe(true);
    const squares = await regression.objective('train', allRows(8)).gaussNewton(theta);
    close(await toDense(asOperator(squares?.at as HessianAt)), reference.regression.gaussNewton);
    expect(squares?.isFisher).toBe(false);
  });

  it('empirical Fisher and gradient covariance from the rows’ own gradients', async () => {
    const operators = await gradientOperators(classifier.objective('train', allRows(8)), theta);
    expect(operators?.rowsEach).toBe(1);
    close(await toDense(operators?.empiricalFisher as LinearOperator), reference.empiricalFisher);
    close(await toDense(operators?.covariance as LinearOperator), reference.covariance);
  });

  it('each of them on one layer, and on a group of parameters out of several layers', async () => {
    const objective = classifier.objective('train', allRows(8));
    const own = await gradientOperators(objective, theta);
    const operators: readonly (readonly [string, LinearOperator | null | undefined, number[]])[] = [
      ['Hessian', asOperator(await objective.hessian(theta)), reference.hessian],
      ['Gauss-Newton', asOperator((await objective.gaussNewton(theta))?.at as HessianAt), reference.gaussNewton],
      ['empirical Fisher', own?.empiricalFisher, reference.empiricalFisher],
      ['covariance', own?.covariance, reference.covariance],
    ];
    const named = (names: readonly string[]) => classifier.parameters.filter(({ name }) => names.includes(name));
    for (const group of [named(['net.0.weight', 'net.0.bias']), named(['net.0.bias', 'net.2.weight'])]) {
      expect(group).toHaveLength(2);
      const isInside = (at: number): boolean => group.some(({ offset, length }) => at >= offset && at < offset + length);
      for (const [name, operator, whole] of operators) {
        const expected = whole.map((entry, k) => (isInside(Math.floor(k / 15)) && isInside(k % 15) ? entry : 0));
        const dense = await toDense(restricted(operator as LinearOperator, group));
        expect(relativeDistance(dense, expected), `${name} of ${group.map((view) => view.name).join(', ')}`).toBeLessThan(3e-5);
      }
    }
  });

  it('second moments of the inputs of each layer', async () => {
    const inputs = await classifier.objective('train', allRows(8)).layerInputs(theta);
    expect(inputs.map(({ name }) => name)).toEqual(['net.0', 'net.2']);
    close(await toDense(gramian(inputs[0]?.vectors ?? [], null)), reference.secondMoments['first'] ?? []);
    close(await toDense(gramian(inputs[1]?.vectors ?? [], null)), reference.secondMoments['second'] ?? []);
  });

  it.each([
    ['adam', {}],
    ['adamw', { weightDecay: 0.1 }],
    ['rmsprop', {}],
    ['adagrad', {}],
  ] as const)('Hessian preconditioned by %s at its state after five steps', async (kind, settings) => {
    const twin = await twinOf(unit(kind, settings), dataset(x, classes));
    const run = twin.start(0);
    run.theta.set(theta);
    await run.advance(5, never);
    const hessian = asOperator(await twin.objective('train', allRows(8), { run }).hessian(run.theta));
    const matrix = await toDense(preconditioned(hessian, run.preconditioner() as Float32Array));
    const whole = reference.preconditioned[kind] ?? [];
    expect(relativeDistance(matrix, whole)).toBeLessThan(1e-3);
    const last = twin.parameters.filter(({ name }) => name.startsWith('net.2'));
    const isLast = (at: number): boolean => last.some(({ offset, length }) => at >= offset && at < offset + length);
    const part = preconditioned(restricted(hessian, last), run.preconditioner() as Float32Array);
    const expected = whole.map((entry, k) => (isLast(Math.floor(k / 15)) && isLast(k % 15) ? entry : 0));
    expect(relativeDistance(await toDense(part), expected)).toBeLessThan(1e-3);
    twin.dispose();
  });
});

describe('where Gauss-Newton is defined', () => {
  const rows = normalTensor([12, 3], 4);
  const labels = separableClasses(rows);

  /** A linear model whose loss is made by `of`. */
  const linearUnit = (of: (model: ModelBuilder, out: number) => number) => {
    const model = new ModelBuilder();
    const out = model.linear(model.input(), 'only', 3, 3);
    const ready = model.finish(out, of(model, out));
    return experiment({ model: ready, optimizer: optimizer('sgd', 0.1, 2), batches: fullBatch });
  };
  const nll = { reduction: 'mean', weight: null, ignoreIndex: -100 } as const;

  it('looks behind the logarithm of a softmax: a linear model’s Gauss-Newton matrix is its Hessian', async () => {
    const twin = await twinOf(
      linearUnit((model, out) => {
        const logs = model.call('logSoftmax', [out], { axis: 1 });
        return model.call('nll', [logs, model.beginLoss()], nll);
      }),
      dataset(rows, labels),
    );
    const objective = twin.objective('train', allRows(12));
    const at = normalTensor([twin.dim], 3).values as Float32Array;
    const [hessian, own] = [await objective.hessian(at), await objective.gaussNewton(at)];
    expect(own?.isFisher).toBe(true);
    close(await toDense(asOperator(own?.at as HessianAt, twin.dim)), await toDense(asOperator(hessian, twin.dim)));
    twin.dispose();
  });

  it('is not for a likelihood of raw scores, nor where a penalty reads the parameters beside the outputs', async () => {
    const raw = await twinOf(
      linearUnit((model, out) => model.call('nll', [out, model.beginLoss()], nll)),
      dataset(rows, labels),
    );
    expect(await raw.objective('train', allRows(12)).gaussNewton(new Float32Array(raw.dim))).toBeNull();
    const twice = await twinOf(
      linearUnit((model, out) => {
        const target = model.beginLoss();
        const first = model.call('mse', [out, target], meanSquaredError);
        return model.call('add', [first, model.call('mse', [model.call('tanh', [out], {}), target], meanSquaredError)], {});
      }),
      dataset(rows, normalTensor([12, 3], 8)),
    );
    expect(await twice.objective('train', allRows(12)).gaussNewton(new Float32Array(twice.dim))).toBeNull();
    raw.dispose();
    twice.dispose();
  });

  it('batches stand in for rows where batch norm needs them', async () => {
    const model = new ModelBuilder();
    const out = model.batchNorm(model.linear(model.input(), 'only', 3, 3), 'norm', 3);
    const ready = model.finish(out, model.call('mse', [out, model.beginLoss()], meanSquaredError));
    const batches = minibatches(4);
    const twin = await twinOf(
      experiment({ model: ready, optimizer: optimizer('sgd', 0.1, 4), batches }),
      dataset(rows, normalTensor([12, 3], 8)),
    );
    const operators = await gradientOperators(twin.objective('train', allRows(12)), twin.start(0).theta);
    expect(operators?.rowsEach).toBe(4);
    expect(operators?.empiricalFisher).toBeNull();
    twin.dispose();
  });
});
