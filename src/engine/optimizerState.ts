import type { Graph } from '../graph/graph';
import type { Tensor } from '../graph/operations';
import type { ElementwiseKind } from '../records/optimizer';
import { addInto, applyDelta, gradientSums, scale, squareSums, updateKernel } from './kernel/trainingKernels';
import { quickSquares } from './kernel/quickSquares';
import { compileKernels, type KernelDescription } from './kernel/vectorKernel';
import type { Element, StepNumbers, Updated, UpdateRule, Values, Vectors } from './optimizers/rule';
import { graphArithmetic } from './loop/graphArithmetic';
import { updateRuleOf, valuesOf, withMomentum } from './optimizers/table';
import { cyclesMomentum } from './schedules/momentumCycles';
import type { TwinSetup } from './setup';

/** The optimizer of a run: its rule with the run's settings. */
export interface OptimizerState {
  readonly stateNames: readonly string[];
  /** Value at which the state begins. */
  readonly firstState: number;
  /** Base rate of each group. */
  readonly baseRates: readonly number[];
  /** Weight decay of each group. */
  readonly weightDecays: readonly number[];
  /** The module of kernels that take its steps: `update` and `updateAlone` (without sums), `quickSquares`, `gradientSums`, `squareSums`, `addInto`, `scale`, `applyDelta`. */
  readonly module: object;
  /** The kernel's numbers for one group at a step, in their order; `momentum` is that of a schedule that cycles it. */
  scalars(numbers: StepNumbers, momentum: number | null): readonly number[];
  /** Names of the kernel's numbers. */
  readonly scalarNames: readonly string[];
  /** The formula of one element as nodes of `graph`; `scalar` gives the numbers. */
  inGraph(graph: Graph, element: Element<Tensor>): Updated<Tensor>;
  /** Tells apart optimizers whose formulas differ. */
  readonly key: string;
  /** out ← P after `step` steps; false when the optimizer does not precondition. */
  preconditioner(out: Float32Array, state: Vectors, step: number): boolean;
}

/** What a run may set in place of the script's own. Groups with a rate of their own keep it. */
export interface OptimizerChanges {
  readonly learningRate?: number | undefined;
  readonly momentum?: number | undefined;
}

/** The optimizer of `setup` with `changes`. */
export function optimizerState(setup: TwinSetup, changes: OptimizerChanges): OptimizerState {
  const { kind } = setup.optimizer;
  // A step with a closure is taken elsewhere; what is left to the kernels is what all share.
  return stateOf(setup, kind === 'lbfgs' ? 'sgd' : kind, changes);
}

function stateOf<K extends ElementwiseKind>(setup: TwinSetup, kind: K, changes: OptimizerChanges): OptimizerState {
  const { optimizer } = setup;
  const rule: UpdateRule<K> = updateRuleOf(kind);
  const own = valuesOf(optimizer) as Values<K>;
  const changed = changes.momentum === undefined ? own : withMomentum(kind, own, changes.momentum);
  const settings = setup.schedules.some(({ rule }) => cyclesMomentum(rule))
    ? withMomentum(kind, changed, cycledMomentum)
    : changed;
  const rate = changes.learningRate ?? optimizer.learningRate.value;
  const key = JSON.stringify([kind, settings]);
  const scalarNames = Object.keys(rule.scalars(settings, { step: 1, rate, weightDecay: 0 }));
  return {
    stateNames: rule.stateNames(settings),
    firstState: rule.firstState(settings),
    baseRates: optimizer.groups.map((group) => group.learningRate?.value ?? rate),
    weightDecays: optimizer.groups.map((group) => group.weightDecay?.value ?? optimizer.settings.weightDecay.value),
    module: moduleOf(key, (sums) => updateKernel(rule, settings, scalarNames, sums)),
    scalars: (numbers, momentum) => {
      const values = rule.scalars(momentum === null ? settings : withMomentum(kind, settings, momentum), numbers);
      return scalarNames.map((name) => values[name] ?? 0);
    },
    scalarNames,
    inGraph: (graph, element) => rule.element(graphArithmetic(graph), element, settings),
    key,
    preconditioner: (out, state, step) => {
      if (rule.preconditioner === null) return false;
      rule.preconditioner(out, state, settings, step);
      return true;
    },
  };
}

/** Modules by the key of their optimizer: one that is used again is compiled already, and as fast as it gets. */
const modules = new Map<string, object>();

function moduleOf(key: string, update: (sums: 0 | 2) => KernelDescription): object {
  const known = modules.get(key);
  const made =
    known ??
    compileKernels({
      update: update(2),
      updateAlone: update(0),
      quickSquares: quickSquares(),
      ...{ gradientSums, squareSums, addInto, scale, applyDelta },
    });
  modules.set(key, made);
  return made;
}

/** Any momentum but 0: a schedule that cycles it needs its state, whatever the optimizer's own. */
const cycledMomentum = 0.9;
