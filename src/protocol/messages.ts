import type { UnitReport } from '../records/report';
import type { CompareEvent, CompareParameters, CompareResult, FindPythonParameters, FindPythonResult } from './comparison';
import type { DiagnoseEvent, DiagnoseParameters } from './diagnosis';
import type { InspectEvent, InspectParameters, InspectResult } from './inspection';

/** Raised when a message changes its meaning: both ends must agree, or the engine is restarted. */
export const protocolVersion = 1;

/** What the engine process can be asked for: parameters, final result, and the events on the way. */
export interface EngineRequests {
  readonly hello: {
    readonly parameters: { readonly version: number };
    /** `note`: what a person should be told of the backend, once. */
    readonly result: { readonly version: number; readonly backend: string; readonly note?: string | null };
    readonly event: never;
  };
  readonly diagnose: { readonly parameters: DiagnoseParameters; readonly result: UnitReport; readonly event: DiagnoseEvent };
  /** The loss surface around one point of the run; a diagnosis is not touched by it. */
  readonly inspect: { readonly parameters: InspectParameters; readonly result: InspectResult; readonly event: InspectEvent };
  /** Looks for a Python that has PyTorch. */
  readonly findPython: { readonly parameters: FindPythonParameters; readonly result: FindPythonResult; readonly event: never };
  /** Runs the script itself in Python, for its first steps, and compares them with those here. */
  readonly compare: { readonly parameters: CompareParameters; readonly result: CompareResult; readonly event: CompareEvent };
}
