import type { Size } from '../../graph/size';
import type { Optimizer, OptimizerKind, ScheduleRule } from '../../records/optimizer';
import type { Reason, SourceRange, Sourced } from '../../records/source';
import type { ParameterCell } from './trace';

/** Parameters of one group as the optimizer call was given them. */
export interface GroupCells {
  readonly cells: readonly ParameterCell[];
  readonly learningRate?: Sourced<number>;
  readonly weightDecay?: Sourced<number>;
}

/** An optimizer that the script made. */
export interface OptimizerValue {
  readonly kind: 'optimizer';
  /** PyTorch when it is left out. */
  readonly framework?: 'keras' | 'sklearn';
  /** Keras's formulas, as in the record. */
  readonly form?: 'keras';
  readonly name: OptimizerKind | 'unsupported';
  readonly path: string;
  /** Changes when a schedule of the script sets a rate that was zero. */
  learningRate: Sourced<number> | null;
  readonly settings: Optimizer['settings'] | null;
  readonly maximize: boolean;
  readonly call: SourceRange;
  readonly nameRange: SourceRange;
  readonly parametersArgument: SourceRange;
  /** As in the record. */
  rateName?: string | null;
  readonly rateCall?: SourceRange;
  /** Both grow by `add_param_group`. */
  groups: readonly GroupCells[];
  problems: readonly Reason[];
  /** Name of the function that makes it; null at module level. */
  readonly enclosing: string | null;
  /** The variable that first held it. */
  variable: string | null;
  /** All optimizers of which one is taken, this one among them, under conditions that are not known. */
  rivals?: ReadonlySet<OptimizerValue>;
}

export interface ScheduleValue {
  readonly kind: 'schedule';
  readonly optimizer: OptimizerValue;
  readonly rule: ScheduleRule | null;
  /** Lengths that only the data decide, as in the record. */
  readonly lengths?: Readonly<Record<string, Size>>;
  /** The highest rate of a schedule that sets the rates itself. */
  readonly peak?: Sourced<number>;
  /** Set when the schedule is a part of another, which is stepped in its place. */
  partOf?: ScheduleValue;
  readonly range: SourceRange;
  readonly problems: readonly Reason[];
}
