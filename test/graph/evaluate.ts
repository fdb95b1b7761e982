import type { ConvGeometry, Operation, Tensor } from '../../src/graph/operations';
import { sizeOf } from '../../src/graph/operations';
import { inputAt } from '../../src/graph/shapes';
import { ancestors } from '../../src/graph/traverse';

/** Elements of a tensor in row-major order; masks are 0 and 1. */
export type Elements = Float64Array;

type Rule<K extends Operation> = (node: Tensor<K>, inputs: readonly Elements[]) => Elements;

/** The multi-index of the element at `position`. */
export function indexOf(shape: readonly number[], position: number): number[] {
  const index = shape.map(() => 0);
  let rest = position;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1;
    index[axis] = rest % size;
    rest = Math.floor(rest / size);
  }
  return index;
}

/** The position of the element at `index`. */
export function positionOf(shape: readonly number[], index: readonly number[]): number {
  return shape.reduce((position, size, axis) => position * size + (index[axis] ?? 0), 0);
}

function replaced(index: readonly number[], axis: number, value: number): readonly number[] {
  return index.map((other, place) => (place === axis ? value : other));
}

function make(shape: readonly number[], element: (index: readonly number[]) => number): Elements {
  return Float64Array.from({ length: sizeOf(shape) }, (_, position) => element(indexOf(shape, position)));
}

const at = (values: Elements | undefined, position: number): number => values?.[position] ?? NaN;
const shapeOf = (node: Tensor, place = 0): readonly number[] => inputAt(node.inputs, place).shape;

function each<K extends Operation>(f: (...values: number[]) => number): Rule<K> {
  return (node, inputs) =>
    Float64Array.from({ length: sizeOf(node.shape) }, (_, i) => f(...inputs.map((values) => at(values, i))));
}

/** Groups the elements of the input by the output element they go to. */
function grouped(node: Tensor<'sum' | 'max'>, values: Elements, join: (group: readonly number[]) => number): Elements {
  const { axes } = node.attributes;
  const groups = Array.from({ length: sizeOf(node.shape) }, (): number[] => []);
  const kept = shapeOf(node).map((size, axis) => (axes.includes(axis) ? 1 : size));
  values.forEach((value, position) => {
    const index = indexOf(shapeOf(node), position).map((i, axis) => (axes.includes(axis) ? 0 : i));
    groups[positionOf(kept, index)]?.push(value);
  });
  return Float64Array.from(groups, join);
}

function alongAxis(
  node: Tensor<'softmax' | 'logSoftmax'>,
  x: Elements,
  f: (value: number, all: readonly number[]) => number,
): Elements {
  const { axis } = node.attributes;
  return make(node.shape, (index) => {
    const line = Array.from({ length: node.shape[axis] ?? 1 }, (_, i) => at(x, positionOf(node.shape, replaced(index, axis, i))));
    return f(at(x, positionOf(node.shape, index)), line);
  });
}

