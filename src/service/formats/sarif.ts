import { createHash } from 'node:crypto';
import { allRules } from '../../diagnosis/registry';
import type { Rule } from '../../diagnosis/rule';
import type { Finding, Fix, Severity } from '../../records/finding';
import type { SourceRange } from '../../records/source';
import type { FileReport } from '../check';
import { version } from '../version';

const schema = 'https://json.schemastore.org/sarif-2.1.0.json';

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};

type PathWriter = (path: string) => string;

/** The report in SARIF 2.1.0 (OASIS). Fingerprints are of the line's text, so that they outlive edits elsewhere. */
export function formatSarif(files: readonly FileReport[], writePath: PathWriter): string {
  const index = new Map(allRules.map((rule, i) => [rule.id, i]));
  const seen = new Map<string, number>();
  const results = files.flatMap((file) =>
    file.units.flatMap((unit) =>
      unit.findings.map((finding) => ({
        ruleId: finding.rule,
        ruleIndex: index.get(finding.rule) ?? -1,
        level: levels[finding.severity],
        message: { text: finding.message },
        locations: [{ physicalLocation: physicalLocation(finding.range, writePath) }],
        relatedLocations: finding.related.map((related, id) => ({
          id,
          message: { text: related.message },
          physicalLocation: physicalLocation(related, writePath),
        })),
        partialFingerprints: { 'descentLens/v1': fingerprint(finding, file, writePath, seen) },
        fixes: finding.fixes.filter((fix) => fix.edits.length > 0).map((fix) => fixOf(fix, writePath)),
        properties: { unit: unit.name, evidence: finding.evidence, causes: finding.causes },
      })),
    ),
  );
  const driver = { name: 'Descent Lens', version, semanticVersion: version, rules: allRules.map(ruleOf) };
  return JSON.stringify(
    { $schema: schema, version: '2.1.0', runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }] },
    (_, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? null : value),
    2,
  );
}

const ruleOf = (rule: Rule): object => ({
  id: rule.id,
  shortDescription: { text: rule.title },
  help: { text: rule.title, markdown: rule.explanation },
  defaultConfiguration: { level: levels[rule.severity] },
  properties: { tier: rule.tier },
});

const artifact = (path: string, writePath: PathWriter): { uri: string } => ({
  uri: writePath(path).split('\\').join('/').split('/').map(encodeURIComponent).join('/'),
});

const region = (range: SourceRange): object => ({
  startLine: range.line,
  startColumn: range.column,
  endLine: range.endLine,
  endColumn: range.endColumn,
});

const physicalLocation = (range: SourceRange, writePath: PathWriter): object => ({
  artifactLocation: artifact(range.path, writePath),
  region: region(range),
});

function fixOf(fix: Fix, writePath: PathWriter): object {
  const paths = [...new Set(fix.edits.map((edit) => edit.path))];
  return {
    description: { text: fix.title },
    artifactChanges: paths.map((path) => ({
      artifactLocation: artifact(path, writePath),
      replacements: fix.edits
        .filter((edit) => edit.path === path)
        .map((edit) => ({ deletedRegion: region(edit), insertedContent: { text: edit.newText } })),
    })),
  };
}

/** Rule, file and the text of the line, with a count for equal ones: stable while that line stays. */
function fingerprint(finding: Finding, file: FileReport, writePath: PathWriter, seen: Map<string, number>): string {
  const line = finding.range.path === file.path ? (file.text.split('\n')[finding.range.line - 1] ?? '').trim() : '';
  const content = `${finding.rule}\0${writePath(finding.range.path)}\0${line}`;
  const count = seen.get(content) ?? 0;
  seen.set(content, count + 1);
  return createHash('sha256').update(`${content}\0${count}`).digest('hex').slice(0, 32);
}
