import { describe, expect, it } from 'vitest';
import { loadNative } from '../../../src/engine/onnx/native';
import { buildModel } from '../../../src/engine/onnx/program';
import type { Session, Views } from '../../../src/engine/onnx/session';
import { Graph } from '../../../src/graph/graph';

const side = 2_000;

/** A row that is spread over a matrix of 16 MB, and its sum. */
async function spread(): Promise<{ readonly session: Session; readonly feeds: Views; readonly fetches: Views }> {
  const g = new Graph();
  const x = g.input('x', [side]);
  const model = buildModel({
    inputs: [{ name: 'x', tensor: x }],
    outputs: [
      { name: 'matrix', tensor: g.add(x, g.reshape(x, [side, 1])) },
      { name: 'sum', tensor: g.sum(x) },
    ],
  });
  const session = await (await loadNative()).open(model.bytes, { threads: 1, exact: false, simplify: true });
  const [matrix = '', sum = ''] = model.outputs.map(({ value }) => value.name);
  return {
    session,
    feeds: { [model.inputs[0]?.value.name ?? '']: { dtype: 'float32', shape: [side], data: new Float32Array(side).fill(1) } },
    fetches: {
      [matrix]: { dtype: 'float32', shape: [side, side], data: new Float32Array(side ** 2) },
      [sum]: { dtype: 'float32', shape: [], data: new Float32Array(1) },
    },
  };
}

describe('a call of the native library whose memory is fixed', () => {
  it('writes its outputs there, and nowhere else', async () => {
    const { session, feeds, fetches } = await spread();
    const run = session.bind(feeds, fetches);
    const before = process.memoryUsage().arrayBuffers;
    await run();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
    expect(Object.values(fetches).map(({ data }) => [data[0], data.at(-1)])).toEqual([
      [2, 2],
      [side, side],
    ]);
    session.release();
  });

  it('still hands out fresh outputs where they are asked for, and tells what is wrong', async () => {
    const { session, feeds, fetches } = await spread();
    await session.bind(feeds, fetches)();
    expect(() => session.bind({}, fetches)()).toThrow(/missing input/i);
    const outputs = await session.run(feeds, Object.keys(fetches));
    expect(Object.values(outputs).map(({ length }) => length)).toEqual([1, side ** 2]);
    session.release();
  });
});
