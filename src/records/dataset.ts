import type { Assumption, SourceRange } from './source';

/** A dense array, row-major. Integers (class numbers) are kept in Int32Array. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array | Int32Array;
}

/** One part of the data as the model and the loss receive it: rows first. */
export interface Split {
  readonly inputs: readonly Tensor[];
  readonly targets: readonly Tensor[];
  /** Source row (from 0) of each row. */
  readonly rows: Int32Array;
}

/** What is known of one column of the (flattened) model input, over the training rows. */
export interface ColumnStatistics {
  /** Header, or `column 3`. */
  readonly name: string;
  readonly mean: number;
  /** Standard deviation with divisor n. */
  readonly deviation: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly missing: number;
  /** Distinct values, counted up to 1,000. */
  readonly distinct: number;
}

export interface DataStatistics {
  readonly rows: number;
  readonly validationRows: number;
  /** Rows in the file before any bound on memory or size cut it. */
  readonly ofRows: number;
  readonly columns: readonly ColumnStatistics[];
  /** True when the columns are pixels of an image (more than one spatial axis). */
  readonly isImage: boolean;
  /** Condition number of the second moment of [1, x], and its largest eigenvalue; null when too wide to compute. */
  readonly secondMoment: { readonly largest: number; readonly smallest: number; readonly condition: number } | null;
  /** The same for the centred and for the standardised columns. */
  readonly centredMoment: { readonly largest: number; readonly smallest: number; readonly condition: number } | null;
  readonly standardisedMoment: { readonly largest: number; readonly smallest: number; readonly condition: number } | null;
  readonly target: TargetStatistics;
  /** Groups of equal input rows with different class numbers; rows concerned. */
  readonly conflictingRows: number;
}

export interface TargetStatistics {
  readonly kind: 'classes' | 'numbers';
  /** Type of the numbers as the loss gets them; left out where it is not known. */
  readonly type?: 'float' | 'integer';
  readonly shape: readonly number[];
  /** Rows per class, for `classes`. */
  readonly counts: readonly number[];
  readonly mean: number;
  readonly variance: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly missing: number;
  /** Wald-Wolfowitz runs test on the order of the rows (classes: change of class): below -3 the rows are sorted. */
  readonly runsZ: number | null;
}

/** Tensors ready to train on. */
export interface Dataset {
  readonly train: Split;
  readonly validation: Split | null;
  /** Values of the Experiment's size symbols. */
  readonly symbols: Readonly<Record<string, number>>;
  readonly statistics: DataStatistics;
  /** Files that were read, for staleness: path, size in bytes, modification time in ms. */
  readonly files: readonly { readonly path: string; readonly size: number; readonly modified: number }[];
  readonly assumptions: readonly Assumption[];
  /** `project`: files, bundled tables or the script's own generated data. `standIn`: made up by us. */
  readonly origin: 'project' | 'standIn';
}

/** Why the data could not be loaded: in the message, the file, its row and column, and what to do. */
export interface DataError {
  readonly text: string;
  /** The script's call that reads or transforms it. */
  readonly range: SourceRange;
  readonly file?: { readonly path: string; readonly row?: number; readonly column?: string };
  /** True when a file is simply not there: the person may pick another. */
  readonly notFound?: boolean;
}
