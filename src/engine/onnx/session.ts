import type { OnnxType, StoredData } from './messages';

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

/** How a model is run. */
export interface SessionSettings {
  /** Threads that work on each call. */
  readonly threads: number;
  /** Refrains from fusions that keep their factors in float32. */
  readonly exact: boolean;
  /** Lets the runtime look for simplifications of its own. */
  readonly simplify: boolean;
}

/** A library that runs models. */
export interface Library {
  /** Its package. */
  readonly name: string;
  /** Whether it may have kernels for convolutions on blocks of channels. */
  readonly mayBlock: boolean;
  /** Loads a model. */
  open(model: Uint8Array, settings: SessionSettings): Promise<Session>;
}
