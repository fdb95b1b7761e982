import type { DataKind } from '../../records/dataSteps';
import type { Execute } from '../context';
import {
  executeAdd,
  executeCompare,
  executeDivide,
  executeMultiply,
  executePower,
  executeSubtract,
  executeClip,
  executeUnary,
} from './elementwise';
import { executeCumulate } from './cumulate';
import { executeEncodeCategories } from './categories';
import {
  executeCountValues,
  executeDummies,
  executeEncodeLabels,
  executeEquals,
  executeMapValues,
  executeOneHot,
  executeToNumbers,
} from './encodings';
import { executeSetEntries, executeWhere } from './entries';
import { executeFoldRows, executeWeightedRows } from './folds';
import {
  executeArange,
  executeFilled,
  executeLinspace,
  executeLiteral,
  executeRandomInteger,
  executeRandomNormal,
  executeRandomPermutation,
  executeRandomUniform,
  executeShuffledOrder,
  executeSizeNumber,
} from './generated';
import { executeChangePictures, executeReadCifar, executeReadPictures } from './pictures';
import { executeGroupStatistic } from './groups';
import { executeIndex, executePart, executeSlice, executeTakeRows } from './indexing';
import { executePolynomial } from './polynomial';
import { executeQuantile, executeReduce } from './reductions';
import { executeApplyScaler, executeFitScaler } from './scalers';
import {
  executeCast,
  executeConcatenate,
  executeFlatten,
  executeMatmul,
  executeReshape,
  executeSqueeze,
  executeStack,
  executeTranspose,
  executeUnsqueeze,
} from './shapes';
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
import { executeDatePart, executeRolling, executeShiftRows } from './series';
import { executeRandomSplit, executeTrainTestSplit } from './splits';
import {
  executeAssign,
  executeDrop,
  executeDropMissing,
  executeFillMissing,
  executeSelect,
  executeShuffleRows,
  executeToTensor,
} from './tables';
import {
  executeChangeText,
  executeDropDuplicates,
  executeIsIn,
  executeIsMissing,
  executeRenameColumns,
  executeSelectTypes,
  executeSortRows,
  executeWithoutRows,
} from './tableRows';
import {
  executeLiteralText,
  executeMultiHot,
  executePadSequences,
  executeVocabulary,
  executeWordMatrix,
  executeWordNumbers,
} from './texts';
import { executeTextMatrix } from './textMatrix';
import { executeWindows } from './windows';

/** How each kind of data step is executed. */
export const executors: { readonly [K in DataKind]: Execute<K> } = {
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
  literal: executeLiteral,
  randomNormal: executeRandomNormal,
  randomUniform: executeRandomUniform,
  randomInteger: executeRandomInteger,
  randomPermutation: executeRandomPermutation,
  linspace: executeLinspace,
  arange: executeArange,
  filled: executeFilled,
  sizeNumber: executeSizeNumber,
  shuffledOrder: executeShuffledOrder,

  select: executeSelect,
  drop: executeDrop,
  dropMissing: executeDropMissing,
  fillMissing: executeFillMissing,
  dummies: executeDummies,
  encodeLabels: executeEncodeLabels,
  countValues: executeCountValues,
  encodeCategories: executeEncodeCategories,
  toNumbers: executeToNumbers,
  mapValues: executeMapValues,
  equals: executeEquals,
  changeText: executeChangeText,
  isIn: executeIsIn,
  isMissing: executeIsMissing,
  renameColumns: executeRenameColumns,
  selectTypes: executeSelectTypes,
  groupStatistic: executeGroupStatistic,
  shiftRows: executeShiftRows,
  rolling: executeRolling,
  datePart: executeDatePart,
  dropDuplicates: executeDropDuplicates,
  sortRows: executeSortRows,
  withoutRows: executeWithoutRows,
  assign: executeAssign,
  toTensor: executeToTensor,
  shuffleRows: executeShuffleRows,

  add: executeAdd,
  subtract: executeSubtract,
  multiply: executeMultiply,
  divide: executeDivide,
  power: executePower,
  unary: executeUnary,
  clip: executeClip,
  compare: executeCompare,
  quantile: executeQuantile,
  where: executeWhere,
  setEntries: executeSetEntries,
  reduce: executeReduce,
  cast: executeCast,
  reshape: executeReshape,
  cumulate: executeCumulate,
  unsqueeze: executeUnsqueeze,
  squeeze: executeSqueeze,
  transpose: executeTranspose,
  flatten: executeFlatten,
  matmul: executeMatmul,
  concatenate: executeConcatenate,
  stack: executeStack,
  slice: executeSlice,
  windows: executeWindows,
  index: executeIndex,
  takeRows: executeTakeRows,
  oneHot: executeOneHot,

  literalText: executeLiteralText,
  wordNumbers: executeWordNumbers,
  wordMatrix: executeWordMatrix,
  vocabulary: executeVocabulary,
  textMatrix: executeTextMatrix,
  padSequences: executePadSequences,
  multiHot: executeMultiHot,

  fitScaler: executeFitScaler,
  applyScaler: executeApplyScaler,
  polynomial: executePolynomial,
  trainTestSplit: executeTrainTestSplit,
  randomSplit: executeRandomSplit,
  foldRows: executeFoldRows,
  weightedRows: executeWeightedRows,
  part: executePart,
};
