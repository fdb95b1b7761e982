import type { SourceRange } from '../../records/source';
import type { Expression, Statement } from '../syntax/ast';
import type { Array as DataArray } from '../values/dataValues';
import type { Scope } from '../values/scope';
import { numberValue, unreadable, type ListValue, type LoopContext, type Value } from '../values/value';
import { sizeOf } from './call';
import { incrementOf } from './counters';
import type { Machine } from './machine';
import { blocksIn, isPartOfRow, isPassNumber, rowsMade } from './rowPasses';
import { dataStep, tensorBinary } from './tensors';
import { assignedNames } from './training';
import { rowsOfList, stackedInRows } from './windows';

/** A number, the number of the pass or a part of the row, as a part of the row; null for other values. */
export function asRowPart(m: Machine, value: Value, range: SourceRange): DataArray | null {
  const rows = rowsMade(m);
  const loop = m.currentLoop;
  if (rows === null || !loop) return null;
  if (value.kind === 'array') return isPartOfRow(m, value) ? value : null;
  const part = { row: true, loop: loop.id, flavour: 'numpy', shape: [rows] } as const;
  if (value.kind === 'number' || value.kind === 'boolean') {
    const integer = value.kind === 'boolean' || value.integer;
    const made = dataStep(m, 'filled', { shape: [rows], value: Number(value.value) }, [], range, { ...part, integer: false });
    return integer ? dataStep(m, 'cast', { to: 'integer' }, [made], range, { integer }) : made;
  }
  if (!isPassNumber(m, value)) return null;
  const passes = dataStep(m, 'arange', { start: 0, end: rows, step: 1 }, [], range, { ...part, integer: true });
  const scaled = value.scale === 1 ? passes : tensorBinary(m, '*', passes, numberValue(value.scale), range);
  const moved = value.offset === 0 ? scaled : tensorBinary(m, '+', scaled, numberValue(value.offset), range);
  return moved.kind === 'array' ? moved : null;
}

/** The operands with the numbers of passes as parts of the row, where what is made of them is no such number any more. */
export function rowOperands(
  m: Machine,
  operator: string,
  left: Value,
  right: Value,
  range: SourceRange,
): readonly [Value, Value] | null {
  if (rowsMade(m) === null || (!isPassNumber(m, left) && !isPassNumber(m, right))) return null;
  const isLinear = operator === '+' || operator === '-' || operator === '*';
  if (isLinear && (left.kind === 'number' || right.kind === 'number') && !(operator === '-' && left.kind === 'number'))
    return null;
  const isOperand = (value: Value): boolean => value.kind === 'number' || value.kind === 'array' || isPassNumber(m, value);
  if (!isOperand(left) || !isOperand(right)) return null;
  const part = (value: Value): Value => (isPassNumber(m, value) ? (asRowPart(m, value, range) ?? value) : value);
  return [part(left), part(right)];
}

/** The number of the pass as a part of the row; other values as they are. */
export const withoutPass = (m: Machine, value: Value, range: SourceRange): Value =>
  isPassNumber(m, value) ? (asRowPart(m, value, range) ?? value) : value;

/** A list of parts of the row that a pass makes, as one row of them; other values as they are. */
export function asOneRow(m: Machine, item: Value, range: SourceRange): Value {
  if (m.currentLoop === null) return item;
  if (item.kind === 'number' || item.kind === 'boolean' || item.kind === 'progress') return asRowPart(m, item, range) ?? item;
  if (item.kind !== 'list' || item.open || item.items.length === 0) return item;
  const inner = item.items.map((part) => (part.kind === 'list' ? asOneRow(m, part, range) : part));
  if (rowsMade(m) === null && !inner.some((part) => isPartOfRow(m, part))) return item;
  const parts = inner.flatMap((part) => (isPartOfRow(m, part) ? [part] : (asRowPart(m, part, range) ?? [])));
  if (parts.length !== item.items.length || new Set(parts.map((part) => part.shape?.length)).size > 1) return item;
  return parts[0]?.shape ? (stackedInRows(m, parts, 0, range) ?? item) : item;
}

/**
 * A loop of which one pass stands for all, each of which makes a row. What a pass takes over from the one before it is looked for
 * twice: names that the body gives values are not known when it begins, and a second pass, from where the first one left off, must
 * make its rows in the same way.
 */
export class RowLoop {
  private readonly growing: readonly ListValue[];
  private readonly entry: ReadonlyMap<string, Value>;
  private readonly own: ReadonlySet<string>;

  constructor(
    private readonly m: Machine,
    private readonly scope: Scope,
    body: readonly Statement[],
    target: Expression,
    private readonly loop: LoopContext,
  ) {
    loop.makes = true;
    this.own = new Set([...assignedNames(body), ...assignedIn(body, 'assign'), ...namesIn(target)]);
    for (const name of assignedIn(body, 'assign')) this.forget(name, body, ['array', 'list']);
    for (const name of assignedIn(body, 'augmented')) this.forget(name, body, ['array']);
    this.entry = new Map(scope.variables);
    this.growing = [...holdersIn(body)].flatMap((name) => {
      const value = scope.get(name);
      return value?.kind === 'list' ? [value] : [];
    });
    for (const list of this.growing) {
      const rows = rowsOfList(m, list);
      if (rows) {
        list.before = [rows];
        list.items = [];
        delete list.each;
      }
      list.grows = true;
    }
  }

