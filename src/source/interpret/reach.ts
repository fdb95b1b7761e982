import type { DataKind } from '../../records/dataSteps';

/** Steps that mean the same for one entry as for all of them. */
export const entrywise: ReadonlySet<DataKind> = new Set<DataKind>([
  'literal',
  'sizeNumber',
  'add',
  'subtract',
  'multiply',
  'divide',
  'power',
  'unary',
  'clip',
  'compare',
  'equals',
  'isIn',
  'isMissing',
  'hasType',
  'mapValues',
  'changeText',
  'textPart',
  'textLength',
  'textTest',
  'datePart',
  'compareDates',
  'toText',
  'toNumbers',
  'where',
  'cast',
]);

/** Steps that mean the same for one row as for all of them. */
export const rowwise: ReadonlySet<DataKind> = new Set<DataKind>([...entrywise, 'toTensor', 'reshape', 'unsqueeze', 'flatten']);
