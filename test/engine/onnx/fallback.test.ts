import { describe, expect, it, vi } from 'vitest';
import { openRuntime } from '../../../src/engine/onnx/backend';
import { Graph } from '../../../src/graph/graph';

vi.mock('onnxruntime-node', () => {
  throw new Error('there is no library for this machine');
});

describe('without a native library', () => {
  it('graphs run in WebAssembly, and it is said', async () => {
    const runtime = await openRuntime();
    expect(runtime.backend).toBe('onnxruntime-web');
    expect(runtime.note).toMatch(/native library could not be loaded.*slower/);
    const g = new Graph();
    const x = g.input('x', [2, 2]);
    const y = g.matmul(x, x);
    const program = await runtime.compile({ inputs: [{ name: 'x', tensor: x }], outputs: [{ name: 'y', tensor: y }] });
    expect(await program.run({ x: Float32Array.of(1, 2, 3, 4) })).toEqual({ y: Float32Array.of(7, 10, 15, 22) });
    program.dispose();
  });
});
