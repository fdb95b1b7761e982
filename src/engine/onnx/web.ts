import type { InferenceSession, Tensor } from 'onnxruntime-web';
import type { StoredData } from './messages';
import type { Library, Session, SessionSettings, TensorView, Views } from './session';

/*
 * The only file that knows onnxruntime's WebAssembly build: slower than the native library, and at home on every machine.
 */

let loading: Promise<Library> | undefined;

/** The WebAssembly build; rejects where it cannot be loaded. */
export const loadWeb = (): Promise<Library> => (loading ??= load());

async function load(): Promise<Library> {
  const { InferenceSession: Sessions, Tensor: Tensors, env } = await import('onnxruntime-web');
  // Threads of WebAssembly would share memory with workers that outlive a cancelled run.
  env.wasm.numThreads = 1;
  env.logLevel = 'error';
  return {
    name: 'onnxruntime-web',
    mayBlock: false,
    open: async (model, settings) => openWeb(await Sessions.create(model, optionsOf(settings)), Tensors),
  };
}

const optionsOf = ({ exact, simplify }: SessionSettings): InferenceSession.SessionOptions => ({
  executionProviders: ['wasm'],
  executionMode: 'sequential',
  graphOptimizationLevel: !simplify ? 'disabled' : exact ? 'basic' : 'all',
  logSeverityLevel: 3,
});

/** Results come in memory of the library's own and are copied to where they belong. */
function openWeb(session: InferenceSession, Tensors: typeof Tensor): Session {
  const run = async (feeds: Views, outputs: readonly string[]): Promise<Readonly<Record<string, StoredData>>> => {
    const inputs = Object.fromEntries(
      Object.entries(feeds).map(([name, { dtype, data, shape }]) => [name, new Tensors(dtype, data, shape)]),
    );
    const results = await session.run(inputs, outputs);
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, tensor.data as StoredData]));
  };
  return {
    run,
    bind: (feeds, fetches) => {
      const names = Object.keys(fetches);
      return async () => {
        const results = await run(feeds, names);
        for (const [name, view] of Object.entries(fetches)) copy(results[name], view);
      };
    },
    release: () => void session.release(),
  };
}

function copy(from: StoredData | undefined, { data }: TensorView): void {
  if (data instanceof BigInt64Array) data.set(from as BigInt64Array);
  else data.set(from as Exclude<StoredData, BigInt64Array>);
}
