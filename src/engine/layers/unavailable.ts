import type { LayerKind } from '../../records/model';
import { LoweringError, type LowerTable, type Site } from './lowering';

type SpatialKind = 'conv1d' | 'conv2d' | 'maxPool1d' | 'maxPool2d' | 'avgPool1d' | 'avgPool2d' | 'adaptiveAvgPool2d';

function notTrainedHere(site: Site<LayerKind>): never {
  throw new LoweringError(`'${site.node.name}' (${site.node.kind}) is not trained here yet.`);
}

/** Convolution and pooling, which the tensor graph has no operations for. */
export const unavailable: LowerTable<SpatialKind> = {
  conv1d: notTrainedHere,
  conv2d: notTrainedHere,
  maxPool1d: notTrainedHere,
  maxPool2d: notTrainedHere,
  avgPool1d: notTrainedHere,
  avgPool2d: notTrainedHere,
  adaptiveAvgPool2d: notTrainedHere,
};
