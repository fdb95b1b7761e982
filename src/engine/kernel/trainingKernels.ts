import type { OptimizerKind } from '../../records/optimizer';
import type { UpdateRule, Values } from '../optimizers/rule';
import type { KernelDescription } from './vectorKernel';

/** Σg², Σg·p and Σp² of a gradient g and the previous one p, which then becomes g. */
export const gradientSums: KernelDescription = {
  vectors: 2,
  scalars: 0,
  sums: 3,
  body: (lanes, { vectors: [gradient = 0, previous = 0], sums: [squares, product, before] }) => {
    const g = lanes.load(gradient);
    const p = lanes.load(previous);
    if (squares) lanes.addProduct(squares, g, g);
    if (product) lanes.addProduct(product, g, p);
    if (before) lanes.addProduct(before, p, p);
    lanes.store(previous, g);
  },
};

/** Σx². */
export const squareSums: KernelDescription = {
  vectors: 1,
  scalars: 0,
  sums: 1,
  body: (lanes, { vectors: [vector = 0], sums: [squares] }) => {
    const x = lanes.load(vector);
    if (squares) lanes.addProduct(squares, x, x);
  },
};

/** sum ← sum + addend. */
export const addInto: KernelDescription = {
  vectors: 2,
  scalars: 0,
  sums: 0,
  body: (lanes, { vectors: [sum = 0, addend = 0] }) => lanes.store(sum, lanes.add(lanes.load(sum), lanes.load(addend))),
};

/** vector ← factor · vector. */
export const scale: KernelDescription = {
  vectors: 1,
  scalars: 1,
  sums: 0,
  body: (lanes, { vectors: [vector = 0], scalars: [factor = 0] }) =>
    lanes.store(vector, lanes.mul(lanes.scalar(factor), lanes.load(vector))),
};

/** theta ← theta + delta; sums are Σtheta² (before) and Σdelta². */
export const applyDelta: KernelDescription = {
  vectors: 2,
  scalars: 0,
  sums: 2,
  body: (lanes, { vectors: [theta = 0, delta = 0], sums: [before, change] }) => {
    const old = lanes.load(theta);
    const moved = lanes.load(delta);
    lanes.store(theta, lanes.add(old, moved));
    if (before) lanes.addProduct(before, old, old);
    if (change) lanes.addProduct(change, moved, moved);
  },
};

/**
 * One optimizer's step: theta and its state move on; sums are Σtheta² (before) and Σdelta², or none, which is faster.
 * Vectors: theta, gradient, then the states in the rule's order. Scalars: the sign of the gradient (-1 climbs),
 * then `scalarNames`.
 */
export function updateKernel<K extends OptimizerKind>(
  rule: UpdateRule<K>,
  settings: Values<K>,
  scalarNames: readonly string[],
  sums: 0 | 2 = 2,
): KernelDescription {
  const stateNames = rule.stateNames(settings);
  return {
    vectors: 2 + stateNames.length,
    scalars: 1 + scalarNames.length,
    sums,
    body: (lanes, { vectors: [theta = 0, gradient = 0, ...states], scalars: [sign = 0, ...scalars], sums: [before, change] }) => {
      const stateAt = (name: string): number => states[stateNames.indexOf(name)] ?? 0;
      const scalarAt = (name: string): number => scalars[scalarNames.indexOf(name)] ?? 0;
      const old = lanes.load(theta);
      const next = rule.element<number>(
        lanes,
        {
          theta: old,
          gradient: lanes.mul(lanes.scalar(sign), lanes.load(gradient)),
          state: (name) => lanes.load(stateAt(name)),
          scalar: (name) => lanes.scalar(scalarAt(name)),
        },
        settings,
      );
      for (const [name, value] of Object.entries(next.state)) lanes.store(stateAt(name), value);
      lanes.store(theta, lanes.add(old, next.delta));
      if (before) lanes.addProduct(before, old, old);
      if (change) lanes.addProduct(change, next.delta, next.delta);
    },
  };
}
