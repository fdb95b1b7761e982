import type { Tensor } from '../../graph/operations';
import { affine } from './affine';
import {
  dataSource,
  floatInput,
  inputOf,
  LoweringError,
  parameterOf,
  requiredParameter,
  type LowerTable,
  type Site,
} from './lowering';

type DenseKind = 'input' | 'target' | 'constant' | 'parameter' | 'linear' | 'embedding';

/** Sources, and the layers that need no spatial axes. */
export const dense: LowerTable<DenseKind> = {
  input: (site) => site.context.input(site.node.arguments.index),
  target: (site) => site.context.target(site.node.arguments.index),
  constant: (site) => site.context.graph.fill(site.node.arguments.value, []),
  parameter: (site) => requiredParameter(site, 'value'),
  linear,
  embedding: (site) => {
    const indices = inputOf(site);
    if (indices.dtype !== 'int32')
      throw new LoweringError(`Embedding '${site.node.name}' expects integers; the input holds floating-point numbers.`);
    const weight = requiredParameter(site, 'weight');
    const source = dataSource(indices);
    const size = weight.shape[0] ?? 0;
    const text = (found: number): string =>
      `The input holds the number ${found}, embedding '${site.node.name}' has ${size} rows.`;
    if (source !== null)
      site.context.indexChecks.push({ node: site.node, source, size, ignored: null, text, range: site.node.range });
    const { graph } = site.context;
    const rows = graph.gather(weight, indices, 0);
    const { padding = null } = site.node.arguments;
    if (padding === null) return rows;
    // The padding row takes part with its value and gets no gradient.
    const isPadding = graph.equal(graph.reshape(indices, [...indices.shape, 1]), graph.fill(padding, [1], 'int32'));
    return graph.where(isPadding, graph.stopGradient(rows), rows);
  },
};

function linear(site: Site<'linear'>): Tensor {
  const { graph } = site.context;
  const x = floatInput(site);
  const weight = requiredParameter(site, 'weight');
  const columns = weight.shape[1] ?? 1;
  const width = x.shape[x.shape.length - 1];
  if (width !== columns)
    throw new LoweringError(`Linear '${site.node.name}' expects ${columns} columns, the input has ${width ?? 'none'}.`);
  return affine(graph, x, weight, parameterOf(site, 'bias'));
}
