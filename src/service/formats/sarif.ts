import { createHash } from 'node:crypto';
import { allRules } from '../../diagnosis/registry';
import type { Rule } from '../../diagnosis/rule';
import type { Finding, Fix, Severity } from '../../records/finding';
import type { FileReport } from '../check';
import { version } from '../version';
import { lineWords, type Place, type Placing } from './places';

const schema = 'https://json.schemastore.org/sarif-2.1.0.json';

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};

/**
 * The report in SARIF 2.1.0 (OASIS). Fingerprints are of the line's text, so that they outlive edits elsewhere. A place
 * in a notebook is told by the lines of the file, with the cell in words; its fixes would be edits of JSON, and are left out.
 */
export function formatSarif(files: readonly FileReport[], placing: Placing): string {
  const index = new Map(allRules.map((rule, i) => [rule.id, i]));
  const seen = new Map<string, number>();
  const results = files.flatMap((file) =>
    file.units.flatMap((unit) =>
      unit.findings.map((finding) => ({
        ruleId: finding.rule,
        ruleIndex: index.get(finding.rule) ?? -1,
        level: levels[finding.severity],
        message: { text: finding.message },
        locations: [location(placing(finding.range))],
        relatedLocations: finding.related.map((related, id) => ({
          id,
          message: { text: related.message },
          physicalLocation: physicalLocation(placing(related)),
        })),
        partialFingerprints: { 'descentLens/v1': fingerprint(finding, file, placing, seen) },
        fixes: file.notebook ? [] : finding.fixes.filter((fix) => fix.edits.length > 0).map((fix) => fixOf(fix, placing)),
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

const artifact = (path: string): { uri: string } => ({
  uri: path.split('\\').join('/').split('/').map(encodeURIComponent).join('/'),
});

const region = ({ line, column, endLine, endColumn, fileLines }: Place): object =>
  fileLines ? { startLine: fileLines[0], endLine: fileLines[1] } : { startLine: line, startColumn: column, endLine, endColumn };

const physicalLocation = (place: Place): object => ({ artifactLocation: artifact(place.path), region: region(place) });

const location = (place: Place): object => ({
  physicalLocation: physicalLocation(place),
  ...(place.cell === undefined
    ? {}
    : { logicalLocations: [{ name: `cell ${place.cell}`, fullyQualifiedName: lineWords(place), kind: 'member' }] }),
});

function fixOf(fix: Fix, placing: Placing): object {
  const edits = fix.edits.map((edit) => ({ place: placing(edit), text: edit.newText }));
  const paths = [...new Set(edits.map(({ place }) => place.path))];
  return {
    description: { text: fix.title },
    artifactChanges: paths.map((path) => ({
      artifactLocation: artifact(path),
      replacements: edits
        .filter(({ place }) => place.path === path)
        .map(({ place, text }) => ({ deletedRegion: region(place), insertedContent: { text } })),
    })),
  };
}

/** Rule, file and the text of the line, with a count for equal ones: stable while that line stays. */
function fingerprint(finding: Finding, file: FileReport, placing: Placing, seen: Map<string, number>): string {
  const line = finding.range.path === file.path ? (file.text.split('\n')[finding.range.line - 1] ?? '').trim() : '';
  const content = `${finding.rule}\0${placing(finding.range).path}\0${line}`;
  const count = seen.get(content) ?? 0;
  seen.set(content, count + 1);
  return createHash('sha256').update(`${content}\0${count}`).digest('hex').slice(0, 32);
}
