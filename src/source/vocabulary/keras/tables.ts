import { classWeightTable } from '../layers/classWeights';
import { preprocessingTable } from './applications/preprocessing';
import { kerasLayerTable } from './layers';
import { kerasRecurrentTable } from './recurrent';
import { kerasSpatialTable } from './spatial';
import { kerasNormalisationTable } from './normalisation';
import { kerasAttentionTable } from './attention';
import { kerasConstraintTable } from './constraints';
import { kerasDirectionTable } from './directions';
import { kerasMaskTable } from './masks';
import { kerasNoiseTable } from './noise';
import { kerasPictureSizes } from './pictureSizes';
import { kerasLookupTable } from './lookups';
import { kerasTextVectorizationTable } from './textVectorization';
import { kerasMergingTable } from './merging';
import { kerasConvolutionTable } from './convolutions';
import { withEarlyWords } from './early';
import { kerasInitializerTable } from './initializers';
import { kerasRegularizerTable } from './regularizers';
import { kerasCallbackTable } from './callbacks';
import { kerasDataTable } from './data';
import { tensorflowTable } from './tensorflow';
import { tensorflowFunctionTable } from './tensorflowFunctions';
import { kerasLossTable } from './lossCalls';
import { kerasPictureTable } from './pictures';
import { kerasTapeTable } from './tape';
import { kerasArchiveTable } from './archives';
import { kerasTextTable } from './text';
import { kerasVariableTable } from './variables';
import { kerasWindowTable } from './windows';
import { kerasWrapperTable } from './wrappers';
import { kerasOptimizerTable } from './optimizers';
import type { FunctionTable } from '../functionTable';

/** All of Keras, and TensorFlow's functions beside it; put together at the call, since the tables need the interpreter. */
export const kerasTables = (): FunctionTable => ({
  ...withEarlyWords({
    ...kerasLayerTable,
    ...kerasRecurrentTable,
    ...kerasSpatialTable,
    ...kerasConvolutionTable,
    ...kerasNormalisationTable,
    ...kerasNoiseTable,
    ...kerasPictureSizes,
    ...kerasMaskTable,
    ...kerasDirectionTable,
    ...kerasAttentionTable,
    ...kerasLookupTable,
    ...kerasTextVectorizationTable,
  }),
  ...preprocessingTable,
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
