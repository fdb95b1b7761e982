import type { Size } from '../../graph/size';
import type { DataKind, DataStepOf, DataSteps } from '../../records/dataSteps';
import type { LayerKind, Layers } from '../../records/model/layers';
import type { SourceRange } from '../../records/source';
import type { Array as DataArray } from '../values/dataValues';
import type { TraceNode } from '../values/trace';
import type { Machine } from './machine';
import { hasRows, isRows } from './shapes';

/** What stands for an input of a data step that is not drawn anew. */
type Leaf = (array: DataArray, beside: TraceNode | null) => TraceNode | null;

/** The operations of the graph that one data step is. */
interface Site {
  readonly m: Machine;
  readonly array: DataArray;
  readonly range: SourceRange;
  readonly inputs: readonly TraceNode[];
  readonly node: <K extends LayerKind>(kind: K, args: Layers[K], ...inputs: readonly TraceNode[]) => TraceNode;
  readonly number: (value: number) => TraceNode;
}

type Rule<K extends DataKind> = (step: DataStepOf<K>, site: Site) => TraceNode | null;

const first = (site: Site): TraceNode | null => site.inputs[0] ?? null;

const binary =
  (kind: 'add' | 'subtract' | 'multiply' | 'divide' | 'matmul'): Rule<DataKind> =>
  (_step, { node, inputs: [a, b] }) =>
    a && b ? node(kind, {}, a, b) : null;

/** `scale · x + offset`, without what changes nothing. */
function linear(x: TraceNode, scale: number, offset: number, { node, number }: Site): TraceNode {
  const scaled = scale === 1 ? x : node('multiply', {}, x, number(scale));
  return offset === 0 ? scaled : node('add', {}, scaled, number(offset));
}

const drawn = (distribution: Layers['noise']['distribution'], shape: Layers['noise']['shape'], { node }: Site): TraceNode =>
  node('noise', { distribution, shape, call: 0 });

const unary: Rule<'unary'> = ({ arguments: args }, site) => {
  const x = first(site);
  if (!x) return null;
  if (args.function === 'square') return site.node('power', { exponent: 2 }, x);
  if (args.function === 'log1p') return site.node('log', {}, site.node('add', {}, x, site.number(1)));
  return isGraphKind(args.function) ? site.node(args.function, {}, x) : null;
};

type DataFunction = DataSteps['unary']['function'];

/** Functions of single entries that the graph has too. */
const isGraphKind = (name: DataFunction): name is DataFunction & LayerKind => graphFunctions.has(name);

const graphFunctions: ReadonlySet<string> = new Set('negate abs exp log sqrt sin cos tanh sign round floor'.split(' '));

const reduce: Rule<'reduce'> = ({ arguments: { function: name, axis, keep, correction } }, site) => {
  const x = first(site);
  if (!x || name === 'median' || name === 'product' || name === 'argMax' || name === 'argMin') return null;
  const over = { axes: axis === null ? null : [axis], keep };
  if (name === 'std') return site.node('deviation', { ...over, correction }, x);
  if (name === 'var') return site.node('variance', { ...over, correction }, x);
  return site.node(name, over, x);
};

