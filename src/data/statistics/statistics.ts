import type { DataStatistics } from '../../records/dataset';
import type { ArrayValue } from '../values';
import { columnStatistics } from './columns';
import { conflictingRows } from './conflicts';
import { inputMatrix, isImage } from './matrix';
import { inputMoments } from './moments';
import { classesOf, targetStatistics } from './target';

/** Statistics of the training rows as the rules ask for them. `ofRows`: rows of the source before any bound. */
export async function dataStatistics(
  inputs: readonly ArrayValue[],
  target: ArrayValue,
  validationRows: number,
  ofRows: number,
): Promise<DataStatistics> {
  const matrix = inputMatrix(inputs);
  return {
    rows: matrix.rows,
    validationRows,
    ofRows,
    columns: await columnStatistics(matrix),
    isImage: isImage(inputs),
    ...(await inputMoments(matrix)),
    target: targetStatistics(target),
    conflictingRows: conflictingRows(matrix, classesOf(target)),
  };
}
