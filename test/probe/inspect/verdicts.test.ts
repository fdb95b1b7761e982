import { afterEach, describe, expect, it } from 'vitest';
import type { BenchedUnit } from '../../../src/probe/inspect/unitBench';
import type { Tensor } from '../../../src/records/dataset';
import { experiment, loop, optimizer, sourced } from '../../engine/experiments';
import { normalTensor } from '../../engine/twins';
import { benched, denseSpectrum, look, plainNet } from './units';

const x = normalTensor([120, 3], 1);
/** The first column and some noise: what a linear model can mostly fit. */
const y: Tensor = {
  shape: [120, 1],
  values: Float32Array.from(normalTensor([120, 1], 2).values, (noise, row) => (x.values[3 * row] as number) + 0.3 * noise),
};
const nothing: Tensor = { shape: [120, 1], values: new Float32Array(120) };
const tiny = { kind: 'normal', mean: 0, deviation: 1e-4 } as const;
const zero = { kind: 'constant', value: 0 } as const;

const units: BenchedUnit[] = [];
afterEach(() => units.splice(0).forEach(({ twin }) => twin.dispose()));

async function unitOf(
  model: ReturnType<typeof plainNet>,
  targets: Tensor,
  { rate = 0.1, epochs = 100, decay = 0 } = {},
): Promise<BenchedUnit> {
  const unit = await benched(
    experiment({
      model,
      optimizer: optimizer('sgd', rate, model.parameters.length, { weightDecay: decay }),
      loop: loop({ epochs: sourced(epochs) }),
    }),
    x,
    targets,
  );
  units.push(unit);
  return unit;
}

