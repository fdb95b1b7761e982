import { describe, expect, it } from 'vitest';
import { never } from '../../../src/base/cancel';
import { inspectUnit } from '../../../src/probe/inspect/inspect';
import { entryName } from '../../../src/probe/inspect/parameterPlane';
import type { InspectedSurface } from '../../../src/records/inspection/surface';
import { experiment, loop, meanSquaredError, ModelBuilder, optimizer, perceptron, sourced } from '../../engine/experiments';
import { normalTensor, separableClasses } from '../../engine/twins';
import { benched, look } from './units';

const x = normalTensor([40, 1], 3);
const y = { shape: [40, 1], values: Float32Array.from(x.values, (value, i) => 2 * value - 1 + 0.1 * Math.sin(i)) };

function line(bias: boolean): ReturnType<typeof experiment> {
  const model = new ModelBuilder();
  const out = model.linear(model.input(), 'line', 1, 1, bias);
  const target = model.beginLoss();
  const graph = model.finish(out, model.call('mse', [out, target], meanSquaredError));
  return experiment({ model: graph, optimizer: optimizer('sgd', 0.05, bias ? 2 : 1), loop: loop({ epochs: sourced(60) }) });
}

/** Mean squared error of w·x + b, in double precision. */
const lossAt = (w: number, b: number): number =>
  [...x.values].reduce((sum, value, i) => sum + (w * value + b - (y.values[i] as number)) ** 2 / 40, 0);

function expectLosses({ xs, ys, losses }: InspectedSurface, biased: boolean): void {
  for (const i of [0, 3, losses.length - 1]) {
    const [w, b] = [xs[i % xs.length] as number, biased ? (ys[Math.floor(i / xs.length)] as number) : 0];
    expect(losses[i]).toBeCloseTo(lossAt(w, b), 3);
  }
}

describe('models of one or two parameters', () => {
  it('are drawn whole, over their parameters’ own values, with start and minimum in the picture', async () => {
    const unit = await benched(line(true), x, y);
    const told = await look(unit, 30);
    const surface = told.part('surface', 'surface parameters');
    expect(surface).toMatchObject({ xTitle: 'line.weight', yTitle: 'line.bias', whole: true });
    expect(surface.xs).toHaveLength(65);
    expectLosses(surface, true);
    const inside = (axis: Float64Array, value: number): boolean => value > (axis[0] as number) && value < (axis[64] as number);
    expect(inside(surface.xs, 2) && inside(surface.ys, -1)).toBe(true);
    expect(inside(surface.xs, surface.trajectory.x[0] as number)).toBe(true);
    expect(surface.trajectory.distance.every((distance) => distance === 0)).toBe(true);
    expect(surface.here).toEqual([...unit.course.run.theta]);
    expect(told.has('surface eigenvectors')).toBe(false);
    unit.twin.dispose();
  });

  it('are a curve where there is one parameter', async () => {
    const unit = await benched(line(false), x, y);
    const told = await look(unit, 30);
    const surface = told.part('surface', 'surface parameters');
    expect([surface.ys.length, surface.whole]).toEqual([1, true]);
    expectLosses(surface, false);
    expect(told.part('ravine').path).toBeNull();
    unit.twin.dispose();
  });
});

describe('two chosen parameters', () => {
  const inputs = normalTensor([48, 4], 5);
  const classifier = experiment({ model: perceptron([4, 6, 3], 'tanh', 'crossEntropy'), optimizer: optimizer('sgd', 0.1, 4) });

  it('are drawn alone, and through the point', async () => {
    const unit = await benched(classifier, inputs, separableClasses(inputs));
    const parts: InspectedSurface[] = [];
    const reason = await inspectUnit(
      unit,
      { step: 5, nearest: false, pair: [7, 50] },
      (event) => event.kind === 'part' && event.part.part === 'surface' && void parts.push(event.part),
      never,
    );
    expect(reason).toBeNull();
    expect(parts.map(({ xs }) => xs.length)).toEqual([5, 9, 17, 33]);
    const [last] = parts.slice(-1) as [InspectedSurface];
    expect([last.xTitle, last.yTitle, last.whole]).toEqual(['net.0.weight[1, 3]', 'net.2.bias[2]', false]);
    expect(last.here).toEqual([unit.course.run.theta[7], unit.course.run.theta[50]]);
    const theta = unit.course.run.theta.slice();
    [theta[7], theta[50]] = [last.xs[4] as number, last.ys[20] as number];
    expect(last.losses[20 * 33 + 4]).toBeCloseTo(await unit.loss.lossAt(theta), 5);
    unit.twin.dispose();
  });

  it('are refused when they are not two', async () => {
    const unit = await benched(classifier, inputs, separableClasses(inputs));
    const ask = (pair: readonly [number, number]): Promise<string | null> =>
      inspectUnit(unit, { step: 5, nearest: false, pair }, () => undefined, never);
    expect(await ask([3, 3])).toContain('Two different parameters of 51');
    expect(await ask([3, 51])).toContain('Two different');
    unit.twin.dispose();
  });

  it('are named by their place', () => {
    const parameters = [
      { name: 'a', shape: [2, 3, 2], offset: 0, length: 12 },
      { name: 'b', shape: [1], offset: 12, length: 1 },
    ];
    expect([0, 7, 11, 12].map((index) => entryName(parameters, index))).toEqual(['a[0, 0, 0]', 'a[1, 0, 1]', 'a[1, 2, 1]', 'b']);
  });
});
