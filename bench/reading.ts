import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Experiment } from '../src/records/experiment';
import { projectOnDisk, workspaceOf } from '../src/service/scripts';
import { loadPython, readScript, type PythonParser } from '../src/source/read';
import { quantile, rounds, type BenchRow } from './row';

const folders = ['examples/healthy', 'examples/faults', 'test/source/scripts'];

/** How much of the test-bed scripts is read, why the rest is not, and how long reading takes after an edit. */
export async function readingRows(): Promise<BenchRow[]> {
  const parser = await loadPython({
    runtime: readFileSync('node_modules/web-tree-sitter/web-tree-sitter.wasm'),
    python: readFileSync('node_modules/tree-sitter-python/tree-sitter-python.wasm'),
  });
  const units = folders.flatMap(scriptsIn).flatMap((path) => readUnits(parser, path));
  const share = (row: string, goal: number, test: (unit: Experiment) => boolean): BenchRow => {
    const value = (100 * units.filter(test).length) / Math.max(1, units.length);
    return {
      bench: 'reading',
      row: `${row}, of ${units.length} training units`,
      value,
      unit: '%',
      target: { atLeast: goal },
      goal,
      met: value >= goal,
      spread: null,
    };
  };
  return [
    share('learning rate with its range', 97, ({ optimizer }) => optimizer !== null),
    share('model, loss, optimizer and data whole', 75, isWhole),
    ...reasons(units),
    timeOf(parser),
  ];
}

function scriptsIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.py'))
      .map((name) => resolve(join(folder, name)));
  } catch {
    return [];
  }
}

function readUnits(parser: PythonParser, path: string): readonly Experiment[] {
  const texts: Record<string, string> = {};
  return readScript(parser, path, readFileSync(path, 'utf8'), projectOnDisk(workspaceOf(path, resolve('.')), texts)).experiments;
}

const isWhole = ({ model, optimizer, train, loop, unread }: Experiment): boolean =>
  model !== null && model.loss !== null && optimizer !== null && train !== null && loop !== null && unread.length === 0;

/** What keeps units from being read whole, most frequent first. */
function reasons(units: readonly Experiment[]): BenchRow[] {
  const counts = new Map<string, number>();
  for (const { unread } of units) for (const { text } of unread.slice(0, 1)) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 10)
    .map(([text, value]) => ({
      bench: 'reading',
      row: `not read: ${text}`,
      value,
      unit: 'units',
      target: null,
      met: null,
      spread: null,
    }));
}

/** A script of about 1,200 lines, read again after each of a few edits. */
function timeOf(parser: PythonParser): BenchRow {
  const script = readFileSync('examples/healthy/digits-adam/train.py', 'utf8');
  const filler = Array.from({ length: 380 }, (_, i) => `def step_${i}(x):\n    y = x * ${i} + 1\n    return y\n`).join('');
  const text = `${filler}${script}`;
  const times: number[] = [];
  for (let round = 0; round < rounds + 5; round++) {
    const edited = text.replace('lr=1e-3', `lr=${round + 1}e-3`);
    const start = performance.now();
    readScript(parser, resolve('train.py'), edited, { folders: [], read: () => null });
    if (round >= 5) times.push(performance.now() - start);
  }
  const value = quantile(times, 0.5);
  const lines = text.split('\n').length;
  return {
    bench: 'reading',
    row: `reading ${lines} lines after an edit`,
    value,
    unit: 'ms',
    target: { atMost: 15 },
    goal: 15,
    met: value <= 15,
    spread: [quantile(times, 0.25), quantile(times, 0.75)],
  };
}
