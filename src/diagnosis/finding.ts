import type { Evidence as EvidenceRecord, Finding, Fix, RelatedPlace, RuleId, Severity } from '../records/finding';
import type { SourceRange, Sourced } from '../records/source';

/** The parts of a finding that most rules leave empty. */
interface Extras {
  readonly evidence?: readonly EvidenceRecord[];
  readonly related?: readonly RelatedPlace[];
  readonly fixes?: readonly Fix[];
}

/** A finding; the judge fills in its causes. */
export function finding(rule: RuleId, severity: Severity, range: SourceRange, message: string, extras: Extras = {}): Finding {
  return {
    rule,
    severity,
    range: place(range),
    message,
    evidence: extras.evidence ?? [],
    related: extras.related ?? [],
    causes: [],
    fixes: extras.fixes ?? [],
  };
}

/** Only the place of a record that may carry more. */
export const place = ({ path, line, column, endLine, endColumn }: SourceRange): SourceRange => ({
  path,
  line,
  column,
  endLine,
  endColumn,
});

/** Related information along the chain from a literal to its use, the literal itself left out. */
export function chainOf<T>(sourced: Sourced<T>, name: string): readonly RelatedPlace[] {
  return sourced.chain
    .filter((range) => !samePlace(range, sourced.place))
    .map((range, i, all) => ({
      ...place(range),
      message: i === all.length - 1 ? `used here as ${name}` : `${name} passes through here`,
    }));
}

export const samePlace = (a: SourceRange, b: SourceRange): boolean =>
  a.path === b.path && a.line === b.line && a.column === b.column && a.endLine === b.endLine && a.endColumn === b.endColumn;
