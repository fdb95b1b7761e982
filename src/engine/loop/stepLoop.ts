import { join, split } from '../../graph/compose';
import { gradient } from '../../graph/differentiate';
import type { Graph } from '../../graph/graph';
import { isOp, type Tensor } from '../../graph/operations';
import { ancestors } from '../../graph/traverse';
import { compileKernelLoop } from '../kernel/graph/kernelLoop';
import { elementType, lowerModel, type TensorSources } from '../lowerModel';
import type { CompiledLoop, LoopProgram, Port } from '../onnx/runtime';
import type { OptimizerState } from '../optimizerState';
import type { Updated } from '../optimizers/rule';
import type { Programs } from '../programs';
import { cyclesMomentum } from '../schedules/momentumCycles';
import { parameterPort, type TwinSetup } from '../setup';

/** A compiled loop of optimizer steps over one flat vector. */
export interface StepLoop extends StepLoopKind {
  readonly compiled: CompiledLoop;
  /** Optimizer numbers that differ from step to step, given as the per-step input `scalar/NAME`. */
  readonly varying: readonly string[];
  /** Optimizer numbers that differ from run to run only, given as the constant `scalar/NAME`. */
  readonly steady: readonly string[];
  /** Whether each step takes the rows that the per-step input `rows` lists; else all rows, in order. */
  readonly gathers: boolean;
  /** Names of the constants it reads: data (`input/0`), frozen parameters. */
  readonly constants: readonly string[];
}

/** What the per-step output `look` begins with the loss and goes on with. `loss`: nothing. `vectors`: gradient and change, whole. */
export type HandedBack = 'loss' | 'vectors';

/** How many steps a call takes at most, and what it tells of them. */
export interface StepLoopKind {
  /** 0: steps are taken one by one. */
  readonly maxSteps: number;
  readonly handsBack: HandedBack;
}

/** What a loop is compiled for. */
export interface LoopShape extends StepLoopKind {
  /** Rows of a batch. */
  readonly rows: number;
  readonly gathers: boolean;
}

/** The loops of a run: one for steps that are watched and those before them, one for all others. */
export interface StepLoops {
  readonly watched: StepLoopKind;
  readonly quick: StepLoopKind;
}

/** Numbers that a step hands back. */
export const widthOf = (handsBack: HandedBack, dim: number): number => (handsBack === 'loss' ? 1 : 1 + 2 * dim);

/** Largest net, in parameters, whose steps are worth putting into a loop. */
export const largestDim = 50_000;
/** Work of one call, in floating-point operations, so that the process listens in between. */
const flopsPerCall = 1e9;
const mostSteps = 256;
/** Fewer steps a call are not worth it. */
const fewestSteps = 4;
/** Elements of all steps' gradients that one call hands back, and of all changes. */
const recordedElements = 2 ** 17;

/** Steps of one call that hand back vectors, in a run that does not watch all. */
const mostVectors = 16;

/** Steps to take in one call, of a run that watches all its steps (`watchesAll`) or some. */
export function stepLoops(setup: TwinSetup, flopsPerStep: number, watchesAll: boolean): StepLoops {
  const { dim } = setup.layout;
  const steps = isLoopable(setup) ? Math.min(mostSteps, Math.floor(flopsPerCall / flopsPerStep)) : 0;
  const room = Math.min(steps, Math.floor(recordedElements / dim), watchesAll ? mostSteps : mostVectors);
  if (steps < fewestSteps || (watchesAll && room < fewestSteps)) return noLoops;
  return { watched: { maxSteps: Math.max(2, room), handsBack: 'vectors' }, quick: { maxSteps: steps, handsBack: 'loss' } };
}

/** Every step by itself. */
export const noLoops: StepLoops = {
  watched: { maxSteps: 0, handsBack: 'vectors' },
  quick: { maxSteps: 0, handsBack: 'loss' },
};

