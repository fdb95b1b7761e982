import { availableParallelism } from 'node:os';
import type { Tensor, TensorData } from '../../graph/operations';
import { countFlops } from '../../graph/flops';
import { sizeOf } from '../../graph/operations';
import type { LoopModel } from './loop';
import { buildLoopModel } from './loop';
import type { ValueType } from './messages';
import type { Model, Wire } from './program';
import { buildModel } from './program';
import type { Compiled, CompiledLoop, LoopProgram, Program, Runtime, RuntimeOptions, Values } from './runtime';
import type { Session, SessionSettings, TensorView, Views } from './session';
import { openSession } from './session';
import { withParts } from './splits';

/** Below this many operations a call, a second thread costs more than it brings. */
const flopsForThreads = 8e6;

/** The runtime of this process: onnxruntime's CPU kernels. */
export function createRuntime(defaults: RuntimeOptions = {}): Runtime {
  const settingsFor = (
    outputs: readonly Tensor[],
    cut: readonly Tensor[],
    options: RuntimeOptions | undefined,
  ): SessionSettings => ({
    threads:
      options?.threads ??
      defaults.threads ??
      (countFlops(outputs, withParts(cut)) < flopsForThreads ? 1 : availableParallelism()),
    exact: outputs.some(({ dtype }) => dtype === 'float64'),
  });
  return {
    backend: 'onnxruntime-node',
    async compile(program, options) {
      const model = buildModel(program);
      const settings = settingsFor(tensorsOf(program.outputs), tensorsOf(program.inputs), options);
      return compiled(model, await openSession(model.bytes, settings));
    },
    async compileLoop(program, options) {
      const model = buildLoopModel(program);
      const results = [...program.state.map(({ next }) => next), ...tensorsOf(program.outputs)];
      const cut = [
        ...program.state.map(({ current }) => current),
        ...tensorsOf(program.perStep),
        ...tensorsOf(program.constants),
      ];
      return compiledLoop(program.maxSteps, model, await openSession(model.bytes, settingsFor(results, cut, options)));
    },
  };
}

const tensorsOf = (ports: Program['outputs'] | LoopProgram['outputs']): readonly Tensor[] => ports.map(({ tensor }) => tensor);

function compiled(model: Model, session: Session): Compiled {
  const names = model.outputs.map(({ value }) => value.name);
  return {
    async run(inputs) {
      const results = await session.run(viewsOf(model.inputs, inputs), names);
      return Object.fromEntries(model.outputs.map(({ port, value }) => [port, results[value.name] as TensorData]));
    },
    bind(inputs, outputs) {
      const wanted = model.outputs.filter(({ port }) => port in outputs);
      return { run: session.bind(viewsOf(model.inputs, inputs), viewsOf(wanted, outputs)) };
    },
    dispose: () => session.release(),
  };
}

function compiledLoop(maxSteps: number, model: LoopModel, session: Session): CompiledLoop {
  return {
    bind({ state, perStep, constants, outputs }) {
      const count = BigInt64Array.of(0n);
      const feeds: Views = {
        [model.steps]: { dtype: 'int64', shape: [], data: count },
        ...viewsOf(
          model.state.map(({ port, input }) => ({ port, value: input })),
          state,
        ),
        ...viewsOf(model.perStep, perStep),
        ...viewsOf(model.constants, constants),
      };
      // What a loop recorded may share the memory of its first state: the last one must not be written there.
      const finals = Object.fromEntries(model.state.map(({ port }) => [port, state[port]?.slice() ?? new Float32Array()]));
      const finalViews = viewsOf(
        model.state.map(({ port, output }) => ({ port, value: output })),
        finals,
      );
      const overwriteState = (): void => {
        for (const { port } of model.state) state[port]?.set(finals[port] ?? []);
      };
      const wanted = model.outputs.filter(({ port }) => port in outputs);
      const calls = new Map<number, () => Promise<void> | undefined>();
      const callFor = (steps: number): (() => Promise<void> | undefined) => {
        const made = session.bind(feeds, { ...finalViews, ...viewsOf(wanted, outputs, steps) });
        calls.set(steps, made);
        return made;
      };
      return {
        run(steps) {
          if (steps < 1 || steps > maxSteps) throw new RangeError(`${steps} steps of a loop of at most ${maxSteps}`);
          count[0] = BigInt(steps);
          const pending = (calls.get(steps) ?? callFor(steps))();
          if (pending !== undefined) return pending.then(overwriteState);
          overwriteState();
          return undefined;
        },
      };
    },
    dispose: () => session.release(),
  };
}

/** The memory of each wire; of stacked values the first `steps` entries. */
function viewsOf(wires: readonly Wire[], values: Values, steps?: number): Views {
  return Object.fromEntries(wires.map(({ port, value }) => [value.name, viewOf(port, value, values[port], steps)]));
}

function viewOf(port: string, { dtype, shape: sizes }: ValueType, data: TensorData | undefined, steps?: number): TensorView {
  const shape = sizes.map((size) => (typeof size === 'number' ? size : (steps ?? 0)));
  const length = sizeOf(shape);
  if (data === undefined) throw new RangeError(`no memory for ${port}`);
  if (data.length < length || (steps === undefined && data.length !== length))
    throw new RangeError(`${data.length} elements for ${port}, which has ${length}`);
  return { dtype, shape, data: data.length === length ? data : data.subarray(0, length) };
}
