import type { Handler } from '../../interpret/call';
import { unreadable } from '../../values/value';
import type { FunctionTable } from '../functionTable';

/** Why layers and functions of torch.nn are not followed, by their names there. */
const reasons: Readonly<Record<string, string>> = {
  FractionalMaxPool2d: 'Pooling over regions drawn at random is not followed',
  FractionalMaxPool3d: 'Pooling over regions drawn at random is not followed',
  'functional.fractional_max_pool2d': 'Pooling over regions drawn at random is not followed',
  'functional.fractional_max_pool3d': 'Pooling over regions drawn at random is not followed',
  MaxUnpool3d: 'Unpooling of volumes is not followed',
  'functional.max_unpool3d': 'Unpooling of volumes is not followed',
  CrossMapLRN2d: '`CrossMapLRN2d` is not followed; `LocalResponseNorm` is the same',
  'functional.gumbel_softmax': 'A softmax of scores with Gumbel noise is not followed',
  'functional.batch_norm': 'Batch norm as a function keeps its statistics outside the model: not followed',
  'functional.multi_head_attention_forward': 'Attention as a function with all its parts as arguments is not followed',
  'functional.embedding_bag': 'Bags of rows as a function are not followed; `EmbeddingBag` is',
};

const told =
  (text: string): Handler =>
  (call) =>
    unreadable(text, call.range);

/** Names that are known and not followed: each call says why. */
export const unfollowedTable: FunctionTable = Object.fromEntries(
  Object.entries(reasons).map(([name, text]): [string, Handler] => [`torch.nn.${name}`, told(text)]),
);
