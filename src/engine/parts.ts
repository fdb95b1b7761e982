import { gradient } from '../graph/differentiate';
import { sizeOf, type Tensor } from '../graph/operations';
import { asRowSum, type RowSum } from '../graph/rowWise';
import { ancestors } from '../graph/traverse';
import type { LoweredModel } from './lowerModel';

/** Memory that the intermediate values of one training step may take, in bytes. */
export const mostStepBytes = 2 * 2 ** 30;

/** Bytes of all values that loss and gradient of a lowered model go through. */
export function valueBytes({ graph, loss }: LoweredModel, wrt: readonly Tensor[]): number {
  const elements = ancestors([loss, ...gradient(graph, loss, wrt)]).reduce(
    (sum, { op, shape }) => sum + (op === 'fill' || op === 'broadcast' ? 0 : sizeOf(shape)),
    0,
  );
  return 4 * elements;
}

/** The model for batches of so many rows; null where it does not fit them. */
type LoweredFor = (rows: number) => LoweredModel | null;

/**
 * Rows to go through the program together, so that a batch's loss and gradient, added up over its parts, are exactly the whole's up to
 * rounding and no part takes more than `bytes`; null where rows depend on one another or no part is small enough.
 */
export function partRows(
  batchRows: number,
  lowered: LoweredFor,
  bytesOf: (lowered: LoweredModel) => number,
  bytes: number,
): number | null {
  const whole = lowered(batchRows);
  const sum = whole && rowSumOf(whole);
  if (whole === null || sum === null) return null;
  for (let parts = 2; parts <= batchRows; parts *= 2) {
    const rows = Math.ceil(batchRows / parts);
    const part = lowered(rows);
    if (part === null || partShare(whole, part) === null) return null;
    const last = batchRows % rows === 0 ? null : lowered(batchRows % rows);
    if (batchRows % rows !== 0 && (last === null || partShare(whole, last) === null)) return null;
    if (bytesOf(part) <= bytes) return rows;
  }
  return null;
}

/** What a part's loss counts for in the whole batch: `factor`, times its divisor over the sum of all parts' where there is one. */
export interface PartShare {
  readonly factor: number;
  /** A scalar of the part's graph. */
  readonly divisor: Tensor | null;
}

/** The share of a part's loss in the loss of the whole batch; null where the whole is not made up of such parts. */
export function partShare(whole: LoweredModel, part: LoweredModel): PartShare | null {
  const [all, own] = [rowSumOf(whole), rowSumOf(part)];
  if (all === null || own === null || !sameNumbers(all.numbers, own.numbers)) return null;
  if (!drawsByRow(whole, part) || all.factors.length !== own.factors.length) return null;
  if ((all.divisor === null) !== (own.divisor === null)) return null;
  const shares = all.factors.map((value, i) => value / (own.factors[i] ?? NaN));
  const [factor = NaN] = shares;
  if (!shares.every((share) => isClose(share, factor))) return null;
  // What no row decides comes once with each part: the shares must add up to one.
  const addsToOne = isClose(factor, own.divisor === null ? part.rows / whole.rows : 1);
  return all.hasRest && !addsToOne ? null : { factor, divisor: own.divisor };
}

const isClose = (a: number, b: number): boolean => Math.abs(a / b - 1) < 1e-9;

const sameNumbers = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

/** Known loss by model: a part's is asked for again and again. */
const known = new WeakMap<LoweredModel, RowSum | null>();

/** The loss as a sum over the rows of its batch; null where rows depend on one another. */
export function rowSumOf(lowered: LoweredModel): RowSum | null {
  const before = known.get(lowered);
  if (before !== undefined) return before;
  const holders = new Set([...lowered.data.map(({ tensor }) => tensor), ...lowered.dropouts.map(({ mask }) => mask)]);
  const made = lowered.statistics.length > 0 ? null : asRowSum(lowered.loss, lowered.rows, (input) => holders.has(input));
  known.set(lowered, made);
  return made;
}

/** Whether random numbers are drawn row after row, so that the parts' are the whole's in order. */
function drawsByRow(whole: LoweredModel, part: LoweredModel): boolean {
  return whole.dropouts.every(({ call, draw, mask }, i) => {
    const other = part.dropouts[i];
    // One number for all rows, and an order of all rows, are no draws by row.
    if (other?.call !== call || draw === 'permutation' || mask.shape.length === 0) return false;
    const [all = 0, ...rest] = mask.shape;
    const [own = 0, ...others] = other.mask.shape;
    return all * part.rows === own * whole.rows && sizeOf(rest) === sizeOf(others);
  });
}
