import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random';
import { compileKernelLoop } from '../../../src/engine/kernel/graph/kernelLoop';
import type { CompiledLoop, LoopProgram } from '../../../src/engine/onnx/runtime';
import { gradient } from '../../../src/graph/differentiate';
import { Graph } from '../../../src/graph/graph';
import { sizeOf } from '../../../src/graph/operations';
import { relativeDistance, runtime } from '../twins';

const maxSteps = 7;

/** Momentum on a small classifier: batches of 5 of 12 rows, a rate for each step. */
function descent(): LoopProgram {
  const g = new Graph();
  const data = g.input('data', [12, 3]);
  const classes = g.input('classes', [12], 'int32');
  const rows = g.input('rows', [5], 'int32');
  const rate = g.input('rate', []);
  const [w, b, momentum] = [g.input('w', [4, 3]), g.input('b', [4]), g.input('momentum', [4, 3])];
  const scores = g.add(g.matmul(g.tanh(g.gather(data, rows, 0)), w, { transposeB: true }), g.broadcast(b, [5, 4]));
  const chosen = g.takeAlong(g.logSoftmax(scores), g.reshape(g.gather(classes, rows, 0), [5, 1]), 1);
  const loss = g.neg(g.mean(chosen));
  const [slope = w, slopeOfB = b] = gradient(g, loss, [w, b]);
  const moved = g.add(g.mul(momentum, 0.9), slope);
  return {
    maxSteps,
    state: [
      { name: 'w', current: w, next: g.sub(w, g.mul(moved, rate)) },
      { name: 'b', current: b, next: g.sub(b, g.mul(slopeOfB, rate)) },
      { name: 'momentum', current: momentum, next: moved },
    ],
    perStep: [
      { name: 'rows', tensor: rows },
      { name: 'rate', tensor: rate },
    ],
    constants: [
      { name: 'data', tensor: data },
      { name: 'classes', tensor: classes },
    ],
    outputs: [
      { name: 'loss', tensor: loss },
      { name: 'before', tensor: w },
    ],
  };
}

function memoryFor(seed: number) {
  const random = new Random(seed);
  const draw = (...shape: number[]) => Float32Array.from({ length: sizeOf(shape) }, () => random.normal());
  return {
    state: { w: draw(4, 3), b: draw(4), momentum: draw(4, 3) },
    perStep: {
      rows: Int32Array.from({ length: maxSteps * 5 }, () => random.integer(12)),
      rate: Float32Array.from({ length: maxSteps }, () => random.uniform(0.1, 0.5)),
    },
    constants: { data: draw(12, 3), classes: Int32Array.from({ length: 12 }, () => random.integer(4)) },
    outputs: { loss: new Float32Array(maxSteps), before: new Float32Array(maxSteps * 12) },
  };
}

function kernelOf(program: LoopProgram): CompiledLoop {
  const made = compileKernelLoop(program);
  if (made === null) throw new Error('it is no kernel');
  return made;
}

describe('a loop whose step is one WebAssembly function', () => {
  it('takes the steps that the runtime takes, call after call', async () => {
    const [ours, theirs] = [memoryFor(5), memoryFor(5)];
    const program = descent();
    const call = kernelOf(program).bind(ours);
    const other = (await runtime.compileLoop(program)).bind(theirs);
    for (const steps of [maxSteps, 2, 1, maxSteps]) {
      await call.run(steps);
      await other.run(steps);
      for (const name of ['w', 'b', 'momentum'] as const)
        expect(relativeDistance(ours.state[name], theirs.state[name])).toBeLessThan(1e-6);
      expect(relativeDistance(ours.outputs.loss, theirs.outputs.loss)).toBeLessThan(1e-6);
      expect(relativeDistance(ours.outputs.before, theirs.outputs.before)).toBeLessThan(1e-6);
    }
  });

  it('hands back what a step began from, though the state has moved on', async () => {
    const memory = memoryFor(6);
    const first = memory.state.w.slice();
    await kernelOf(descent()).bind(memory).run(2);
    expect(memory.outputs.before.slice(0, 12)).toEqual(first);
    expect(memory.outputs.before.slice(12, 24)).not.toEqual(first);
  });

  it('exchanges states, and keeps one that nobody reads', async () => {
    const g = new Graph();
    const [a, b, last] = [g.input('a', [3]), g.input('b', [3]), g.input('last', [3])];
    const state = { a: Float32Array.of(1, 2, 3), b: Float32Array.of(4, 5, 6), last: new Float32Array(3) };
    const loop = kernelOf({
      maxSteps: 4,
      state: [
        { name: 'a', current: a, next: b },
        { name: 'b', current: b, next: a },
        { name: 'last', current: last, next: g.mul(a, 2) },
      ],
      perStep: [],
      constants: [],
      outputs: [],
    });
    const call = loop.bind({ state, perStep: {}, constants: {}, outputs: {} });
    await call.run(3);
    expect([state.a, state.b, state.last].map((values) => [...values])).toEqual([
      [4, 5, 6],
      [1, 2, 3],
      [2, 4, 6],
    ]);
    expect(() => call.run(5)).toThrow(RangeError);
  });

  it('asks for all memory, and enough of it', () => {
    const loop = kernelOf(descent());
    const memory = memoryFor(1);
    expect(() => loop.bind({ ...memory, constants: { data: memory.constants.data } })).toThrow(RangeError);
    expect(() => loop.bind({ ...memory, perStep: { ...memory.perStep, rate: new Float32Array(0) } })).toThrow(RangeError);
  });

  it('is left to the runtime where the step is large', () => {
    const g = new Graph();
    const w = g.input('w', [200, 200]);
    const program = { maxSteps: 4, perStep: [], constants: [], outputs: [] };
    expect(compileKernelLoop({ ...program, state: [{ name: 'w', current: w, next: g.matmul(w, w) }] })).toBeNull();
  });
});
