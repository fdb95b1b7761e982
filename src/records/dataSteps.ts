import type { Size } from '../graph/size';
import type { SourceRange } from './source';

/** Names of the tables that ship with the extension (scikit-learn's `load_NAME`). */
export type BundledTable = 'iris' | 'wine' | 'digits' | 'breast_cancer' | 'diabetes';

/** One column, by its header, or by its position from 0 (negative from the end). */
export type ColumnKey = string | number;

export type ColumnSelection =
  | { readonly kind: 'keys'; readonly keys: readonly ColumnKey[] }
  /** Positions `start` to `end`, exclusive; null is open; negative from the end. */
  | { readonly kind: 'range'; readonly start: number | null; readonly end: number | null; readonly step: number };

export interface CsvOptions {
  readonly path: string;
  readonly delimiter: string;
  /** A regular-expression delimiter of white space (`\s+`). */
  readonly whitespace: boolean;
  /** Line of the header, from 0; null when the file has none. */
  readonly header: number | null;
  readonly names: readonly string[] | null;
  readonly missing: readonly string[];
  readonly columns: ColumnSelection | null;
  readonly skipRows: number;
  readonly rowLimit: number | null;
  readonly indexColumn: ColumnKey | null;
  readonly decimal: string;
  readonly comment: string | null;
  /** Blanks behind a delimiter do not count. */
  readonly skipsBlanks?: true;
}

export type DataAxis = number | null;

/** A statistic of the rows of a group, without missing values. */
export type GroupFunction = 'mean' | 'median' | 'min' | 'max' | 'sum' | 'count' | 'std' | 'nunique' | 'first' | 'last';

/** scikit-learn's scalers, and fillers of missing values by a statistic of their column. */
export type ScalerName = 'standard' | 'minMax' | 'robust' | 'maxAbs' | 'l2Rows' | 'imputeMean' | 'imputeMedian' | 'imputeMode';

/** How texts become numbers of words, as Keras's Tokenizer makes them. */
export interface WordNumbering {
  /** Words with this number and above are left out (`num_words`); null for none. */
  readonly limit: number | null;
  readonly lower: boolean;
  /** Characters that separate words beside `split`. */
  readonly filters: string;
  readonly split: string;
  /** Words that are not known, or left out, get number 1. */
  readonly marksUnknown: boolean;
  /** Each character is a word. */
  readonly characters: boolean;
  /** Words are numbered 1 to this - 1 by a hash, and not by how often they come; null for counted words. */
  readonly hashed: number | null;
  /** As Keras's TextVectorization: `filters` fall out of words, white space separates them, ties are broken backward. */
  readonly vectorized?: true;
}

/** Rows of one length: zeros, or `value`, before or behind those that are shorter; of longer ones the beginning or the end is cut. */
export interface Padding {
  /** Null: that of the longest row. */
  readonly length: number | null;
  readonly value: number;
  readonly before: boolean;
  readonly cutBefore: boolean;
}

/** What an index takes along one axis: everything, one place, a run of places, or those that input `input` of the step names. */
export type EntryIndex =
  | { readonly kind: 'all' }
  | { readonly kind: 'at'; readonly at: number }
  | { readonly kind: 'range'; readonly start: Size | null; readonly end: Size | null; readonly step: number }
  /** Whole numbers, or a mask of the axis. Several of them in one index are paired, as in NumPy. */
  | { readonly kind: 'places'; readonly input: number };

/** Which part of a text is taken: the first group of a pattern, a piece between separators (null: blanks), or some characters. */
export type TextPart =
  | { readonly part: 'match'; readonly pattern: string }
  | { readonly part: 'piece'; readonly separator: string | null; readonly at: number }
  | { readonly part: 'characters'; readonly start: number | null; readonly end: number | null };

/** A change of one picture of bytes, as torchvision makes it on a PIL image. */
export type PictureChange =
  /** Bilinear; one number is the length of the shorter side, two are height and width. */
  | { readonly kind: 'resize'; readonly size: readonly number[] }
  | { readonly kind: 'centerCrop'; readonly size: readonly number[] }
  | { readonly kind: 'grayscale'; readonly channels: 1 | 3 };

