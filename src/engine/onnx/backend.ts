import { availableParallelism } from 'node:os';
import type { Tensor, TensorData } from '../../graph/operations';
import { countFlops } from '../../graph/flops';
import { ancestors } from '../../graph/traverse';
import type { LoopModel } from './loop';
import { buildLoopModel } from './loop';
import { bindLoop } from './loopCall';
import type { Model } from './program';
import { buildModel } from './program';
import type { Compiled, CompiledLoop, LoopProgram, Program, Runtime, RuntimeOptions } from './runtime';
import type { Session, SessionSettings } from './session';
import { openSession } from './session';
import { withParts } from './splits';
import { viewsOf } from './views';

/** Below this many operations a call, a second thread costs more than it brings. */
const flopsForThreads = 8e6;

/** From so many nodes on, the runtime's own look for simplifications takes seconds and finds nothing: the graph is simplified. */
const nodesToSimplify = 1_500;

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
    simplify: ancestors(outputs, withParts(cut)).length < nodesToSimplify,
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
    bind: (memory) => bindLoop(maxSteps, model, session, memory),
    dispose: () => session.release(),
  };
}
