import type { Size } from '../graph/size';
import type { ColumnKey, ColumnSelection, DataSources } from './dataSources';
import type { ColumnTransform } from './columnTransforms';
import type { SourceRange } from './source';
import type { TextSteps } from './textSteps';

export type DataAxis = number | null;

/** A statistic of the rows of a group, without missing values. */
export type GroupFunction = 'mean' | 'median' | 'min' | 'max' | 'sum' | 'count' | 'std' | 'nunique' | 'first' | 'last';

/** scikit-learn's scalers, and fillers of missing values by a statistic of their column. */
export type ScalerName = 'standard' | 'minMax' | 'robust' | 'maxAbs' | 'l2Rows' | 'imputeMean' | 'imputeMedian' | 'imputeMode';

/** What an index takes along one axis: everything, one place, a run of places, or those that input `input` of the step names. */
export type EntryIndex =
  | { readonly kind: 'all' }
  | { readonly kind: 'at'; readonly at: number }
  | { readonly kind: 'range'; readonly start: Size | null; readonly end: Size | null; readonly step: number }
  /** Whole numbers, or a mask of the axis. Several of them in one index are paired, as in NumPy. */
  | { readonly kind: 'places'; readonly input: number };

/**
 * The closed list of data steps. A step makes a table (named columns) or a tensor out of its
 * inputs, exactly as the script's library call does. Steps with several results are followed by
 * `part` steps. Only `src/data` executes them.
 */
