import { describe, expect, it } from 'vitest';
import { experiment, loop, minibatches, optimizer, perceptron, sourced } from '../../engine/experiments';
import { normalTensor, separableClasses } from '../../engine/twins';
import { benched, look } from './units';

describe('the noise floor of an inspection', () => {
  const x = normalTensor([96, 4], 5);
  it.each([
    ['SGD with momentum', optimizer('sgd', 0.02, 4, { momentum: 0.8 }), 1 / (1 - 0.8)],
    ['Adam', optimizer('adam', 0.02, 4), 1],
  ] as const)(
    'is η·tr(P⁻¹Σ)/(4B) of the gradients of single rows, over 1-μ where momentum adds up: %s',
    async (_, steps, times) => {
      const unit = await benched(
        experiment({
          model: perceptron([4, 6, 3], 'tanh', 'crossEntropy'),
          optimizer: steps,
          batches: minibatches(16),
          loop: loop({ epochs: sourced(20) }),
        }),
        x,
        separableClasses(x),
      );
      const { floor, allRows } = (await look(unit, 40)).part('noise');
      const { run } = unit.course;
      const rows: Float32Array[] = [];
      await unit.loss.objective.partGradients(run.theta, 1, (gradient) => rows.push(gradient.slice()));
      const diagonal = run.preconditioner();
      let trace = 0;
      for (let i = 0; i < unit.twin.dim; i++) {
        const mean = rows.reduce((sum, g) => sum + (g[i] as number), 0) / rows.length;
        trace += rows.reduce((sum, g) => sum + ((g[i] as number) - mean) ** 2, 0) / (rows.length - 1) / (diagonal?.[i] ?? 1);
      }
      const exact = (run.learningRate * trace * times) / (4 * 16);
      expect((floor?.loss.value ?? NaN) / exact).toBeCloseTo(1, 4);
      expect(floor?.loss.error).toBeLessThan(exact);
      expect(floor?.preconditioned).toBe(diagonal !== null);
      expect(allRows).toBeNull();
      unit.twin.dispose();
    },
  );

  it('is none where a batch is all rows', async () => {
    const unit = await benched(
      experiment({
        model: perceptron([4, 3], 'tanh', 'crossEntropy'),
        optimizer: optimizer('sgd', 0.1, 2),
        batches: minibatches(96),
        loop: loop({ epochs: sourced(20) }),
      }),
      x,
      separableClasses(x),
    );
    expect((await look(unit, 5)).part('noise').floor).toBeNull();
    unit.twin.dispose();
  });
});

describe('the spectrum on all rows', () => {
  it('is told from those that are looked at, within the error that is stated', async () => {
    const x = normalTensor([6_000, 4], 5);
    const unit = await benched(
      experiment({
        model: perceptron([4, 3], 'tanh', 'crossEntropy'),
        optimizer: optimizer('sgd', 0.1, 2),
        batches: minibatches(500),
        loop: loop({ epochs: sourced(2) }),
      }),
      x,
      separableClasses(x),
    );
    expect(unit.loss.rows).toBeLessThan(6_000);
    const told = await look(unit, 10);
    const { allRows } = told.part('noise');
    if (!allRows?.largest) throw new Error('not told');
    const whole = unit.twin.objective(
      'train',
      Int32Array.from({ length: 6_000 }, (_, i) => i),
    );
    const at = await whole.hessian(unit.course.run.theta.slice());
    // The softmax's own null direction keeps the smallest at zero; the largest is found by repeated products.
    let v = new Float32Array(unit.twin.dim).fill(1);
    v[0] = 2;
    let largest = 0;
    for (let i = 0; i < 200; i++) {
      const out = new Float32Array(v.length);
      await at.apply(v, out);
      largest = Math.hypot(...out);
      v = out.map((entry) => entry / largest);
    }
    at.dispose();
    whole.dispose();
    const off = Math.abs(allRows.largest.value - largest);
    expect(off).toBeLessThan(allRows.largest.error ?? 0);
    expect(off).toBeLessThan(0.05 * largest);
    unit.twin.dispose();
  });
});
