import { bindSize, combineSizes, type Size } from '../../graph/size';
import type { SourceRange } from '../../records/source';
import type { ProgressValue, Value } from '../values/value';
import { numberValue, unreadable } from '../values/value';
import { sizeOf } from './call';
import type { Machine } from './machine';

/** In place of a size that the data decide, to tell which of two is the smaller one. */
const many = 1_000_000;

/** True in a loop that is run once for all its passes and makes values, not steps. */
export const makesValues = (m: Machine): boolean => m.currentLoop?.trains === false;

/**
 * `if i + length > len(rows): break` in a loop that makes values: it has as many passes as come before. When that cannot be told,
 * neither can the number of its passes.
 */
export function endLoop(m: Machine, operator: string, counter: Value | null, bound: Value | null, range: SourceRange): void {
  const loop = m.currentLoop;
  if (!loop) return;
  const last = bound && sizeOf(bound);
  const own = counter?.kind === 'progress' && counter.loop === loop && !counter.continues ? counter : null;
  const passes = own && last !== null ? passesBefore(operator, own, last) : null;
  const now = loop.count && sizeOf(loop.count);
  if (passes === null || now === null) loop.count = unreadable('When this loop ends could not be read', range);
  else if (amount(passes) < amount(now))
    loop.count = typeof passes === 'number' ? numberValue(passes, true) : { kind: 'size', size: passes };
}

/** The passes before the counter is beyond `last`; null for conditions of another kind. */
function passesBefore(operator: string, { scale, offset, modulus }: ProgressValue, last: Size): Size | null {
  if (modulus !== null || scale < 1 || !Number.isInteger(scale) || !Number.isInteger(offset)) return null;
  if (operator !== '>' && operator !== '>=') return null;
  const more = (operator === '>' ? 1 : 0) - offset + scale - 1;
  const room = more === 0 ? last : combineSizes(more < 0 ? '-' : '+', last, Math.abs(more));
  const passes = scale === 1 ? room : combineSizes('//', room, scale);
  return typeof passes === 'number' ? Math.max(0, passes) : passes;
}

/** A size with the same number in place of all symbols. */
function amount(size: Size): number {
  return bindSize(size, new Proxy<Record<string, number>>({}, { get: () => many })) ?? many;
}