/** erf by its Maclaurin series, which is enough for |x| < 3. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 80; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** Every operation by its definition, element by element: the reference that the engine is held against. */
const rules: { readonly [K in Operation]: Rule<K> } = {
  input: ({ attributes }) => {
    throw new Error(`no value for ${attributes.name}`);
  },
  constant: ({ attributes: { data } }) => Float64Array.from(data),
  fill: ({ attributes: { value, shape } }) => make(shape, () => value),
  neg: each((x) => -x),
  exp: each(Math.exp),
  log: each(Math.log),
  sqrt: each(Math.sqrt),
  reciprocal: each((x) => 1 / x),
  abs: each(Math.abs),
  sign: each(Math.sign),
  tanh: each(Math.tanh),
  sigmoid: each((x) => 1 / (1 + Math.exp(-x))),
  relu: each((x) => Math.max(x, 0)),
  step: each((x) => (x > 0 ? 1 : 0)),
  softplus: each((x) => Math.log1p(Math.exp(x))),
  erf: each(erf),
  sin: each(Math.sin),
  cos: each(Math.cos),
  floor: each(Math.floor),
  power: (node, [x]) => Float64Array.from(x ?? [], (value) => value ** node.attributes.exponent),
  stopGradient: each((x) => x),
  cast: (node, [x]) =>
    Float64Array.from(x ?? [], (v) => (node.dtype === 'int32' ? Math.trunc(v) : node.dtype === 'bool' ? +(v !== 0) : v)),
  not: each((x) => 1 - x),
  isFinite: each((x) => +Number.isFinite(x)),
  add: each((a, b) => (a ?? 0) + (b ?? 0)),
  sub: each((a, b) => (a ?? 0) - (b ?? 0)),
  mul: each((a, b) => (a ?? 0) * (b ?? 0)),
  div: each((a, b) => (a ?? 0) / (b ?? 0)),
  maximum: each(Math.max),
  minimum: each(Math.min),
  greater: each((a, b) => +((a ?? 0) > (b ?? 0))),
  greaterOrEqual: each((a, b) => +((a ?? 0) >= (b ?? 0))),
  equal: each((a, b) => +(a === b)),
  and: each((a, b) => +(a !== 0 && b !== 0)),
  or: each((a, b) => +(a !== 0 || b !== 0)),
  where: each((mask, a, b) => (mask ? (a ?? 0) : (b ?? 0))),
  matmul: (node, [a, b]) => {
    const { transposeA, transposeB } = node.attributes;
    const inner = shapeOf(node).at(transposeA ? -2 : -1) ?? 1;
    return make(node.shape, (index) => {
      const [lead, row, column] = [index.slice(0, -2), index.at(-2) ?? 0, index.at(-1) ?? 0];
      let total = 0;
      for (let k = 0; k < inner; k++)
        total +=
          at(a, positionOf(shapeOf(node), [...lead, ...(transposeA ? [k, row] : [row, k])])) *
          at(b, positionOf(shapeOf(node, 1), [...lead, ...(transposeB ? [column, k] : [k, column])]));
      return total;
    });
  },
  sum: (node, [x]) => grouped(node, x ?? new Float64Array(), (group) => group.reduce((total, value) => total + value, 0)),
  max: (node, [x]) => grouped(node, x ?? new Float64Array(), (group) => Math.max(...group)),
  argMax: (node, [x]) =>
    make(node.shape, (index) => {
      const { axis } = node.attributes;
      const line = Array.from({ length: shapeOf(node)[axis] ?? 1 }, (_, i) =>
        at(x, positionOf(shapeOf(node), [...index.slice(0, axis), i, ...index.slice(axis)])),
      );
      return line.indexOf(Math.max(...line));
    }),
  softmax: (node, [x]) =>
    alongAxis(
      node,
      x ?? new Float64Array(),
      (value, line) => Math.exp(value) / line.reduce((total, other) => total + Math.exp(other), 0),
    ),
  logSoftmax: (node, [x]) =>
    alongAxis(
      node,
      x ?? new Float64Array(),
      (value, line) => value - Math.log(line.reduce((total, other) => total + Math.exp(other), 0)),
    ),
  reshape: (_, [x]) => x ?? new Float64Array(),
  transpose: (node, [x]) =>
    make(node.shape, (index) => {
      const source: number[] = [];
      node.attributes.permutation.forEach((axis, place) => (source[axis] = index[place] ?? 0));
      return at(x, positionOf(shapeOf(node), source));
    }),
  broadcast: (node, [x]) =>
    make(node.shape, (index) => {
      const source = index.slice(node.shape.length - shapeOf(node).length).map((i, axis) => (shapeOf(node)[axis] === 1 ? 0 : i));
      return at(x, positionOf(shapeOf(node), source));
    }),
  slice: (node, [x]) =>
    make(node.shape, (index) =>
      at(
        x,
        positionOf(
          shapeOf(node),
          index.map((i, axis) => i + (node.attributes.starts[axis] ?? 0)),
        ),
      ),
    ),
  pad: (node, [x]) =>
    make(node.shape, (index) => {
      const source = index.map((i, axis) => i - (node.attributes.before[axis] ?? 0));
      const inside = source.every((i, axis) => i >= 0 && i < (shapeOf(node)[axis] ?? 0));
      return inside ? at(x, positionOf(shapeOf(node), source)) : 0;
    }),
  concat: (node, inputs) =>
    make(node.shape, (index) => {
      const { axis } = node.attributes;
      let offset = index[axis] ?? 0;
      let place = 0;
      for (; offset >= (shapeOf(node, place)[axis] ?? 0); place++) offset -= shapeOf(node, place)[axis] ?? 0;
      return at(inputs[place], positionOf(shapeOf(node, place), replaced(index, axis, offset)));
    }),
  gather: (node, [x, indices]) =>
    make(node.shape, (index) => {
      const { axis } = node.attributes;
      const rank = shapeOf(node, 1).length;
      const row = at(indices, positionOf(shapeOf(node, 1), index.slice(axis, axis + rank)));
      return at(x, positionOf(shapeOf(node), [...index.slice(0, axis), row, ...index.slice(axis + rank)]));
    }),
  scatterAdd: (node, [indices, updates]) => {
    const out = new Float64Array(sizeOf(node.shape));
    const { axis } = node.attributes;
    const rank = shapeOf(node).length;
    updates?.forEach((value, position) => {
      const index = indexOf(shapeOf(node, 1), position);
      const row = at(indices, positionOf(shapeOf(node), index.slice(axis, axis + rank)));
      const target = positionOf(node.shape, [...index.slice(0, axis), row, ...index.slice(axis + rank)]);
      out[target] = at(out, target) + value;
    });
    return out;
  },
  takeAlong: (node, [x, indices]) =>
    make(node.shape, (index) => {
      const row = at(indices, positionOf(node.shape, index));
      return at(x, positionOf(shapeOf(node), replaced(index, node.attributes.axis, row)));
    }),
  putAlong: (node, [indices, updates]) => {
    const out = new Float64Array(sizeOf(node.shape));
    updates?.forEach((value, position) => {
      const target = positionOf(
        node.shape,
        replaced(indexOf(shapeOf(node), position), node.attributes.axis, at(indices, position)),
      );
      out[target] = at(out, target) + value;
    });
    return out;
  },
  conv: (node, [x, kernels]) => {
    const out = new Float64Array(sizeOf(node.shape));
    for (const [i, k, o] of joined(shapeOf(node), shapeOf(node, 1), node.shape, node.attributes))
      out[o] = at(out, o) + at(x, i) * at(kernels, k);
    return out;
  },
  convInput: (node, [y, kernels]) => {
    const out = new Float64Array(sizeOf(node.shape));
    for (const [i, k, o] of joined(node.shape, shapeOf(node, 1), shapeOf(node), node.attributes))
      out[i] = at(out, i) + at(y, o) * at(kernels, k);
    return out;
  },
  convKernel: (node, [x, y]) => {
    const out = new Float64Array(sizeOf(node.shape));
    for (const [i, k, o] of joined(shapeOf(node), node.shape, shapeOf(node, 1), node.attributes))
      out[k] = at(out, k) + at(x, i) * at(y, o);
    return out;
  },
  maxPool: (node, [x]) => pooled(node, x, (value) => value),
  maxPoolIndices: (node, [x]) => pooled(node, x, (_, place) => place),
};

