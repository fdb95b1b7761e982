import type { Expression } from '../syntax/ast';
import type { BatchOrigin } from '../values/trace';
import { listValue, unknown, type Value } from '../values/value';
import type { Scope } from '../values/scope';
import { batchRows } from '../vocabulary/rows/loaders';
import { assignTo } from './assignment';
import { sizeOf } from './call';
import { charactersOf, dictionaryOf, isText, vocabularyPass } from './characters';
import { distinctPass } from './columnNumbering';
import { evaluate } from './expressions';
import { isFresh } from './freshTensors';
import { recordsOf } from './fileRecords';
import { progressOf, type Iteration } from './iteration';
import type { Machine } from './machine';
import { truth } from './operators';
import { asOneRow, sameSteps } from './rowLoops';
import { drawsInside, makesRows } from './rowPasses';
import { appendedInLoop, rowLoop } from './windows';

type Comprehension = Expression & { readonly kind: 'comprehension' };

/**
 * A comprehension of which one pass stands for all: over a vocabulary, over the characters of a text, or over rows drawn at random
 * (`[data[i:i + 8] for i in ix]`). Null for others, which are gone through item by item.
 */
export function wholeComprehension(m: Machine, scope: Scope, node: Comprehension, iterable: Value): Value | null {
  const [clause] = node.clauses;
  if (!clause || node.clauses.length !== 1) return null;
  const pass = vocabularyPass(m, iterable, clause.iterable.range);
  if (pass) {
    if (clause.conditions.length > 0) return null;
    assignTo(m, scope, clause.target, pass.item);
    const element = evaluate(m, scope, node.element);
    if (node.value !== null) return dictionaryOf(pass.vocabulary, element, evaluate(m, scope, node.value));
    return element.kind === 'list' ? dictionaryOf(pass.vocabulary, element.items[0], element.items[1]) : null;
  }
  const different = distinctPass(m, iterable, clause.iterable.range);
  if (different && node.value !== null && clause.conditions.length === 0) {
    assignTo(m, scope, clause.target, different.item);
    return different.made(evaluate(m, scope, node.element), evaluate(m, scope, node.value));
  }
  if (node.value !== null) return null;
  const text = iterable.kind === 'file' && iterable.whole ? charactersOf(m, iterable, clause.iterable.range) : iterable;
  if (text?.kind !== 'array') return null;
  if (isText(m, text)) {
    assignTo(m, scope, clause.target, text);
    if (!clause.conditions.every((condition) => truth(evaluate(m, scope, condition)) === true)) return null;
    const element = evaluate(m, scope, node.element);
    return element.kind === 'array' ? element : null;
  }
  return clause.conditions.length === 0 ? drawnParts(m, scope, node, text) : null;
}

/** Parts of data from places that are drawn anew in each pass: a batch of them. */
function drawnParts(m: Machine, scope: Scope, node: Comprehension, places: Value & { readonly kind: 'array' }): Value | null {
  const step = m.program.steps[places.step];
  const [clause] = node.clauses;
  const loop = m.currentLoop;
  if (!clause || !loop || !isFresh(m, places) || step?.kind !== 'randomInteger') return null;
  const [size] = step.arguments.shape;
  const count = sizeOf(places.highest ?? null);
  if (typeof size !== 'number' || step.arguments.shape.length !== 1 || step.arguments.low !== 0 || count === null) return null;
  const one = rowLoop({ kind: 'size', size: count }, clause.iterable.range);
  const target: Value = { kind: 'progress', loop: one, scale: 1, offset: 0, modulus: null, scaleValue: null };
  assignTo(m, scope, clause.target, target);
  const part = evaluate(m, scope, node.element);
  if (part.kind !== 'array' || !part.row) return null;
  loop.batches = true;
  const batch: BatchOrigin = {
    sampling: 'replacement',
    batchSize: { value: size, place: places.range, chain: [], isDefault: false },
    shuffle: { value: true, place: places.range, chain: [], isDefault: false },
    dropLast: false,
    range: places.range,
    loop,
  };
  return batchRows(m, { ...part, row: false, loop: null }, batch);
}

/** Comprehensions over more numbers are first tried once on symbols. */
const mostPasses = 128;

/** Whether one pass of a comprehension may stand for all: over many numbers, over rows, or where each pass draws at random. */
export function isMadeOfRows(m: Machine, node: Comprehension, iterable: Value, iteration: Iteration): boolean {
  if (node.value !== null || node.clauses.length !== 1 || node.clauses[0]?.conditions.length !== 0) return false;
  if (iteration.kind === 'once') return iterable.kind === 'range' || recordsOf(iterable) !== null || makesRows(m, iteration);
  const isLong = iteration.items.length > mostPasses || (drawsInside(node.element) && makesRows(m, iteration));
  return isLong && iterable.kind === 'range';
}

/** The rows that a comprehension makes, from one pass that stands for all; null where each pass makes no row. */
export function rowsOfComprehension(
  m: Machine,
  scope: Scope,
  node: Comprehension,
  iterable: Value,
  iteration: Iteration,
): Value | null {
  const [clause] = node.clauses;
  if (!clause) return null;
  const makes = makesRows(m, iteration);
  const loop = m.openLoop(clause.iterable.range, iteration.count);
  if (makes) loop.makes = true;
  const target =
    iterable.kind === 'range' ? progressOf(iterable, loop) : iteration.kind === 'once' ? iteration.item(loop) : unknown;
  const rowOfPass = (): Value => {
    assignTo(m, scope, clause.target, target);
    return asOneRow(m, evaluate(m, scope, node.element), node.range);
  };
  const rows = listValue([], 'list', node.range);
  const item = rowOfPass();
  rows.items.push(item);
  appendedInLoop(m, rows, item);
  const again = makes && item.kind === 'array' ? rowOfPass() : null;
  if (again && !(item.kind === 'array' && again.kind === 'array' && sameSteps(m, item.step, again.step, loop.firstStep)))
    delete rows.each;
  m.closeLoop(loop);
  return rows.each === undefined ? null : rows;
}
