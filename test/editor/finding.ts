import type { Finding, Fix, RuleId, Severity } from '../../src/records/finding';
import type { SourceRange } from '../../src/records/source';

/** A finding on three characters of a line. */
export function makeFinding(
  rule: RuleId,
  options: {
    readonly path?: string;
    readonly line?: number;
    readonly severity?: Severity;
    readonly fixes?: readonly Fix[];
    readonly message?: string;
  } = {},
): Finding {
  const { path = '/project/train.py', line = 5, severity = 'warning', fixes = [], message = rule } = options;
  const range: SourceRange = { path, line, column: 30, endLine: line, endColumn: 33 };
  return { rule, severity, range, message, evidence: [], related: [], causes: [], fixes };
}

/** A fix of the same three characters; `helped` as it was tried, absent when not. */
export function makeFix(line: number, helped?: boolean): Fix {
  const edit = { path: '/project/train.py', line, column: 30, endLine: line, endColumn: 33, newText: '0.5' };
  const fix = { title: 'Set 0.5', edits: [edit] };
  if (helped === undefined) return fix;
  return { ...fix, verified: { steps: 400, seeds: 2, quantity: 'probeLoss', before: 2.5, after: 0.25, helped } };
}
