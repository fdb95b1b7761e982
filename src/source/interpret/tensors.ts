import { combineSizes, type Size } from '../../graph/size';
import { sizeOf } from './call';
import type { DataKind, DataStep, DataSteps } from '../../records/dataSteps';
import type { LayerKind, Layers } from '../../records/model/layers';
import type { SourceRange } from '../../records/source';
import type { Array as DataArray } from '../values/dataValues';
import type { TraceNode } from '../values/trace';
import type { Value } from '../values/value';
import { tensorValue, unknown, unreadable } from '../values/value';
import { constantTensor, tensorOfForward } from './forwardTensors';
import { freshTensor, isFresh } from './freshTensors';
import { notKnown, type Machine } from './machine';
import { isOutside, nodeFromOutside, noRows } from './outsideRows';
import { rowwise } from './reach';
import { labelsAfter } from './rowLabels';
import { drawnForRows } from './rowPasses';
import { broadcastShapes, type PartialShape } from './shapes';
import { faultOf } from './sharedNumbers';
import { besideSingleRow, loopOfRow, singleRow } from './singleRows';

/** Whether what is put together of `parts` holds whole numbers; null when that is not known. */
export const jointInteger = (parts: readonly DataArray[]): boolean | null =>
  parts.every((part) => part.integer === true) ? true : parts.some((part) => part.integer === false) ? false : null;

/** True for values that live in the data program or in the traced graph. */
export const isTensorLike = (value: Value): value is DataArray | (Value & { readonly kind: 'tensor' }) =>
  value.kind === 'array' || value.kind === 'tensor';

/** Steps that leave statistics of columns their columns. */
const byLabel: ReadonlySet<DataKind> = new Set<DataKind>(['add', 'subtract', 'multiply', 'divide', 'compare', 'cast', 'unary']);

/** Steps that leave a table its rows, and so their names. */
const sameRows: ReadonlySet<DataKind> = new Set<DataKind>([
  'assign',
  'fillMissing',
  'drop',
  'renameColumns',
  'cast',
  'select',
  'toNumbers',
  'clip',
  'mapValues',
]);

/** The dates that name the rows of a step's result: rows that are left out or taken leave them out or take them there too. */
function indexAfter<K extends DataKind>(
  m: Machine,
  kind: K,
  given: DataSteps[K],
  [like, ...others]: readonly DataArray[],
  range: SourceRange,
): { readonly index?: DataArray } {
  if (!like?.index) return {};
  const isColumnSlice = kind === 'slice' && (given as DataSteps['slice']).axis > 0;
  if (sameRows.has(kind) || isColumnSlice) return { index: like.index };
  const isTaken = (like.flavour === 'frame' || like.flavour === 'series') && !like.row;
  if (!isTaken || (kind !== 'takeRows' && kind !== 'slice')) return {};
  return { index: dataStep(m, kind, given, [like.index, ...others], range, { shape: null, columns: like.index.columns }) };
}

/** Adds a data step and gives its result, which looks like its first input unless said otherwise. */
export function dataStep<K extends DataKind>(
  m: Machine,
  kind: K,
  given: DataSteps[K],
  inputs: readonly DataArray[],
  range: SourceRange,
  said: Partial<Omit<DataArray, 'kind' | 'step'>> = {},
): DataArray {
  const { args, result } = drawnForRows(m, kind, given, said) ?? { args: given, result: said };
  const like = inputs[0];
  const places = inputs.map((input) => input.step);
  const step = m.program.add(kind, args, places, range);
  const rowLabels = labelsAfter(
    { kind, arguments: args, inputs: places } as Pick<DataStep, 'kind' | 'arguments' | 'inputs'>,
    step,
    inputs,
  );
  const labelled = inputs.find((i) => i.labels)?.labels;
  const row = inputs.some((i) => i.row);
  const loops = inputs.flatMap((i) => i.loop ?? []);
  const made: DataArray = {
    kind: 'array',
    step,
    flavour: like?.flavour ?? 'numpy',
    shape: like?.shape ?? null,
    integer: like?.integer ?? null,
    columns: null,
    range,
    loop: loops.length > 0 ? Math.max(...loops) : null,
    mask: false,
    ...(labelled && byLabel.has(kind) ? { labels: labelled } : {}),
    ...indexAfter(m, kind, given, inputs, range),
    ...(rowLabels === undefined ? {} : { rowLabels }),
    row,
    fault:
      inputs.map((i) => faultOf(m, i)).find((f) => f !== null) ??
      (row && !rowwise.has(kind) ? { text: 'This change of single rows is not read', range } : null),
    ...result,
  };
  // As it is now: the script may change it in place.
  m.program.results.set(step, { ...made });
  return made;
}

