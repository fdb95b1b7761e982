import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Experiment } from '../src/records/experiment';
import { projectOnDisk, workspaceOf } from '../src/service/scripts';
import { loadPython, readScript, type PythonParser } from '../src/source/read';
import { quantile, rounds, type BenchRow } from './row';

const folders = ['examples/healthy', 'examples/faults', 'test/source/scripts'];
/** Scripts as people publish them. */
const bed = 'test/source/bed';

/** A training unit that was read, or a script in which none was found. */
interface Unit {
  readonly experiment: Experiment | null;
  /** No recurrent or attention layers in its script and what it imports. */
  readonly feedForward: boolean;
}

/** How much of the test-bed scripts is read, why the rest is not, and how long reading takes after an edit. */
export async function readingRows(): Promise<BenchRow[]> {
  const parser = await loadPython({
    runtime: readFileSync('node_modules/web-tree-sitter/web-tree-sitter.wasm'),
    python: readFileSync('node_modules/tree-sitter-python/tree-sitter-python.wasm'),
  });
  const all = [...folders.flatMap(scriptsIn), ...scriptsIn(bed).filter(isEntry)];
  const units = all.flatMap((path) => readUnits(parser, path));
  const published = scriptsIn(bed)
    .filter(isEntry)
    .flatMap((path) => readUnits(parser, path));
  const keras = scriptsIn(`${bed}/keras`).flatMap((path) => readUnits(parser, path));
  return [
    ...shares('all scripts', units),
    ...shares('published shapes', published),
    ...shares('Keras', keras.filter(isOf('keras')), 85),
    ...shares('scikit-learn', keras.filter(isOf('sklearn'))),
    ...reasons(published),
    timeOf(parser),
  ];
}

const isOf =
  (framework: Experiment['unit']['framework']) =>
  ({ experiment }: Unit): boolean =>
    experiment?.unit.framework === framework;

/** What is read whole, in part and not at all, beside the goals. */
function shares(of: string, units: readonly Unit[], wholeGoal = 60): BenchRow[] {
  const feedForward = units.filter((unit) => unit.feedForward);
  return [
    share(`${of}: learning rate with its range`, units, 97, ({ experiment }) => Boolean(experiment?.optimizer?.learningRate)),
    share(`${of}: feed-forward units whole`, feedForward, 75, isWhole),
    share(`${of}: all units whole`, units, wholeGoal, isWhole),
    share(`${of}: read in part`, units, null, (unit) => unit.experiment !== null && !isWhole(unit)),
    share(`${of}: not read at all`, units, null, ({ experiment }) => experiment === null),
  ];
}

function share(row: string, units: readonly Unit[], goal: number | null, test: (unit: Unit) => boolean): BenchRow {
  const value = (100 * units.filter(test).length) / Math.max(1, units.length);
  const measured = { bench: 'reading', row: `${row}, of ${units.length}`, value, unit: '%', spread: null };
  return goal === null
    ? { ...measured, target: null, met: null }
    : { ...measured, target: { atLeast: goal }, goal, met: value >= goal };
}

/** A script that is run, not a file that others import. */
const isEntry = (path: string): boolean => resolve(bed) === dirname(dirname(path)) || /\b(main|train|run)\.py$/.test(path);

function scriptsIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.py'))
      .map((name) => resolve(join(folder, name)));
  } catch {
    return [];
  }
}

function readUnits(parser: PythonParser, path: string): readonly Unit[] {
  const texts: Record<string, string> = {};
  const text = readFileSync(path, 'utf8');
  const { experiments } = readScript(parser, path, text, projectOnDisk(workspaceOf(path, resolve('.')), texts));
  const feedForward = ![text, ...Object.values(texts)].some((one) =>
    /\b(LSTM|GRU|RNN|SimpleRNN|\w*Attention|Transformer\w*)\(/.test(one),
  );
  return experiments.length === 0
    ? [{ experiment: null, feedForward }]
    : experiments.map((experiment) => ({ experiment, feedForward }));
}

const isWhole = ({ experiment }: Unit): boolean =>
  experiment !== null &&
  experiment.model !== null &&
  experiment.model.loss !== null &&
  experiment.optimizer !== null &&
  experiment.train !== null &&
  experiment.loop !== null &&
  experiment.unread.length === 0;

/** What keeps units from being read whole, most frequent first. */
function reasons(units: readonly Unit[]): BenchRow[] {
  const counts = new Map<string, number>();
  for (const { experiment } of units)
    for (const { text } of experiment?.unread.slice(0, 1) ?? []) counts.set(text, (counts.get(text) ?? 0) + 1);
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