/**
 * The closed list of data steps. A step makes a table (named columns) or a tensor out of its
 * inputs, exactly as the script's library call does. Steps with several results are followed by
 * `part` steps. Only `src/data` executes them.
 */
export interface DataSteps {
  // Sources.
  readonly readCsv: CsvOptions;
  /** `text`: loadtxt/genfromtxt. Result is a tensor. */
  readonly readText: {
    readonly path: string;
    readonly delimiter: string | null;
    readonly skipRows: number;
    readonly comment: string;
    readonly columns: readonly number[] | null;
    readonly allowMissing: boolean;
  };
  /** The characters of a text file as their code points, one after the other; `lower`: of its small letters. */
  readonly readCharacters: { readonly path: string; readonly lower: boolean };
  readonly readNpy: { readonly path: string };
  /** The array `key` of an npz archive. */
  readonly readNpz: { readonly path: string; readonly key: string };
  /** A dataset in idx form under `root` as torchvision lays it out (`root/FashionMNIST/raw/...`). Parts: 0 images [n, 28, 28] as 0…255, 1 labels. */
  readonly readIdx: {
    readonly root: string;
    readonly dataset: 'MNIST' | 'FashionMNIST' | 'KMNIST' | 'EMNIST';
    readonly train: boolean;
  };
  /** pandas.read_parquet; `columns` null is all. */
  readonly readParquet: { readonly path: string; readonly columns: readonly string[] | null };
  /** CIFAR as torchvision lays it out (`root/cifar-10-batches-py`). Parts: 0 pictures [n, 32, 32, 3] as 0…255, 1 labels. */
  readonly readCifar: { readonly root: string; readonly classes: 10 | 100; readonly train: boolean };
  /** A folder of pictures for each class. Parts: 0 pictures [n, height, width, channels] as 0…255 after the changes, 1 labels. */
  readonly readPictures: { readonly root: string; readonly changes: readonly PictureChange[] };
  /** Changes of each picture of [n, height, width] or [n, height, width, channels], as 0…255. */
  readonly changePictures: { readonly changes: readonly PictureChange[] };
  /** Parts: 0 data, 1 target. Values are those scikit-learn returns. */
  readonly bundled: { readonly table: BundledTable };
  /** Values in the script; `shape` [] is a scalar. */
  readonly literal: { readonly shape: readonly number[]; readonly values: readonly number[]; readonly integer: boolean };
  readonly randomNormal: {
    readonly shape: readonly Size[];
    readonly seed: number | null;
    readonly mean: number;
    readonly deviation: number;
  };
  readonly randomUniform: {
    readonly shape: readonly Size[];
    readonly seed: number | null;
    readonly low: number;
    readonly high: number;
  };
  readonly randomInteger: {
    readonly shape: readonly Size[];
    readonly seed: number | null;
    readonly low: number;
    readonly high: number;
  };
  readonly randomPermutation: { readonly size: Size; readonly seed: number | null };
  /** 0 … size-1 in the order in which scikit-learn's `shuffle` puts rows. */
  readonly shuffledOrder: { readonly size: Size; readonly seed: number | null };
  readonly linspace: { readonly start: number; readonly end: number; readonly count: Size };
  readonly arange: { readonly start: number; readonly end: Size; readonly step: number };
  /** A size that the data decide, as a single number. */
  readonly sizeNumber: { readonly size: Size };
  readonly filled: { readonly shape: readonly Size[]; readonly value: number };

