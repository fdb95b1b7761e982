import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import { formatGithub } from '../../src/service/formats/github';
import { formatHtml } from '../../src/service/formats/html';
import { formatJson } from '../../src/service/formats/json';
import { placesOf } from '../../src/service/formats/places';
import { formatSarif } from '../../src/service/formats/sarif';
import { formatText } from '../../src/service/formats/text';
import { readNotebook } from '../../src/source/notebook/notebook';
import { finding, report } from './reports';

const write = placesOf([report], '/project');

describe('formatJson', () => {
  const json = JSON.parse(formatJson([report], write)) as { version: number; files: { path: string; units: object[] }[] };

  it('has the form of the contract', () => {
    expect(json.version).toBe(1);
    expect(json.files[0]?.path).toBe('sub dir/train.py');
    expect(json.files[0]?.units[0]).toMatchObject({
      name: 'optimizer',
      line: 4,
      status: 'measured',
      assumptions: [{ text: 'data from the script folder', path: 'sub dir/train.py', line: 1 }],
      run: { steps: 17, ofSteps: 400, rows: 100, ofRows: 120, stoppedBy: 'divergence', seconds: 0.5, measuringShare: 0.25 },
      passed: ['zero-init'],
      undecided: [{ rule: 'plateau', needs: 'a longer run' }],
    });
  });

  it('gives places from 1 with exclusive ends, and fixes as edits', () =>
    expect(json.files[0]?.units[0]).toMatchObject({
      findings: [
        {
          rule: 'lr-diverges',
          severity: 'error',
          path: 'sub dir/train.py',
          line: 2,
          column: 6,
          endLine: 2,
          endColumn: 9,
          related: [{ path: 'sub dir/train.py', line: 4, column: 10, message: 'used here' }],
          fixes: [
            { edits: [{ newText: '0.1', line: 2, column: 6 }], verified: { steps: 400, seeds: 2, before: null, after: 0.25 } },
          ],
        },
      ],
    }));

  it('gives evidence with its error, as SARIF does', () => {
    const told = { quantity: 'rateLimit', value: 1, error: 0.0123 };
    expect(json.files[0]?.units[0]).toMatchObject({ findings: [{ evidence: [told] }] });
    const sarif = JSON.parse(formatSarif([report], write)) as { runs: [{ results: [{ properties: object }] }] };
    expect(sarif.runs[0].results[0].properties).toMatchObject({ evidence: [told] });
  });

  it('gives each quantity with its unit, and null where a value is not finite', () =>
    expect(json.files[0]?.units[0]).toMatchObject({
      measurements: {
        loss: { steps: [1, 2, 3], values: [1, 20, null], unit: 'loss' },
        'gradientNorm/net.0.weight': { unit: 'loss per unit of parameter' },
      },
    }));
});

describe('formatSarif', () => {
  // The type is the published schema's: a property of another name or kind does not compile below.
  const log = JSON.parse(formatSarif([report], write)) as Log;
  const result = log.runs[0]?.results?.[0];

  it('is valid by the published schema of SARIF 2.1.0, which refuses a log with a field too few or too many', () => {
    const schema = JSON.parse(readFileSync('node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json', 'utf8')) as {
      $schema: string;
      id: string;
    };
    // Draft 4 differs from what the validator knows in the names of these two fields alone, as far as this schema uses it.
    const { $schema, id, ...rules } = schema;
    expect($schema).toContain('draft-04');
    expect(id).toContain('sarif-2.1.0');
    const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true }).compile(rules);
    for (const written of [formatSarif([report], write), formatSarif([], write)]) {
      validate(JSON.parse(written));
      expect(validate.errors).toBeNull();
    }
    const broken = structuredClone(log) as { runs: { tool?: unknown; results: { level: string }[] }[] };
    delete broken.runs[0]?.tool;
    expect(validate(broken)).toBe(false);
    const unknown = structuredClone(log) as unknown as { runs: { results: { level: string }[] }[] };
    for (const one of unknown.runs[0]?.results ?? []) one.level = 'fatal';
    expect(validate(unknown)).toBe(false);
  });

  it('is a SARIF 2.1.0 log of one run with the rules of the registry', () => {
    expect(log.version).toBe('2.1.0');
    const rules = log.runs[0]?.tool.driver.rules ?? [];
    expect(rules.length).toBeGreaterThan(40);
    expect(rules[result?.ruleIndex ?? -1]?.id).toBe('lr-diverges');
    expect(log.runs[0]?.columnKind).toBe('utf16CodeUnits');
  });

  it('places the result and its fix, with an address that is a URI', () => {
    expect(result?.level).toBe('error');
    expect(result?.locations?.[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'sub%20dir/train.py' },
      region: { startLine: 2, startColumn: 6, endLine: 2, endColumn: 9 },
    });
    expect(result?.fixes?.[0]?.artifactChanges[0]?.replacements[0]?.insertedContent?.text).toBe('0.1');
  });

  it('keeps its fingerprint while the line stays, wherever it moves', () => {
    const moved = {
      ...report,
      text: `# a new first line\n${report.text}`,
      units: report.units.map((unit) => ({
        ...unit,
        findings: [{ ...finding, range: { ...finding.range, line: 3, endLine: 3 } }],
      })),
    };
    const print = (text: string) => (JSON.parse(text) as Log).runs[0]?.results?.[0]?.partialFingerprints?.['descentLens/v1'];
    expect(print(formatSarif([moved], write))).toBe(result?.partialFingerprints?.['descentLens/v1']);
    const edited = { ...report, text: report.text.replace('lr = 1.0', 'rate = 1.0') };
    expect(print(formatSarif([edited], write))).not.toBe(result?.partialFingerprints?.['descentLens/v1']);
  });
});

