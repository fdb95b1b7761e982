import type { StepContext } from './context';
import { fault, type Outcome } from './fault';

/** Multiplications of one product of matrices at most: more take minutes, in which nobody hears a cancel. */
const mostMultiplications = 2e10;

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** The shape where an array of it can be had; a fault for a size that is none, and for more than the bound on memory. */
export function fittingShape(shape: readonly number[], { maximumBytes }: Pick<StepContext, 'maximumBytes'>): Outcome<number[]> {
  const bad = shape.find((size) => !(size >= 0));
  if (bad !== undefined) return fault(`An array of shape (${shape.join(', ')}) cannot be made: ${bad} is no number of entries.`);
  const bytes = sizeOf(shape) * 8;
  if (bytes <= maximumBytes) return { ok: true, value: [...shape] };
  const gigabytes = (bytes / 2 ** 30).toFixed(1);
  return fault(`An array of shape (${shape.join(', ')}) takes ${gigabytes} GB, more than the bound on memory; make fewer rows.`);
}

/** The shape of a product of an [rows, inner] and an [inner, columns] matrix, where it can be had. */
export function fittingProduct(
  [rows, inner, columns]: readonly [number, number, number],
  context: Pick<StepContext, 'maximumBytes'>,
): Outcome<number[]> {
  const shape = fittingShape([rows, columns], context);
  const count = rows * inner * columns;
  if (!shape.ok || count <= mostMultiplications) return shape;
  return fault(`A matrix product of ${count.toExponential(1)} multiplications is too long to wait for; make fewer rows.`);
}

/** The outcome of work that may ask for more memory than there is: a fault instead of an exception. */
export async function withinMemory<T>(work: () => Outcome<T> | Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RangeError) return fault('This makes more numbers than memory holds; make fewer rows.');
    throw error;
  }
}
