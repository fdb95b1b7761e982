import { describe, expect, it, vi } from 'vitest';
import { createRuntime } from '../../../src/engine/onnx/backend';
import { Graph } from '../../../src/graph/graph';

vi.mock('onnxruntime-node/dist/binding.js', () => {
  throw new Error('this version of onnxruntime has no such file');
});

describe("without onnxruntime's synchronous binding", () => {
  it('programs run through its public interface', async () => {
    const g = new Graph();
    const x = g.input('x', [3]);
    const program = await createRuntime().compile({
      inputs: [{ name: 'x', tensor: x }],
      outputs: [{ name: 'y', tensor: g.mul(x, 2) }],
    });
    expect(await program.run({ x: Float32Array.of(1, 2, 3) })).toEqual({ y: Float32Array.of(2, 4, 6) });
    const y = new Float32Array(3);
    const pending = program.bind({ x: Float32Array.of(4, 5, 6) }, { y }).run();
    expect(pending).toBeInstanceOf(Promise);
    await pending;
    expect([...y]).toEqual([8, 10, 12]);
    program.dispose();
  });

  it('loops too', async () => {
    const g = new Graph();
    const x = g.input('x', [2]);
    const loop = await createRuntime().compileLoop({
      maxSteps: 5,
      state: [{ name: 'x', current: x, next: g.mul(x, 2) }],
      perStep: [],
      constants: [],
      outputs: [{ name: 'sum', tensor: g.sum(x) }],
    });
    const [state, sum] = [Float32Array.of(1, 3), new Float32Array(5)];
    await loop.bind({ state: { x: state }, perStep: {}, constants: {}, outputs: { sum } }).run(3);
    expect([...state]).toEqual([8, 24]);
    expect([...sum]).toEqual([4, 8, 16, 0, 0]);
    loop.dispose();
  });
});
