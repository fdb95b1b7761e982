import { classWeightTable } from './classWeights';
import { kerasLayerTable } from './kerasLayers';
import { kerasRecurrentTable } from './kerasRecurrent';
import { kerasSpatialTable } from './kerasSpatial';
import { kerasNormalisationTable } from './kerasNormalisation';
import { kerasAttentionTable } from './kerasAttention';
import { kerasConstraintTable } from './kerasConstraints';
import { kerasDirectionTable } from './kerasDirections';
import { kerasMaskTable } from './kerasMasks';
import { kerasNoiseTable } from './kerasNoise';
import { kerasMergingTable } from './kerasMerging';
import { kerasConvolutionTable } from './kerasConvolutions';
import { withEarlyWords } from './kerasEarly';
import { kerasInitializerTable } from './kerasInitializers';
import { kerasRegularizerTable } from './kerasRegularizers';
import { kerasCallbackTable } from './kerasCallbacks';
import { kerasDataTable } from './kerasData';
import { tensorflowTable } from './tensorflow';
import { tensorflowFunctionTable } from './tensorflowFunctions';
import { kerasLossTable } from './kerasLossCalls';
import { kerasPictureTable } from './kerasPictures';
import { kerasTapeTable } from './kerasTape';
import { kerasArchiveTable } from './kerasArchives';
import { kerasTextTable } from './kerasText';
import { kerasVariableTable } from './kerasVariables';
import { kerasWindowTable } from './kerasWindows';
import { kerasWrapperTable } from './kerasWrappers';
import { kerasOptimizerTable } from './kerasOptimizers';
import type { FunctionTable } from './functionTable';

/** All of Keras, and TensorFlow's functions beside it; put together at the call, since the tables need the interpreter. */
export const kerasTables = (): FunctionTable => ({
  ...withEarlyWords({
    ...kerasLayerTable,
    ...kerasRecurrentTable,
    ...kerasSpatialTable,
    ...kerasConvolutionTable,
    ...kerasNormalisationTable,
    ...kerasNoiseTable,
    ...kerasMaskTable,
    ...kerasDirectionTable,
    ...kerasAttentionTable,
  }),
  ...kerasMergingTable,
  ...kerasInitializerTable,
  ...kerasRegularizerTable,
  ...kerasConstraintTable,
  ...kerasCallbackTable,
  ...kerasDataTable,
  ...kerasPictureTable,
  ...kerasWindowTable,
  ...kerasWrapperTable,
  ...classWeightTable,
  ...kerasTapeTable,
  ...kerasTextTable,
  ...kerasArchiveTable,
  ...kerasVariableTable,
  ...tensorflowTable,
  ...tensorflowFunctionTable,
  ...kerasLossTable,
  ...kerasOptimizerTable,
});
