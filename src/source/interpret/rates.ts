import type { SourceRange } from '../../records/source';
import type { Statement } from '../syntax/ast';
import type { OptimizerValue } from '../values/training';
import { unknown, type LoopContext, type Value } from '../values/value';
import type { Scope } from '../values/scope';
import type { Passes } from './replayedPasses';
import { InstanceFields } from './instanceFields';
import type { Event, EventKind } from './events';
import { assignTo } from './assignment';
import type { Machine, RateReplay } from './machine';
import { runBlock } from './statements';

/** Most passes that are gone through, and most steps of work for all of them. */
const longest = 4_000;
const mostWork = 60_000;

type RateEdit = Event & EventKind & { readonly kind: 'setRate' };

interface Pass {
  /** Variables before the loop. */
  readonly before: ReadonlyMap<string, Value>;
  readonly fields: InstanceFields;
  /** Events that lay before the loop. */
  readonly events: number;
  readonly loop: LoopContext;
}

/**
 * A loop that sets learning rates by hand is gone through again with its real values, for the rates alone: nothing is recorded
 * and models are left out. Of the loops inside, those in which rates are set or steps are taken are gone through as well.
 */
export function replayRates(
  m: Machine,
  scope: Scope,
  node: Statement & { readonly kind: 'for' },
  passes: () => Passes,
  pass: Pass,
): void {
  const inside = m.events.slice(pass.events);
  const edits = inside.filter((e): e is RateEdit => e.kind === 'setRate' && outermost(m, e) === pass.loop);
  const { count, at } = edits.length === 0 ? { count: null, at: () => unknown } : passes();
  if (count === null) return;
  // Rates that change within a pass are taken down at each step.
  const perStep = edits.some((e) => e.loops[e.loops.length - 1] !== pass.loop);
  const steps = inside.filter((e) => e.kind === 'step');
  const after = new Map(scope.variables);
  const fieldsAfter = InstanceFields.of(after);
  const seeds = { ...m.seeds };
  putBack(scope, pass.before);
  pass.fields.putBack();
  const inner = perStep ? [...edits, ...steps].flatMap((e) => e.loops.map(({ range }) => range)) : [];
  const rates = new Map(edits.map(({ optimizer }) => [optimizer, ratesBefore(m, optimizer, pass.events)]));
  const replay: RateReplay = { rates, atSteps: [], inner, failed: false, startedAt: m.steps, endless: false };
  m.replay = replay;
  m.loops.push(pass.loop);
  const history: ReadonlyMap<OptimizerValue, readonly number[]>[] = [];
  for (let i = 0; i < count; i++) {
    assignTo(m, scope, node.target, at(i));
    const completion = runBlock(m, scope, node.body, []);
    if (m.steps - replay.startedAt > mostWork || history.length >= longest) replay.endless = true;
    if (replay.failed || replay.endless) break;
    history.push(new Map(replay.rates));
    if (completion.kind !== 'normal' && completion.kind !== 'continue') break;
  }
  m.replay = null;
  m.loops.pop();
  m.seeds = seeds;
  putBack(scope, after);
  fieldsAfter.putBack();
  if (replay.failed) return;
  for (const edit of edits) {
    const { optimizer, range } = edit;
    if (m.rateTables.has(optimizer)) continue;
    const seen = perStep ? replay.atSteps.flatMap((at) => (at.optimizer === optimizer ? [at.rates] : [])) : null;
    const rates = seen ?? inForce(m, edit, history, pass.events);
    standForZero(optimizer, rates, range);
    const factors = rates.map((of) => factorsOf(optimizer, of));
    const first = factors[0];
    if (!first || factors.some((one) => one.length !== first.length || one.some((factor) => !Number.isFinite(factor)))) continue;
    m.rateTables.set(optimizer, { factors, perStep, endless: replay.endless, loop: pass.loop, range });
  }
}

/** The rates with which a loop begins: the optimizer's own, or those that the script has set since. */
function ratesBefore(m: Machine, optimizer: OptimizerValue, from: number): readonly number[] {
  return m.events
    .slice(0, from)
    .reduce(
      (rates, e) => (e.kind === 'setRate' && e.optimizer === optimizer ? withRate(rates, e.group, e.value) : rates),
      ratesOf(optimizer),
    );
}

