import type { CancelToken } from '../base/cancel';
import type { Random } from '../base/random';
import type { MersenneTwister } from '../base/mersenne';
import type { Size } from '../graph/size';
import type { DataKind, DataSteps } from '../records/dataSteps';
import type { Outcome } from './fault';
import type { FileAccess } from './files/access';
import type { Value } from './values';

/** Draws orders of rows. */
export type Permuting = Pick<MersenneTwister, 'permutation'>;

/** What a data step may use besides its arguments and inputs. */
export interface StepContext {
  readonly files: FileAccess;
  readonly maximumBytes: number;
  readonly seed: number;
  readonly cancel: CancelToken;
  /** Folder of the tables that ship with the project. */
  readonly bundled: string;
  /** The number behind a size; a fault while one of its symbols is unknown. */
  size(size: Size): Outcome<number>;
  /** The stream of a step that selects rows: equal seeds in the script give equal selections. */
  selection(seed: number | null): Random;
  /** The same for a selection that NumPy makes: with a seed, the very rows that it selects. */
  numpySelection(seed: number | null): Permuting;
  /** The stream of a step that makes numbers: every step has its own, whatever the seed. */
  generator(seed: number | null): Random;
  /** Records something taken for granted at this step. */
  assume(text: string): void;
}

/** Executes one kind of data step. */
export type Execute<K extends DataKind> = (
  settings: DataSteps[K],
  inputs: readonly Value[],
  context: StepContext,
) => Outcome<Value> | Promise<Outcome<Value>>;