export interface DataSteps extends DataSources, TextSteps {
  // Tables.
  readonly select: {
    readonly columns: ColumnSelection;
    /** A single column gives a one-dimensional result. */ readonly single: boolean;
    /** A column that is not there is one of missing values. */ readonly orMissing?: true;
  };
  /** `byPosition`: the columns are numbered from 0, whatever their names; negative numbers count from the end. */
  readonly drop: { readonly columns: readonly ColumnKey[]; readonly byPosition?: true };
  /** `columns`: only these are looked at. */
  readonly dropMissing: { readonly columns?: readonly ColumnKey[] };
  /**
   * `statistic`: with that of each column (of the second input, if there is one); 'forward' and 'backward' take the row before
   * or behind, 'linear' what lies between them.
   */
  readonly fillMissing: {
    readonly value: number | string | null;
    readonly statistic: 'mean' | 'median' | 'mode' | 'forward' | 'backward' | 'linear' | null;
  };
  /** New names of columns; `from` null: of all of them, in order. */
  readonly renameColumns: { readonly from: readonly ColumnKey[] | null; readonly to: readonly string[] };
  /** DataFrame.select_dtypes: the columns of numbers, or the others. */
  readonly selectTypes: { readonly numeric: boolean };
  /** Rows of the first input that the second, of the same source, does not have. */
  readonly withoutRows: Record<never, never>;
  /** A statistic of the rows with equal keys (first input), in each of them: of the values of the second. */
  readonly groupStatistic: { readonly function: GroupFunction };
  /** One row for each group of rows with equal keys, sorted by them: the keys, then statistics of columns. 'size' counts rows. */
  readonly groupTable: {
    readonly keys: readonly ColumnKey[];
    readonly made: readonly { readonly from: ColumnKey; readonly function: GroupFunction | 'size'; readonly to: string }[];
  };
  /** What a column becomes within each group of rows with equal keys, in their order. Inputs: keys, values. */
  readonly withinGroups: {
    readonly change:
      { readonly kind: 'forward' | 'backward' | 'cumsum' | 'cumcount' } | ({ readonly kind: 'rolling' } & DataSteps['rolling']);
  };
  /** groupby(keys)[column].shift: inputs keys, values. */
  readonly groupShift: { readonly by: number };
  /** For each entry of the first input the entry of the third beside the equal one of the second; missing where there is none. */
  readonly lookUp: Record<never, never>;
  /** pandas.merge: rows of two tables with equal keys side by side, in the order of the first. */
  readonly merge: {
    readonly how: 'left' | 'inner';
    readonly left: readonly ColumnKey[];
    readonly right: readonly ColumnKey[];
    readonly suffixes: readonly [string, string];
  };
  /** In which interval an entry lies, from 0; missing outside of all. pandas.cut by edges, or `count` equal ones; qcut by `quantiles`. */
  readonly binned: {
    readonly edges: readonly number[] | null;
    readonly count: number | null;
    readonly quantiles: readonly number[] | null;
    /** Intervals are (a, b], else [a, b). */
    readonly right: boolean;
    /** The lowest edge belongs to the first. */
    readonly lowest: boolean;
    readonly dropDuplicates: boolean;
  };
  /** Series.shift. */
  readonly shiftRows: { readonly by: number };
  /** Series.rolling: of `window` rows, of which at least `least` are there. */
  readonly rolling: {
    readonly window: number;
    readonly function: 'mean' | 'sum' | 'min' | 'max' | 'std';
    readonly least: number;
  };
  /** A part of dates that are written as text; days of the week from Monday, 0; `time`: seconds since 1970. */
  readonly datePart: {
    readonly part:
      'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'dayofweek' | 'dayofyear' | 'week' | 'quarter' | 'time';
  };
  /** DataFrame.resample: the span of time that each date lies in, `count` units long, as the date that pandas names it by. */
  readonly dateBins: {
    readonly unit: 'minute' | 'hour' | 'day' | 'week' | 'monthStart' | 'monthEnd';
    readonly count: number;
  };
  /** Dates with the day before the month, written with the year first. */
  readonly yearsFirst: Record<never, never>;
  /** Only the first of rows that are equal in `columns`; null is all. */
  readonly dropDuplicates: { readonly columns: readonly ColumnKey[] | null };
  /** DataFrame.sort_values: missing ones last; equal ones keep their order. A second input has the columns to sort by. */
  readonly sortRows: { readonly columns: readonly ColumnKey[]; readonly ascending: boolean | readonly boolean[] };
  /** pandas.get_dummies. `columns` null: every text column. */
  readonly dummies: {
    readonly columns: readonly ColumnKey[] | null;
    readonly dropFirst: boolean;
    /** One more for missing values. */
    readonly missing?: true;
    /** In place of the columns' names: one for each that is encoded. */
    readonly prefixes?: readonly string[];
    readonly separator?: string;
  };
  /**
   * Text or numbers to 0 … classes-1 in sorted order (LabelEncoder), in order of appearance (factorize), or as the codes of
   * pandas' categories: sorted, and -1 for missing ones.
   */
  readonly encodeLabels: { readonly order: 'sorted' | 'appearance' | 'categories' };
  /**
   * scikit-learn's encoders of categories, sorted unless they are given. Inputs: rows to fit on, rows. `binarize`: one column
   * where there are two. `unknown`: what becomes of a category that was not there: a fault, nothing, or a number.
   */
  readonly encodeCategories: {
    readonly form: 'oneHot' | 'ordinal' | 'binarize';
    readonly drop: 'first' | 'ifBinary' | null;
    readonly unknown: 'error' | 'ignore' | number;
    readonly categories: readonly (readonly (string | number)[])[] | null;
  };
  /** How often each value comes: 'sorted' by value, by 'appearance', or the most frequent first (equal ones by appearance). Missing ones do not count. */
  readonly countValues: { readonly order: 'sorted' | 'appearance' | 'frequency' };
  /** Numbers and gaps as Python writes them. */
  readonly toText: Record<never, never>;
  /** Columns of categories, as pandas has them: the given ones in their order, or those that are there, sorted. */
  readonly toCategories: {
    readonly categories: readonly (string | number)[] | null;
    /** The categories are intervals. */ readonly intervals?: true;
  };
  /** Text as numbers; `coerce`: what is none becomes missing. */
  readonly toNumbers: { readonly coerce: boolean };
  /** Series.map with a dictionary: what it does not name becomes NaN. `keep`: Series.replace, which leaves other numbers. */
  readonly mapValues: {
    readonly from: readonly (string | number)[];
    readonly to: readonly (string | number)[];
    readonly keep?: true;
  };
  /** A column as true (1) where it equals `value`. */
  readonly equals: { readonly value: string | number };
  /** Text in other letters, without blanks around it, or with a part of it replaced. Numbers and gaps stay. */
  readonly changeText: {
    readonly change: 'lower' | 'upper' | 'title' | 'capitalize' | 'strip' | 'replace';
    readonly from?: string;
    readonly to?: string;
  };
  /** As true (1) where it is one of `values`. */
  readonly isIn: { readonly values: readonly (string | number)[] };
  /** As true (1) where Python has the entry as a text, a float (gaps among texts too) or a whole number. */
  readonly hasType: { readonly type: 'text' | 'float' | 'integer' };
  /** As true (1) where it is missing. */
  readonly isMissing: Record<never, never>;
  /** df[name] = series: inputs table, column; or the table alone, and one text for all rows. */
  readonly assign: { readonly column: ColumnKey; readonly text?: string };
  /** A table as one tensor [rows, columns]; text columns are an error. */
  readonly toTensor: Record<never, never>;
  readonly shuffleRows: {
    readonly seed: number | null;
    readonly fraction: number;
    /** So many rows, in place of the fraction. */ readonly count?: Size;
  };