/** Every (x, kernel, y) position that a convolution joins. */
function* joined(
  x: readonly number[],
  kernels: readonly number[],
  y: readonly number[],
  geometry: ConvGeometry,
): Generator<readonly [number, number, number]> {
  const { strides, pads, dilations, groups } = geometry;
  const perGroup = (kernels[0] ?? 1) / groups;
  for (let place = 0; place < sizeOf(y); place++) {
    const [n = 0, o = 0, row = 0, column = 0] = indexOf(y, place);
    for (let k = 0; k < sizeOf(kernels.slice(1)); k++) {
      const [c = 0, i = 0, j = 0] = indexOf(kernels.slice(1), k);
      const source = [row * strides[0] + i * dilations[0] - pads[0], column * strides[1] + j * dilations[1] - pads[1]] as const;
      const channel = Math.floor(o / perGroup) * (kernels[1] ?? 1) + c;
      const inside = source[0] >= 0 && source[0] < (x[2] ?? 0) && source[1] >= 0 && source[1] < (x[3] ?? 0);
      if (inside) yield [positionOf(x, [n, channel, ...source]), positionOf(kernels, [o, c, i, j]), place];
    }
  }
}

/** The value and the place of the largest entry under each window. */
function pooled(
  node: Tensor<'maxPool' | 'maxPoolIndices'>,
  x: Elements | undefined,
  pick: (value: number, place: number) => number,
): Elements {
  const { kernel, strides, pads, dilations } = node.attributes;
  const shape = shapeOf(node);
  return make(node.shape, ([n = 0, c = 0, row = 0, column = 0]) => {
    let best = -Infinity;
    let found = -1;
    for (let k = 0; k < sizeOf(kernel); k++) {
      const [i = 0, j = 0] = indexOf(kernel, k);
      const source = [row * strides[0] + i * dilations[0] - pads[0], column * strides[1] + j * dilations[1] - pads[1]] as const;
      if (source[0] < 0 || source[0] >= (shape[2] ?? 0) || source[1] < 0 || source[1] >= (shape[3] ?? 0)) continue;
      const value = at(x, positionOf(shape, [n, c, ...source]));
      if (value <= best) continue;
      best = value;
      found = source[0] * (shape[3] ?? 1) + source[1];
    }
    return pick(best, found);
  });
}

/** Values of `outputs`, given those of the inputs by name. */
export function evaluate(outputs: readonly Tensor[], inputs: Readonly<Record<string, ArrayLike<number>>>): readonly Elements[] {
  const known = new Map<Tensor, Elements>();
  for (const node of ancestors(outputs)) known.set(node, valueOf(node, inputs, known));
  return outputs.map((output) => known.get(output) ?? new Float64Array());
}

function valueOf(
  node: Tensor,
  inputs: Readonly<Record<string, ArrayLike<number>>>,
  known: ReadonlyMap<Tensor, Elements>,
): Elements {
  if (node.op === 'input' && 'name' in node.attributes) return Float64Array.from(inputs[node.attributes.name] ?? []);
  return apply(
    node,
    node.inputs.map((input) => known.get(input) ?? new Float64Array()),
  );
}

function apply<K extends Operation>(node: Tensor<K>, inputs: readonly Elements[]): Elements {
  return rules[node.op](node, inputs);
}
