/** A tensor after the last step in PyTorch. */
export interface ReferenceTensor {
  readonly norm: number;
  /** Norm of the difference between PyTorch's float32 and float64 results. */
  readonly float32: number;
  readonly sketch: readonly number[];
}

/** What PyTorch's side noticed of the script, beside its numbers. */
export interface Checks {
  /** Whether our parameter names are those of the module's state_dict. */
  readonly names: boolean;
  /** Largest difference of the script's own data from ours, relative to the largest value; null where they were exchanged. */
  readonly x: number | null;
  readonly y: number | null;
  readonly substituted: readonly string[];
  /** Whether the script's loader makes batches of our sizes, and the same ones where it keeps the order. */
  readonly batches: boolean;
}

/** How a parameter's first values are spread. */
export interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

/** A script's run in PyTorch, in float64 where its float32 run had to be measured, and how far the float32 run is from it. */
export interface Reference {
  readonly steps: number;
  readonly loss: readonly number[];
  /** Largest relative distance of the float32 run up to each step. */
  readonly lossGaps: readonly number[];
  /** [first step, the groups' rates] wherever they change. */
  readonly rates: readonly (readonly number[])[];
  readonly norms: Readonly<Record<string, readonly number[]>>;
  readonly normGaps: readonly number[];
  readonly tensors: Readonly<Record<string, ReferenceTensor>>;
  readonly checks: Checks;
  /** How the script itself initialised, by parameter. */
  readonly initial: Readonly<Record<string, Spread>>;
}

/** JSON in which numbers that are not finite are text. */
export const parseNumbers = (text: string): unknown =>
  JSON.parse(text, (_, value: unknown) =>
    typeof value === 'string' && /^(NaN|-?Infinity)$/.test(value) ? Number(value) : value,
  );
