import type { LayerKind, Layers } from '../../../records/model/layers';
import { Arguments, numbersOf, stringsOf, type Call, type Handler } from '../../interpret/call';
import { dataStep, graphOperation, isTensorLike, opaqueOperation, tensorBinary } from '../../interpret/tensors';
import { numberValue, unknown, unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { dataOf, type TensorOperation } from './tensorOperation';
import { withAxis } from './tensorShaping';

const problemOf = (a: Arguments): Value | null => (a.problems[0] ? { kind: 'unknown', reason: a.problems[0] } : null);

/** The operations of one call, in short. */
interface Making {
  readonly node: <K extends LayerKind>(kind: K, args: Layers[K], ...inputs: readonly Value[]) => Value;
  readonly binary: (operator: string, left: Value, right: Value) => Value;
}

const making = (call: Call): Making => ({
  node: (kind, args, ...inputs) => graphOperation(call.machine, kind, args, inputs, call.range),
  binary: (operator, left, right) => tensorBinary(call.machine, operator, left, right, call.range),
});

const plain = (kind: LayerKind): TensorOperation => ({
  names: '',
  run: (x, a) => graphOperation(a.call.machine, kind, {} as Layers[typeof kind], [x], a.call.range),
});

const composed = (make: (x: Value, g: Making) => Value): TensorOperation => ({
  names: '',
  run: (x, a) => make(x, making(a.call)),
});

/** The axes of an argument: null for all of them, undefined when they are not known. */
function axesOf(a: Arguments, name: string): readonly number[] | null | undefined {
  const value = a.value(name) ?? a.value('axis');
  if (!value || value.kind === 'none') return null;
  return numbersOf(value) ?? undefined;
}

/** The order of a norm: a number, `float('inf')`, "fro". */
function orderOf(a: Arguments, name: string): number | null {
  const value = a.value(name);
  if (!value || value.kind === 'none' || (value.kind === 'string' && value.value === 'fro')) return 2;
  return value.kind === 'number' ? value.value : null;
}

const norm = (names: string, order: string): TensorOperation => ({
  names,
  run: (x, a) => {
    const p = orderOf(a, order);
    const axes = axesOf(a, 'dim');
    const keep = a.boolean('keepdim', false) || a.boolean('keepdims', false);
    a.rejectOthers('axis keepdims input');
    if (p === null || p === 0 || axes === undefined) return unreadable('This norm could not be read', a.call.range);
    return problemOf(a) ?? making(a.call).node('norm', { p, axes, keep }, x);
  },
});

/** x over max(‖x‖, eps), as in F.normalize. */
const normalize: TensorOperation = {
  names: 'p dim eps',
  run: (x, a) => {
    const [p, axis, epsilon] = [a.number('p', 2), a.number('dim', 1), a.number('eps', 1e-12)];
    a.rejectOthers('input');
    const g = making(a.call);
    const size = g.node('clamp', { low: epsilon, high: null }, g.node('norm', { p, axes: [axis], keep: true }, x));
    return problemOf(a) ?? g.node('divide', {}, x, size);
  },
};

/** x·y / √(max(‖x‖² ‖y‖², eps²)), as PyTorch 1; PyTorch 2 bounds each norm: equal where none is below eps. */
const cosine: TensorOperation = {
  names: 'x2 dim eps',
  run: (x, a) => {
    const y = a.value('x2') ?? unknown;
    const [axis, epsilon] = [a.number('dim', 1), a.number('eps', 1e-8)];
    a.rejectOthers('x1');
    const g = making(a.call);
    const over = { axes: [axis], keep: false };
    const bounded = (v: Value): Value => g.node('clamp', { low: epsilon, high: null }, g.node('norm', { p: 2, ...over }, v));
    const product = g.node('sum', over, g.node('multiply', {}, x, y));
    return problemOf(a) ?? g.node('divide', {}, product, g.node('multiply', {}, bounded(x), bounded(y)));
  },
};

/** ‖x - y + eps‖ along the last axis. */
const pairwiseDistance: TensorOperation = {
  names: 'x2 p eps keepdim',
  run: (x, a) => {
    const g = making(a.call);
    const [p, epsilon, keep] = [a.number('p', 2), a.number('eps', 1e-6), a.boolean('keepdim', false)];
    a.rejectOthers('x1');
    const difference = g.node('subtract', {}, x, a.value('x2') ?? unknown);
    return problemOf(a) ?? g.node('norm', { p, axes: [-1], keep }, g.binary('+', difference, numberValue(epsilon)));
  },
};

/** Distances of every row of x to every row of y. */
const distances: TensorOperation = {
  names: 'x2 p',
  run: (x, a) => {
    const g = making(a.call);
    const p = a.number('p', 2);
    a.rejectOthers('x1');
    const apart = g.node(
      'subtract',
      {},
      g.node('unsqueeze', { axis: -2 }, x),
      g.node('unsqueeze', { axis: -3 }, a.value('x2') ?? unknown),
    );
    return problemOf(a) ?? g.node('norm', { p, axes: [-1], keep: false }, apart);
  },
};

const logSumExp: TensorOperation = {
  names: 'dim keepdim',
  run: (x, a) => {
    const axes = axesOf(a, 'dim');
    const keep = a.boolean('keepdim', false);
    if (axes === undefined || axes === null) return unreadable('The axes could not be read', a.call.range);
    return problemOf(a) ?? making(a.call).node('logSumExp', { axes, keep }, x);
  },
};

const extreme = (kind: 'max' | 'min'): TensorOperation => ({
  names: 'dim keepdim',
  run: (x, a) => {
    const axes = axesOf(a, 'dim');
    if (axes === undefined) return unreadable('The axes could not be read', a.call.range);
    return making(a.call).node(kind, { axes, keep: a.boolean('keepdim', false) }, x);
  },
});

const cumulativeSum: TensorOperation = {
  names: 'dim',
  run: (x, a) => {
    const name = a.given('axis') ? 'axis' : 'dim';
    const array = dataOf(x);
    if (array) {
      const axis = a.optionalNumber(name);
      const shape = axis === null ? [null] : array.shape;
      return problemOf(a) ?? dataStep(a.call.machine, 'cumulate', { axis }, [array], a.call.range, { shape });
    }
    const axis = a.number(name);
    return problemOf(a) ?? making(a.call).node('cumulativeSum', { axis }, x);
  },
};

/** The product of every element of one vector with every one of another. */
const outer: TensorOperation = {
  names: 'vec2',
  run: (x, a) => {
    const call = a.call;
    const y = a.value('vec2') ?? unknown;
    const column = withAxis(x, 1, new Arguments({ ...call, positional: [], keywords: new Map() }, ''));
    return tensorBinary(call.machine, '*', column, y, call.range);
  },
};

/** `beta * input + alpha * (a @ b)`. */
const addedProduct: TensorOperation = {
  names: 'mat1 mat2 beta alpha',
  run: (x, a) => {
    const g = making(a.call);
    const [beta, alpha] = [a.number('beta', 1), a.number('alpha', 1)];
    const first = a.value('mat1') ?? a.value('batch1') ?? unknown;
    const product = g.binary('@', first, a.value('mat2') ?? a.value('batch2') ?? unknown);
    const scaled = (v: Value, by: number): Value => (by === 1 ? v : g.binary('*', v, numberValue(by)));
    return problemOf(a) ?? g.binary('+', scaled(x, beta), scaled(product, alpha));
  },
};

/** x + weight (end - x). */
const lerp: TensorOperation = {
  names: 'end weight',
  run: (x, a) => {
    const g = making(a.call);
    return g.binary('+', x, g.binary('*', g.binary('-', a.value('end') ?? unknown, x), a.value('weight') ?? unknown));
  },
};

const multiplied = (name: string): TensorOperation => ({
  names: name,
  run: (x, a) => making(a.call).binary('@', x, a.value(name) ?? unknown),
});

const logarithm = (base: number): TensorOperation =>
  composed((x, g) => g.binary('*', g.node('log', {}, x), numberValue(1 / Math.log(base), false)));

/** Mathematics of single tensors and of pairs, by their names as methods and functions. */
export const mathematicalOperations: Readonly<Record<string, TensorOperation>> = {
  reciprocal: plain('reciprocal'),
  rsqrt: composed((x, g) => g.node('power', { exponent: -0.5 }, x)),
  erf: plain('erf'),
  exp2: composed((x, g) => g.binary('**', numberValue(2), x)),
  expm1: composed((x, g) => g.binary('-', g.node('exp', {}, x), numberValue(1))),
  log2: logarithm(2),
  log10: logarithm(10),
  tan: composed((x, g) => g.node('divide', {}, g.node('sin', {}, x), g.node('cos', {}, x))),
  ceil: composed((x, g) => g.node('negate', {}, g.node('floor', {}, g.node('negate', {}, x)))),
  norm: norm('p dim keepdim', 'p'),
  normalize,
  cosine_similarity: cosine,
  pairwise_distance: pairwiseDistance,
  cdist: distances,
  logsumexp: logSumExp,
  amax: extreme('max'),
  amin: extreme('min'),
  cumsum: cumulativeSum,
  outer,
  ger: outer,
  bmm: multiplied('mat2'),
  mv: multiplied('vec'),
  addmm: addedProduct,
  baddbmm: { ...addedProduct, names: 'batch1 batch2 beta alpha' },
  lerp,
  glu: {
    names: 'dim',
    run: (x, a) => making(a.call).node('glu', { axis: a.number('dim', -1) }, x),
  },
};

/** Letters for the axes that `...` stands for. */
const spare = 'ABCDEFGHIJ';

/** The equation with `...` and the result written out; null when it is not understood. */
function resolved(equation: string, ranks: readonly (number | null)[]): string | null {
  const [left = '', right] = equation.replace(/\s/g, '').split('->');
  const terms = left.split(',');
  let widest = 0;
  for (const [k, term] of terms.entries()) {
    if (!term.includes('...')) continue;
    const rank = ranks[k];
    if (rank === null || rank === undefined) return null;
    widest = Math.max(widest, rank - (term.length - 3));
  }
  const letters = (count: number): string => spare.slice(widest - count, widest);
  const written = terms.map((term, k) => term.replace('...', letters((ranks[k] ?? 0) - (term.length - 3))));
  const counts = new Map<string, number>();
  for (const letter of written.join('')) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  const once = [...counts].flatMap(([letter, count]) => (count === 1 && !spare.includes(letter) ? [letter] : [])).sort();
  const result = right === undefined ? letters(widest) + once.join('') : right.replace('...', letters(widest));
  return /^[a-zA-Z,]*$/.test(written.join()) ? `${written.join()}->${result}` : null;
}

const einsum: Handler = (call) => {
  const [first, ...rest] = call.positional.map((p) => p.value);
  const equation = first ? stringsOf(first)?.[0] : undefined;
  const given = rest[0]?.kind === 'list' && rest.length === 1 ? rest[0].items : rest;
  const bad = given.find((value) => !isTensorLike(value));
  if (bad?.kind === 'unknown' && bad.reason) return bad;
  if (equation === undefined || bad || given.length === 0) return unreadable('This sum could not be read', call.range);
  const ranks = given.map((x) =>
    x.kind === 'tensor' || x.kind === 'array' ? ((x.kind === 'tensor' ? x.node.shape : x.shape)?.length ?? null) : null,
  );
  const written = resolved(equation, ranks);
  if (written === null) return opaqueOperation(call.machine, `einsum('${equation}')`, given, call.range);
  return graphOperation(call.machine, 'einsum', { equation: written }, given, call.range);
};

/** F.softmax's relatives and layers as functions are elsewhere; these take no tensor first. */
export const mathematicalFunctions: FunctionTable = {
  'torch.einsum': einsum,
  'torch.linalg.norm': (call) => asNorm(call, 'ord dim keepdim', 'ord'),
  'torch.linalg.vector_norm': (call) => asNorm(call, 'ord dim keepdim', 'ord'),
};

function asNorm(call: Call, names: string, order: string): Value {
  const [x, ...positional] = call.positional;
  return norm(names, order).run(x?.value ?? unknown, new Arguments({ ...call, positional }, names));
}
