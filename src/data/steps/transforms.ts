import { ok } from '../../base/result';
import type { ColumnTransform } from '../../records/columnTransforms';
import type { Execute } from '../context';
import { fault, type Outcome } from '../fault';
import { arrayInput } from '../inputs';
import { bins } from '../transforms/bins';
import { matrixOf, type Made, type Matrix } from '../transforms/columns';
import { powers } from '../transforms/powers';
import { principal } from '../transforms/principal';
import { ranks } from '../transforms/ranks';
import { best, varying } from '../transforms/selection';
import { arrayOf, lineageOf, showShape } from '../values';

/** One of scikit-learn's transformers, fitted on the first input and applied to the second. */
export const executeTransformColumns: Execute<'transformColumns'> = (settings, inputs) => {
  const [fitted, rows] = [arrayInput(inputs, 0), arrayInput(inputs, 1)];
  if (!fitted.ok) return fitted;
  if (!rows.ok) return rows;
  const labels = inputs.length > 2 ? arrayInput(inputs, 2) : null;
  if (labels && !labels.ok) return labels;
  for (const { shape } of [fitted.value.tensor, rows.value.tensor])
    if (shape.length !== 2 || shape[1] !== fitted.value.tensor.shape[1])
      return fault(`This step takes rows of as many columns as it is fitted on, not shape ${showShape(shape)}.`);
  const of = labels ? Float64Array.from(labels.value.tensor.values) : null;
  const made = fittedTo(settings, matrixOf(fitted.value), matrixOf(rows.value), of);
  if (!made.ok) return made;
  const { width, values } = made.value;
  return ok(arrayOf([values.length / width, width], values, lineageOf(rows.value)));
};

function fittedTo(settings: ColumnTransform, fitted: Matrix, rows: Matrix, labels: Float64Array | null): Outcome<Made> {
  switch (settings.form) {
    case 'principal':
      return principal(settings, fitted, rows, labels);
    case 'best':
      return best(settings, fitted, rows, labels);
    case 'varying':
      return varying(settings, fitted, rows, labels);
    case 'bins':
      return bins(settings, fitted, rows, labels);
    case 'ranks':
      return ranks(settings, fitted, rows, labels);
    case 'powers':
      return powers(settings, fitted, rows, labels);
  }
}
