import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { never } from '../base/cancel';
import { MersenneTwister } from '../base/mersenne';
import { Random } from '../base/random';
import { bindSize, type Size } from '../graph/size';
import type { CsvOptions } from '../records/dataSources';
import type { DataKind, DataStep, DataStepOf, DataSymbol } from '../records/dataSteps';
import type { ColumnFacts, ProgramSoFar, SmallArray, TableLook } from '../records/tableLook';
import type { StepContext } from './context';
import { fault, type Outcome } from './fault';
import { FileAccess } from './files/access';
import { arrayHeader, type ArrayHeader } from './files/arrayHeader';
import { readCsvAtOnce } from './files/csv';
import { candidatesFor } from './files/locate';
import { lookExecutor } from './steps/looked';
import { symbolValue } from './symbols';
import { asTable, shapeOf, toArray, type Value } from './values';

/** Larger files are not looked at while a script is being read. */
const largestFile = 2_000_000;
/** Results that are kept, in cells; beyond it all are let go. */
const keptCells = 8_000_000;
/** Rows that rolling windows may go through in all while a script is being read. */
const mostRolled = 2_000_000;
/** More numbers than this are data, not settings of a loss. */
const fewNumbers = 4_096;

/** What a step gives; `certain` unless chance that no seed fixes has decided it. */
interface Looked {
  readonly value: Value;
  readonly certain: boolean;
  /** Equal for steps that give the same. */
  readonly id: number;
}

/** Where tables are looked for. */
export interface LookPlaces {
  /** Workspace folders. */
  readonly folders: readonly string[];
  /** A file or folder picked by the person, in place of one that is not there. */
  readonly dataPath?: string;
}

/** Executes the steps that a small table goes through while its script is being read, each once for a version of its file. */
export class FileLook implements TableLook {
  private readonly ids = new Map<string, number>();
  private readonly results = new Map<number, Value | null>();
  private cells = 0;

  constructor(private readonly places: () => LookPlaces) {}

  columns(program: ProgramSoFar, step: number, script: string): readonly ColumnFacts[] | null {
    const value = this.lookAt(program, step, script)?.value;
    return value?.kind === 'table' ? value.columns.map(({ label, type }) => ({ name: label, type })) : null;
  }

  numbers(program: ProgramSoFar, step: number, script: string): SmallArray | null {
    const looked = this.lookAt(program, step, script);
    const array = looked?.certain ? toArray(looked.value) : null;
    if (!array?.ok || array.value.tensor.values.length > fewNumbers) return null;
    const { shape, values } = array.value.tensor;
    return { shape, values: [...values], integer: values instanceof Int32Array };
  }

  array(path: string, key: string | null, script: string): ArrayHeader | null {
    const { folders, dataPath } = this.places();
    for (const file of [...candidatesFor(path, { script: dirname(script), folders }), ...inPlace(path, dataPath)])
      if (stampOf(file)) return arrayHeader(file, key);
    return null;
  }

  distinct(program: ProgramSoFar, step: number, script: string): readonly (string | number)[] | null {
    const looked = this.lookAt(program, step, script);
    if (!looked?.certain || (looked.value.kind !== 'table' && looked.value.kind !== 'array')) return null;
    const [column, ...others] = asTable(looked.value).columns;
    if (!column || others.length > 0) return null;
    const cells: readonly (string | number | null)[] = column.type === 'text' ? column.values : [...column.values];
    const different = [...new Set(cells)].filter((cell) => cell !== null && !Number.isNaN(cell));
    return different.length > fewNumbers ? null : different.flatMap((cell) => cell ?? []);
  }

  private lookAt(program: ProgramSoFar, step: number, script: string): Looked | null {
    if (this.cells > keptCells) {
      this.cells = 0;
      this.results.clear();
    }
    return new Look(this.places(), program, script, (key, make) => this.once(key, make)).at(step);
  }

  /** What `make` gives for a step that `key` says all about, made once. */
  private once(key: string, make: () => Value | null): { readonly id: number; readonly value: Value | null } {
    const id = this.ids.get(key) ?? this.ids.size;
    this.ids.set(key, id);
    let value = this.results.get(id);
    if (value === undefined) {
      value = make();
      this.results.set(id, value);
      this.cells += value ? cellsOf(value) : 1;
    }
    return { id, value };
  }
}

const cellsOf = (value: Value): number =>
  value.kind === 'parts'
    ? value.parts.reduce((sum, part) => sum + cellsOf(part), 0)
    : value.kind === 'fit'
      ? 1
      : shapeOf(value).reduce((cells, size) => cells * size, 1);

/** One look into one program. */
class Look {
  private readonly seen = new Map<number, Looked | null>();

  constructor(
    private readonly places: LookPlaces,
    private readonly program: ProgramSoFar,
    private readonly script: string,
    private readonly once: (key: string, make: () => Value | null) => { readonly id: number; readonly value: Value | null },
  ) {}

  at(index: number): Looked | null {
    const known = this.seen.get(index);
    if (known !== undefined) return known;
    this.seen.set(index, null);
    const looked = this.made(this.program.steps[index]);
    this.seen.set(index, looked);
    return looked;
  }

