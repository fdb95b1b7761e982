import type { Graph } from '../../graph/graph';
import type { Tensor } from '../../graph/operations';
import { sameShape } from '../../graph/shapes';
import type { LayerKind } from '../../records/model/layers';
import type { Reduction } from '../../records/model/losses';
import { dataSource, floatInput, LoweringError, type Site } from './lowering';

/** One number of the entries' losses, or the entries themselves. */
export function reduceLoss(graph: Graph, x: Tensor, reduction: Reduction): Tensor {
  if (reduction === 'none') return x;
  return reduction === 'sum' ? graph.sum(x) : graph.mean(x);
}

/** Prediction and target, which must have one shape. */
export function equalInputs(site: Site<LayerKind>): readonly [Tensor, Tensor] {
  const x = floatInput(site);
  const t = floatInput(site, 1);
  if (!sameShape(x.shape, t.shape))
    throw new LoweringError(`The target's shape [${t.shape.join(', ')}] differs from the prediction's [${x.shape.join(', ')}].`);
  return [x, t];
}

/** Numbers of the script as a vector. */
export function vectorConstant(graph: Graph, values: readonly number[]): Tensor {
  return graph.constant(Float32Array.from(values), [values.length]);
}

/** A vector over the classes, shaped to meet the class axis of `like`. */
export function overClasses(graph: Graph, values: readonly number[], like: Tensor, axis: number): Tensor {
  return graph.reshape(
    vectorConstant(graph, values),
    like.shape.map((_, place) => (place === axis ? values.length : 1)),
  );
}

/** Notes what the target must be: class numbers of the prediction's classes along `axis`. Throws where it cannot be. */
export function checkClassTarget(
  site: Site<LayerKind>,
  x: Tensor,
  target: Tensor,
  axis: number,
  ignoreIndex: number | null,
): void {
  const expected = [...x.shape.slice(0, axis), ...x.shape.slice(axis + 1)];
  if (target.dtype !== 'int32')
    throw new LoweringError(
      `'${site.node.name}' expects class numbers (integers) as its target; it gets floating-point numbers.`,
    );
  if (!sameShape(expected, target.shape))
    throw new LoweringError(
      `'${site.node.name}' expects a target of shape [${expected.join(', ')}] for an input of [${x.shape.join(', ')}]; ` +
        `it gets [${target.shape.join(', ')}].`,
    );
  const source = dataSource(target);
  const size = x.shape[axis] ?? 1;
  if (source === null) return;
  const text = (found: number): string =>
    `The target holds the class number ${found}, the model has ${size} outputs (0 to ${size - 1}).`;
  site.context.indexChecks.push({ node: site.node, source, size, ignored: ignoreIndex, text, range: site.node.range });
}
