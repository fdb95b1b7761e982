import type { Statement } from '../syntax/ast';
import type { OptimizerValue } from '../values/training';
import type { LoopContext, Scope, Value } from '../values/value';
import { assignTo } from './assignment';
import type { Machine, RateReplay } from './machine';
import { runBlock } from './statements';

/** Most passes that are gone through, and most steps of work for all of them. */
const longest = 2_000;
const mostWork = 60_000;

interface Pass {
  /** Variables before the loop. */
  readonly before: ReadonlyMap<string, Value>;
  /** Events that lay before the loop. */
  readonly events: number;
  readonly loop: LoopContext;
}

/**
 * A loop that sets learning rates by hand is gone through again with its real values, for the rates
 * alone: nothing is recorded, models and inner loops over data are left out.
 */
export function replayRates(
  m: Machine,
  scope: Scope,
  node: Statement & { readonly kind: 'for' },
  items: readonly Value[],
  pass: Pass,
): void {
  const edits = m.events.slice(pass.events).filter((e) => e.kind === 'setRate' && e.loops[e.loops.length - 1] === pass.loop);
  if (edits.length === 0 || items.length > longest) return;
  const after = new Map(scope.variables);
  scope.variables.clear();
  for (const [name, value] of pass.before) scope.variables.set(name, value);
  const replay: RateReplay = { rates: new Map(), failed: false, startedAt: m.steps };
  m.replay = replay;
  const history: ReadonlyMap<OptimizerValue, number>[] = [];
  for (const item of items) {
    assignTo(m, scope, node.target, item);
    const completion = runBlock(m, scope, node.body, []);
    history.push(new Map(replay.rates));
    if (completion.kind === 'break' || m.steps - replay.startedAt > mostWork) replay.failed = true;
    if (replay.failed) break;
  }
  m.replay = null;
  scope.variables.clear();
  for (const [name, value] of after) scope.variables.set(name, value);
  if (replay.failed) return;
  for (const edit of edits) {
    if (edit.kind !== 'setRate' || m.rateTables.has(edit.optimizer)) continue;
    const base = edit.optimizer.learningRate?.value;
    const rates = history.map((h) => h.get(edit.optimizer) ?? base ?? Number.NaN);
    // A rate that is set after the step counts from the next pass on.
    const step = m.events.findIndex((e, i) => i >= pass.events && e.kind === 'step' && e.optimizer === edit.optimizer);
    const late = step >= 0 && m.events.indexOf(edit) > step;
    const inForce = late ? [base ?? Number.NaN, ...rates.slice(0, -1)] : rates;
    if (base)
      m.rateTables.set(edit.optimizer, { factors: inForce.map((rate) => rate / base), loop: pass.loop, range: edit.range });
  }
}