  private made(step: DataStep | undefined): Looked | null {
    if (!step) return null;
    if (step.kind === 'readCsv') return this.read(step.arguments);
    const execute = lookExecutor(step.kind);
    const inputs = step.inputs.map((input) => this.at(input));
    const bound = execute ? this.bound(step.arguments) : null;
    const all = inputs.filter((input) => input !== null);
    if (!execute || !bound || all.length < inputs.length) return null;
    if (step.kind === 'rolling' && all[0] && cellsOf(all[0].value) * step.arguments.window > mostRolled) return null;
    const key = JSON.stringify([step.kind, bound.value, all.map(({ id }) => id)]);
    const { id, value } = this.once(key, () => run(step, bound.value, all, this.places));
    const isDrawn = drawing.has(step.kind) && (step.arguments as { seed?: number | null }).seed === null;
    return value ? { id, value, certain: !isDrawn && bound.certain && all.every(({ certain }) => certain) } : null;
  }

  private read(settings: CsvOptions): Looked | null {
    const { folders, dataPath } = this.places;
    const candidates = candidatesFor(settings.path, { script: dirname(this.script), folders });
    for (const path of [...candidates, ...inPlace(settings.path, dataPath)]) {
      const stamp = stampOf(path);
      if (!stamp) continue;
      if (stamp.size > largestFile || /\.(gz|zip|bz2|xz)$/i.test(path)) return null;
      const { id, value } = this.once(JSON.stringify([path, stamp, settings]), () => tableIn(path, stamp.size, settings));
      return value ? { id, value, certain: true } : null;
    }
    return null;
  }

  /** Arguments with numbers in place of sizes that the data decide; null when one of them is not known. */
  private bound(given: unknown): { readonly value: unknown; readonly certain: boolean } | null {
    if (typeof given !== 'object' || given === null) return { value: given, certain: true };
    if ('symbol' in given && typeof given.symbol === 'string') return this.size(this.program.symbols[given.symbol]);
    const inner = Object.entries(given).map(([name, one]) => [name, this.bound(one)] as const);
    const known = inner.flatMap(([name, one]) => (one ? [[name, one] as const] : []));
    if (known.length < inner.length) return null;
    const certain = known.every(([, one]) => one.certain);
    if (Array.isArray(given)) return { value: known.map(([, one]) => one.value), certain };
    return { value: Object.fromEntries(known.map(([name, one]) => [name, one.value])), certain };
  }

  private size(symbol: DataSymbol | undefined): { readonly value: number; readonly certain: boolean } | null {
    const looked = symbol ? this.at(symbol.step) : null;
    if (!symbol || !looked) return null;
    const value = symbolValue(symbol, looked.value);
    return value.ok ? { value: value.value, certain: looked.certain || symbol.property.kind === 'size' } : null;
  }
}

/** Steps whose result a missing seed leaves to chance. */
const drawing: ReadonlySet<DataKind> = new Set<DataKind>(['shuffleRows', 'shuffledOrder', 'trainTestSplit', 'foldRows']);

function run(step: DataStep, settings: unknown, inputs: readonly Looked[], { folders }: LookPlaces): Value | null {
  const execute = lookExecutor(step.kind) as ((...all: unknown[]) => unknown) | undefined;
  const context: StepContext = {
    files: new FileAccess({ script: '', folders }, undefined, undefined),
    maximumBytes: largestFile * 32,
    seed: 0,
    cancel: never,
    bundled: '',
    size: (size: Size) => {
      const value = bindSize(size, {});
      return value === null ? fault('A size that this needs is not known.') : { ok: true, value };
    },
    selection: (seed) => new Random(seed ?? 0),
    numpySelection: (seed) => new MersenneTwister(seed ?? 0),
    generator: (seed) => new Random(seed ?? 0),
    assume: () => undefined,
  };
  const made = execute?.(
    settings as DataStepOf<DataKind>['arguments'],
    inputs.map(({ value }) => value),
    context,
  );
  const outcome = made instanceof Promise ? null : (made as Outcome<Value> | undefined);
  return outcome?.ok ? outcome.value : null;
}

/** Where a file that is not there is read instead: the picked file, or the one of its name in the picked folder. */
const inPlace = (path: string, picked: string | undefined): string[] =>
  picked === undefined ? [] : [picked, join(picked, basename(path.replaceAll('\\', '/')))];

function stampOf(path: string): { readonly size: number; readonly modified: number } | null {
  try {
    const entry = statSync(path);
    return entry.isFile() ? { size: entry.size, modified: entry.mtimeMs } : null;
  } catch {
    return null;
  }
}

function tableIn(path: string, fileBytes: number, settings: CsvOptions): Value | null {
  const bound = { maximumBytes: largestFile * 32, seed: 0, fileBytes, rate: 1 };
  let table;
  try {
    table = readCsvAtOnce(path, readFileSync(path), settings, bound);
  } catch {
    return null; // It went away, or may not be read.
  }
  if (!table.ok) return null;
  const { columns, rows, ofRows, kept } = table.value;
  return kept < 1 ? null : { kind: 'table', columns, length: rows.length, single: false, rows, ofRows, kept, pixels: false };
}
