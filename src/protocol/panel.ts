import type { Finding } from '../records/finding';
import type { MeasurementBatch, Quantity } from '../records/measurement';
import type { UnitReport } from '../records/report';
import type { SourceRange } from '../records/source';
import type { InspectionNews } from './inspection';
import type { Phase } from './diagnosis';

/** Where a unit stands, as the panel shows it. */
export type PanelPhase = Phase | 'idle' | 'waiting' | 'cancelled' | 'failed';

/** Everything the panel shows but the measured columns. */
export interface PanelState {
  /** Key of the unit: path and name. Null while nothing is chosen. */
  readonly unit: {
    readonly path: string;
    readonly name: string;
    /** As people write them. */
    readonly framework: string;
    readonly optimizer: string;
    /** In a notebook: its Python cells, numbered among all cells from 1, with their lines, in the order of the program. */
    readonly cells?: readonly { readonly number: number; readonly lines: number }[];
  } | null;
  readonly phase: PanelPhase;
  /** 0…1. */
  readonly fraction: number;
  /** One line: what goes on, or why it failed. */
  readonly text: string;
  /** Findings, passed, undecided, assumptions, run. Measurements are left empty here. */
  readonly report: UnitReport | null;
  /** True when the script or its data changed since. */
  readonly stale: boolean;
  /** The line of trust: how much was read, assumed, compared. */
  readonly trust: string;
  /** Whether the unit can be compared with PyTorch by a click, for the first time or again, or is being compared; absent where it cannot. */
  readonly comparing?: 'offered' | 'again' | 'running';
}

/** Host to panel. A hidden panel gets nothing; on its return it asks with `ready` and gets a snapshot. */
export type ToPanel =
  | {
      readonly kind: 'snapshot';
      readonly state: PanelState;
      /** Sequence number of the last batch that is contained. */
      readonly sequence: number;
      readonly columns: readonly { readonly quantity: Quantity; readonly steps: Float64Array; readonly values: Float64Array }[];
      /** The inspection as far as it has come; none when absent. */
      readonly inspection?: readonly InspectionNews[];
    }
  | { readonly kind: 'state'; readonly state: PanelState }
  /** Appended when `sequence` follows the last one; otherwise the panel asks for a snapshot with `ready`. */
  | { readonly kind: 'measurements'; readonly batch: MeasurementBatch }
  | { readonly kind: 'inspection'; readonly news: InspectionNews };

/** Panel to host: small JSON. */
export type FromPanel =
  | { readonly kind: 'ready' }
  | { readonly kind: 'run' }
  | { readonly kind: 'cancel' }
  /** Give what is missing: name the data file, run on made-up data, or give a value of the command line. */
  | { readonly kind: 'give'; readonly what: 'data' | 'standIn' | 'value' }
  /** Compare the unit with PyTorch: the host asks before it starts Python. */
  | { readonly kind: 'compare' }
  | { readonly kind: 'reveal'; readonly range: SourceRange }
  | { readonly kind: 'fix'; readonly finding: Finding; readonly fix: number }
  | { readonly kind: 'explain'; readonly rule: string }
  /** Look at the loss surface after `step` optimizer steps, or at the critical point nearest to there. A new one ends the one before. */
  | {
      readonly kind: 'inspect';
      readonly step: number;
      readonly nearest: boolean;
      /** In addition: the loss over two entries of the flat vector. */
      readonly pair?: readonly [number, number];
    }
  /** The page about the view of the loss surface. */
  | { readonly kind: 'guide' }
  /** The person left it: what is not computed yet is not wanted. */
  | { readonly kind: 'leaveInspection' };
