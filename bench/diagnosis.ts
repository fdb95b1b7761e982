import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Surroundings } from '../src/probe/session';
import type { FileReport } from '../src/service/check';
import { checkFile, expectedFindings, testSurroundings } from '../test/service/surroundings';
import { quantile, type BenchRow } from './row';

/** A checked example and how long it took, in seconds. */
interface Checked {
  readonly path: string;
  readonly report: FileReport;
  readonly seconds: number;
}

/** False alarms on the healthy examples, faults found at their place, and the time of a full verdict. */
export async function diagnosisRows({ all }: { readonly all: boolean }): Promise<BenchRow[]> {
  const surroundings = await testSurroundings();
  const healthy = await checkFolder('examples/healthy', surroundings, all);
  const faults = await checkFolder('examples/faults', surroundings, all);
  const alarmed = healthy.filter(({ report }) => warned(report).length > 0);
  const found = faults.filter(({ path, report }) => expectedFindings(path).every((place) => places(report).includes(place)));
  const seconds = [...healthy, ...faults].map((checked) => checked.seconds);
  return [
    row(
      'healthy scripts with a warning',
      (100 * alarmed.length) / healthy.length,
      '%',
      { atMost: 2 },
      `${alarmed.length} of ${healthy.length}`,
    ),
    row(
      'faults found at their place',
      (100 * found.length) / faults.length,
      '%',
      { atLeast: 90 },
      `${found.length} of ${faults.length}`,
    ),
    row(
      'full verdict, median',
      quantile(seconds, 0.5),
      's',
      { atMost: 5 },
      `nine in ten under ${quantile(seconds, 0.9).toFixed(1)} s`,
    ),
  ];
}

/** Every script of a folder, or a third of them when not all are asked for. */
async function checkFolder(folder: string, surroundings: Surroundings, all: boolean): Promise<Checked[]> {
  const names = readdirSync(folder).filter((_, i) => all || i % 3 === 0);
  const checked: Checked[] = [];
  for (const name of names) {
    const path = join(folder, name, 'train.py');
    const start = performance.now();
    checked.push({ path, report: await checkFile(path, surroundings), seconds: (performance.now() - start) / 1000 });
  }
  return checked;
}

const warned = (report: FileReport) =>
  report.units.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error' || severity === 'warning'));

const places = (report: FileReport): string[] =>
  report.units.flatMap(({ findings }) => findings.map(({ range, rule }) => `${range.line} ${rule}`));

function row(
  name: string,
  value: number,
  unit: string,
  target: { atLeast: number } | { atMost: number },
  detail: string,
): BenchRow {
  const met = 'atLeast' in target ? value >= target.atLeast : value <= target.atMost;
  return { bench: 'diagnosis', row: name, value, unit, target, met, spread: null, detail };
}
