import type { Size } from '../../graph/size';
import type { DataSteps, ScalerName } from '../../records/dataSteps';
import type { Reason, SourceRange, Sourced } from '../../records/source';
import type { BatchOrigin } from './trace';
import type { Value } from './value';

/** A table or tensor of the data program. */
export interface Array {
  readonly kind: 'array';
  /** Index of the step that makes it; changes when the script changes the table in place. */
  step: number;
  readonly flavour: 'frame' | 'series' | 'numpy' | 'torch';
  shape: readonly (Size | null)[] | null;
  integer: boolean | null;
  /** Names of a table's columns where they are known. */
  columns: readonly string[] | null;
  /** The line that made it what it is: where findings about inputs belong. */
  readonly range: SourceRange;
  /** It is drawn anew in each pass of the loop with this number. */
  readonly loop: number | null;
  /** The name of a library's own way with it: comparison results are masks. */
  readonly mask: boolean;
  /** One row at a time: the result of `__getitem__`. */
  readonly row: boolean;
  /** A tensor on the memory of a NumPy array (`torch.from_numpy`). */
  readonly shared?: true;
  /** Why its values are not what the step gives. */
  fault: Reason | null;
  /** The whole number that it is, when it is one that the data decide (a largest class). */
  readonly size?: Size;
  /** Its rows are lists of Python's own numbers, whole ones beside others. */
  readonly ofLists?: true;
  /** Each row is a list of numbers of its own length. */
  readonly ragged?: boolean;
  /** What random whole numbers are drawn below. */
  readonly highest?: Value;
  /** Its rows are put into a new order in each pass of a loop: where, and the step that draws the order. */
  readonly reordered?: { readonly range: SourceRange; readonly step: number };
  /** Names of columns that its entries belong to, one by one: what a statistic of every column keeps. */
  readonly labels?: readonly (string | number)[] | undefined;
  /** The column that names its rows. */
  readonly index?: Array | undefined;
  /** What pandas calls its rows: the same word stands for the same labels in the same order; undefined for 0, 1, 2, … */
  readonly rowLabels?: string | undefined;
  /** Its type in pandas is not that of its values: categories, dates. */
  readonly retyped?: true;
  /** The values that it counts, one by one. */
  readonly counted?: Array;
  /** Set for statistics of groups: the same with the keys as columns. */
  readonly grouped?: Array;
  /** The table that it is a column of, for changes in place. */
  readonly columnOf?: { readonly table: Array; readonly name: string | number };
}

/** Rows of several tensors that belong together. */
export interface Dataset {
  readonly kind: 'dataset';
  readonly components: readonly Array[];
  readonly range: SourceRange;
  /** True when one row is a bare tensor and not a tuple. */
  readonly bare: boolean;
  /** Names of the components when a row is a dictionary. */
  readonly keys?: readonly (string | number | boolean)[];
  readonly attributes: ReadonlyMap<string, Value>;
  /** Set for a tf.data.Dataset: whether its rows are mixed each epoch. */
  readonly streamed?: { readonly shuffle?: Sourced<boolean> };
}

export interface Loader {
  readonly kind: 'loader';
  readonly dataset: Dataset;
  readonly batchSize: Sourced<number>;
  /** `batch_size=None` or the whole data at once. */
  readonly full: boolean;
  readonly shuffle: Sourced<boolean>;
  readonly replacement: boolean;
  readonly dropLast: boolean;
  readonly range: SourceRange;
}

/** A scikit-learn scaler; `fit` is the step that fitted it. */
export interface Scaler {
  readonly kind: 'scaler';
  readonly scaler: ScalerName;
  readonly withMean: boolean;
  readonly withStd: boolean;
  readonly low: number;
  readonly high: number;
  fit: number | null;
}

/** LabelEncoder, or an encoder of the categories of several columns. */
export interface Encoder {
  readonly kind: 'encoder';
  readonly form: 'labels' | 'columns';
  /** Of an encoder of columns. */
  readonly settings: DataSteps['encodeCategories'] | null;
  /** The column that it was fitted on. */
  fitted: Array | null;
}

/** What is known of rows that the reader cannot follow to where they come from. */
export interface Outside {
  /** How a loader of them makes batches. */
  readonly batching: Omit<BatchOrigin, 'loop'> | null;
  /** Set for what one pass of a loop over them gives. */
  readonly batch: BatchOrigin | null;
  /** Whether it is surely an array or a loader of some, and not a number or a setting. */
  readonly rows: boolean;
  /** It is of a library that has no models and changes rows. */
  readonly prepares?: true;
}
