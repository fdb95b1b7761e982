import type { Statement } from '../syntax/ast';
import type { LoopContext, NumberValue, Value } from '../values/value';
import type { Scope } from '../values/scope';
import { listValue, numberValue, parameterOf, unknown, unreadable } from '../values/value';
import { assignTo } from './assignment';
import { drawsAhead, passStart } from './batchesAhead';
import { loopStart, markCarriedStates } from './carriedState';
import { evaluate } from './expressions';
import { countOf, iterationOf, progressOf, type Iteration } from './iteration';
import type { Machine } from './machine';
import { notePatience } from './leaving';
import { runBlock, type Completion, normal } from './statements';
import { enterPasses, incrementOf, leavePasses } from './counters';
import { countedAttributes, trains } from './training';
import { truth } from './operators';
import { isFoldLoop } from './handFolds';
import { keptBatches } from './pieces';
import { computesNumbers } from './plainLoops';
import { InstanceFields } from './instanceFields';
import { replayInner, replayRates } from './rates';
import { replayedPasses, type Passes } from './replayedPasses';
import { forgetInner, RowLoop } from './rowLoops';
import { drawsIn, hasLoop, makesRows } from './rowPasses';
import { sweptItem } from './sweeps';

/** Short loops without training are run pass by pass up to this many. */
const unrolled = 128;
/** And up to this many when they compute nothing but numbers. */
const longest = 4_000;
/** Lists that the script has at hand, such as the parameters of a deep net, are gone through up to this many. */
const listed = 1_024;
/** Loops over several models or settings that each train. */
const sweeps = 8;

/** Runs a `for` loop: pass by pass when it is short and plain, else once on symbols. */
export function runFor(m: Machine, scope: Scope, node: Statement & { readonly kind: 'for' }, maybe: Value[]): Completion {
  const training = trains(m, scope, node.body);
  const given = evaluate(m, scope, node.iterable);
  const kept = training ? keptIn(m, given, node) : null;
  const iterable = kept ?? given;
  m.entersTraining = training;
  const iteration = iterationOf(m, iterable, node.iterable.range);
  m.entersTraining = false;
  if (iteration.kind === 'items') {
    const most = iteration.isRange && !training && computesNumbers(scope, node, iteration.items.length) ? longest : unrolled;
    const plain = !training || (iteration.items.length > 0 && iteration.items.every(isUpdated));
    const drawn = iteration.isRange && !training && makesRows(m, iteration) && !hasLoop(node.body) && drawsIn(node.body);
    if (plain && !drawn && iteration.items.length <= (iteration.isRange ? most : listed))
      return unroll(m, scope, node, iteration.items, maybe);
    if (iteration.isRange && training && m.loops.length === 0 && isFoldLoop(node))
      return firstFold(m, scope, node, iteration.items, maybe);
    if (!iteration.isRange && training && (iteration.items.length === 1 || !iteration.items.some(holdsRows)))
      return sweep(m, scope, node, iteration, maybe);
  }
  const plain = iterable.kind === 'iterator' && iterable.wrap === 'plain' ? iterable.of : iterable;
  const base = plain.kind === 'array' ? (countOf(m, plain) ?? plain) : plain;
  if (m.replay) {
    replayInner(m, scope, node, replayedPasses(m, iterable, iteration));
    return normal;
  }
  const passes = (): Passes => replayedPasses(m, iterable, iteration);
  return once(m, scope, node, maybe, iteration, passes, (loop) => {
    if (iteration.kind === 'once') return iteration.item(loop);
    if (base.kind === 'range') return progressOf(base, loop);
    return iteration.isRange ? unknown : unreadable('Batches that are kept in a list are not read', node.iterable.range);
  });
}

/** Batches that the script keeps, in a list or side by side in several. */
function keptIn(m: Machine, given: Value, node: Statement & { readonly kind: 'for' }): Value | null {
  const { range } = node.iterable;
  if (given.kind === 'list') return keptBatches(m, given, range);
  if (given.kind !== 'iterator' || given.wrap !== 'zip') return null;
  const rows = iterationOf(m, given, range);
  return rows.kind === 'items' ? keptBatches(m, listValue([...rows.items], 'list', range), range) : null;
}

/** A parameter, or one beside its gradient: a loop over such changes each of them once. */
const isUpdated = (value: Value): boolean =>
  parameterOf(value) !== null || (value.kind === 'list' && value.items.some((item) => item.kind === 'gradient'));

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

/** The first of the folds that a script cuts itself: each pass trains anew. */
function firstFold(
  m: Machine,
  scope: Scope,
  node: Statement & { readonly kind: 'for' },
  items: readonly Value[],
  maybe: Value[],
): Completion {
  m.assume(`Of the ${items.length} folds that this loop cuts the first is read`, node.iterable.range);
  return unroll(m, scope, node, items.slice(0, 1), maybe);
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
  // Phases of an epoch (`for phase in ['train', 'val']`) are no sweep.
  const swept = m.loops.length > 0 ? null : sweptItem(items);
  if (!swept) return unroll(m, scope, node, items.slice(0, sweeps), maybe);
  if (items.length > 1) m.assume(`Of the ${items.length} values of this loop the first is read`, node.iterable.range);
  return unroll(m, scope, node, [swept], maybe);
}