  // Tensors, elementwise with NumPy's broadcasting.
  readonly add: Record<never, never>;
  readonly subtract: Record<never, never>;
  readonly multiply: Record<never, never>;
  readonly divide: Record<never, never>;
  readonly power: Record<never, never>;
  readonly unary: {
    readonly function:
      | 'negate'
      | 'abs'
      | 'exp'
      | 'expm1'
      | 'log'
      | 'log1p'
      | 'log2'
      | 'log10'
      | 'sqrt'
      | 'cbrt'
      | 'sin'
      | 'cos'
      | 'tan'
      | 'arcsin'
      | 'arccos'
      | 'arctan'
      | 'tanh'
      | 'radians'
      | 'degrees'
      | 'sign'
      | 'square'
      | 'round'
      | 'floor'
      | 'ceil';
  };
  /** Not below `low` and not above `high`; null is open. */
  readonly clip: { readonly low: number | null; readonly high: number | null };
  readonly compare: { readonly function: '<' | '<=' | '>' | '>=' | '==' | '!=' };
  /** As true (1) where a date, written with the year first, is before or after a day. */
  readonly compareDates: { readonly function: '<' | '<=' | '>' | '>='; readonly day: string };
  /** The quantile `q` of all entries, or of each column, linear between two of them; a table leaves out missing ones. */
  readonly quantile: { readonly q: number; readonly byColumn?: true };
  /** Inputs condition, yes, no: the one or the other, element by element. */
  readonly where: Record<never, never>;
  /** array[index] = value: inputs array, value, then what the index names. */
  readonly setEntries: { readonly index: readonly EntryIndex[] };
  readonly reduce: {
    /** Also leaves out missing values of an array (`np.nanmean`). */ readonly skipMissing?: true;
    /** `argMax`, `argMin`: the place of the first of the largest, of the smallest. */
    readonly function: 'mean' | 'sum' | 'min' | 'max' | 'std' | 'var' | 'median' | 'product' | 'argMax' | 'argMin';
    readonly axis: DataAxis;
    readonly keep: boolean;
    /** Divisor n - correction: 0 in NumPy, 1 in pandas and torch. */ readonly correction: number;
  };
  readonly cast: { readonly to: 'float' | 'integer' };
  readonly reshape: { readonly shape: readonly Size[] };
  /** Sums of all entries up to each along an axis; null: over all of them in one row. */
  readonly cumulate: { readonly axis: number | null };
  readonly unsqueeze: { readonly axis: number };
  readonly squeeze: { readonly axis: number | null };
  readonly transpose: { readonly order: readonly number[] | null };
  readonly flatten: { readonly start: number; readonly end: number };
  readonly matmul: Record<never, never>;
  readonly concatenate: { readonly axis: number };
  readonly stack: { readonly axis: number };
  /** Basic slicing of one axis. */
  readonly slice: { readonly axis: number; readonly start: Size | null; readonly end: Size | null; readonly step: number };
  /**
   * Runs of entries along the first axis, `count` of them: run k begins at first + k·stride; [count, length, ...]. What a loop
   * that cuts one sequence into windows collects.
   */
  readonly windows: { readonly length: number; readonly first: number; readonly stride: number; readonly count: Size };
  /** One position of one axis; the axis goes away. */
  readonly index: { readonly axis: number; readonly at: number };
  /** Rows by an index tensor (second input), or by a 0/1 mask. */
  readonly takeRows: Record<never, never>;
  readonly oneHot: { readonly classes: Size | null };

