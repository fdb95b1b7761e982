import type { Size } from '../../../graph/size';
import { Arguments, firstArgument, type Call, type Handler } from '../../interpret/call';
import { graphOperation, lifted } from '../../interpret/tensors';
import type { Layer, ParameterCell } from '../../values/trace';
import { tensorValue, unreadable, type Value } from '../../values/value';
import { composedLayer } from './composedLayer';
import { newCell } from './layers';

/** nn.EmbeddingBag: rows of a table for every row of numbers, as their mean, sum or largest. */
export const embeddingBag: Handler = (call) => {
  const a = new Arguments(
    call,
    'num_embeddings embedding_dim max_norm norm_type scale_grad_by_freq mode sparse _weight include_last_offset padding_idx',
  );
  const mode = a.string('mode', 'mean');
  for (const name of ['max_norm', '_weight', 'padding_idx']) if (a.given(name)) a.reject(name, `\`${name}\` is not read here`);
  if (a.boolean('scale_grad_by_freq', false)) a.reject('scale_grad_by_freq', 'Gradients scaled by frequency are not read');
  if (mode !== 'mean' && mode !== 'sum' && mode !== 'max') a.reject('mode', `The mode "${mode}" is not known`);
  const [count, dimension] = [a.size('num_embeddings'), a.size('embedding_dim')];
  const weight = newCell([count, dimension], { kind: 'normal', mean: 0, deviation: 1 }, call.range, true);
  const made = { count, dimension, padding: null };
  return composedLayer('torch.nn.EmbeddingBag', a, { weight }, {}, (layer, applied) =>
    bagged(layer, made, weight, mode, applied),
  );
};

function bagged(
  layer: Layer,
  table: { readonly count: Size; readonly dimension: Size; readonly padding: null },
  weight: ParameterCell,
  mode: string,
  call: Call,
): Value {
  const m = call.machine;
  const a = new Arguments(call, 'input offsets per_sample_weights');
  for (const name of ['offsets', 'per_sample_weights'])
    if (a.given(name)) return unreadable(`Bags given by \`${name}\` are not read`, a.range(name));
  const given = firstArgument(call);
  const x = lifted(m, given, call.range);
  if (!x) return given.kind === 'unknown' ? given : unreadable('What goes into this call could not be read', call.range);
  if (x.shape?.length !== 2) return unreadable('Bags that are no rows of numbers are not read', call.range);
  const options = { parameters: { weight }, call: call.range, layer };
  const rows = tensorValue(m.trace.add('embedding', table, [x], layer.range, options));
  if (mode === 'max') return graphOperation(m, 'maxAlong', { axis: 1, keep: false }, [rows], layer.range);
  return graphOperation(m, mode === 'sum' ? 'sum' : 'mean', { axes: [1], keep: false }, [rows], layer.range);
}