describe('formatGithub', () => {
  it('is one workflow command a finding, with its text escaped', () =>
    expect(formatGithub([report], write)).toBe(
      '::error file=sub dir/train.py,line=2,endLine=2,col=6,endColumn=8,title=descent-lens lr-diverges::' +
        'lr = 1.0 diverges: 50 %25 <of> runs%0Aend "early"',
    ));
});

describe('formatText', () => {
  const text = formatText([report], write, false);
  it('tells the place, the message, the tried fix and the totals', () => {
    expect(text).toContain('2:6 error lr-diverges: lr = 1.0 diverges');
    expect(text).toContain('17 of 400 steps on 100 of 120 rows');
    expect(text).toContain('tried over 400 steps on 2 seeds: probeLoss not finite → 0.25');
    expect(text).toMatch(/1 error, 0 warnings in 1 file$/);
  });
  it('has no colour codes unless it is told to', () => {
    expect(text).not.toContain('\u001b');
    expect(formatText([report], write, true)).toContain('\u001b[31merror');
  });
  it('says when there is no training unit', () =>
    expect(formatText([{ ...report, units: [] }], write, false)).toContain('no training unit'));
});

describe('formatHtml', () => {
  const page = formatHtml([report], write);
  it('escapes what comes from outside', () => {
    expect(page).toContain('50 % &lt;of&gt; runs');
    expect(page).not.toContain('<of>');
  });
  it('tells what was measured with its error and limit', () => {
    expect(page).toContain('Measured: learning rate at the limit of stability 1 ± 0.012 per step, limit 0.6 at step 40');
  });
  it('draws the curves and loads nothing', () => {
    expect(page).toContain('<svg');
    expect(page).not.toMatch(/<script|https?:/);
  });
});

describe('a notebook', () => {
  const read = readNotebook(
    JSON.stringify(
      {
        cells: [
          { cell_type: 'markdown', source: ['text'] },
          { cell_type: 'code', source: ['import torch\n', 'lr = 1.0'] },
        ],
      },
      null,
      1,
    ),
  );
  if (!read.ok) throw new Error(read.error);
  const files = [{ ...report, given: 'train.ipynb', notebook: read.value }];
  const placing = placesOf(files, '/project');
  const related = files[0]?.units[0]?.findings[0]?.related;

  it('gives the cell and the line in it', () => {
    const json = JSON.parse(formatJson(files, placing)) as { files: { units: { findings: object[] }[] }[] };
    expect(json.files[0]?.units[0]?.findings[0]).toMatchObject({
      path: 'train.ipynb',
      cell: 2,
      line: 2,
      column: 6,
      fixes: [{ edits: [{ cell: 2, line: 2 }] }],
    });
    expect(formatText(files, placing, false)).toContain('cell 2, 2:6 error lr-diverges');
    expect(related).toHaveLength(1);
  });

  it('gives the lines of the file where a tool shows the file, and no edits of its JSON', () => {
    const [line] = read.value.cells[0]?.fileLines.slice(1) ?? [];
    expect(formatGithub(files, placing)).toContain(
      `file=train.ipynb,line=${line},endLine=${line},title=descent-lens lr-diverges::cell 2, line 2: lr`,
    );
    const result = (JSON.parse(formatSarif(files, placing)) as Log).runs[0]?.results?.[0];
    expect(result?.locations?.[0]).toEqual({
      physicalLocation: { artifactLocation: { uri: 'train.ipynb' }, region: { startLine: line, endLine: line } },
      logicalLocations: [{ name: 'cell 2', fullyQualifiedName: 'cell 2, line 2', kind: 'member' }],
    });
    expect(result?.fixes).toEqual([]);
  });
});