function once(
  m: Machine,
  scope: Scope,
  node: Statement & { readonly kind: 'for' },
  maybe: Value[],
  iteration: Iteration,
  passes: () => Passes,
  item: (loop: LoopContext) => Value,
): Completion {
  const header = { ...node.range, endLine: node.iterable.range.endLine, endColumn: node.iterable.range.endColumn };
  const before = new Map(scope.variables);
  const fields = InstanceFields.of(before);
  const events = m.events.length;
  const start = loopStart(m, scope);
  const making = makesRows(m, iteration);
  const loop = m.openLoop(node.range, iteration.count, header);
  if (iteration.kind === 'once' && iteration.batches) loop.batches = true;
  loop.trains = trains(m, scope, node.body);
  const rows = making && !loop.trains ? new RowLoop(m, scope, node.body, node.target, loop) : null;
  const onePassOf = (left: Value[]): Completion =>
    pass(m, scope, node.body, left, loop, () => assignTo(m, scope, node.target, item(loop)));
  const completion = onePassOf(maybe);
  rows?.check(() => onePassOf([]));
  m.closeLoop(loop);
  markCarriedStates(m, scope, start, header);
  forgetInner(m, scope, node.body, header);
  if (completion.kind === 'return') maybe.push(completion.value);
  replayRates(m, scope, node, passes, { before, fields, events, loop });
  return normal;
}

/** Runs the body of a loop as the one pass that stands for all: the second one, where a pass draws the next one's batch. */
function pass(
  m: Machine,
  scope: Scope,
  body: readonly Statement[],
  maybe: Value[],
  loop: LoopContext,
  begin: () => void,
): Completion {
  const start = passStart(m, scope);
  const first = onePass(m, scope, body, maybe, loop, begin);
  return drawsAhead(m, scope, loop, start) ? onePass(m, scope, body, maybe, loop, begin) : first;
}

function onePass(
  m: Machine,
  scope: Scope,
  body: readonly Statement[],
  maybe: Value[],
  loop: LoopContext,
  begin: () => void,
): Completion {
  enterPasses(m, scope, body, loop);
  m.counted.push(countedAttributes(m, body));
  begin();
  const completion = runBlock(m, scope, body, maybe);
  notePatience(m, scope, body);
  m.counted.pop();
  leavePasses(scope, loop);
  return completion;
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
  const counted = whileCount(m, scope, node);
  const events = m.events.length;
  const loop = m.openLoop(node.range, counted.direct ? counted.count : null, header);
  const completion = pass(m, scope, node.body, maybe, loop, () => {
    if (counted.count && !counted.direct)
      m.record(node.range, { kind: 'stepLimit', steps: counted.count, loop, continues: true });
  });
  m.closeLoop(loop);
  markCarriedStates(m, scope, start, header);
  forgetInner(m, scope, node.body, header);
  if (completion.kind === 'return') maybe.push(completion.value);
  if (loop.count === null && trains(m, scope, node.body)) boundByRun(m, loop, header, events);
  return normal;
}

/** Passes that are taken of a loop whose end only the run knows. */
const takenPasses = 1_000;

/** A loop that goes on until the loss is small gets a number of passes, unless its body counts them. */
function boundByRun(m: Machine, loop: LoopContext, header: LoopContext['head'], events: number): void {
  if (m.events.slice(events).some((event) => event.kind === 'stepLimit')) return;
  loop.count = numberValue(takenPasses, true);
  m.assume(`How often this loop runs depends on the run: ${takenPasses} passes are taken`, header);
}

/** `while step < total`: from the counter's first value to the bound. Not `direct` when a loop inside counts. */
function whileCount(
  m: Machine,
  scope: Scope,
  node: Statement & { readonly kind: 'while' },
): { readonly count: NumberValue | null; readonly direct: boolean } {
  const nothing = { count: null, direct: true };
  if (node.test.kind === 'binary' && node.test.operator === 'and') {
    // Whichever ends first: the one that counts bounds the other.
    const [left, right] = [node.test.left, node.test.right].map((test) => whileCount(m, scope, { ...node, test }));
    return left?.count ? left : (right ?? nothing);
  }
  const { test } = node;
  if (test.kind !== 'compare' || test.operands.length !== 2) return nothing;
  const [left, right] = test.operands;
  const operator = test.operators[0];
  if (!left || !right || left.kind !== 'name' || (operator !== '<' && operator !== '<=')) return nothing;
  const start = evaluate(m, scope, left);
  const bound = evaluate(m, scope, right);
  const step = incrementOf(node.body, left.name);
  if (start.kind !== 'number' || bound.kind !== 'number' || !step || step.by.value <= 0) return nothing;
  const passes = Math.ceil((bound.value - start.value + (operator === '<=' ? 1 : 0)) / step.by.value);
  return { count: passes === bound.value ? bound : { ...bound, value: Math.max(0, passes) }, direct: step.direct };
}
