import { Arguments, numbersOf, type Call, type Handler } from '../../interpret/call';
import { graphOperation, lifted } from '../../interpret/tensors';
import type { Layer, TraceNode } from '../../values/trace';
import { tensorValue, unknown, unreadable, type Value } from '../../values/value';
import { composedLayer, type Cells } from './composedLayer';
import { rectified } from './layerEntry';
import { newCell } from './layers';

/** Classes that share one place of the head: how many, behind a layer of how many units. */
interface Cluster {
  readonly units: number;
  readonly classes: number;
}

/** What the layer was made with. */
interface Tree {
  readonly features: number;
  /** Classes with a place of their own in the head. */
  readonly near: number;
  readonly clusters: readonly Cluster[];
}

/** nn.AdaptiveLogSoftmaxWithLoss (Grave et al. 2017): rare classes in clusters behind narrow layers. */
export const adaptiveSoftmax: Handler = (call) => {
  const a = new Arguments(call, 'in_features n_classes cutoffs div_value head_bias');
  const [features, classes, division] = [a.number('in_features'), a.number('n_classes'), a.number('div_value', 4)];
  const cutoffs = numbersOf(a.value('cutoffs') ?? unknown);
  const ends = [...(cutoffs ?? []), classes];
  if (!cutoffs?.length || ends.some((end, i) => !(end > (ends[i - 1] ?? 0))))
    a.reject('cutoffs', 'The cutoffs are read as known numbers that rise, above 0 and below the number of classes');
  const clusters = ends.slice(1).map((end, i) => ({
    units: Math.floor(features / division ** (i + 1)),
    classes: end - (ends[i] ?? 0),
  }));
  const tree: Tree = { features, near: ends[0] ?? 0, clusters };
  const cells = cellsOf(tree, a.boolean('head_bias', false), call);
  return composedLayer('torch.nn.AdaptiveLogSoftmaxWithLoss', a, cells, {}, (layer, applied) => run(layer, tree, applied));
};

/** The parameters by their names in PyTorch, in its order. */
function cellsOf({ features, near, clusters }: Tree, hasBias: boolean, { range }: Call): Cells {
  const outputs = near + clusters.length;
  const weight = (out: number, into: number): Cells[string] => newCell([out, into], rectified, range, true);
  const head = weight(outputs, features);
  const tails = clusters.flatMap(({ units, classes }, i) => [
    [`tail.${i}.0.weight`, weight(units, features)] as const,
    [`tail.${i}.1.weight`, weight(classes, units)] as const,
  ]);
  return {
    'head.weight': head,
    ...(hasBias ? { 'head.bias': newCell([outputs], { kind: 'biasUniform', weight: head }, range, true) } : {}),
    ...Object.fromEntries(tails),
  };
}

/** The log-probability of each row's class, and minus their mean. */
function run(layer: Layer, tree: Tree, call: Call): Value {
  const { machine: m, range } = call;
  const a = new Arguments(call, 'input target');
  const [given, target] = [a.value('input') ?? unknown, a.value('target') ?? unknown];
  const x = lifted(m, given, range);
  if (!x) return given.kind === 'unknown' ? given : unreadable('What goes into this call could not be read', range);
  const scores = tensorValue(logProbabilities(layer, tree, x, call));
  const settings = { weight: null, ignoreIndex: null };
  const rows = graphOperation(m, 'nll', { reduction: 'none', ...settings }, [scores, target], range);
  const loss = graphOperation(m, 'nll', { reduction: 'mean', ...settings }, [scores, target], range);
  const output = graphOperation(m, 'negate', {}, [rows], range);
  return { kind: 'list', form: 'tuple', items: [output, loss], range: null, names: ['output', 'loss'] };
}

/** Of all classes: those of a cluster with the cluster's own added. */
function logProbabilities(layer: Layer, { features, near, clusters }: Tree, x: TraceNode, call: Call): TraceNode {
  const { trace } = call.machine;
  const linear = (y: TraceNode, name: string, into: number, out: number): TraceNode => {
    const [weight, bias] = [layer.parameters[`${name}.weight`], layer.parameters[`${name}.bias`]];
    const parameters = { ...(weight ? { weight } : {}), ...(bias ? { bias } : {}) };
    return trace.add('linear', { in: into, out }, [y], layer.range, { parameters, call: call.range, layer });
  };
  const normal = (y: TraceNode): TraceNode => trace.add('logSoftmax', { axis: 1 }, [y], layer.range);
  const cut = (y: TraceNode, start: number, end: number): TraceNode =>
    trace.add('slice', { axis: 1, start, end, step: 1 }, [y], layer.range);
  const head = normal(linear(x, 'head', features, near + clusters.length));
  const parts = clusters.map(({ units, classes }, i) => {
    const own = linear(linear(x, `tail.${i}.0`, features, units), `tail.${i}.1`, units, classes);
    return trace.add('add', {}, [normal(own), cut(head, near + i, near + i + 1)], layer.range);
  });
  return trace.add('concatenate', { axis: 1 }, [cut(head, 0, near), ...parts], layer.range);
}
