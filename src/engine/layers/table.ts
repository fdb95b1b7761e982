import type { Tensor } from '../../graph/operations';
import type { ModelNode } from '../../records/model/graph';
import type { LayerKind } from '../../records/model/layers';
import { activations } from './activations';
import { arithmetic } from './arithmetic';
import { attention } from './attention';
import { ctcLoss } from './ctc';
import { dense } from './dense';
import { derivative } from './derivative';
import { einsum } from './einsum';
import { losses } from './losses';
import { marginLosses } from './marginLosses';
import type { Lower, LowerContext, LowerTable } from './lowering';
import { normalisation } from './normalisation';
import { random } from './random';
import { rearranging } from './rearranging';
import { recurrent } from './recurrent';
import { resampling } from './resampling';
import { sampling } from './sampling';
import { selection } from './selection';
import { shaping } from './shaping';
import { spatial } from './spatial';
import { statistics } from './statistics';
import { volumes } from './volumes';
import { windows } from './windows';

/** How each layer becomes graph nodes, typed over all kinds: a missing row does not compile. */
const lowerings: LowerTable<LayerKind> = {
  ...dense,
  ...derivative,
  ...activations,
  ...normalisation,
  ...arithmetic,
  ...shaping,
  ...losses,
  ...marginLosses,
  ...ctcLoss,
  ...spatial,
  ...resampling,
  ...random,
  ...attention,
  ...einsum,
  ...rearranging,
  ...selection,
  ...statistics,
  ...recurrent,
  ...volumes,
  ...windows,
  ...sampling,
};

/** The tensor that `node` yields on `inputs`. Throws LoweringError or ShapeError. */
export function lowerNode(node: ModelNode, inputs: readonly Tensor[], context: LowerContext): Tensor {
  const lower = lowerings[node.kind] as Lower<LayerKind>;
  return lower({ node, inputs, context });
}
