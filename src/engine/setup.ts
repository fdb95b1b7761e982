import type { Dataset } from '../records/dataset';
import type { Experiment, Batches, Loop } from '../records/experiment';
import type { ModelGraph } from '../records/model/graph';
import type { Optimizer, Schedule } from '../records/optimizer';
import type { SourceRange } from '../records/source';
import type { FrozenParameter, ParameterLayout } from './parameters';
import type { RowTensor } from './rows';

/** The parts of an Experiment that training cannot do without. */
export interface TrainableExperiment {
  readonly experiment: Experiment;
  readonly model: ModelGraph;
  readonly optimizer: Optimizer;
  readonly batches: Batches;
  readonly loop: Loop;
  readonly schedules: readonly Schedule[];
  readonly range: SourceRange;
}

/** Everything that is fixed once a twin is built, and that its runs and objectives share. */
export interface TwinSetup extends TrainableExperiment {
  readonly dataset: Dataset;
  readonly layout: ParameterLayout;
  readonly train: readonly RowTensor[];
  readonly validation: readonly RowTensor[];
  readonly trainRows: number;
  readonly validationRows: number;
  /** Running statistics of batch norms: state_dict names, lengths and first values. */
  readonly buffers: readonly BufferSpec[];
}

export interface BufferSpec {
  readonly name: string;
  readonly length: number;
  readonly initial: number;
}

/** Tensors beside the flat vector that a program reads, by port name: frozen parameters and running statistics. */
export interface SideTensors {
  readonly values: ReadonlyMap<string, Float32Array>;
  /** Batches that the running statistics have seen. */
  batchesTracked: number;
}

/** Port name of a parameter. */
export const parameterPort = ({ name }: Pick<FrozenParameter, 'name'>): string => `parameter/${name}`;
/** Port name of a running statistic. */
export const bufferPort = (name: string): string => `buffer/${name}`;
