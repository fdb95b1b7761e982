import type { SourceRange } from '../../records/source';
import type { Statement } from '../syntax/ast';
import type { Array as DataArray } from '../values/dataValues';
import type { Scope } from '../values/scope';
import { listValue, none, unreadable, type ListValue, type Value } from '../values/value';
import { chosenByEntry } from './elementwise';
import { evaluate, join } from './expressions';
import type { Writes } from './journal';
import type { Machine } from './machine';
import { sameValue } from './operators';
import { asRowPart } from './rowLoops';
import { blocksIn, isPartOfRow, isPassNumber, rowsMade } from './rowPasses';
import { normal, runBlock, type Completion } from './statements';
import { dataStep, tensorUnary } from './tensors';
import { appendedInLoop } from './windows';

/** What one way of a choice leaves behind. */
interface Way {
  readonly completion: Completion;
  readonly variables: ReadonlyMap<string, Value>;
  readonly appended: ReadonlyMap<ListValue, readonly Value[]>;
  readonly writes: Writes;
}

/** A question about the row that a pass makes. */
const isRowMask = (m: Machine, value: Value): value is DataArray =>
  rowsMade(m) !== null && isPartOfRow(m, value) && value.mask && value.shape?.length === 1;

/**
 * `if` on the row that a pass makes, where one pass stands for all: both ways are gone through, and each row takes what its way
 * leaves. `rest` is what follows in the block: where one way returns, the other goes on with it. Null for other conditions.
 */
export function chosenRows(
  m: Machine,
  scope: Scope,
  node: Statement & { readonly kind: 'if' },
  test: Value,
  rest: readonly Statement[],
  maybe: Value[],
): Completion | null {
  if (!isRowMask(m, test)) return null;
  if (leaves(node.then) || leaves(node.otherwise)) {
    noteUnclear(m, scope, node);
    return null;
  }
  const [first, second] = [returns(node.then), returns(node.otherwise)];
  const goesOn = first !== second;
  const { range } = node.test;
  const opposite = tensorUnary(m, '~', test, range);
  if (opposite.kind !== 'array') return null;
  const before = new Map(scope.variables);
  const way = (mask: DataArray, block: readonly Statement[], ends: boolean): Way => {
    const made = oneWay(m, scope, mask, goesOn && !ends ? [...block, ...rest] : block, maybe);
    scope.variables.clear();
    for (const [name, value] of before) scope.variables.set(name, value);
    return made;
  };
  const yes = way(test, node.then, first);
  const no = way(opposite, node.otherwise, second);
  const choose = choiceOf(m, test, range);
  m.journal.join(yes.writes, no.writes, choose);
  for (const list of new Set([...yes.appended.keys(), ...no.appended.keys()]))
    appendBoth(m, list, yes.appended.get(list) ?? [], no.appended.get(list) ?? [], choose);
  for (const name of new Set([...yes.variables.keys(), ...no.variables.keys()])) {
    const [a, b] = [yes.variables.get(name), no.variables.get(name)];
    const value = a && b ? (a === b ? a : choose(a, b)) : (a ?? b);
    if (value) scope.variables.set(name, value);
  }
  if (yes.completion.kind !== 'return' && no.completion.kind !== 'return') return normal;
  const returned = ({ completion }: Way): Value => (completion.kind === 'return' ? completion.value : none);
  return { kind: 'return', value: choose(returned(yes), returned(no)) };
}

/** Runs one way of a choice; what it appends to lists is kept apart. */
function oneWay(m: Machine, scope: Scope, mask: DataArray, block: readonly Statement[], maybe: Value[]): Way {
  const appended = new Map<ListValue, Value[]>();
  let completion = normal;
  m.rowWays.push({ mask, appended });
  const writes = m.journal.tentatively(() => {
    completion = runBlock(m, scope, block, maybe);
  });
  m.rowWays.pop();
  return { completion, variables: new Map(scope.variables), appended, writes };
}

/** Appends an item, or keeps it until both ways of a choice are known. */
export function appendItem(m: Machine, list: ListValue, item: Value, longest: number): void {
  const way = m.rowWays.at(-1);
  if (way) {
    way.appended.set(list, [...(way.appended.get(list) ?? []), item]);
    return;
  }
  if (list.items.length < longest) list.items.push(item);
  appendedInLoop(m, list, item);
}

/** A list that both ways append to gets the item of each row's own way; any other gets a number of rows that is not known. */
function appendBoth(m: Machine, list: ListValue, yes: readonly Value[], no: readonly Value[], choose: Chosen): void {
  const [a, b] = [yes[0], no[0]];
  const isOne = yes.length === 1 && no.length === 1 && a && b;
  if (isOne) appendItem(m, list, choose(a, b), Number.MAX_SAFE_INTEGER);
  else for (const item of [...yes, ...no]) list.items.push(item);
  list.open = true;
  if (!isOne) delete list.each;
}

type Chosen = (yes: Value, no: Value) => Value;

/** For each row the one or the other, by the answer of its question. */
export function choiceOf(m: Machine, mask: DataArray, range: SourceRange): Chosen {
  const choose: Chosen = (yes, no) => {
    if (yes === no || sameValue(yes, no) === true) return yes;
    if (yes.kind === 'list' && no.kind === 'list' && yes.items.length === no.items.length && !yes.open && !no.open)
      return listValue(
        yes.items.map((item, i) => choose(item, no.items[i] as Value)),
        yes.form,
        yes.range,
      );
    if (yes.kind === 'string' || no.kind === 'string') return chosenByEntry(m, mask, yes, no, range);
    const [a, b] = [asRowPart(m, yes, range), asRowPart(m, no, range)];
    if (!a || !b)
      return yes.kind === 'array' || no.kind === 'array'
        ? unreadable('This choice for each row is not read', range)
        : join(yes, no);
    const axes = a.shape?.length ?? 0;
    if (axes < 1 || b.shape?.length !== axes) return unreadable('This choice for each row is not read', range);
    let wide = mask;
    for (let axis = 1; axis < axes; axis++)
      wide = dataStep(m, 'unsqueeze', { axis }, [wide], range, { mask: true, shape: [...(wide.shape ?? []), 1] });
    return chosenByEntry(m, wide, a, b, range);
  };
  return choose;
}

/** Whether a block leaves the loop or the pass somewhere. */
const leaves = (block: readonly Statement[]): boolean =>
  block.some((s) => s.kind === 'break' || s.kind === 'continue' || blocksIn(s).some(leaves));

/** Where some passes end early, no one stands for all; `if i == last: break` says how many there are. */
function noteUnclear(m: Machine, scope: Scope, { test }: Statement & { readonly kind: 'if' }): void {
  const ofPass = test.kind === 'compare' && test.operands.some((operand) => isPassNumber(m, evaluate(m, scope, operand)));
  if (m.currentLoop && !ofPass) m.currentLoop.unclear = true;
}

/** Whether a block returns in any case. */
function returns(block: readonly Statement[]): boolean {
  const last = block.at(-1);
  return last?.kind === 'return' || (last?.kind === 'if' && returns(last.then) && returns(last.otherwise));
}