describe('verdicts', () => {
  it('names the saddle of a two-layer net near zero, with both ends of its dense Hessian', async () => {
    const unit = await unitOf(plainNet([3, 4, 1], 'tanh', tiny), y, { epochs: 400 });
    const told = await look(unit, 0, true);
    const verdict = told.part('verdict');
    expect(verdict.kind).toBe('saddle');
    expect(told.part('point').search).toMatchObject({ stopped: 'critical' });
    const exact = await denseSpectrum(unit, unit.course.run.theta.slice());
    const [low, high] = [exact[0] as number, exact[exact.length - 1] as number];
    expect(low).toBeLessThan(-0.5);
    expect(Math.abs(verdict.smallest.value - low)).toBeLessThan(0.05 * high);
    expect(Math.abs(verdict.largest.value - high)).toBeLessThan(0.01 * high);
    const negative = exact.filter((value) => value < -1e-2).length / exact.length;
    expect(told.part('density')).toMatchObject({ exact: true });
    expect(told.part('density').negative.value).toBeCloseTo(negative, 1);
  });

  it('tries the ways out of that saddle', async () => {
    const unit = await unitOf(plainNet([3, 4, 1], 'tanh', tiny), y, { epochs: 400 });
    const escape = (await look(unit, 0, true)).part('escape');
    expect(escape.factor).toBeCloseTo(1 + 0.1 * Math.abs(escape.curvature), 6);
    expect(escape.matters).toBe(true);
    expect(escape.expectedSteps).toBeGreaterThan(10);
    const leftAt = (way: string): number => escape.branches.find((branch) => branch.way === way)?.leftAt ?? Infinity;
    expect(leftAt('step')).toBeLessThan(leftAt('as it is'));
    expect(leftAt('momentum')).toBeLessThanOrEqual(leftAt('as it is'));
    expect(leftAt('noise')).toBeLessThan(Infinity);
  });

  it('calls the end of a linear regression a minimum, certified convex, with its own condition number', async () => {
    const unit = await unitOf(plainNet([3, 1], 'tanh', tiny), y, { rate: 0.3, epochs: 200 });
    const told = await look(unit, 200);
    expect(told.part('verdict').kind).toBe('minimum');
    const exact = await denseSpectrum(unit, unit.course.run.theta.slice());
    const kappa = (exact[exact.length - 1] as number) / (exact[0] as number);
    expect(told.part('conditioning').plain.value?.value).toBeCloseTo(kappa, 2);
    expect(told.part('convexity').kind).toBe('certified');
    expect(told.has('escape')).toBe(false);
  });

  it('calls the critical point of a negated loss a maximum', async () => {
    const told = await look(await unitOf(plainNet([3, 1], 'tanh', tiny, { negated: true }), y), 0, true);
    expect(told.part('verdict').kind).toBe('maximum');
    expect(told.part('verdict').largest.value).toBeLessThan(0);
    expect(told.part('convexity').kind).toBe('undecided');
  });

  it('leaves a net of zeros undecided when nothing shows a way down, and names its copies', async () => {
    const told = await look(await unitOf(plainNet([3, 4, 1], 'relu', zero), nothing), 0);
    const verdict = told.part('verdict');
    expect(verdict.kind).toBe('undecided second order');
    expect(verdict.reasons.join()).toContain('zero to precision');
    expect(verdict.copies).toEqual([{ layer: '0', groups: [[0, 1, 2, 3]] }]);
  });

  it('finds the way down from zeros that second order does not see', async () => {
    const centred = (y.values as Float32Array).reduce((sum, value) => sum + value / 120, 0);
    const targets: Tensor = { ...y, values: Float32Array.from(y.values, (value) => value - centred) };
    const told = await look(await unitOf(plainNet([3, 4, 1], 'relu', zero), targets), 0);
    const verdict = told.part('verdict');
    expect(verdict.kind).toBe('saddle');
    expect(verdict.smallest.value).toBeGreaterThan(-1e-5);
    const branches = told.part('escape').branches;
    expect(branches.find(({ way }) => way === 'as it is')?.leftAt).toBeNull();
    expect(branches.find(({ way }) => way === 'step')?.leftAt).not.toBeNull();
  });

  it('names a saddle on part of the rows only where other rows curve down too', async () => {
    const rows = 5_000;
    const many = normalTensor([rows, 3], 4);
    const noise = normalTensor([rows, 1], 6).values as Float32Array;
    const centre = noise.reduce((sum, value) => sum + value / rows, 0);
    for (const [signal, kind] of [
      [1, 'saddle'],
      [0, 'undecided second order'],
    ] as const) {
      const values = noise.map((value, row) => value - centre + signal * (many.values[3 * row] as number));
      const model = plainNet([3, 4, 1], 'tanh', zero);
      const steps = optimizer('sgd', 0.1, model.parameters.length);
      const unit = await benched(experiment({ model, optimizer: steps, loop: loop({ epochs: sourced(1) }) }), many, {
        shape: [rows, 1],
        values,
      });
      units.push(unit);
      expect(unit.loss.rows).toBeLessThan(rows);
      const verdict = (await look(unit, 0, true)).part('verdict');
      expect(verdict.smallest.value).toBeLessThan(0);
      expect(verdict.kind).toBe(kind);
      expect(verdict.reasons.join()).toMatch(/on \d+ other rows the curvature along the lowest direction/);
    }
  });

  it('does not name a point where the gradient is large', async () => {
    const told = await look(await unitOf(plainNet([3, 4, 1], 'tanh', { ...tiny, deviation: 0.5 }), y), 3);
    expect(told.part('verdict')).toMatchObject({ kind: 'not critical', probes: [] });
  });

  it('takes the L2 term into loss, gradient and Hessian', async () => {
    const unit = await unitOf(plainNet([3, 1], 'tanh', tiny), y, { rate: 0.3, epochs: 300, decay: 0.7 });
    const plain = await unitOf(plainNet([3, 1], 'tanh', tiny), y, { rate: 0.3, epochs: 300 });
    const [with_, without] = [await look(unit, 300), await look(plain, 300)];
    expect(with_.part('verdict').kind).toBe('minimum');
    expect(with_.part('verdict').largest.value - without.part('verdict').largest.value).toBeCloseTo(0.7, 3);
    expect(with_.part('point').gradientNorm).toBeLessThan(1e-5);
  });
});
