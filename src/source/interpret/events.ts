import type { Clipping } from '../../records/experiment';
import type { Reason, SourceRange, Sourced } from '../../records/source';
import type { Rhythm } from '../values/rhythm';
import type { OptimizerValue, ScheduleValue } from '../values/training';
import type { ParameterCell, TraceNode } from '../values/trace';
import type { LoopContext, NumberValue, Value } from '../values/value';

/** What the script does while it trains, in the order in which it does it. */
export type EventKind =
  | {
      readonly kind: 'forward';
      readonly module: Value;
      readonly inputs: readonly TraceNode[];
      readonly output: Value;
      readonly evalMode: boolean;
      readonly noGrad: boolean;
      /** Rows that go in and what the output is compared with, where a library's call says so. */
      readonly rows?: { readonly inputs: readonly TraceNode[]; readonly targets: readonly TraceNode[]; readonly loss: TraceNode };
    }
  /** `cells`: the parameters that it differentiates by, where it does not do so by all. */
  | {
      readonly kind: 'backward';
      readonly loss: TraceNode | null;
      readonly reason: Reason | null;
      readonly cells?: readonly ParameterCell[];
    }
  | { readonly kind: 'step'; readonly optimizer: OptimizerValue }
  | {
      readonly kind: 'zeroGrad';
      readonly optimizer: OptimizerValue | null;
      readonly module: Value | null;
      readonly cells: readonly ParameterCell[];
    }
  | { readonly kind: 'clip'; readonly clipping: Clipping; readonly cells: readonly ParameterCell[] }
  /** `metric`: what a schedule that waits for a plateau is given. */
  | { readonly kind: 'scheduleStep'; readonly schedule: ScheduleValue; readonly metric: Value | null }
  /** An average of the weights takes them in; `decay` is the weight of the old average, null for the mean of all. */
  | { readonly kind: 'average'; readonly module: Value; readonly decay: Sourced<number> | null }
  /** A call of the average of a module's weights. */
  | { readonly kind: 'averagedForward'; readonly module: Value }
  | { readonly kind: 'setMode'; readonly module: Value; readonly training: boolean }
  | { readonly kind: 'setRate'; readonly optimizer: OptimizerValue; readonly group: number; readonly value: Value }
  | { readonly kind: 'seed'; readonly seed: Sourced<number> }
  | { readonly kind: 'optimizer'; readonly optimizer: OptimizerValue }
  /** A parameter changed by hand: `p -= rate * p.grad`. Without a rate it could not be followed. */
  | {
      readonly kind: 'update';
      readonly cell: ParameterCell;
      readonly rate: NumberValue | null;
      /** What the gradient is multiplied by beside the rate. */
      readonly factor: number;
      readonly ascending: boolean;
      /** The rate is another one in later passes. */
      readonly varies?: boolean;
      readonly enclosing: string | null;
    }
  /** A parameter's values are cut off at two bounds; null is open. */
  | {
      readonly kind: 'bound';
      readonly cell: ParameterCell;
      readonly low: Sourced<number> | null;
      readonly high: Sourced<number> | null;
      readonly norms?: { readonly least: number; readonly most: number };
    }
  | { readonly kind: 'earlyStop'; readonly patience: number }
  /** The script leaves `loop` after so many passes of it. */
  | { readonly kind: 'stepLimit'; readonly steps: NumberValue; readonly loop: LoopContext; readonly continues?: boolean }
  | { readonly kind: 'compare'; readonly nodes: readonly TraceNode[] };

export type Event = EventKind & {
  readonly range: SourceRange;
  readonly loops: readonly LoopContext[];
  /** The conditions it stands under, as the passes in which they hold (`if (i + 1) % 4 == 0`); null for other conditions. */
  readonly conditions: readonly (Rhythm | null)[];
};
