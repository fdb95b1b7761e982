import type { Size } from '../graph/size';

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
  /** Lines at the end of the file that are left out, blank ones counted. */
  readonly skipFooter?: number;
}

/** A change of one picture of bytes, as torchvision makes it on a PIL image. */
export type PictureChange =
  /** Bilinear; one number is the length of the shorter side, two are height and width. */
  | { readonly kind: 'resize'; readonly size: readonly number[] }
  | { readonly kind: 'centerCrop'; readonly size: readonly number[] }
  | { readonly kind: 'grayscale'; readonly channels: 1 | 3 };

/** Data steps that begin with nothing: files, tables that ship with the extension, values of the script, random ones. */
export interface DataSources {
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
}
