import { availableParallelism } from 'node:os';
import { sizeOf, type Tensor, type TensorData } from '../../graph/operations';
import { countFlops } from '../../graph/flops';
import { ancestors } from '../../graph/traverse';
import type { LoopModel } from './loop';
import { buildLoopModel } from './loop';
import { bindLoop } from './loopCall';
import type { Model } from './program';
import { buildModel } from './program';
import type { Compiled, CompiledLoop, LoopProgram, Program, Runtime, RuntimeOptions } from './runtime';
import { loadNative } from './native';
import type { Library, Session, SessionSettings } from './session';
import { SessionShelf } from './shelf';
import { withParts } from './splits';
import { findBlock } from './blocked';
import { viewsOf } from './views';
import { loadWeb } from './web';

/** Below this many operations a call, a second thread costs more than it brings. */
const flopsForThreads = 8e6;

/** From so many nodes on, the runtime's own look for simplifications takes seconds and finds nothing: the graph is simplified. */
const nodesToSimplify = 1_500;

/** What a person may ask the engine to run on. */
export type BackendChoice = 'auto' | 'native' | 'webassembly' | 'webgpu';

/**
 * onnxruntime's native kernels; where its library cannot be loaded, its WebAssembly build. The graphics processor only
 * where it is asked for and `tryGraphics` has found nothing against it: that gives the reason why not, or null.
 * Rejects where nothing can be loaded.
 */
export async function openRuntime(
  choice: BackendChoice = 'auto',
  tryGraphics: () => Promise<string | null> = () => Promise.resolve('it was not tried'),
): Promise<Runtime> {
  if (choice === 'webassembly') return createWebRuntime();
  if (choice === 'native') return createRuntime();
  if (choice === 'auto') return openProcessor();
  const reason = await tryGraphics();
  if (reason === null) return createGraphicsRuntime();
  const runtime = await openProcessor();
  const note = `The graphics processor cannot be used: the engine runs on the processor (${reason})`;
  return { ...runtime, note: runtime.note === null ? note : `${note}; ${runtime.note}` };
}

async function openProcessor(): Promise<Runtime> {
  try {
    const native = await loadNative();
    return runtimeOf(Promise.resolve(native), native.name);
  } catch (error) {
    const web = await loadWeb();
    return { ...runtimeOf(Promise.resolve(web), web.name), note: `${slower} (${reasonOf(error)})` };
  }
}

const slower = "onnxruntime's native library could not be loaded: the engine runs on its WebAssembly build, which is slower";

/** The first line of what the loader said. */
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

/** onnxruntime's native kernels, loaded at the first use. */
export const createRuntime = (defaults?: RuntimeOptions): Runtime => runtimeOf(loadNative(), 'onnxruntime-node', defaults);

/** onnxruntime's kernels for graphics processors, loaded at the first use. Where there is none, loading may end the process. */
export const createGraphicsRuntime = (): Runtime => runtimeOf(loadNative('webgpu'), 'onnxruntime-node on webgpu');

/** onnxruntime's WebAssembly build, loaded at the first use. */
export const createWebRuntime = (defaults?: RuntimeOptions): Runtime => runtimeOf(loadWeb(), 'onnxruntime-web', defaults);

function runtimeOf(library: Promise<Library>, backend: string, defaults: RuntimeOptions = {}): Runtime {
  // A library that cannot be loaded is told to those who use it.
  library.catch(() => undefined);
  const shelf = new SessionShelf(async (model, settings) => (await library).open(model, settings));
  const openSession = (model: Uint8Array, outputs: readonly Tensor[], cut: readonly Tensor[], options?: RuntimeOptions) =>
    shelf.open(model, settingsFor(outputs, cut, options), valueBytes(outputs, cut));
  let block: Promise<number | null> | undefined;
  /** Looked for at the first convolution. */
  const blockFor = async (outputs: readonly Tensor[], cut: ReadonlySet<Tensor>): Promise<number | null> => {
    if (!ancestors(outputs, cut).some(({ op }) => op === 'conv' || op === 'convInput')) return null;
    block ??= library.then((loaded) => (loaded.mayBlock ? findBlock(loaded) : null));
    return block;
  };
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
    backend,
    note: null,
    async compile(program, options) {
      const [outputs, inputs] = [tensorsOf(program.outputs), tensorsOf(program.inputs)];
      const model = buildModel(program, await blockFor(outputs, withParts(inputs)));
      return compiled(model, await openSession(model.bytes, outputs, inputs, options));
    },
    async compileLoop(program, options) {
      const results = [...program.state.map(({ next }) => next), ...tensorsOf(program.outputs)];
      const cut = [
        ...program.state.map(({ current }) => current),
        ...tensorsOf(program.perStep),
        ...tensorsOf(program.constants),
      ];
      const model = buildLoopModel(program, await blockFor(results, withParts(cut)));
      return compiledLoop(program.maxSteps, model, await openSession(model.bytes, results, cut, options));
    },
  };
}

/** Bytes of all values between `cut` and `outputs`. */
const valueBytes = (outputs: readonly Tensor[], cut: readonly Tensor[]): number =>
  ancestors(outputs, withParts(cut)).reduce((sum, { op, shape }) => sum + (op === 'broadcast' ? 0 : 4 * sizeOf(shape)), 0);

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
