/** Targets whose type or rank PyTorch refuses, as observed with PyTorch 1.13. */
import { describe, expect, it } from 'vitest';
import { targetShape } from '../../src/diagnosis/rules/targetShape';
import type { TargetStatistics } from '../../src/records/dataset';
import type { ModelGraph, ModelNode } from '../../src/records/model/graph';
import {
  applied,
  at,
  bceWithLogits,
  chain,
  crossEntropy,
  evidence,
  experiment,
  layer,
  linear,
  mse,
  path,
  range,
  statistics,
  tanh,
  trial,
} from './evidence';
import type { LayerSketch } from './evidence';
import { findingOf, kindOf } from './settle';

const text = 'loss = criterion(out, y)\n';
const target = (type: 'float' | 'integer', shape: readonly number[]): TargetStatistics => ({
  ...statistics().target,
  type,
  shape,
});

/** A script with `layers` under a loss, and what its targets are. */
function script(
  layers: readonly LayerSketch[],
  loss: LayerSketch,
  targets: TargetStatistics,
  more: Parameters<typeof experiment>[0] = {},
) {
  const model = { ...chain(layers, loss), lossCall: at(text, 'criterion(out, y)') };
  return evidence({
    experiment: experiment({ model, ...more }),
    statistics: statistics({ target: targets }),
    texts: { [path]: text },
    baseline: trial(0.9),
  });
}

/** With a cast between the targets and the loss. */
function cast(graph: ModelGraph, to: 'float' | 'integer'): ModelGraph {
  const [made, loss] = graph.nodes.slice(-2);
  if (!made || !loss) throw new Error('no loss');
  const place = graph.nodes.indexOf(made);
  const node = { ...made, kind: 'cast', arguments: { to }, inputs: [place], name: 'cast' } as ModelNode;
  const over = { ...loss, inputs: [loss.inputs[0] ?? 0, place + 1] } as ModelNode;
  return { ...graph, nodes: [...graph.nodes.slice(0, place + 1), node, over], loss: place + 2 };
}

const classifier = [linear(10, 16), tanh(), linear(16, 3)];
const helps = { 'target-shape:fix': trial(0.1), unchanged: trial(0.9) };

describe('targets of a type that the loss refuses', () => {
  it.each([
    ['class numbers as floats', classifier, crossEntropy(), target('float', [300]), 'y.long()'],
    ['class numbers in a column', classifier, crossEntropy(), target('integer', [300, 1]), 'y.squeeze(1)'],
    ['floats in a column', classifier, crossEntropy(), target('float', [300, 1]), 'y.squeeze(1).long()'],
    ['integers under a squared loss', [linear(10, 1)], mse(), target('integer', [300, 1]), 'y.float()'],
    ['integers of another shape', [linear(10, 1)], bceWithLogits(), target('integer', [300]), 'y.float().unsqueeze(1)'],
  ] as const)('are told and changed in the loss: %s', (_, layers, loss, targets, wanted) => {
    const found = findingOf(targetShape, script(layers, loss, targets), helps);
    expect(found).toMatchObject({ severity: 'error', range: at(text, 'criterion(out, y)') });
    expect(applied(text, found.fixes[0]?.edits ?? [])).toBe(text.replace('y)', `${wanted})`));
  });

  it.each([
    ['class numbers', classifier, crossEntropy(), target('integer', [300])],
    ['class probabilities', classifier, crossEntropy(), target('float', [300, 3])],
    ['integers under an absolute loss', [linear(10, 1)], layer('l1', { reduction: 'mean' }), target('integer', [300, 1])],
    ['a type that is not known', classifier, crossEntropy(), { ...target('float', [300]), type: undefined as never }],
  ] as const)('are no fault: %s', (_, layers, loss, targets) => {
    expect(kindOf(targetShape, script(layers, loss, targets))).toBe('passed');
  });

  it('are no fault behind a cast, or in Keras, which casts them', () => {
    const model = cast(chain(classifier, crossEntropy()), 'integer');
    expect(kindOf(targetShape, script(classifier, crossEntropy(), target('float', [300]), { model }))).toBe('passed');
    const unit = { name: 'model', path, range: range(30), framework: 'keras' } as const;
    expect(kindOf(targetShape, script([linear(10, 1)], mse(), target('integer', [300, 1]), { unit }))).toBe('passed');
  });
});