  /** After the first pass: `again` runs one more. */
  check(again: () => void): void {
    const { m, loop } = this;
    const first = loop.made ?? [];
    const left = [...new Set(first.map(({ holder }) => holder))].map((holder) => this.takenBack(holder, first));
    if (first.length > 0) {
      for (const name of this.own) {
        const value = this.entry.get(name);
        if (value) this.scope.variables.set(name, value);
        else this.scope.variables.delete(name);
      }
      loop.made = [];
      again();
      const second = loop.made;
      for (const putBack of left) putBack();
      const isSame =
        first.length === second.length &&
        first.every(
          (row, i) => row.holder === second[i]?.holder && sameSteps(m, row.step, second[i]?.step ?? -1, loop.firstStep),
        );
      if (!isSame || loop.unclear || !this.hasAllRows(first)) for (const { holder } of first) this.unread(holder);
    }
    for (const list of this.growing) delete list.grows;
  }

  private forget(name: string, body: readonly Statement[], kinds: readonly Value['kind'][]): void {
    const value = this.scope.variables.get(name);
    if (value && kinds.includes(value.kind) && !incrementOf(body, name))
      this.scope.variables.set(name, unreadable(carried, this.loop.head));
  }

  /** Gives what holds rows as it was before the first pass; the result puts it back as the pass left it. */
  private takenBack(
    holder: ListValue | DataArray,
    made: readonly { readonly holder: unknown; readonly before: number }[],
  ): () => void {
    if (holder.kind === 'array') {
      const { step } = holder;
      holder.step = made.find((row) => row.holder === holder)?.before ?? step;
      return () => {
        holder.step = step;
      };
    }
    const { items } = holder;
    holder.items = [];
    delete holder.each;
    return () => {
      holder.items = items;
      holder.each = this.loop.id;
    };
  }

  /** A loop that ends early has fewer rows than were drawn before that was known. */
  private hasAllRows(made: readonly { readonly step: number }[]): boolean {
    const rows = sizeOf(this.loop.count);
    return made.every(({ step }) => {
      const size = this.m.program.results.get(step)?.shape?.[0] ?? rows;
      return rows !== null && JSON.stringify(size) === JSON.stringify(rows);
    });
  }

  private unread(holder: ListValue | DataArray): void {
    if (holder.kind === 'array') holder.fault ??= { text: carried, range: this.loop.head };
    else {
      holder.open = true;
      delete holder.each;
      delete holder.before;
    }
  }
}

const carried = 'What each pass takes over from the one before it is not read';

/** Whether two steps of a loop come about in the same way. */
export function sameSteps(m: Machine, a: number, b: number, from: number, known = new Map<number, number>()): boolean {
  if (a === b) return true;
  if (a < from || b < from) return false;
  if (known.get(a) === b) return true;
  const [x, y] = [m.program.steps[a], m.program.steps[b]];
  if (x?.kind !== y?.kind || x?.inputs.length !== y?.inputs.length) return false;
  if (JSON.stringify(x?.arguments) !== JSON.stringify(y?.arguments)) return false;
  known.set(a, b);
  return x?.inputs.every((input, i) => sameSteps(m, input, y?.inputs[i] ?? -1, from, known)) ?? false;
}

const namesIn = (target: Expression): readonly string[] =>
  target.kind === 'name' ? [target.name] : target.kind === 'tuple' || target.kind === 'list' ? target.items.flatMap(namesIn) : [];

/** Names that stand on the left of `=`, or of `+=` and its kin. */
function assignedIn(body: readonly Statement[], kind: 'assign' | 'augmented'): ReadonlySet<string> {
  const names = body.flatMap((s): readonly string[] => {
    if (s.kind === 'assign' && kind === 'assign') return s.targets.flatMap(namesIn);
    if (s.kind === 'augmented' && kind === 'augmented') return namesIn(s.target);
    return blocksIn(s).flatMap((block) => [...assignedIn(block, kind)]);
  });
  return new Set(names);
}

/**
 * What a loop inside the pass that makes a row leaves in variables: it is gone through once there, so that it is not known, as are
 * the rows of an outer loop that hang on it.
 */
export function forgetInner(m: Machine, scope: Scope, body: readonly Statement[], range: SourceRange): void {
  if (!m.loops.some((loop) => loop.makes)) return;
  for (const name of new Set([...assignedNames(body), ...assignedIn(body, 'assign')]))
    if (scope.variables.has(name)) scope.variables.set(name, unreadable('What this loop leaves for each row is not read', range));
}

/** Names of what `append` is called on. */
function holdersIn(body: readonly Statement[]): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (block: readonly Statement[]): void => {
    for (const s of block) {
      const callee = s.kind === 'expression' && s.value.kind === 'call' ? s.value.callee : null;
      if (callee?.kind === 'attribute' && callee.name === 'append' && callee.object.kind === 'name')
        names.add(callee.object.name);
      blocksIn(s).forEach(visit);
    }
  };
  visit(body);
  return names;
}
