import type { OnnxValue } from 'onnxruntime-node';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { binding } from 'onnxruntime-node/dist/binding.js';
import type { OnnxType, StoredData } from './messages';

/*
 * The only file that knows onnxruntime. Its synchronous binding, which spares each call a turn of the event
 * loop, is not part of its public interface: where it cannot be loaded, the public one does the same.
 */

/** A tensor's memory. */
export interface TensorView {
  readonly dtype: OnnxType;
  readonly shape: readonly number[];
  readonly data: StoredData;
}

/** Memory by the name of the value in the model. */
export type Views = Readonly<Record<string, TensorView>>;

/** A loaded model. */
export interface Session {
  /** One call reading `feeds` and writing into `fetches` at every run. */
  bind(feeds: Views, fetches: Views): () => Promise<void> | undefined;
  /** One call with freshly allocated results, by output name. */
  run(feeds: Views, outputs: readonly string[]): Promise<Readonly<Record<string, StoredData>>>;
  release(): void;
}

type OrtTensors = Record<string, OnnxValue>;

/** How a model is run. */
export interface SessionSettings {
  /** Threads that work on each call. */
  readonly threads: number;
  /** Refrains from fusions that keep their factors in float32. */
  readonly exact: boolean;
  /** Lets the runtime look for simplifications of its own. */
  readonly simplify: boolean;
}

/** Loads a model. */
export async function openSession(model: Uint8Array, { threads, exact, simplify }: SessionSettings): Promise<Session> {
  const options: InferenceSession.SessionOptions = {
    executionProviders: ['cpu'],
    executionMode: 'sequential',
    graphOptimizationLevel: !simplify ? 'disabled' : exact ? 'basic' : 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
  const native = await loadBinding();
  return native === null ? openPublic(await InferenceSession.create(model, options)) : openNative(native, model, options);
}

type Native = typeof binding;

let loading: Promise<Native | null> | undefined;

function loadBinding(): Promise<Native | null> {
  loading ??= import('onnxruntime-node/dist/binding.js').then(
    (module) => {
      module.initOrt();
      return module.binding;
    },
    () => null,
  );
  return loading;
}

function openNative(native: Native, model: Uint8Array, options: InferenceSession.SessionOptions): Session {
  const session = new native.InferenceSession();
  session.loadModel(model.buffer as ArrayBuffer, model.byteOffset, model.byteLength, options);
  return {
    bind(feeds, fetches) {
      const inputs = tensors(feeds);
      const outputs = tensors(fetches);
      return () => void session.run(inputs, outputs, {});
    },
    run: (feeds, outputs) =>
      Promise.resolve(values(session.run(tensors(feeds), Object.fromEntries(outputs.map((name) => [name, null])), {}))),
    release: () => session.dispose(),
  };
}

function openPublic(session: InferenceSession): Session {
  return {
    bind(feeds, fetches) {
      const inputs = tensors(feeds);
      const outputs = tensors(fetches);
      return () => session.run(inputs, outputs).then(() => undefined);
    },
    run: async (feeds, outputs) => values(await session.run(tensors(feeds), outputs)),
    release: () => void session.release(),
  };
}

function tensors(views: Views): OrtTensors {
  return Object.fromEntries(
    Object.entries(views).map(([name, { dtype, data, shape }]) => [name, new Tensor(dtype, data, shape)]),
  );
}

function values(results: OrtTensors): Readonly<Record<string, StoredData>> {
  return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, (tensor as Tensor).data as StoredData]));
}
