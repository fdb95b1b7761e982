import type { Statement } from '../syntax/ast';
import type { LoopContext, NumberValue, Scope, Value } from '../values/value';
import { unknown, unreadable } from '../values/value';
import { assignTo } from './assignment';
import { loopStart, markCarriedStates } from './carriedState';
import { evaluate } from './expressions';
import { iterationOf, progressOf, type Iteration } from './iteration';
import type { Machine } from './machine';
import { runBlock, type Completion, normal } from './statements';
import { changedNumbers, trains } from './training';
import { truth } from './operators';
import { replayRates } from './rates';

/** Short loops without training are run pass by pass up to this many. */
const unrolled = 128;
/** Loops over several models or settings that each train. */
const sweeps = 8;

/** Runs a `for` loop: pass by pass when it is short and plain, else once on symbols. */
export function runFor(m: Machine, scope: Scope, node: Statement & { readonly kind: 'for' }, maybe: Value[]): Completion {
  const iterable = evaluate(m, scope, node.iterable);
  const iteration = iterationOf(m, iterable, node.iterable.range);
  const training = trains(m, scope, node.body);
  if (iteration.kind === 'items') {
    if (!training && iteration.items.length <= unrolled) return unroll(m, scope, node, iteration.items, maybe);
    if (!iteration.isRange && training && !iteration.items.some(holdsRows)) return sweep(m, scope, node, iteration, maybe);
  }
  const base = iterable.kind === 'iterator' && iterable.wrap === 'plain' ? iterable.of : iterable;
  return once(m, scope, node, maybe, iteration, (loop) => {
    if (iteration.kind === 'once') return iteration.item(loop);
    if (base.kind === 'range') return progressOf(base, loop);
    return iteration.isRange ? unknown : unreadable('Batches that are kept in a list are not read', node.iterable.range);
  });
}

const holdsRows = (value: Value): boolean =>
  value.kind === 'tensor' ||
  value.kind === 'array' ||
  (value.kind === 'list' && value.items.some((item) => item.kind === 'tensor' || item.kind === 'array'));

function unroll(
  m: Machine,
  scope: Scope,
  node: Statement & { readonly kind: 'for' },
  items: readonly Value[],
  maybe: Value[],
): Completion {
  for (const item of items) {
    assignTo(m, scope, node.target, item);
    const completion = runBlock(m, scope, node.body, maybe);
    if (completion.kind === 'break') return normal;
    if (completion.kind === 'return' || completion.kind === 'raise') return completion;
  }
  return runBlock(m, scope, node.otherwise, maybe);
}

/** Training for each of several values: numbers are a sweep of which the first is read, others are read one after the other. */
function sweep(
  m: Machine,
  scope: Scope,
  node: Statement & { readonly kind: 'for' },
  iteration: Iteration & { readonly kind: 'items' },
  maybe: Value[],
): Completion {
  const { items } = iteration;
  const plain = items.every((item) => item.kind === 'number' || item.kind === 'string' || item.kind === 'boolean');
  const first = items[0];
  if (!first) return normal;
  if (!plain) return unroll(m, scope, node, items.slice(0, sweeps), maybe);
  const swept = 'origin' in first && first.origin ? { ...first, origin: { ...first.origin, sweep: items } } : first;
  m.assume(`Of the ${items.length} values of this loop the first is read`, node.iterable.range);
  return unroll(m, scope, node, [swept], maybe);
}

function once(
  m: Machine,
  scope: Scope,
  node: Statement & { readonly kind: 'for' },
  maybe: Value[],
  iteration: Iteration,
  item: (loop: LoopContext) => Value,
): Completion {
  const header = { ...node.range, endLine: node.iterable.range.endLine, endColumn: node.iterable.range.endColumn };
  if (m.replay) return normal;
  const before = new Map(scope.variables);
  const events = m.events.length;
  const start = loopStart(m, scope);
  const loop = m.openLoop(header, iteration.count);
  if (iteration.kind === 'once' && iteration.batches) loop.batches = true;
  changedNumbers(m, scope, node.body);
  assignTo(m, scope, node.target, item(loop));
  const completion = runBlock(m, scope, node.body, maybe);
  m.closeLoop(loop);
  markCarriedStates(m, scope, start, header);
  if (completion.kind === 'return') maybe.push(completion.value);
  if (iteration.kind === 'items') replayRates(m, scope, node, iteration.items, { before, events, loop });
  return normal;
}

/** Runs a `while` loop: pass by pass when its condition is known and it does not train, else once. */
export function runWhile(m: Machine, scope: Scope, node: Statement & { readonly kind: 'while' }, maybe: Value[]): Completion {
  if (!trains(m, scope, node.body)) {
    for (let pass = 0; pass < unrolled; pass++) {
      const test = truth(evaluate(m, scope, node.test));
      if (test === false) return normal;
      if (test === null) break;
      const completion = runBlock(m, scope, node.body, maybe);
      if (completion.kind === 'break') return normal;
      if (completion.kind === 'return' || completion.kind === 'raise') return completion;
    }
  }
  if (m.replay || truth(evaluate(m, scope, node.test)) === false) return normal;
  const header = { ...node.range, endLine: node.test.range.endLine, endColumn: node.test.range.endColumn };
  const start = loopStart(m, scope);
  const loop = m.openLoop(header, whileCount(m, scope, node));
  changedNumbers(m, scope, node.body);
  const completion = runBlock(m, scope, node.body, maybe);
  m.closeLoop(loop);
  markCarriedStates(m, scope, start, header);
  if (completion.kind === 'return') maybe.push(completion.value);
  return normal;
}

/** `while step < total`: the passes from the counter's first value to the bound. */
function whileCount(m: Machine, scope: Scope, node: Statement & { readonly kind: 'while' }): NumberValue | null {
  const { test } = node;
  if (test.kind !== 'compare' || test.operands.length !== 2) return null;
  const [left, right] = test.operands;
  const operator = test.operators[0];
  if (!left || !right || left.kind !== 'name' || (operator !== '<' && operator !== '<=')) return null;
  const start = evaluate(m, scope, left);
  const bound = evaluate(m, scope, right);
  if (start.kind !== 'number' || bound.kind !== 'number') return null;
  const count = bound.value - start.value + (operator === '<=' ? 1 : 0);
  return count === bound.value ? bound : { ...bound, value: Math.max(0, count) };
}
