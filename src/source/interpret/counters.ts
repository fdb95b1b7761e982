import type { Expression, Statement } from '../syntax/ast';
import type { LoopContext, NumberValue, Value } from '../values/value';
import type { Scope } from '../values/scope';
import { numberValue, unknown } from '../values/value';
import type { Machine } from './machine';
import { assignedNames } from './training';

/** A variable that one statement of a block changes by a fixed amount, and where that statement stands. */
interface Increment {
  readonly by: NumberValue;
  /** False when it stands in a loop inside the block. */
  readonly direct: boolean;
}

/**
 * Numbers that a loop changes are not known while it is run once. One that each pass changes by a
 * fixed amount is a counter: `start + by * i` in the i-th pass.
 */
export function enterPasses(m: Machine, scope: Scope, body: readonly Statement[], loop: LoopContext): void {
  for (const name of assignedNames(body)) {
    m.tick();
    const value = scope.variables.get(name);
    if (!value) continue;
    const start = value.kind === 'number' ? value.value : value.kind === 'unknown' ? value.counter : undefined;
    if (start === undefined) {
      if (value.kind === 'boolean') scope.variables.set(name, unknown);
      continue;
    }
    const continues = value.kind === 'unknown';
    const step = incrementOf(body, name);
    if (!step) scope.variables.set(name, unknown);
    else if (step.direct)
      scope.variables.set(name, {
        kind: 'progress',
        loop,
        scale: step.by.value,
        offset: start,
        modulus: null,
        scaleValue: step.by,
        ...(continues ? { continues } : {}),
      });
    else scope.variables.set(name, { kind: 'unknown', reason: null, counter: start });
  }
}

/** After a loop its counters hold a number that only the run knows. */
export function leavePasses(scope: Scope, loop: LoopContext): void {
  for (const [name, value] of scope.variables)
    if (value.kind === 'progress' && value.loop === loop)
      scope.variables.set(name, { kind: 'unknown', reason: null, counter: value.offset });
}

/** The only change of `name` in a block, when it is `name += number` that every pass comes by. */
export function incrementOf(body: readonly Statement[], name: string): Increment | null {
  let found: Increment | null = null;
  let changes = 0;
  const visit = (block: readonly Statement[], direct: boolean, always: boolean): void => {
    for (const s of block) {
      if (s.kind === 'augmented' && isName(s.target, name)) {
        changes++;
        if (always && s.operator === '+' && s.value.kind === 'number') found = { by: numberOf(s.value), direct };
      } else if (s.kind === 'assign' && s.targets.some((t) => binds(t, name))) {
        changes++;
        const by = added(s.value, name);
        if (always && by) found = { by, direct };
      } else if (s.kind === 'for') {
        if (binds(s.target, name)) changes++;
        visit(s.body, false, always);
        visit(s.otherwise, false, false);
      } else if (s.kind === 'while') visit(s.body, false, always);
      else if (s.kind === 'if') {
        visit(s.then, direct, false);
        visit(s.otherwise, direct, false);
      } else if (s.kind === 'with') visit(s.body, direct, always);
      else if (s.kind === 'try') {
        visit(s.body, direct, always);
        for (const handler of s.handlers) visit(handler, direct, false);
        visit(s.otherwise, direct, always);
        visit(s.finally, direct, always);
      }
    }
  };
  visit(body, true, true);
  return changes === 1 ? found : null;
}

const isName = (e: Expression, name: string): boolean => e.kind === 'name' && e.name === name;

const binds = (e: Expression, name: string): boolean =>
  isName(e, name) || ((e.kind === 'tuple' || e.kind === 'list') && e.items.some((item) => binds(item, name)));

const numberOf = (e: Expression & { readonly kind: 'number' }): NumberValue =>
  numberValue(e.value, e.integer, { place: e.range, chain: [] });

/** The number in `name = name + number`. */
const added = (e: Expression | null, name: string): NumberValue | null =>
  e?.kind === 'binary' && e.operator === '+' && isName(e.left, name) && e.right.kind === 'number' ? numberOf(e.right) : null;

/** Whether a variable goes back to a plain number somewhere in a block: a counter of passes without progress. */
export function isResetIn(body: readonly Statement[], name: string): boolean {
  return body.some((s) => {
    if (s.kind === 'assign') return s.value?.kind === 'number' && s.targets.some((t) => isName(t, name));
    if (s.kind === 'if') return isResetIn(s.then, name) || isResetIn(s.otherwise, name);
    if (s.kind === 'with' || s.kind === 'for' || s.kind === 'while') return isResetIn(s.body, name);
    return false;
  });
}

/**
 * The optimizer steps after which `if counter >= bound: break` leaves, counted from the passes that
 * came before; null when the condition is none of that kind.
 */
export function boundOf(operator: string, counter: Value, bound: Value): NumberValue | null {
  if (counter.kind !== 'progress' || counter.modulus !== null || counter.scale !== 1) return null;
  if (bound.kind !== 'number' || !['>=', '>', '=='].includes(operator)) return null;
  const passes = bound.value - counter.offset + (operator === '>' ? 1 : 0);
  return passes === bound.value ? bound : { ...bound, value: passes };
}