/** A result of a step that has several. */
export function partOf(
  m: Machine,
  whole: DataArray,
  index: number,
  range: SourceRange,
  result: Partial<Omit<DataArray, 'kind' | 'step'>> = {},
): DataArray {
  return dataStep(m, 'part', { index }, [whole], range, result);
}

/** The rows of `array` as a node of the graph: a constant when it is one number, else a source. */
export function lifted(m: Machine, value: Value, range: SourceRange): TraceNode | null {
  if (value.kind === 'tensor') return value.node;
  if (isOutside(value) && (value.outside.batch || value.outside.rows)) return nodeFromOutside(m, value);
  if (value.kind === 'number') return m.trace.constant(value.value, value.origin?.place ?? range);
  if (value.kind === 'boolean') return m.trace.constant(Number(value.value), range);
  if (value.kind === 'size') return m.trace.add('size', { size: value.size }, [], range);
  if (value.kind !== 'array') return null;
  const fault = faultOf(m, value);
  if (fault) return m.trace.opaque('changed data', [], range, fault);
  const inside = tensorOfForward(m, value, range);
  if (inside) return inside;
  const step = m.program.steps[value.step];
  if (step?.kind === 'literal' && step.arguments.shape.length === 0)
    return m.trace.constant(step.arguments.values[0] ?? 0, value.range);
  const rowLoop = loopOfRow(m, value);
  if (rowLoop) return singleRow(m, value, rowLoop, range);
  if (value.row)
    return m.trace.opaque('one row at a time', [], range, { text: 'Training on one row at a time is not read', range });
  if (step?.kind === 'sizeNumber') return m.trace.add('size', step.arguments, [], range);
  const label = step?.kind === 'filled' && !isLikeState(value, step.arguments.value) && isMadeInBatches(m, value.step);
  const same = label ? constantTensor(m, value) : null;
  if (same) return same;
  const fresh = isFresh(m, value) ? freshTensor(m, value, range, (leaf, beside) => besideFresh(m, leaf, beside, range)) : null;
  if (fresh) return fresh;
  if (value.loop !== null && m.loops.some((l) => l.id === value.loop))
    return m.trace.opaque('fresh values', [], range, {
      text: 'These values are made anew in each pass of the loop',
      range: value.range,
    });
  return m.trace.source(value.step, null, value.shape, value.integer === true, value.range);
}

/** Zeros that may be the first state of a recurrent net, which a loop may carry on. */
const isLikeState = ({ shape }: DataArray, value: number): boolean =>
  value === 0 && (shape === null || shape.length === 3 || (shape.length === 2 && shape[1] !== 1));

/** Whether a step is made in the loop around, or is used in one over batches: labels of real and made-up rows, no data. */
const isMadeInBatches = (m: Machine, step: number): boolean =>
  m.loops.some((loop) => loop.batches) || step >= (m.currentLoop?.firstStep ?? Infinity);

