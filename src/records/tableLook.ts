import type { DataStep, DataSymbol } from './dataSteps';

/** A column of a table: its header (a position where it has none) and how pandas would type it. */
export interface ColumnFacts {
  readonly name: string | number;
  readonly type: 'float' | 'integer' | 'boolean' | 'text';
}

/** Numbers that a data step makes. */
export interface SmallArray {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly integer: boolean;
}

/** The data program of a script that is being read, as far as it goes. */
export interface ProgramSoFar {
  readonly steps: readonly DataStep[];
  readonly symbols: Readonly<Record<string, DataSymbol>>;
}

/**
 * What only the project's files know while a script is being read: asked of by the reader, which opens no data file itself.
 * Everything is null where a file is not there, is too large to look at between two key strokes, or decides it by chance.
 */
export interface TableLook {
  /** The columns of the table that `step` makes. `script` is the path of the script. */
  columns(program: ProgramSoFar, step: number, script: string): readonly ColumnFacts[] | null;
  /** The numbers that `step` makes, when they are few. */
  numbers(program: ProgramSoFar, step: number, script: string): SmallArray | null;
  /**
   * How many axes the array in a file of NumPy's has, and whether it holds whole numbers (null for what is no number); `key` names
   * it in an archive.
   */
  array?(path: string, key: string | null, script: string): { readonly axes: number; readonly integer: boolean | null } | null;
  /** The different values of the column that `step` makes, but for missing ones, in order of appearance; null for many. */
  distinct(program: ProgramSoFar, step: number, script: string): readonly (string | number)[] | null;
}