/** Whether the run's steps can be put into a loop. */
function isLoopable(setup: TwinSetup): boolean {
  const { loop, layout, optimizer, model, schedules, buffers } = setup;
  const plain =
    loop.step !== null &&
    loop.backward !== null &&
    loop.accumulation === 1 &&
    loop.zeroGrad.when === 'everyStep' &&
    loop.clipping === null &&
    optimizer.kind !== 'lbfgs' &&
    optimizer.groups.length === 1 &&
    !optimizer.maximize;
  const stateless = buffers.length === 0 && model.nodes.every((node) => !('call' in node.arguments) && node.kind !== 'batchNorm');
  const foreseeable = schedules.every(
    ({ rule, per }) => !cyclesMomentum(rule) && !(rule.kind === 'reduceOnPlateau' && per === 'batch'),
  );
  return plain && stateless && foreseeable && layout.dim <= largestDim;
}

/** The loop of the optimizer's steps for batches of a shape. */
export const stepLoop = (programs: Programs, optimizer: OptimizerState, shape: LoopShape): Promise<StepLoop> =>
  programs.once(
    `loop ${shape.rows} ${shape.maxSteps} ${shape.gathers} ${shape.handsBack} ${optimizer.key}`,
    () => compileStepLoop(programs, optimizer, shape),
    ({ compiled }) => compiled.dispose(),
  );

async function compileStepLoop(programs: Programs, optimizer: OptimizerState, shape: LoopShape): Promise<StepLoop> {
  const { rows, gathers, maxSteps, handsBack } = shape;
  const { setup } = programs;
  const body = buildBody(setup, optimizer, rows, gathers);
  const { graph, theta, states, numbers } = body;
  const { delta, state } = body.updated;
  const program: LoopProgram = {
    maxSteps,
    state: [
      { name: 'theta', current: theta, next: graph.add(theta, delta) },
      ...states.map(({ name, current }) => ({ name: `state ${name}`, current, next: state[name] ?? current })),
    ],
    perStep: [
      ...(gathers ? [{ name: 'rows', tensor: graph.input('rows', [rows], 'int32') }] : []),
      ...[...numbers.varying].map(([name, tensor]) => ({ name: `scalar/${name}`, tensor })),
    ],
    constants: body.constants,
    outputs: [{ name: 'look', tensor: lookOf(body, handsBack) }],
  };
  const compiled = compileKernelLoop(program) ?? (await programs.runtime.compileLoop(program));
  const names = { varying: [...numbers.varying.keys()], steady: [...numbers.steady.keys()] };
  return { compiled, maxSteps, handsBack, gathers, ...names, constants: body.constants.map(({ name }) => name) };
}

/** What a step hands back: the loss, or one vector with all, as each output of a loop costs as much as a small operation. */
function lookOf({ graph, loss, gradient, updated }: StepBody, handsBack: HandedBack): Tensor {
  return handsBack === 'loss' ? loss : join(graph, [loss, gradient, updated.delta]);
}

/** One step of the loop. */
interface StepBody {
  readonly graph: Graph;
  readonly theta: Tensor;
  readonly loss: Tensor;
  readonly gradient: Tensor;
  readonly states: readonly { readonly name: string; readonly current: Tensor }[];
  readonly updated: Updated<Tensor>;
  readonly numbers: Numbers;
  readonly constants: readonly Port[];
}

/** The optimizer's numbers that are given: at every step, or once for a run. */
type Numbers = Readonly<Record<'varying' | 'steady', ReadonlyMap<string, Tensor>>>;

