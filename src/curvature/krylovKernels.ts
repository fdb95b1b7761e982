import { compileKernels, type KernelDescription } from '../engine/kernel/vectorKernel';

/** aᵀb. */
const dot: KernelDescription = {
  vectors: 2,
  scalars: 0,
  sums: 1,
  body: (lanes, { vectors: [a = 0, b = 0], sums: [sum] }) => {
    if (sum) lanes.addProduct(sum, lanes.load(a), lanes.load(b));
  },
};

/** y ← y + a·x + b·z; the sum is ‖new y‖². */
const addTwoAndSquare: KernelDescription = {
  vectors: 3,
  scalars: 2,
  sums: 1,
  body: (lanes, { vectors: [x = 0, z = 0, y = 0], scalars: [a = 0, b = 0], sums: [sum] }) => {
    const first = lanes.add(lanes.load(y), lanes.mul(lanes.scalar(b), lanes.load(z)));
    const moved = lanes.add(first, lanes.mul(lanes.scalar(a), lanes.load(x)));
    lanes.store(y, moved);
    if (sum) lanes.addProduct(sum, moved, moved);
  },
};

/** y ← y + factor·x. */
const addOne: KernelDescription = {
  vectors: 2,
  scalars: 1,
  sums: 0,
  body: (lanes, { vectors: [y = 0, x = 0], scalars: [factor = 0] }) =>
    lanes.store(y, lanes.add(lanes.load(y), lanes.mul(lanes.scalar(factor), lanes.load(x)))),
};

/** y ← y + factor·x; the sum is ‖new y‖². */
const addAndSquare: KernelDescription = {
  vectors: 2,
  scalars: 1,
  sums: 1,
  body: (lanes, { vectors: [x = 0, y = 0], scalars: [factor = 0], sums: [sum] }) => {
    const moved = lanes.add(lanes.load(y), lanes.mul(lanes.scalar(factor), lanes.load(x)));
    lanes.store(y, moved);
    if (sum) lanes.addProduct(sum, moved, moved);
  },
};

/** out ← factor·x. */
const scaledCopy: KernelDescription = {
  vectors: 2,
  scalars: 1,
  sums: 0,
  body: (lanes, { vectors: [x = 0, out = 0], scalars: [factor = 0] }) =>
    lanes.store(out, lanes.mul(lanes.scalar(factor), lanes.load(x))),
};

/** wᵀa, wᵀb, wᵀc and wᵀd in one pass. */
const fourDots: KernelDescription = {
  vectors: 5,
  scalars: 0,
  sums: 4,
  body: (lanes, { vectors: [w = 0, ...others], sums }) => {
    const x = lanes.load(w);
    others.forEach((other, i) => {
      const sum = sums[i];
      if (sum) lanes.addProduct(sum, x, lanes.load(other));
    });
  },
};

/** w ← w + Σ factors[i]·others[i] for four vectors. */
const addFour: KernelDescription = {
  vectors: 5,
  scalars: 4,
  sums: 0,
  body: (lanes, { vectors: [w = 0, ...others], scalars }) => {
    let moved = lanes.load(w);
    others.forEach((other, i) => {
      moved = lanes.add(moved, lanes.mul(lanes.scalar(scalars[i] ?? 0), lanes.load(other)));
    });
    lanes.store(w, moved);
  },
};

/** Functions of the module, by name: pointers, count of elements, pointer for the sums, scalars. */
export interface KrylovKernels {
  dot(a: number, b: number, count: number, sums: number): void;
  addTwoAndSquare(x: number, z: number, y: number, count: number, sums: number, a: number, b: number): void;
  addAndSquare(x: number, y: number, count: number, sums: number, factor: number): void;
  addOne(y: number, x: number, count: number, sums: number, factor: number): void;
  scaledCopy(x: number, out: number, count: number, sums: number, factor: number): void;
  fourDots(w: number, a: number, b: number, c: number, d: number, count: number, sums: number): void;
  addFour(
    w: number,
    a: number,
    b: number,
    c: number,
    d: number,
    count: number,
    sums: number,
    ofA: number,
    ofB: number,
    ofC: number,
    ofD: number,
  ): void;
}

let compiled: object | null = null;

/** The module of all kernels, compiled when it is first needed. */
export function krylovModule(): object {
  compiled ??= compileKernels({ dot, addTwoAndSquare, addAndSquare, addOne, scaledCopy, fourDots, addFour });
  return compiled;
}