/** Data steps as operations of the graph. */
const rules: { readonly [K in DataKind]?: Rule<K> } = {
  randomNormal: ({ arguments: { shape, deviation, mean } }, site) => linear(drawn('normal', shape, site), deviation, mean, site),
  randomUniform: ({ arguments: { shape, low, high } }, site) => linear(drawn('uniform', shape, site), high - low, low, site),
  randomInteger: ({ arguments: { shape, low, high } }, site) => {
    if (!Number.isFinite(high - low)) return null;
    const scaled = linear(drawn('uniform', shape, site), high - low, low, site);
    return site.node('cast', { to: 'integer' }, site.node('floor', {}, scaled));
  },
  randomPermutation: ({ arguments: { size } }, site) => site.node('cast', { to: 'integer' }, drawn('permutation', [size], site)),
  filled: ({ arguments: args }, site) => site.node('filled', args),
  // 0 … n-1 as a running sum of ones.
  arange: ({ arguments: { start, end, step } }, site) =>
    start === 0 && step === 1 && isRows(end as Size)
      ? site.node(
          'cast',
          { to: 'integer' },
          site.node(
            'subtract',
            {},
            site.node('cumulativeSum', { axis: 0 }, site.node('filled', { shape: [end], value: 1 })),
            site.number(1),
          ),
        )
      : null,
  add: binary('add'),
  subtract: binary('subtract'),
  multiply: binary('multiply'),
  divide: binary('divide'),
  matmul: binary('matmul'),
  power: (_step, { node, inputs: [x, exponent] }) =>
    x && exponent?.kind === 'constant' && 'value' in exponent.arguments
      ? node('power', { exponent: Number(exponent.arguments.value) }, x)
      : null,
  unary,
  reduce,
  clip: ({ arguments: args }, site) => site.node('clamp', args, ...site.inputs),
  compare: ({ arguments: args }, site) => site.node('compare', args, ...site.inputs),
  cast: ({ arguments: args }, site) => site.node('cast', args, ...site.inputs),
  reshape: ({ arguments: args }, site) => site.node('reshape', args, ...site.inputs),
  unsqueeze: ({ arguments: args }, site) => site.node('unsqueeze', args, ...site.inputs),
  squeeze: ({ arguments: args }, site) => site.node('squeeze', args, ...site.inputs),
  flatten: ({ arguments: args }, site) => site.node('flatten', args, ...site.inputs),
  toTensor: (_step, site) => first(site),
  transpose: ({ arguments: { order } }, site) => {
    const rank = first(site)?.shape?.length;
    const axes = order ?? (rank === undefined ? null : Array.from({ length: rank }, (_, i) => rank - 1 - i));
    return axes && site.node('permute', { order: axes }, ...site.inputs);
  },
  concatenate: ({ arguments: args }, site) => site.node('concatenate', args, ...site.inputs),
  stack: ({ arguments: { axis } }, site) =>
    site.node('concatenate', { axis }, ...site.inputs.map((x) => site.node('unsqueeze', { axis }, x))),
  slice: ({ arguments: { axis, start, end, step } }, site) =>
    (start === null || typeof start === 'number') && (end === null || typeof end === 'number')
      ? site.node('slice', { axis, start: start ?? 0, end, step }, ...site.inputs)
      : null,
  index: ({ arguments: { axis, at } }, site) =>
    site.node(
      'squeeze',
      { axis },
      site.node('slice', { axis, start: at, end: at === -1 ? null : at + 1, step: 1 }, ...site.inputs),
    ),
  oneHot: ({ arguments: { classes } }, site) => (classes === null ? null : site.node('oneHot', { classes }, ...site.inputs)),
  takeRows: (_step, { node, inputs: [x, places] }) => (x && places?.integer ? node('take', { axis: 0 }, x, places) : null),
};

/** Nodes of values that are drawn anew, by their data step: the same numbers each time within a pass. */
const entered = new WeakMap<Machine, Map<number, TraceNode | null>>();

/** True for values that the innermost open loop draws anew in each of its passes, and for others that have a row for each of the batch. */
export const isFresh = (m: Machine, array: DataArray): boolean =>
  (array.loop !== null && array.loop === m.currentLoop?.id) || (array.shape?.some(hasRows) ?? false);

/**
 * What a script draws in each pass of a loop, and computes from it, as operations of the graph over random numbers. `leaf` makes
 * nodes of what goes in and is not drawn anew. Null where a step is none that the graph has.
 */
export function freshTensor(m: Machine, array: DataArray, range: SourceRange, leaf: Leaf): TraceNode | null {
  let memory = entered.get(m);
  if (memory === undefined) entered.set(m, (memory = new Map()));
  const known = memory.get(array.step);
  if (known !== undefined) return known;
  memory.set(array.step, null);
  m.tick();
  const made = computed(m, array, range, leaf);
  memory.set(array.step, made);
  return made;
}

function computed(m: Machine, array: DataArray, range: SourceRange, leaf: Leaf): TraceNode | null {
  const step = m.program.steps[array.step];
  const rule = step ? (rules[step.kind] as Rule<DataKind> | undefined) : undefined;
  if (!step || !rule) return null;
  const arrays = step.inputs.map((index) => m.program.results.get(index) ?? null);
  const fresh = arrays.map((input) => (input && isFresh(m, input) ? freshTensor(m, input, range, leaf) : null));
  const beside = fresh.find((node) => node !== null) ?? null;
  const inputs: TraceNode[] = [];
  for (const [i, input] of arrays.entries()) {
    const rows = step.kind === 'matmul' && i === 1 ? null : beside;
    const node = input === null ? null : isFresh(m, input) ? (fresh[i] ?? null) : leaf(input, rows);
    if (node === null) return null;
    inputs.push(node);
  }
  const made = rule(step as never, {
    m,
    array,
    range: array.range,
    inputs,
    node: (kind, args, ...given) => m.trace.add(kind, args, given, array.range),
    number: (value) => m.trace.constant(value, array.range),
  });
  // A sum of whole numbers and sizes is one of whole numbers.
  return made && array.integer === true && !made.integer && made.kind !== 'compare'
    ? m.trace.add('cast', { to: 'integer' }, [made], array.range)
    : made;
}