/** The rates with that of one group set; NaN where that is not a known number. */
const withRate = (rates: readonly number[], group: number, value: Value): readonly number[] =>
  rates.map((rate, i) => (i !== group ? rate : value.kind === 'number' ? value.value : Number.NaN));

/** The outermost of the loops around an edit that do not make the optimizer anew. */
function outermost(m: Machine, edit: RateEdit): LoopContext | null {
  const made = m.events.find((e) => e.kind === 'optimizer' && e.optimizer === edit.optimizer);
  return edit.loops.find((loop) => !made?.loops.includes(loop)) ?? null;
}

/** The rates of each pass; one that is set after the step counts from the next pass on. */
function inForce(
  m: Machine,
  edit: RateEdit,
  history: readonly ReadonlyMap<OptimizerValue, readonly number[]>[],
  from: number,
): readonly (readonly number[])[] {
  const { optimizer } = edit;
  const base = ratesBefore(m, optimizer, from);
  const rates = history.map((set) => set.get(optimizer) ?? base);
  const step = m.events.findIndex((e, i) => i >= from && e.kind === 'step' && e.optimizer === optimizer);
  const late = step >= 0 && m.events.indexOf(edit) > step;
  return late ? [base, ...rates.slice(0, -1)] : rates;
}

/** The rates that the script gives the groups of an optimizer, in their order; NaN where that is not known. */
export const ratesOf = ({ groups, learningRate }: OptimizerValue): readonly number[] =>
  groups.map((group) => group.learningRate?.value ?? learningRate?.value ?? Number.NaN);

/**
 * Where an optimizer is made with a rate of zero because the script sets it at each step, the highest of these stands in its
 * place, which the script cannot give another value.
 */
function standForZero(optimizer: OptimizerValue, rates: readonly (readonly number[])[], range: SourceRange): void {
  const highest = Math.max(...rates.flat());
  if (!optimizer.learningRate || ratesOf(optimizer).some((rate) => rate !== 0) || !(highest > 0 && highest < Infinity)) return;
  optimizer.learningRate = { value: highest, place: range, chain: [], isDefault: false };
  optimizer.rateName = null;
}

/** Factors on the groups' own rates: one for all where they agree. */
function factorsOf(optimizer: OptimizerValue, rates: readonly number[]): readonly number[] {
  const base = ratesOf(optimizer);
  return rates.map((rate, group) => rate / (base[group] ?? Number.NaN));
}

/** Takes down the rates with which an optimizer takes a step. */
export function noteReplayedStep(m: Machine, replay: RateReplay, optimizer: OptimizerValue): void {
  if (m.conditions.length > 0) replay.failed = true;
  else replay.atSteps.push({ optimizer, rates: replay.rates.get(optimizer) ?? ratesOf(optimizer) });
  if (replay.atSteps.length >= longest) replay.endless = true;
}

/** Goes through a loop inside one that is gone through for its rates; `at` gives what its variables hold in a pass. */
export function replayInner(m: Machine, scope: Scope, node: Statement & { readonly kind: 'for' }, passes: Passes): void {
  const { replay } = m;
  const { range } = node;
  if (!replay?.inner.some((o) => o.path === range.path && o.line === range.line && o.column === range.column)) return;
  if (passes.count === null) {
    replay.failed = true;
    return;
  }
  for (let pass = 0; pass < passes.count; pass++) {
    if (m.steps - replay.startedAt > mostWork) replay.endless = true;
    if (replay.failed || replay.endless) return;
    assignTo(m, scope, node.target, passes.at(pass));
    const completion = runBlock(m, scope, node.body, []);
    if (completion.kind === 'break') return;
    if (completion.kind === 'return' || completion.kind === 'raise') replay.failed = true;
  }
}

function putBack(scope: Scope, variables: ReadonlyMap<string, Value>): void {
  scope.variables.clear();
  for (const [name, value] of variables) scope.variables.set(name, value);
}