  // Fitted on some rows, applied to others. Inputs of `fitTransform`: rows to fit on. Of `transform`: the `fit` step, rows.
  readonly fitScaler: {
    readonly scaler: ScalerName;
    readonly withMean: boolean;
    readonly withStd: boolean;
    readonly low: number;
    readonly high: number;
  };
  readonly applyScaler: { readonly inverse: boolean };

  /** PolynomialFeatures: products of columns up to `degree`, those of lower degree first. */
  readonly polynomial: { readonly degree: number; readonly interactionOnly: boolean; readonly bias: boolean };

  /** Other columns of rows. Inputs: rows to fit on, rows, and the labels of the rows to fit on where these matter. */
  readonly transformColumns: ColumnTransform;

  // Splits: parts in scikit-learn's order (for inputs a, b: a_train, a_test, b_train, b_test).
  readonly trainTestSplit: {
    readonly testSize: number | null;
    readonly trainSize: number | null;
    readonly seed: number | null;
    readonly shuffle: boolean;
    readonly stratify: boolean;
  };
  /**
   * One of scikit-learn's folds of the rows of the first input, by the classes of the second when there is one. Parts: 0
   * positions to train on, 1 positions to test on.
   */
  readonly foldRows: {
    readonly folds: number;
    readonly fold: number;
    readonly shuffle: boolean;
    readonly seed: number | null;
  };
  /** `count` positions drawn with replacement, each as likely as its weight in the first input. */
  readonly weightedRows: { readonly count: Size; readonly seed: number | null };
  /** torch's random_split of all inputs at once: for each length, its rows of every input. */
  readonly randomSplit: { readonly lengths: readonly number[]; readonly sizes?: readonly Size[]; readonly seed: number | null };
  /** Rows that come from where the reader does not follow; `text` says where and why, `shape` the sizes of one row, if the model does. */
  readonly unread: { readonly text: string; readonly shape: readonly Size[] | null };
  /** Result `index` of a step that has several. */
  readonly part: { readonly index: number };
}

export type DataKind = keyof DataSteps;

export interface DataStepOf<K extends DataKind> {
  readonly kind: K;
  readonly arguments: DataSteps[K];
  /** Indices of earlier steps. */
  readonly inputs: readonly number[];
  readonly range: SourceRange;
}

export type DataStep = { [K in DataKind]: DataStepOf<K> }[DataKind];

/** What a symbol of a size stands for: a property of a step's result. */
export interface DataSymbol {
  readonly step: number;
  /** `unique`: count of distinct values; `maximum`: the largest value (class number). */
  readonly property:
    { readonly kind: 'size'; readonly axis: number } | { readonly kind: 'unique' } | { readonly kind: 'maximum' };
}

/** The data program of one training unit. */
export interface DataRecipe {
  readonly steps: readonly DataStep[];
  readonly symbols: Readonly<Record<string, DataSymbol>>;
}
