import type { DecayCurve, ScheduleRule } from '../../../records/optimizer';
import type { Sourced } from '../../../records/source';
import type { Built } from '../../interpret/fitting';
import type { Array as DataArray } from '../../values/dataValues';
import type { GroupCells, OptimizerValue } from '../../values/training';
import type { TraceNode } from '../../values/trace';

/** The rows that an estimator is fitted on. */
export interface LearnerRows {
  readonly x: DataArray;
  readonly y: DataArray;
  readonly classifier: boolean;
}

/** What an estimator of scikit-learn does when it is fitted, as a model, a loss and steps. */
export interface Learner {
  readonly build: (x: TraceNode, y: TraceNode) => Built;
  /** `unsupported` for solvers that know no learning rate. */
  readonly kind: OptimizerValue['name'];
  readonly learningRate: Sourced<number> | null;
  readonly settings: OptimizerValue['settings'];
  readonly groups: readonly GroupCells[];
  /** Null for all rows at once. */
  readonly batchSize: Sourced<number> | null;
  /** The default of `max_iter`. */
  readonly epochs: number;
  /** How the rate falls with the steps. */
  readonly schedule: DecayCurve | null;
  /** How it falls with the epochs. */
  readonly perEpoch?: ScheduleRule | null;
  /** The argument that sets the rate; null when none does. */
  readonly rateName: string | null;
}
