import type { Argument, Call, Handler } from '../../interpret/call';
import { listValue, stringValue } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { noteEarlyWords } from './version';

/** Keras 1's names of arguments of layers and what Keras has called them since. */
const renamed: Readonly<Record<string, string>> = {
  output_dim: 'units',
  init: 'kernel_initializer',
  inner_init: 'recurrent_initializer',
  inner_activation: 'recurrent_activation',
  W_regularizer: 'kernel_regularizer',
  b_regularizer: 'bias_regularizer',
  W_constraint: 'kernel_constraint',
  b_constraint: 'bias_constraint',
  bias: 'use_bias',
  dropout_W: 'dropout',
  dropout_U: 'recurrent_dropout',
  nb_filter: 'filters',
  filter_length: 'kernel_size',
  border_mode: 'padding',
  subsample: 'strides',
  subsample_length: 'strides',
  pool_length: 'pool_size',
  stride: 'strides',
  p: 'rate',
  sigma: 'stddev',
};

const ofEmbeddings: Readonly<Record<string, string>> = {
  init: 'embeddings_initializer',
  W_regularizer: 'embeddings_regularizer',
  W_constraint: 'embeddings_constraint',
};

const rowsAndColumns = ['nb_row', 'nb_col'] as const;

/** The call with the words of today; what has no word today stays and is refused by the layer. */
function inPresentWords(path: string, call: Call): Call {
  const words = path.endsWith('.Embedding') ? ofEmbeddings : renamed;
  const keywords = new Map<string, Argument>();
  if ([...call.keywords.keys()].some((name) => Object.hasOwn(words, name))) noteEarlyWords(call.machine);
  for (const [name, argument] of call.keywords) keywords.set(words[name] ?? name, argument);
  const order = call.keywords.get('dim_ordering')?.value;
  if (order?.kind === 'string') {
    keywords.delete('dim_ordering');
    const format = stringValue(order.value === 'th' ? 'channels_first' : 'channels_last', order.origin);
    keywords.set('data_format', { value: format, range: call.range });
  }
  const isOld = path.endsWith('.Convolution2D') || [...call.keywords.keys()].some((name) => name in renamed);
  if (!/\.Conv(olution)?2D$/.test(path)) return { ...call, keywords };
  const [filters, rows, columns, ...rest] = call.positional;
  if (isOld && filters && rows?.value.kind === 'number' && columns?.value.kind === 'number') {
    noteEarlyWords(call.machine);
    return { ...call, keywords, positional: [filters, pair(rows, columns), ...rest] };
  }
  const [height, width] = rowsAndColumns.map((name) => call.keywords.get(name));
  if (height && width) {
    for (const name of rowsAndColumns) keywords.delete(name);
    keywords.set('kernel_size', pair(height, width));
  }
  return { ...call, keywords };
}

const pair = (a: Argument, b: Argument): Argument => ({ value: listValue([a.value, b.value], 'tuple'), range: a.range });

/** Layers that understand the words of Keras 1 as well. */
export const withEarlyWords = (table: FunctionTable): FunctionTable =>
  Object.fromEntries(
    Object.entries(table).map(([path, handler]): [string, Handler] => [path, (call) => handler(inPresentWords(path, call))]),
  );