/** What goes into values that are drawn anew: rows of data where it has as many of them, else numbers that were made before. */
function besideFresh(m: Machine, array: DataArray, beside: TraceNode | null, range: SourceRange): TraceNode | null {
  const isRowwise = beside?.shape && array.shape?.length === beside.shape.length && array.shape[0] === beside.shape[0];
  return (isRowwise ? null : constantTensor(m, array)) ?? lifted(m, array, range);
}

/** Adds a graph operation on values of any kind; `unknown` when one of them is no tensor. */
export function graphOperation<K extends LayerKind>(
  m: Machine,
  kind: K,
  args: Layers[K],
  inputs: readonly Value[],
  range: SourceRange,
): Value {
  const nodes: TraceNode[] = [];
  for (const input of inputs) {
    const node = lifted(m, input, range);
    if (input.kind === 'external') return { kind: 'unknown', reason: notKnown(input.path, range) };
    if (node === null) return isOutside(input) ? noRows(input) : input.kind === 'unknown' ? input : unknown;
    nodes.push(node);
  }
  return tensorValue(m.trace.add(kind, args, besideSingleRow(m, kind, nodes, range), range));
}

const operations = { '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide', '@': 'matmul', '**': 'power' } as const;

/** A scalar or array as an input of a data step; null for other values. */
export function asArray(m: Machine, value: Value, range: SourceRange): DataArray | null {
  if (value.kind === 'array') return value;
  if (value.kind === 'number' || value.kind === 'boolean') {
    const number = Number(value.value);
    const integer = value.kind === 'boolean' || value.integer;
    return dataStep(m, 'literal', { shape: [], values: [number], integer }, [], range, { flavour: 'numpy', shape: [], integer });
  }
  if (value.kind === 'size')
    return dataStep(m, 'sizeNumber', { size: value.size }, [], range, {
      flavour: 'numpy',
      shape: [],
      integer: true,
      size: value.size,
    });
  return null;
}

/** `left operator right` where one of them is a tensor or an array. */
export function tensorBinary(m: Machine, operator: string, left: Value, right: Value, range: SourceRange): Value {
  const kind = operations[operator as keyof typeof operations] as (typeof operations)[keyof typeof operations] | undefined;
  if (left.kind === 'tensor' || right.kind === 'tensor') {
    return graphBinary(m, operator, left, right, range);
  }
  const whole = sizesOf(operator, left, right);
  const [p, q] = [asArray(m, left, range), asArray(m, right, range)];
  const a = p && q ? besideRow(m, p, q, range) : p;
  const b = p && q ? besideRow(m, q, p, range) : q;
  if (!a || !b)
    return left.kind === 'unknown'
      ? left
      : right.kind === 'unknown'
        ? right
        : unreadable('This operation on data could not be read', range);
  if (kind) {
    const first = a.shape?.length === 0 ? b : a;
    const shape = kind === 'matmul' ? productShape(a.shape, b.shape) : broadcastShapes(a.shape, b.shape);
    const integer = operator === '/' ? false : a.integer === true && b.integer === true;
    const made = dataStep(m, kind, {}, [a, b], range, {
      flavour: first.flavour,
      shape,
      columns: first.columns,
      integer,
      mask: a.mask && b.mask,
      ...(whole === null ? {} : { size: whole }),
    });
    return made;
  }
  if ((operator === '&' || operator === '|') && a.mask && b.mask) {
    const made = dataStep(m, operator === '&' ? 'multiply' : 'add', {}, [a, b], range, { mask: true });
    return operator === '&' ? made : compareWith(m, '>', made, 0, range);
  }
  if (operator === '//' || operator === '%') {
    const quotient = dataStep(m, 'divide', {}, [a, b], range, { shape: broadcastShapes(a.shape, b.shape) });
    const whole = dataStep(m, 'unary', { function: 'floor' }, [quotient], range);
    const made =
      operator === '//' ? whole : dataStep(m, 'subtract', {}, [a, dataStep(m, 'multiply', {}, [whole, b], range)], range);
    const integer = a.integer === true && b.integer === true;
    return integer ? dataStep(m, 'cast', { to: 'integer' }, [made], range, { integer }) : { ...made, integer };
  }
  return unreadable(`The operator ${operator} on data is not read`, range);
}

