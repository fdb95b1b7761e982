import type { OptimizerKind } from '../records/optimizer';
import { updateRuleOf, valuesOf, withMomentum } from './optimizers/table';
import type { Span, UpdateRule, Values, Vectors } from './optimizers/rule';
import type { TwinSetup } from './setup';

/** The optimizer of a run: its rule with the run's settings. */
export interface OptimizerState {
  readonly stateNames: readonly string[];
  /** Base rate of each group. */
  readonly baseRates: readonly number[];
  begin(state: Vectors): void;
  /** delta ← the change of theta in step number `step`, from 1. */
  update(vectors: UpdateVectors, step: number, rates: readonly number[], momentum: number | null): void;
  /** out ← P after `step` steps; false when the optimizer does not precondition. */
  preconditioner(out: Float32Array, state: Vectors, step: number): boolean;
}

export interface UpdateVectors {
  readonly theta: Float32Array;
  readonly gradient: Float32Array;
  readonly delta: Float32Array;
  readonly state: Vectors;
}

/** What a run may set in place of the script's own. Groups with a rate of their own keep it. */
export interface OptimizerChanges {
  readonly learningRate?: number | undefined;
  readonly momentum?: number | undefined;
}

/** The optimizer of `setup` with `changes`. */
export function optimizerState(setup: TwinSetup, changes: OptimizerChanges): OptimizerState {
  return stateOf(setup, setup.optimizer.kind, changes);
}

function stateOf<K extends OptimizerKind>(setup: TwinSetup, kind: K, changes: OptimizerChanges): OptimizerState {
  const { optimizer, layout } = setup;
  const rule: UpdateRule<K> = updateRuleOf(kind);
  const own = valuesOf(optimizer) as Values<K>;
  const settings = changes.momentum === undefined ? own : withMomentum(kind, own, changes.momentum);
  const rate = changes.learningRate ?? optimizer.learningRate.value;
  const decays = optimizer.groups.map((group) => group.weightDecay?.value ?? weightDecayOf(own));
  const span = (
    { offset, length, group }: { offset: number; length: number; group: number },
    rates: readonly number[],
  ): Span => ({
    from: offset,
    to: offset + length,
    rate: rates[group] ?? rate,
    weightDecay: decays[group] ?? 0,
  });
  return {
    stateNames: rule.stateNames(settings),
    baseRates: optimizer.groups.map((group) => group.learningRate?.value ?? rate),
    begin: (state) => rule.begin(state, settings),
    update: (vectors, step, rates, momentum) => {
      const site = { ...vectors, step, settings: momentum === null ? settings : withMomentum(kind, settings, momentum) };
      for (const parameter of layout.trained) rule.update(site, span(parameter, rates));
    },
    preconditioner: (out, state, step) => {
      if (rule.preconditioner === null) return false;
      rule.preconditioner(out, state, settings, step);
      return true;
    },
  };
}

function weightDecayOf(settings: Values<OptimizerKind>): number {
  return settings.weightDecay;
}
