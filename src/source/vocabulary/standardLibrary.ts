import type { Call, Handler } from '../interpret/call';
import { iterationOf } from '../interpret/iteration';
import { compute, joinPath } from '../interpret/operators';
import { axisSize, dataStep } from '../interpret/tensors';
import { listValue, none, numberValue, stringValue, unknown, type Value } from '../values/value';
import { iterator, pythonTable, range } from './builtins';
import type { FunctionTable } from './functionTable';

const first = (call: Call): Value => call.positional[0]?.value ?? unknown;

const mathFunction =
  (compute1: (x: number) => number): Handler =>
  (call) => {
    const value = first(call);
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
  floor: Math.floor,
  ceil: Math.ceil,
  abs: Math.abs,
  fabs: Math.abs,
};

/** `math.NAME` and the builtins. */
export const standardTable: FunctionTable = {
  ...pythonTable,
  ...Object.fromEntries(Object.entries(numberFunctions).map(([name, f]) => [`math.${name}`, mathFunction(f)])),
  'random.shuffle': (call) => {
    const value = first(call);
    if (value.kind === 'list') value.shuffled = true;
    else if (value.kind === 'array' && call.machine.program.steps[value.step]?.kind === 'arange') {
      const size = axisSize(call.machine, value, 0);
      value.step = dataStep(call.machine, 'randomPermutation', { size, seed: call.machine.seeds.python }, [], call.range).step;
    } else if (value.kind === 'array') value.fault = { text: 'This shuffle of the data could not be read', range: call.range };
    return none;
  },
  'math.ceil': (call) => (first(call).kind === 'size' ? unknown : mathFunction(Math.ceil)(call)),
  'math.pow': (call) => {
    const [a, b] = [first(call), call.positional[1]?.value];
    const value = a.kind === 'number' && b?.kind === 'number' ? compute('**', a.value, b.value) : null;
    return value === null ? unknown : numberValue(value, false, { place: call.range, chain: [] });
  },
  'os.path.join': (call) => {
    const strings = call.positional.map((a) => a.value);
    if (!strings.every((s) => s.kind === 'string')) return strings.find((s) => s.kind === 'unknown') ?? unknown;
    return stringValue(strings.map((s) => s.value).reduce(joinPath, ''), { place: call.range, chain: [] });
  },
  'os.path.dirname': () => stringValue(''),
  'os.path.abspath': first,
  'os.path.realpath': first,
  'os.path.expanduser': first,
  'os.path.exists': () => unknown,
  'os.path.isfile': () => unknown,
  'pathlib.Path': first,
  'os.getcwd': () => stringValue(''),
  'copy.deepcopy': first,
  'copy.copy': first,
  'collections.OrderedDict': (call) => (pythonTable['builtins.dict'] as Handler)(call),
  'collections.defaultdict': () => ({ kind: 'dict', entries: new Map() }),
  'itertools.chain': (call) => {
    const parts = call.positional.map((a) => iterationOf(call.machine, a.value, a.range));
    return parts.every((p) => p.kind === 'items') ? listValue(parts.flatMap((p) => p.items)) : unknown;
  },
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
  'tqdm.tqdm': iterator('plain'),
  'tqdm.trange': range,
  'tqdm.notebook.tqdm': iterator('plain'),
  'tqdm.auto.tqdm': iterator('plain'),
  'tqdm.auto.trange': range,
};
