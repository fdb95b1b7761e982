import { Arguments, sizeOf, type Call, type Handler } from '../../interpret/call';
import { callValue } from '../../interpret/calls';
import { recordsOf, recordsValue } from '../../interpret/fileRecords';
import { moduleNamed } from '../../interpret/imports';
import { compute } from '../../interpret/operators';
import { withoutPass } from '../../interpret/rowLoops';
import { axisSize, dataStep } from '../../interpret/tensors';
import { shuffleRows } from '../../interpret/shuffledRows';
import { listValue, none, numberValue, unknown, unreadable, type Value } from '../../values/value';
import { iterator, range } from './builtins';
import { roundedSize } from '../../values/sizeRoundings';
import type { FunctionTable } from '../functionTable';
import { copiedModule } from '../layers/moduleCopies';

const first = (call: Call): Value => call.positional[0]?.value ?? unknown;

const mathFunction =
  (compute1: (x: number) => number, name = ''): Handler =>
  (call) => {
    const value = withoutPass(call.machine, first(call), call.range);
    if (value.kind === 'array' && name !== '' && (value.row || value.shape?.length === 0))
      return callValue(
        call.machine,
        { kind: 'external', path: `torch.${name}` },
        { ...call, positional: [{ value, range: call.range }] },
      );
    if (value.kind === 'size') return roundedSize(name, value) ?? unknown;
    if (value.kind !== 'number') return value.kind === 'unknown' ? value : unknown;
    const result = compute1(value.value);
    return Number.isNaN(result)
      ? unknown
      : numberValue(result, Number.isInteger(result) && value.integer, { place: call.range, chain: [] });
  };

/** Plain functions on numbers, by the names that `math` and NumPy share. */
export const numberFunctions: Readonly<Record<string, (x: number) => number>> = {
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  tanh: Math.tanh,
  sinh: Math.sinh,
  cosh: Math.cosh,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  arcsin: Math.asin,
  arccos: Math.acos,
  arctan: Math.atan,
  radians: (x) => (x * Math.PI) / 180,
  deg2rad: (x) => (x * Math.PI) / 180,
  floor: Math.floor,
  ceil: Math.ceil,
  abs: Math.abs,
  fabs: Math.abs,
};

/** `csv.reader(file)` and `csv.DictReader(file)`. */
function linesRead(form: 'fields' | 'named', call: Call): Value {
  const a = new Arguments(call, 'csvfile');
  const records = recordsOf(a.value('csvfile') ?? unknown);
  const separator = a.string('delimiter', ',');
  a.rejectOthers('delimiter quotechar');
  if (records?.form !== 'lines' || a.problems.length > 0 || separator.length !== 1)
    return unreadable('The lines of this file are not read', call.range);
  return recordsValue({ ...records, form, separator });
}

/** `importlib.import_module('.unet', package='models')`: the module that a text names. */
const importedModule: Handler = (call) => {
  const a = new Arguments(call, 'name package');
  const [name, of] = [a.value('name'), a.value('package')];
  if (name?.kind !== 'string')
    return name?.kind === 'unknown' && name.reason
      ? name
      : unreadable('Which module is imported here could not be read', call.range);
  const dots = /^\.*/.exec(name.value)?.[0].length ?? 0;
  if (dots === 0) return moduleNamed(call.machine, call.scope.path, name.value);
  if (of?.kind !== 'string') return unreadable('The package of this module could not be read', call.range);
  // `__package__` and `__name__` stand for the file that they are in.
  if (of.value.endsWith('.py')) return moduleNamed(call.machine, of.value, name.value);
  const parts = of.value.split('.');
  const above = parts.slice(0, parts.length - (dots - 1));
  return moduleNamed(call.machine, call.machine.mainPath, [...above, name.value.slice(dots)].join('.'));
};

/** `math.NAME` and other modules of the standard library; functions of other tables are looked up when they are called. */
export const standardTable: FunctionTable = {
  ...Object.fromEntries(Object.entries(numberFunctions).map(([name, f]) => [`math.${name}`, mathFunction(f, name)])),
  'importlib.import_module': importedModule,
  'random.sample': (call) => {
    const [from, count] = [first(call), call.positional[1]?.value ?? call.keywords.get('k')?.value ?? unknown];
    const high = from.kind === 'range' && from.start.kind === 'number' && from.start.value === 0 ? sizeOf(from.stop) : null;
    const m = call.machine;
    if (high === null || count.kind !== 'number') return unreadable('What is drawn here could not be read', call.range);
    const order = dataStep(m, 'randomPermutation', { size: high, seed: m.drawSeed('python') }, [], call.range, {
      shape: [high],
      integer: true,
      loop: m.currentLoop?.id ?? null,
    });
    return dataStep(m, 'slice', { axis: 0, start: null, end: count.value, step: 1 }, [order], call.range, {
      shape: [count.value],
    });
  },
  'csv.reader': (call) => linesRead('fields', call),
  'csv.DictReader': (call) => linesRead('named', call),
  'random.shuffle': (call) => {
    const value = first(call);
    if (value.kind === 'list') value.shuffled = !shuffleRows(call.machine, value, call.range);
    else if (value.kind === 'array' && call.machine.program.steps[value.step]?.kind === 'arange') {
      const size = axisSize(call.machine, value, 0);
      value.step = dataStep(
        call.machine,
        'randomPermutation',
        { size, seed: call.machine.drawSeed('python') },
        [],
        call.range,
      ).step;
    } else if (value.kind === 'array') value.fault = { text: 'This shuffle of the data could not be read', range: call.range };
    return none;
  },
  'math.ceil': mathFunction(Math.ceil, 'ceil'),
  'math.pow': (call) => {
    const [a, b] = [first(call), call.positional[1]?.value];
    const value = a.kind === 'number' && b?.kind === 'number' ? compute('**', a.value, b.value) : null;
    return value === null ? unknown : numberValue(value, false, { place: call.range, chain: [] });
  },
  'copy.deepcopy': (call) => copiedModule(call.machine, first(call)),
  'copy.copy': first,
  'functools.partial': (call) => {
    const [callee, ...rest] = call.positional;
    if (callee?.value.kind !== 'function' && callee?.value.kind !== 'external') return unknown;
    return {
      kind: 'namespace',
      entries: new Map<string, Value>([
        ['__callee', callee.value],
        ['__arguments', listValue(rest.map((a) => a.value))],
        ['__keywords', { kind: 'dict', entries: new Map([...call.keywords].map(([k, a]) => [k, a.value])) }],
      ]),
      missing: '`%` is not an attribute of a partial function',
    };
  },
  'tqdm.tqdm': (call) => iterator('plain')(call),
  'tqdm.trange': (call) => range(call),
  'tqdm.notebook.tqdm': (call) => iterator('plain')(call),
  'tqdm.auto.tqdm': (call) => iterator('plain')(call),
  'tqdm.auto.trange': (call) => range(call),
  'tqdm.notebook.trange': (call) => range(call),
  'tqdm.notebook.tqdm_notebook': (call) => iterator('plain')(call),
  'rich.progress.track': (call) => iterator('plain')(call),
  'fastprogress.progress_bar': (call) => iterator('plain')(call),
  'fastprogress.fastprogress.progress_bar': (call) => iterator('plain')(call),
  'fastprogress.master_bar': (call) => iterator('plain')(call),
};
