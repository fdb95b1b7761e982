import { isMainThread } from 'node:worker_threads';
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
type NativeSession = InstanceType<Native['InferenceSession']>;
type MakeTensor = typeof Tensor;

/** Errors alone. */
const logLevel = 3;

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
  const native = await loadBinding(Tensors);
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

/** What is thrown at the library where it would copy outputs that are in our memory already. */
const enough = {};
/** Whether a call goes on whose outputs are in our memory. */
let isInPlace = false;
/** Stopping the library takes as long as copying so much. */
const leastCopiedBytes = 2 ** 16;
let bound: Promise<Native | null> | null = null;

/** The binding, whose tensors are made by a function of ours; null where this version has none. */
const loadBinding = (Tensors: MakeTensor): Promise<Native | null> =>
  (bound ??= import('onnxruntime-node/dist/binding.js').then(
    ({ binding: native }) => {
      const make = function (...parts: ConstructorParameters<MakeTensor>): Tensor {
        if (isInPlace) throw enough;
        return new Tensors(...parts);
      };
      native.initOrtOnce(logLevel, make as unknown as MakeTensor, isMainThread);
      return native;
    },
    () => null,
  ));

/**
 * Runs with the outputs in our memory. The library then copies each of them into new memory, for tensors that it hands out and nobody
 * wants: some percent of a step with many parameters, and a full garbage collection every few steps. It makes a tensor of one copy before
 * it makes the next, which is where we stop it; models have their smallest outputs first.
 */
function runInPlace(session: NativeSession, inputs: OrtTensors, outputs: OrtTensors): void {
  isInPlace = true;
  try {
    session.run(inputs, outputs, {});
  } catch (error) {
    if (error !== enough) throw error;
  } finally {
    isInPlace = false;
  }
}

const runPlainly = (session: NativeSession, inputs: OrtTensors, outputs: OrtTensors): void => {
  session.run(inputs, outputs, {});
};

/** Bytes that need not be copied if no output is but the smallest. */
function copiedBytes(fetches: Views): number {
  const sizes = Object.values(fetches).map(({ data }) => data.byteLength);
  return sizes.reduce((sum, size) => sum + size, 0) - Math.min(...sizes);
}

function openNative(native: Native, Tensors: MakeTensor, model: Uint8Array, options: InferenceSession.SessionOptions): Session {
  const session = new native.InferenceSession();
  session.loadModel(model.buffer as ArrayBuffer, model.byteOffset, model.byteLength, options);
  return {
    bind(feeds, fetches) {
      const inputs = tensors(Tensors, feeds);
      const outputs = tensors(Tensors, fetches);
      const run = copiedBytes(fetches) > leastCopiedBytes ? runInPlace : runPlainly;
      return () => {
        run(session, inputs, outputs);
        return undefined;
      };
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
