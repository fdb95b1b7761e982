import type { Finding, RuleId } from './finding';
import type { Measurements, RunSummary } from './measurement';
import type { Assumption, Reason, SourceRange } from './source';

export type UnitStatus = 'measured' | 'static' | 'unread';

/** All that is known of one training unit: what the editor, the panel and the command line show. */
export interface UnitReport {
  readonly name: string;
  /** Where the unit stands (its optimizer call). */
  readonly range: SourceRange;
  readonly status: UnitStatus;
  /** Why it is not `measured`. */
  readonly reason: Reason | null;
  readonly assumptions: readonly Assumption[];
  readonly run: RunSummary | null;
  readonly findings: readonly Finding[];
  readonly passed: readonly RuleId[];
  readonly undecided: readonly { readonly rule: RuleId; readonly needs: string }[];
  readonly measurements: Measurements;
  /** True when the run was on made-up data: its curves say nothing about the project's, and rules that need them are undecided. */
  readonly standIn?: boolean;
  /** Parts of the script that were read, of those seen. */
  readonly parts: { readonly read: number; readonly total: number };
}
