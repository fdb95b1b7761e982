import type { DataKind } from '../../records/dataSteps';
import type { Execute } from '../context';
import {
  executeAdd,
  executeClip,
  executeCompare,
  executeDivide,
  executeMultiply,
  executePower,
  executeSubtract,
  executeUnary,
} from './elementwise';
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
import { executeWhere } from './entries';
import { executeFoldRows } from './folds';
import { executeFilled, executeLiteral, executeShuffledOrder, executeSizeNumber } from './generated';
import { executeDateBins } from './dateBins';
import { executeBinned } from './binning';
import { executeGroupShift, executeGroupStatistic, executeGroupTable } from './groups';
import { executeLookUp, executeMerge } from './merging';
import { executeIndex, executePart, executeSlice, executeTakeRows } from './indexing';
import { executeQuantile, executeReduce } from './reductions';
import { executeCast, executeConcatenate, executeReshape, executeSqueeze, executeStack, executeUnsqueeze } from './shapes';
import { executeTextLength, executeTextPart, executeTextTest } from './textParts';
import { executeHasType, executeToCategories, executeToText } from './retyped';
import { executeCompareDates, executeDatePart, executeRolling, executeShiftRows, executeYearsFirst } from './series';
import { executeTrainTestSplit } from './splits';
import { executeWithinGroups } from './withinGroups';
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

/** A part of all executors. */
type Executors = { readonly [K in DataKind]?: Execute<K> };

/** The steps that a table goes through before its columns are asked for, so that reading loads few of them. */
export const lookExecutors = {
  literal: executeLiteral,
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
  toText: executeToText,
  textPart: executeTextPart,
  textLength: executeTextLength,
  textTest: executeTextTest,
  toCategories: executeToCategories,
  hasType: executeHasType,
  mapValues: executeMapValues,
  equals: executeEquals,
  changeText: executeChangeText,
  isIn: executeIsIn,
  isMissing: executeIsMissing,
  renameColumns: executeRenameColumns,
  selectTypes: executeSelectTypes,
  groupStatistic: executeGroupStatistic,
  groupTable: executeGroupTable,
  groupShift: executeGroupShift,
  withinGroups: executeWithinGroups,
  lookUp: executeLookUp,
  merge: executeMerge,
  binned: executeBinned,
  shiftRows: executeShiftRows,
  rolling: executeRolling,
  datePart: executeDatePart,
  dateBins: executeDateBins,
  compareDates: executeCompareDates,
  yearsFirst: executeYearsFirst,
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
  reduce: executeReduce,
  cast: executeCast,
  reshape: executeReshape,
  unsqueeze: executeUnsqueeze,
  squeeze: executeSqueeze,
  concatenate: executeConcatenate,
  stack: executeStack,
  slice: executeSlice,
  index: executeIndex,
  takeRows: executeTakeRows,
  oneHot: executeOneHot,
  trainTestSplit: executeTrainTestSplit,
  foldRows: executeFoldRows,
  part: executePart,
} as const satisfies Executors;

/** How a step is executed in a look; undefined for one that is not. */
export const lookExecutor = <K extends DataKind>(kind: K): Execute<K> | undefined => (lookExecutors as Executors)[kind];
