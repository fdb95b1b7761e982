import type { InferenceSession, OnnxValue, Tensor } from 'onnxruntime-node';
import type { binding } from 'onnxruntime-node/dist/binding.js';
import type { StoredData } from './messages';
import type { Library, Session, SessionSettings, Views } from './session';

/*
 * The only file that knows onnxruntime's native library. Its synchronous binding, which spares each call a turn of the
 * event loop, is not part of its public interface: where it cannot be loaded, the public one does the same.
 */

type OrtTensors = Record<string, OnnxValue>;
type Native = typeof binding;
type MakeTensor = typeof Tensor;

/** What the native library may run graphs on: what the graphics processor has no kernel for stays on the processor. */
type Provider = 'cpu' | 'webgpu';

const loading = new Map<Provider, Promise<Library>>();

/** The native library; rejects where there is none for this machine, or it fails to load. */
export function loadNative(provider: Provider = 'cpu'): Promise<Library> {
  const library = loading.get(provider) ?? load(provider);
  loading.set(provider, library);
  return library;
}

async function load(provider: Provider): Promise<Library> {
  const { InferenceSession: Sessions, Tensor: Tensors } = await import('onnxruntime-node');
  const native = await loadBinding();
  return {
    name: provider === 'cpu' ? 'onnxruntime-node' : 'onnxruntime-node on webgpu',
    mayBlock: provider === 'cpu',
    open: async (model, settings) => {
      const options = optionsOf(provider, settings);
      return native === null
        ? openPublic(await Sessions.create(model, options), Tensors)
        : openNative(native, Tensors, model, options);
    },
  };
}

const optionsOf = (provider: Provider, { threads, exact, simplify }: SessionSettings): InferenceSession.SessionOptions => ({
  executionProviders: provider === 'cpu' ? ['cpu'] : ['webgpu', 'cpu'],
  executionMode: 'sequential',
  graphOptimizationLevel: !simplify ? 'disabled' : exact ? 'basic' : 'all',
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
});

const loadBinding = (): Promise<Native | null> =>
  import('onnxruntime-node/dist/binding.js').then(
    (module) => {
      module.initOrt();
      return module.binding;
    },
    () => null,
  );

function openNative(native: Native, Tensors: MakeTensor, model: Uint8Array, options: InferenceSession.SessionOptions): Session {
  const session = new native.InferenceSession();
  session.loadModel(model.buffer as ArrayBuffer, model.byteOffset, model.byteLength, options);
  return {
    bind(feeds, fetches) {
      const inputs = tensors(Tensors, feeds);
      const outputs = tensors(Tensors, fetches);
      return () => void session.run(inputs, outputs, {});
    },
    run: (feeds, outputs) => {
      const wanted = Object.fromEntries(outputs.map((name) => [name, null]));
      return Promise.resolve(values(session.run(tensors(Tensors, feeds), wanted, {})));
    },
    release: () => session.dispose(),
  };
}

function openPublic(session: InferenceSession, Tensors: MakeTensor): Session {
  return {
    bind(feeds, fetches) {
      const inputs = tensors(Tensors, feeds);
      const outputs = tensors(Tensors, fetches);
      return () => session.run(inputs, outputs).then(() => undefined);
    },
    run: async (feeds, outputs) => values(await session.run(tensors(Tensors, feeds), outputs)),
    release: () => void session.release(),
  };
}

function tensors(Tensors: MakeTensor, views: Views): OrtTensors {
  return Object.fromEntries(
    Object.entries(views).map(([name, { dtype, data, shape }]) => [name, new Tensors(dtype, data, shape)]),
  );
}

function values(results: OrtTensors): Readonly<Record<string, StoredData>> {
  return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, (tensor as Tensor).data as StoredData]));
}
