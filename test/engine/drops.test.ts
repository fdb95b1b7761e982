import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lowerModel } from '../../src/engine/lowerModel';
import { gradient } from '../../src/graph/differentiate';
import type { Tensor } from '../../src/graph/operations';
import { here, ModelBuilder } from './experiments';
import { libraries, runtimeOn } from './onnx/runtimes';
import { relativeDistance } from './twins';

interface Case {
  readonly name: string;
  readonly kind: 'dropout' | 'featureDropout' | 'alphaDropout' | 'featureAlphaDropout';
  readonly p: number;
  readonly shape: readonly number[];
  readonly x: readonly number[];
  /** 1 where PyTorch kept an element or a channel, 0 where it dropped it. */
  readonly kept: readonly number[];
  readonly y: readonly number[];
  readonly gradient: readonly number[];
}

const { cases } = JSON.parse(readFileSync(new URL('../reference/drops.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[];
};

describe.each(libraries)(
  'a layer that drops has the values and gradient it has in PyTorch with the same mask, on %s',
  (library) => {
    const runtime = runtimeOn(library, { threads: 1 });
    test.each(cases.map((each) => [each.name, each] as const))('%s', async (_, { kind, p, shape, x, kept, ...expected }) => {
      const model = new ModelBuilder();
      const dropped = model.call(kind, [model.input()], { p, call: 0 });
      const finished = model.finish(dropped, model.call('sum', [dropped], { axes: null, keep: false }));
      const data = { inputs: [{ shape, values: Float32Array.from(x) }], targets: [] };
      const lowered = lowerModel(finished, data, {}, { rows: shape[0] ?? 1, batchNorm: 'train', dropout: true }, here);
      if (!lowered.ok) throw new Error(lowered.error.text);
      const { graph, values, data: sources, dropouts } = lowered.value;
      const [input, mask, y] = [sources[0]?.tensor, dropouts[0]?.mask, values[dropped]] as [Tensor, Tensor, Tensor];
      const weights = graph.constant(
        Float32Array.from(x, (_value, i) => Math.cos(i)),
        shape,
      );
      const [slope] = gradient(graph, graph.sum(graph.mul(y, weights)), [input]) as [Tensor];
      const program = await runtime.compile({
        inputs: [
          { name: 'x', tensor: input },
          { name: 'mask', tensor: mask },
        ],
        outputs: [
          { name: 'y', tensor: y },
          { name: 'gradient', tensor: slope },
        ],
      });
      // What is kept is scaled up where masks are drawn.
      const results = await program.run({ x: Float32Array.from(x), mask: Float32Array.from(kept, (one) => one / (1 - p)) });
      program.dispose();
      expect(relativeDistance(results['y'] ?? [], expected.y)).toBeLessThan(1e-6);
      expect(relativeDistance(results['gradient'] ?? [], expected.gradient)).toBeLessThan(1e-6);
    });
  },
);