/** One row's part with new axes in front, so that it goes with a part of more axes as NumPy spreads it. */
function besideRow(m: Machine, x: DataArray, other: DataArray, range: SourceRange): DataArray {
  if (!x.row || !x.shape || !other.shape) return x;
  const missing = other.shape.length - Number(other.row) - (x.shape.length - 1);
  let made = x;
  for (let i = 0; i < missing; i++) {
    const [rows = null, ...inner] = made.shape ?? [];
    made = dataStep(m, 'unsqueeze', { axis: 1 }, [made], range, { shape: [rows, 1, ...inner] });
  }
  return made;
}

/** Whole numbers and one that is added to them: `labels - 1`. */
function isCounting(left: Value, right: Value): boolean {
  const isWhole = (value: Value): boolean =>
    value.kind === 'tensor' ? value.node.integer : value.kind === 'number' && value.integer;
  return isWhole(left) && isWhole(right) && (left.kind === 'number' || right.kind === 'number');
}

/** `left operator right` in the graph. */
function graphBinary(m: Machine, operator: string, left: Value, right: Value, range: SourceRange): Value {
  const kind = operations[operator as keyof typeof operations] as (typeof operations)[keyof typeof operations] | undefined;
  if ((kind === 'add' || kind === 'subtract') && isCounting(left, right)) {
    const made = graphOperation(m, kind, {}, [left, right], range);
    return graphOperation(m, 'cast', { to: 'integer' }, [made], range);
  }
  if (kind && kind !== 'power') return graphOperation(m, kind, {}, [left, right], range);
  if (kind === 'power') {
    if (right.kind === 'number') return graphOperation(m, 'power', { exponent: right.value }, [left], range);
    if (left.kind !== 'number') return graphOperation(m, 'powerOf', {}, [left, right], range);
    if (left.value <= 0) return opaqueOperation(m, operator, [left, right], range);
    const base: Value = { kind: 'number', value: Math.log(left.value), integer: false, origin: left.origin };
    return graphOperation(m, 'exp', {}, [graphOperation(m, 'multiply', {}, [right, base], range)], range);
  }
  if (operator === '&' || operator === '|')
    return graphOperation(m, 'logical', { function: operator === '&' ? 'and' : 'or' }, [left, right], range);
  if (operator !== '//' && operator !== '%') return opaqueOperation(m, operator, [left, right], range);
  const quotient = graphOperation(m, 'floor', {}, [graphOperation(m, 'divide', {}, [left, right], range)], range);
  if (operator === '%')
    return graphOperation(m, 'subtract', {}, [left, graphOperation(m, 'multiply', {}, [quotient, right], range)], range);
  const whole = [left, right].every((v) => (v.kind === 'tensor' ? v.node.integer : v.kind === 'number' && v.integer));
  return whole ? graphOperation(m, 'cast', { to: 'integer' }, [quotient], range) : quotient;
}

/** The whole number that the result is, when both sides are such numbers. */
function sizesOf(operator: string, left: Value, right: Value): Size | null {
  if (operator !== '+' && operator !== '-' && operator !== '*') return null;
  const [a, b] = [sizeOf(left), sizeOf(right)];
  return a === null || b === null ? null : combineSizes(operator, a, b);
}

function productShape(a: PartialShape, b: PartialShape): PartialShape {
  if (!a || !b || a.length < 1 || b.length < 1) return null;
  return b.length === 1 ? a.slice(0, -1) : [...a.slice(0, -1), b[b.length - 1] ?? null];
}

