import type { DataKind } from '../../records/dataSteps';
import type { Execute } from '../context';
import { executeCumulate } from './cumulate';
import { executeSetEntries } from './entries';
import { executeWeightedRows } from './folds';
import {
  executeArange,
  executeLinspace,
  executeRandomInteger,
  executeRandomNormal,
  executeRandomPermutation,
  executeRandomUniform,
} from './generated';
import { executeChangePictures, executeReadCifar, executeReadPictures } from './pictures';
import { executePolynomial } from './polynomial';
import { executeApplyScaler, executeFitScaler } from './scalers';
import { executeFlatten, executeMatmul, executeTranspose } from './shapes';
import {
  executeBundled,
  executeReadCharacters,
  executeReadCsv,
  executeReadIdx,
  executeReadNpy,
  executeReadNpz,
  executeReadParquet,
  executeReadText,
  executeUnread,
} from './sources';
import { executeRandomSplit } from './splits';
import {
  executeLiteralText,
  executeMultiHot,
  executePadSequences,
  executeVocabulary,
  executeWordMatrix,
  executeWordNumbers,
} from './texts';
import { executeTextMatrix } from './textMatrix';
import { executeVocabularyIndex } from './vocabularyIndex';
import { executeTransformColumns } from './transforms';
import { executeWindows } from './windows';
import { lookExecutors } from './looked';

/** How each kind of data step is executed. */
export const executors: { readonly [K in DataKind]: Execute<K> } = {
  ...lookExecutors,
  unread: executeUnread,
  readCsv: executeReadCsv,
  readText: executeReadText,
  readCharacters: executeReadCharacters,
  readNpy: executeReadNpy,
  readNpz: executeReadNpz,
  readIdx: executeReadIdx,
  readParquet: executeReadParquet,
  readCifar: executeReadCifar,
  readPictures: executeReadPictures,
  changePictures: executeChangePictures,
  bundled: executeBundled,
  randomNormal: executeRandomNormal,
  randomUniform: executeRandomUniform,
  randomInteger: executeRandomInteger,
  randomPermutation: executeRandomPermutation,
  linspace: executeLinspace,
  arange: executeArange,

  setEntries: executeSetEntries,
  cumulate: executeCumulate,
  transpose: executeTranspose,
  flatten: executeFlatten,
  matmul: executeMatmul,
  windows: executeWindows,

  literalText: executeLiteralText,
  vocabularyIndex: executeVocabularyIndex,
  wordNumbers: executeWordNumbers,
  wordMatrix: executeWordMatrix,
  vocabulary: executeVocabulary,
  textMatrix: executeTextMatrix,
  padSequences: executePadSequences,
  multiHot: executeMultiHot,

  fitScaler: executeFitScaler,
  applyScaler: executeApplyScaler,
  polynomial: executePolynomial,
  transformColumns: executeTransformColumns,
  randomSplit: executeRandomSplit,
  weightedRows: executeWeightedRows,
};
