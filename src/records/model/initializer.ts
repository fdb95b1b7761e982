/** How a parameter gets its first value. Names and meaning are torch.nn.init's. */
export type Initializer = Numbers & {
  /** Rows that are set to one number afterwards, in order: an embedding's padding, the bias of an LSTM's forget gate. */
  readonly filled?: readonly FilledRows[];
};

/** Rows `from` … `to` - 1 of a parameter, along its first axis. */
export interface FilledRows {
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

type Numbers =
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly deviation: number }
  | {
      readonly kind: 'truncatedNormal';
      readonly mean: number;
      readonly deviation: number;
      readonly low: number;
      readonly high: number;
    }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'xavierUniform' | 'xavierNormal'; readonly gain: number }
  | {
      readonly kind: 'kaimingUniform' | 'kaimingNormal';
      /** Negative slope a of the rectifier; PyTorch's Linear default is √5. */
      readonly slope: number;
      readonly mode: 'fanIn' | 'fanOut';
      readonly nonlinearity: string;
    }
  /** Keras's VarianceScaling: the variance is scale / fan; a truncated normal is cut at two deviations and widened to keep it. */
  | {
      readonly kind: 'varianceScaling';
      readonly scale: number;
      readonly mode: 'fanIn' | 'fanOut' | 'fanAverage';
      readonly distribution: 'uniform' | 'normal' | 'truncatedNormal';
    }
  | { readonly kind: 'orthogonal'; readonly gain: number }
  | { readonly kind: 'sparse'; readonly sparsity: number; readonly deviation: number }
  /** `groups`: kernels in so many groups, each of which passes its own channels on. */
  | { readonly kind: 'identity'; readonly groups?: number }
  /** `factor` times U(-1/√fanIn, 1/√fanIn) with the fan-in of the layer's weight: PyTorch's default for a bias, with 1. */
  | { readonly kind: 'biasUniform'; readonly weight: number; readonly factor?: number }
  /** Values written in the script, row by row. */
  | { readonly kind: 'values'; readonly values: readonly number[] };