  // Tables.
  readonly select: {
    readonly columns: ColumnSelection;
    /** A single column gives a one-dimensional result. */ readonly single: boolean;
    /** A column that is not there is one of missing values. */ readonly orMissing?: true;
  };
  readonly drop: { readonly columns: readonly ColumnKey[] };
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
  /** A part of dates that are written as text; days of the week from Monday, 0. */
  readonly datePart: {
    readonly part: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'dayofweek' | 'dayofyear' | 'quarter';
    readonly dayFirst: boolean;
  };
  /** Only the first of rows that are equal in `columns`; null is all. */
  readonly dropDuplicates: { readonly columns: readonly ColumnKey[] | null };
  /** DataFrame.sort_values: missing ones last; equal ones keep their order. */
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
    readonly change: 'lower' | 'upper' | 'strip' | 'replace';
    readonly from?: string;
    readonly to?: string;
  };
  /** A part of each text; missing where the text has none. */
  readonly textPart: TextPart;
  /** The number of characters of each text. */
  readonly textLength: Record<never, never>;
  /** As true (1) where a text holds, begins with or ends with `text`. */
  readonly textTest: { readonly test: 'contains' | 'startswith' | 'endswith'; readonly text: string };
  /** As true (1) where it is one of `values`. */
  readonly isIn: { readonly values: readonly (string | number)[] };
  /** As true (1) where it is missing. */
  readonly isMissing: Record<never, never>;
  /** df[name] = series: inputs table, column; or the table alone, and one text for all rows. */
  readonly assign: { readonly column: string; readonly text?: string };
  /** A table as one tensor [rows, columns]; text columns are an error. */
  readonly toTensor: Record<never, never>;
  readonly shuffleRows: {
    readonly seed: number | null;
    readonly fraction: number;
    /** So many rows, in place of the fraction. */ readonly count?: number;
  };

  // Tensors, elementwise with NumPy's broadcasting.
  readonly add: Record<never, never>;
  readonly subtract: Record<never, never>;
  readonly multiply: Record<never, never>;
  readonly divide: Record<never, never>;
  readonly power: Record<never, never>;
  readonly unary: {
    readonly function:
      'negate' | 'abs' | 'exp' | 'log' | 'log1p' | 'sqrt' | 'sin' | 'cos' | 'tanh' | 'sign' | 'square' | 'round' | 'floor';
  };
  /** Not below `low` and not above `high`; null is open. */
  readonly clip: { readonly low: number | null; readonly high: number | null };
  readonly compare: { readonly function: '<' | '<=' | '>' | '>=' | '==' | '!=' };
  /** The quantile `q` of all entries, linear between two of them; a table leaves out missing ones. */
  readonly quantile: { readonly q: number };
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

  // Texts. Inputs of `wordNumbers` and `wordMatrix`: texts whose words are counted, texts to number.
  /** Texts that the script writes out: a column. */
  readonly literalText: { readonly values: readonly string[] };
  /** Rows of word numbers, the most frequent word first. */
  readonly wordNumbers: WordNumbering & Padding;
  /** Which words a text has: [texts, words], as 0 and 1 or as counts. */
  readonly wordMatrix: WordNumbering & { readonly counts: boolean };
  /** scikit-learn's CountVectorizer, and TfidfVectorizer where `weigh` is given. Inputs: texts to fit on, texts. [texts, terms]. */
  readonly textMatrix: {
    readonly lower: boolean;
    readonly stop: 'english' | readonly string[];
    /** Least and most words of a term. */
    readonly grams: readonly [number, number];
    readonly binary: boolean;
    /** Most terms, the most frequent ones; null is all. */
    readonly limit: number | null;
    /** Terms that are in fewer or more texts (or a greater share of them) are left out. */
    readonly least: { readonly bound: number; readonly isShare: boolean };
    readonly most: { readonly bound: number; readonly isShare: boolean };
    readonly weigh: {
      readonly useIdf: boolean;
      readonly smooth: boolean;
      readonly sublinear: boolean;
      readonly norm: 'l1' | 'l2' | null;
    } | null;
  };
  /** 0 … n-1 for n different words. */
  readonly vocabulary: WordNumbering;
  /**
   * Categories by their place in a vocabulary: behind `unknowns` places (0 or 1) for all others, and behind one for empty ones
   * where `masks`; or as one column for each. Inputs: a column to count where no vocabulary is given, the most frequent first
   * and at most `limit` places; a column.
   */
  readonly vocabularyIndex: {
    readonly vocabulary: readonly (string | number)[] | null;
    readonly unknowns: number;
    readonly masks: boolean;
    readonly limit: number | null;
    readonly form: 'integer' | 'columns';
  };
  /** Rows of numbers at another length. */
  readonly padSequences: Padding;
  /** 1 in the columns that a row's numbers name: [rows, classes]. */
  readonly multiHot: { readonly classes: Size };

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
