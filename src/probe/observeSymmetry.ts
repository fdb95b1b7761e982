import { duplicatedUnits, unitLayout, type UnitLayout } from '../curvature/symmetry';
import { isWeighing } from '../diagnosis/graphWalk';
import { weighingAfter } from '../diagnosis/initStatistics';
import type { Run, Twin } from '../engine/twin';
import type { ModelGraph, ModelNode } from '../records/model/graph';
import type { Recorder } from './recorder';

/** A layer whose units are looked at for copies; `name` is the layer's. */
interface HiddenLayer {
  readonly name: string;
  readonly layout: UnitLayout;
}

/** Layers with more units are left alone: comparing all pairs would cost more than it tells. */
const mostUnits = 512;

/** Hidden layers that are read by exactly one other, with the places of their units' parameters. */
export function hiddenLayers(model: ModelGraph, twin: Twin): readonly HiddenLayer[] {
  const place = (node: ModelNode, role: string) => {
    const index = node.parameters[role];
    const name = index === undefined ? undefined : model.parameters[index]?.name;
    return twin.parameters.find((view) => view.name === name) ?? null;
  };
  return model.nodes.filter(isWeighing).flatMap((node) => {
    const readers = weighingAfter(model, node);
    const weight = place(node, 'weight');
    const reader = readers[0];
    if (readers.length !== 1 || !reader || !weight || (weight.shape[0] ?? 0) > mostUnits) return [];
    const layout = unitLayout(weight, place(node, 'bias'), place(reader, 'weight'));
    return layout && layout.incoming.length > 1 ? [{ name: node.name, layout }] : [];
  });
}

/** Share of each layer's units that are copies of another, in parameters and gradients. */
export function observeSymmetry(layers: readonly HiddenLayer[], run: Run, gradient: Float32Array, recorder: Recorder): void {
  for (const { name, layout } of layers) {
    const copies = duplicatedUnits(run.theta, gradient, layout).reduce((sum, group) => sum + group.length, 0);
    recorder.add(`duplicated/${name}`, run.step, copies / layout.incoming.length);
  }
}
