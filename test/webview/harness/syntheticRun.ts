import { Random } from '../../../src/base/random';
import type { Quantity } from '../../../src/records/measurement';

/** Measured steps and values by quantity. */
export type Columns = Map<Quantity, { steps: number[]; values: number[] }>;

/** What a made-up run looks like. */
export interface RunShape {
  readonly steps: number;
  readonly layers: readonly string[];
  readonly kinds: readonly ('saturated' | 'dead')[];
  readonly rate: (step: number) => number;
  /** Step at which the loss leaves its range; null for never. */
  readonly divergesAt: number | null;
  /** Factor on the gradient from one layer to the one before it. */
  readonly passes: number;
}

/** Three layers that train. */
export const healthy: RunShape = {
  steps: 600,
  layers: ['net.0', 'net.2', 'net.4'],
  kinds: ['saturated', 'dead'],
  rate: (t) => 0.1 * (t < 400 ? 1 : 0.3),
  divergesAt: null,
  passes: 0.6,
};

/** Columns of a run that could have been: the loss falls to a floor with noise, the sharpness climbs to the limit. */
export function synthesise(shape: RunShape): Columns {
  const random = new Random(7);
  const columns: Columns = new Map();
  const add = (quantity: Quantity, step: number, value: number): void => {
    const column = columns.get(quantity) ?? { steps: [], values: [] };
    columns.set(quantity, column);
    column.steps.push(step);
    column.values.push(value);
  };
  for (let step = 0; step <= shape.steps; step++) {
    const blown = shape.divergesAt !== null && step > shape.divergesAt ? step - shape.divergesAt : 0;
    const growth = Math.exp(0.9 * blown);
    const lost = blown > 60;
    const base = 0.09 + 2.2 * Math.exp(-step / 70);
    add('loss', step, lost ? NaN : base * growth * Math.exp(random.normal(0, 0.13)));
    add('learningRate', step, shape.rate(step));
    shape.layers.forEach((layer, index) => {
      const reach = shape.passes ** (shape.layers.length - 1 - index);
      const size = (0.4 * base + 0.04) * reach * growth * Math.exp(random.normal(0, 0.2));
      add(`gradientNorm/${layer}.weight`, step, lost ? NaN : size);
      add(`gradientNorm/${layer}.bias`, step, lost ? NaN : 0.3 * size);
    });
    if (step % 15 === 0) addProbe(add, shape, step, lost ? NaN : growth, base);
    if (step === 0 || Number.isInteger(Math.log2(step) * 2) || step % 100 === 0)
      addCurvature(add, shape, step, lost ? NaN : growth);
  }
  return columns;
}

function addProbe(
  add: (quantity: Quantity, step: number, value: number) => void,
  shape: RunShape,
  step: number,
  growth: number,
  base: number,
): void {
  const progress = 1 - Math.exp(-step / 90);
  add('epochLoss', step, base * growth * 0.97);
  add('validationLoss', step, (base + 0.11 * progress + 0.00012 * step) * growth);
  add('accuracy', step, growth > 2 || Number.isNaN(growth) ? 0.1 : 0.1 + 0.88 * progress);
  add('validationAccuracy', step, growth > 2 || Number.isNaN(growth) ? 0.1 : 0.1 + 0.84 * progress);
  shape.layers.slice(0, -1).forEach((layer, index) => {
    const name = layer.replace(/\d+/, (digits) => String(Number(digits) + 1));
    for (const kind of shape.kinds) {
      const share = kind === 'saturated' ? 0.55 * progress * 0.7 ** index : index === 1 ? 0.18 * progress : 0;
      add(`${kind}/${name}`, step, Math.min(1, share));
    }
  });
}

function addCurvature(
  add: (quantity: Quantity, step: number, value: number) => void,
  shape: RunShape,
  step: number,
  growth: number,
): void {
  const limit = (2 * 1.9) / shape.rate(step);
  const sharpness = Math.min(1.03 * limit, 4 + 0.35 * step) * growth;
  add('lambdaMax', step, sharpness);
  add('lambdaMaxError', step, 0.06 * sharpness);
  add('lambdaMin', step, -(1.8 * Math.exp(-step / 150) + 0.05) * growth);
  add('lambdaMinError', step, 0.12);
  add('stabilityLimit', step, limit);
  add('rateLimit', step, 3.8 / sharpness);
  add('gradientStepRate', step, 0.9 / sharpness);
}

/** Twelve layers whose gradient fades. */
export const deep: RunShape = {
  steps: 2_000,
  layers: Array.from({ length: 12 }, (_, index) => `encoder.${2 * index}`),
  kinds: ['saturated'],
  rate: (t) => 0.05 * 0.5 * (1 + Math.cos((Math.PI * t) / 2_000)) + 1e-4,
  divergesAt: null,
  passes: 0.33,
};