export function compareWith(
  m: Machine,
  operator: DataSteps['compare']['function'],
  array: DataArray,
  value: number,
  range: SourceRange,
): DataArray {
  const other = asArray(m, { kind: 'number', value, integer: Number.isInteger(value), origin: null }, range) as DataArray;
  return dataStep(m, 'compare', { function: operator }, [array, other], range, { mask: true, integer: true, shape: array.shape });
}

/** A graph operation that only its name is known of; further ones may follow it, training through it may not. */
export function opaqueOperation(m: Machine, name: string, inputs: readonly Value[], range: SourceRange): Value {
  const nodes = inputs.flatMap((input) => {
    const node = isTensorLike(input) ? lifted(m, input, range) : null;
    return node ? [node] : [];
  });
  return tensorValue(m.trace.opaque(name, nodes, range));
}

const comparisons = new Set(['<', '<=', '>', '>=', '==', '!=']);

/** An elementwise comparison; predictions compared with targets are noted. */
export function compareTensors(m: Machine, operator: string, a: Value, b: Value, range: SourceRange): Value {
  if (!comparisons.has(operator)) return unknown;
  const functionName = operator as DataSteps['compare']['function'];
  if (a.kind === 'tensor' || b.kind === 'tensor') {
    const nodes = [a, b].flatMap((v) => (isTensorLike(v) ? [lifted(m, v, range)] : [])).flatMap((n) => (n ? [n] : []));
    m.record(range, { kind: 'compare', nodes });
    return graphOperation(m, 'compare', { function: functionName }, [a, b], range);
  }
  if (operator === '==' && a.kind === 'array' && (b.kind === 'string' || b.kind === 'number') && a.flavour === 'series')
    return dataStep(m, 'equals', { value: b.value }, [a], range, { mask: true, integer: true });
  if (operator === '!=' && a.kind === 'array' && b.kind === 'string' && a.flavour === 'series')
    return compareWith(m, '==', dataStep(m, 'equals', { value: b.value }, [a], range, { mask: true, integer: true }), 0, range);
  const isOrder = operator === '<' || operator === '<=' || operator === '>' || operator === '>=';
  if (isOrder && a.kind === 'array' && a.flavour === 'series' && b.kind === 'string' && /^\d{4}-\d\d-\d\d$/.test(b.value))
    return dataStep(m, 'compareDates', { function: operator, day: b.value }, [a], range, { mask: true, integer: true });
  if ((operator === '==' || operator === '!=') && a.kind === 'array' && a.flavour === 'frame' && b.kind === 'string') {
    const result = { mask: true, integer: true, columns: a.columns };
    const same = dataStep(m, 'isIn', { values: [b.value] }, [a], range, result);
    return operator === '==' ? same : { ...compareWith(m, '==', same, 0, range), columns: a.columns };
  }
  const left = asArray(m, a, range);
  const right = asArray(m, b, range);
  if (!left || !right) return unknown;
  return dataStep(m, 'compare', { function: functionName }, [left, right], range, {
    mask: true,
    integer: true,
    shape: broadcastShapes(left.shape, right.shape),
  });
}

/** `-x` and `~x`. */
export function tensorUnary(m: Machine, operator: string, value: Value, range: SourceRange): Value {
  if (operator === '+') return value;
  if (value.kind === 'tensor')
    return operator === '-'
      ? graphOperation(m, 'negate', {}, [value], range)
      : graphOperation(m, 'logical', { function: 'not' }, [value], range);
  if (value.kind !== 'array') return unknown;
  if (operator === '-') return dataStep(m, 'unary', { function: 'negate' }, [value], range);
  return value.mask ? compareWith(m, '==', value, 0, range) : unknown;
}

/** The size of an axis: known, or a symbol that the data bind. */
export function axisSize(m: Machine, array: DataArray, axis: number): Size {
  const known = array.shape?.[axis < 0 && array.shape ? axis + array.shape.length : axis];
  return known ?? m.program.symbol(array.step, { kind: 'size', axis });
}
