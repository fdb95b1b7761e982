import type { CancelToken } from '../base/cancel';
import type { TrainingMode } from './batchGradient';
import type { SavedVectors } from './kernel/trainingMemory';
import type { RatesState } from './schedules/rates';
import type { SideTensors } from './setup';
import type { RunSnapshot } from './twin';

/** What a run can do beside training: a look at rows of one part of the data, for schedules that wait for a plateau. */
export type Look = (
  split: 'train' | 'validation',
  theta: Float32Array,
  side: SideTensors,
) => Promise<{ readonly loss: number; readonly accuracy: number | null }>;

/** Where a run stands between two steps, beside its vectors. */
export interface Position {
  step: number;
  /** Batches taken since the start of the run. */
  batch: number;
  /** The gradient buffers count as empty: the next backward writes, instead of adding. */
  cleared: boolean;
  /** The last step left a gradient to compare with. */
  hasPrevious: boolean;
  mode: TrainingMode;
  epochLoss: number;
  epochBatches: number;
  /** Of the last batch, before its step. */
  lastLoss: number;
  /** How often the average of the weights has taken them in. */
  averaged: number;
  nonFinite: { readonly step: number } | null;
}

/** One batch of a step. */
export interface BatchOfStep {
  readonly rows: Int32Array;
  /** By dropout call. */
  readonly masks: ReadonlyMap<number, { readonly shape: readonly number[]; readonly values: Float32Array }>;
}

/** A run between two steps, whole. */
export interface SavedState extends RunSnapshot {
  readonly position: Position;
  readonly vectors: SavedVectors;
  readonly side: ReadonlyMap<string, Float32Array>;
  readonly batchesTracked: number;
  readonly rates: RatesState;
  readonly lastBatch: Int32Array;
  /** State of an optimizer with a closure. */
  readonly lbfgs: unknown;
  /** The partners' runs. */
  readonly company: readonly RunSnapshot[];
}

/** What else happens around a step: other optimizers of the loop take theirs. */
export interface Company {
  before(step: number, cancel: CancelToken): Promise<void>;
  after(step: number, cancel: CancelToken): Promise<void>;
  save(): readonly RunSnapshot[];
  load(states: readonly RunSnapshot[]): void;
}
