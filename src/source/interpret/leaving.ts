import type { Expression, Statement } from '../syntax/ast';
import type { Scope } from '../values/scope';
import { boundOf } from './counters';
import { evaluate } from './expressions';
import { endLoop, makesValues } from './loopEnds';
import type { Machine } from './machine';

/** `if waited >= patience: break` and `if step >= total: break`. */
export function noteLeaving(m: Machine, scope: Scope, node: Statement & { readonly kind: 'if' }): void {
  if (node.test.kind === 'binary' && node.test.operator === 'or') {
    for (const test of [node.test.left, node.test.right]) noteLeaving(m, scope, { ...node, test });
    return;
  }
  const { test } = node;
  if (makesValues(m)) return leaveMaking(m, scope, node);
  const [left, right] = test.kind === 'compare' && test.operands.length === 2 ? test.operands : [];
  if (test.kind !== 'compare' || !left || !right) return;
  const counter = evaluate(m, scope, left);
  const bound = evaluate(m, scope, right);
  const steps = boundOf(test.operators[0] ?? '', counter, bound);
  if (counter.kind === 'progress') {
    const { loop, continues } = counter;
    if (steps) m.record(node.range, { kind: 'stepLimit', steps, loop, ...(continues ? { continues } : {}) });
  } else if (counter.kind === 'unknown' && counter.counter !== undefined) return;
  else if (bound.kind === 'number' && bound.integer && bound.value >= 1 && counter.kind === 'unknown')
    m.record(node.range, { kind: 'earlyStop', patience: bound.value });
}

/** `if end > len(rows): break` where no steps are taken. */
function leaveMaking(m: Machine, scope: Scope, { test, range }: Statement & { readonly kind: 'if' }): void {
  const [left, right] = test.kind === 'compare' && test.operands.length === 2 ? test.operands : [];
  const operator = test.kind === 'compare' ? (test.operators[0] ?? '') : '';
  endLoop(m, operator, left ? evaluate(m, scope, left) : null, right ? evaluate(m, scope, right) : null, range);
}

/** `if stopper(loss): break` and `if stopper.stop: break` with an object of the script that has a patience. */
export function notePatience(m: Machine, scope: Scope, body: readonly Statement[]): void {
  for (const s of body) {
    if (s.kind !== 'if') continue;
    if (s.then.some((inner) => inner.kind === 'break' || inner.kind === 'return')) {
      const patience = patienceIn(m, scope, s.test, 0);
      if (patience !== null) m.record(s.range, { kind: 'earlyStop', patience });
    }
    notePatience(m, scope, s.then);
    notePatience(m, scope, s.otherwise);
  }
}

/** The patience of an object that a condition asks, or that the script's function asks for it. */
function patienceIn(m: Machine, scope: Scope, e: Expression, depth: number): number | null {
  if (depth > 6) return null;
  if (e.kind === 'call') return patienceIn(m, scope, e.callee, depth + 1);
  if (e.kind === 'unary') return patienceIn(m, scope, e.operand, depth + 1);
  if (e.kind !== 'name' && e.kind !== 'attribute') return null;
  const value = e.kind === 'name' ? scope.get(e.name) : evaluate(m, scope, e);
  const patience = value?.kind === 'instance' ? value.fields.get('patience') : undefined;
  if (patience?.kind === 'number') return patience.value;
  return e.kind === 'attribute' ? patienceIn(m, scope, e.object, depth + 1) : null;
}
