import { bindSize, type Size } from '../graph/size';
import { fail, ok, type Result } from '../base/result';
import type { Reason, SourceRange } from '../records/source';

/** Values of the size symbols, as loading the data has bound them. */
export type Symbols = Readonly<Record<string, number>>;

/** The numbers behind `sizes`; a Reason at `range` when one is unknown or below 0. */
export function bindShape(sizes: readonly Size[], symbols: Symbols, range: SourceRange): Result<number[], Reason> {
  const shape: number[] = [];
  for (const size of sizes) {
    const bound = bindSize(size, symbols);
    if (bound === null) return fail({ text: `The size ${describeSize(size)} is not known from the data.`, range });
    shape.push(bound);
  }
  return ok(shape);
}

/** A size as a person would write it. */
export function describeSize(size: Size): string {
  if (typeof size === 'number') return String(size);
  if ('symbol' in size) return size.symbol;
  return `${describeSize(size.left)} ${size.op} ${describeSize(size.right)}`;
}