/** One step as graph nodes: from theta, state and batch to the loss, its gradient and the optimizer's change. */
function buildBody(setup: TwinSetup, optimizer: OptimizerState, rows: number, gathers: boolean): StepBody {
  const { model, dataset, layout } = setup;
  let parts: ReadonlyMap<number, Tensor> | null = null;
  const split = (graph: Graph): ReadonlyMap<number, Tensor> => (parts ??= partsOfTheta(graph, setup));
  const sources: TensorSources = {
    parameter: (graph, index) => split(graph).get(index) ?? null,
    data: (graph, name, tensor) => {
      const width = tensor.shape.slice(1);
      if (!gathers) return null;
      const all = graph.input(name, [setup.trainRows, ...width], elementType(tensor));
      return graph.gather(all, graph.input('rows', [rows], 'int32'), 0);
    },
  };
  const mode = { rows, batchNorm: 'eval', dropout: false } as const;
  const result = lowerModel(model, dataset.train, dataset.symbols, mode, setup.range, sources);
  if (!result.ok) throw new Error(result.error.text);
  const { graph, loss, parameters } = result.value;
  const theta = graph.input('theta', [layout.dim]);
  const trained = layout.trained.map(({ index }) => parameters[index]).filter((tensor) => tensor !== undefined);
  const slope = join(graph, gradient(graph, loss, trained));
  const states = optimizer.stateNames.map((name) => ({ name, current: graph.input(`state ${name}`, [layout.dim]) }));
  const { numbers, scalar } = scalarsOf(graph, setup, optimizer);
  const updated = optimizer.inGraph(graph, {
    theta,
    gradient: slope,
    state: (name) => states.find((state) => state.name === name)?.current ?? theta,
    scalar,
  });
  const steady = [...numbers.steady].map(([name, tensor]) => ({ name: `scalar/${name}`, tensor }));
  const constants = [...constantsOf(setup, [loss, slope, updated.delta], parameters), ...steady];
  return { graph, loss, theta, gradient: slope, states, updated, numbers, constants };
}

/**
 * The trained parameters as parts of the flat vector. Each ends in a `stopGradient`, which costs nothing and keeps a slice or
 * reshape of a parameter from being simplified to one of the vector: the loss would no longer depend on the parameter.
 */
function partsOfTheta(graph: Graph, { layout }: TwinSetup): ReadonlyMap<number, Tensor> {
  const theta = graph.input('theta', [layout.dim]);
  const parts = split(
    graph,
    theta,
    layout.trained.map(({ shape }) => shape),
  );
  return new Map(
    layout.trained.flatMap(({ index }, place) => {
      const part = parts[place];
      return part === undefined ? [] : [[index, graph.stopGradient(part)] as const];
    }),
  );
}

/** The optimizer's numbers: known ones as constants, those that differ by step or rate as inputs. */
function scalarsOf(
  graph: Graph,
  setup: TwinSetup,
  optimizer: OptimizerState,
): { readonly numbers: Numbers; readonly scalar: (name: string) => Tensor } {
  const weightDecay = optimizer.weightDecays[0] ?? 0;
  const at = (step: number, rate: number): readonly number[] => optimizer.scalars({ step, rate, weightDecay }, null);
  const [first, second, seventh, otherRate] = [at(1, 1), at(2, 1), at(7, 1), at(7, 3)];
  const { dim } = setup.layout;
  const [varying, steady] = [new Map<string, Tensor>(), new Map<string, Tensor>()];
  optimizer.scalarNames.forEach((name, i) => {
    const differsByStep = first[i] !== second[i] || first[i] !== seventh[i];
    const differsByRate = seventh[i] !== otherRate[i];
    if (!differsByStep && !differsByRate) return;
    const isSteady = !differsByStep && setup.schedules.length === 0;
    (isSteady ? steady : varying).set(name, graph.input(`scalar/${name}`, []));
  });
  return {
    numbers: { varying, steady },
    scalar: (name) => varying.get(name) ?? steady.get(name) ?? graph.fill(first[optimizer.scalarNames.indexOf(name)] ?? 0, [dim]),
  };
}

/** Inputs that no step changes: the data, and frozen parameters. */
function constantsOf({ model, layout }: TwinSetup, outputs: readonly Tensor[], parameters: readonly Tensor[]): Port[] {
  const data = ancestors(outputs).flatMap((tensor) => {
    if (!isOp(tensor, 'input')) return [];
    const { name } = tensor.attributes;
    return name.startsWith('input/') || name.startsWith('target/') ? [{ name, tensor }] : [];
  });
  const frozen = layout.frozen.flatMap(({ index }) => {
    const [spec, tensor] = [model.parameters[index], parameters[index]];
    return spec === undefined || tensor === undefined ? [] : [{ name: parameterPort(spec), tensor }];
  });
  return [...data, ...frozen];
}
