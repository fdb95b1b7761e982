import { combineSizes, type Size } from '../../graph/size';
import { rhythmOf, startingAt, type Rhythm } from '../values/rhythm';
import { booleanValue, unknown, type ProgressValue, type UnknownValue, type Value } from '../values/value';
import { lengthOfLoader } from '../vocabulary/rows/loaders';
import { sizeOf } from './call';
import type { Machine } from './machine';

/** The orders of numbers, by Python's operators. */
export const orders: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** `counter % n == remainder`, or with `exceptEvery` its opposite. */
export function regularly(counter: ProgressValue, remainder: number, how: 'every' | 'exceptEvery'): Value {
  const passes = rhythmOf(counter, remainder);
  if (typeof passes === 'boolean') return booleanValue(passes === (how === 'every'));
  return passes === null ? unknown : { kind: 'unknown', reason: null, [how]: passes };
}

/** A question about the number of a pass: `i % 4 == 3`, `i > 0`, `i + 1 == len(loader)`; null for others. */
export function comparedPasses(m: Machine, operator: string, a: Value, b: Value): Value | null {
  if (a.kind !== 'progress') return null;
  if (a.modulus !== null) {
    if ((operator !== '==' && operator !== '!=') || b.kind === 'progress') return null;
    return b.kind === 'number' ? regularly(a, b.value, operator === '==' ? 'every' : 'exceptEvery') : unknown;
  }
  const last = isLast(m, operator, a, b) ? { lastOf: a.loop } : {};
  if (b.kind !== 'number') return 'lastOf' in last ? { kind: 'unknown', reason: null, ...last } : null;
  const compare = orders[operator];
  if (compare)
    return { kind: 'unknown', reason: null, holdsAtFirst: compare(a.offset, b.value), ...begins(operator, a, b.value), ...last };
  const isSkipped = operator === '!=' && a.scale > 0 && a.offset === b.value && !a.continues;
  if (isSkipped) return { kind: 'unknown', reason: null, from: { loop: a.loop, pass: 1 } };
  return 'lastOf' in last ? { kind: 'unknown', reason: null, ...last } : null;
}

/** `i > 0` holds from the second pass on. */
function begins(operator: string, { loop, scale, offset }: ProgressValue, bound: number): Pick<UnknownValue, 'from'> {
  if (scale <= 0 || (operator !== '>' && operator !== '>=')) return {};
  const passes = (bound - offset) / scale;
  return { from: { loop, pass: Math.max(0, operator === '>' ? Math.floor(passes) + 1 : Math.ceil(passes)) } };
}

/** `i + 1 == len(loader)`, `i == len(loader) - 1`, `i + 1 >= len(loader)`. */
function isLast(m: Machine, operator: string, { loop, scale, offset, continues }: ProgressValue, bound: Value): boolean {
  if ((operator !== '==' && operator !== '>=') || scale !== 1 || continues) return false;
  const passes = loop.count ?? (loop.loader ? lengthOfLoader(m, loop.loader) : null);
  if (passes === null) return false;
  const [count, end] = [sizeOf(passes), sizeOf(bound)];
  if (count === null || end === null) return false;
  const difference = plainDifference(end, count);
  return difference !== null && difference === offset - 1;
}

/** `a - b` of sizes that differ by a number. */
function plainDifference(a: Size, b: Size): number | null {
  const [left, right] = [split(a), split(b)];
  return JSON.stringify(left.rest) === JSON.stringify(right.rest) ? left.number - right.number : null;
}

/** A size as what the data decide and a number that is added to it. */
function split(size: Size): { readonly rest: Size; readonly number: number } {
  if (typeof size === 'number') return { rest: 0, number: size };
  if ('symbol' in size || (size.op !== '+' && size.op !== '-')) return { rest: size, number: 0 };
  const [left, right] = [split(size.left), split(size.right)];
  const number = size.op === '+' ? left.number + right.number : left.number - right.number;
  return { rest: right.rest === 0 ? left.rest : combineSizes(size.op, left.rest, right.rest), number };
}

const rhythmIn = (value: Value): Rhythm | undefined => {
  if (value.kind === 'progress') return undefined;
  return value.kind === 'unknown' ? value.every : undefined;
};

/** `i % 4 == 3 or i == last` and `i % 4 == 0 and i > 0`, where one of the two is regular; null for others. */
export function joinedPasses(operator: 'and' | 'or', left: Value, right: Value): Value | null {
  const [first, second] = [rhythmIn(left), rhythmIn(right)];
  const rhythm = first ?? second;
  if (!rhythm) return null;
  const other = first ? right : left;
  return { kind: 'unknown', reason: null, every: first && second ? unclear(rhythm) : withOther(operator, rhythm, other) };
}

const unclear = (rhythm: Rhythm): Rhythm => ({ ...rhythm, unclear: true });

function withOther(operator: 'and' | 'or', rhythm: Rhythm, other: Value): Rhythm {
  const { loop } = rhythm;
  if (operator === 'and' && other.kind === 'progress' && other.modulus === null && other.loop === loop && other.offset === 0)
    return other.continues ? unclear(rhythm) : startingAt(rhythm, 1);
  if (other.kind !== 'unknown') return unclear(rhythm);
  if (operator === 'and' && other.from?.loop === loop) return startingAt(rhythm, other.from.pass);
  if (operator === 'or' && other.lastOf === loop && !rhythm.continues) return { ...rhythm, last: true };
  return unclear(rhythm);
}
