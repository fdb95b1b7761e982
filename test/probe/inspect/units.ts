import { never } from '../../../src/base/cancel';
import { inspectUnit } from '../../../src/probe/inspect/inspect';
import { benchedUnit, type BenchedUnit } from '../../../src/probe/inspect/unitBench';
import type { InspectEvent } from '../../../src/protocol/inspection';
import { partKey } from '../../../src/protocol/inspection';
import type { Tensor } from '../../../src/records/dataset';
import type { Experiment } from '../../../src/records/experiment';
import type { InspectionPart } from '../../../src/records/inspection/part';
import type { ModelGraph } from '../../../src/records/model/graph';
import type { Initializer } from '../../../src/records/model/initializer';
import { jacobiEigen } from '../../curvature/jacobi';
import { dataset, meanSquaredError, ModelBuilder } from '../../engine/experiments';
import { runtime, twinOf } from '../../engine/twins';

/** Linear layers without PyTorch's first values: all parameters begin as `initializer` says. */
export function plainNet(
  sizes: readonly number[],
  activation: 'tanh' | 'relu',
  initializer: Initializer,
  options: { readonly negated?: boolean } = {},
): ModelGraph {
  const model = new ModelBuilder();
  let x = model.input();
  for (let layer = 0; layer + 1 < sizes.length; layer++) {
    const [columns = 1, out = 1] = sizes.slice(layer, layer + 2);
    const weight = model.parameter(`${layer}.weight`, [out, columns], initializer);
    const bias = model.parameter(`${layer}.bias`, [out], initializer);
    x = model.call('linear', [x], { in: columns, out }, { name: `${layer}`, parameters: { weight, bias } });
    if (layer + 2 < sizes.length) x = model.call(activation, [x], {});
  }
  const target = model.beginLoss();
  const loss = model.call('mse', [x, target], meanSquaredError);
  return model.finish(x, options.negated ? model.call('negate', [loss], {}) : loss);
}

/** The unit on its bench; `benched.twin` is the caller's to dispose. */
export async function benched(unit: Experiment, x: Tensor, y: Tensor): Promise<BenchedUnit> {
  const data = dataset(x, y);
  return benchedUnit(unit, data, await twinOf(unit, data), 0, runtime);
}

/** The parts of an inspection, the last of each key, and all events. */
export interface Told {
  readonly reason: string | null;
  readonly events: readonly InspectEvent[];
  part<K extends InspectionPart['part']>(kind: K, key?: string): Extract<InspectionPart, { part: K }>;
  has(key: string): boolean;
}

/** Inspects a step of a unit. */
export async function look(unit: BenchedUnit, step: number, nearest = false): Promise<Told> {
  const events: InspectEvent[] = [];
  const parts = new Map<string, InspectionPart>();
  const hear = (event: InspectEvent): void => {
    events.push(event);
    if (event.kind === 'part') parts.set(partKey(event.part), event.part);
  };
  const reason = await inspectUnit(unit, { step, nearest }, hear, never);
  return {
    reason,
    events,
    part: (kind, key = kind) => {
      const part = parts.get(key);
      if (part?.part !== kind) throw new Error(`no part ${key}`);
      return part as Extract<InspectionPart, { part: typeof kind }>;
    },
    has: (key) => parts.has(key),
  };
}

/** Eigenvalues of the trained loss's Hessian at θ, from central differences of its gradient, column by column. */
export async function denseSpectrum(unit: BenchedUnit, theta: Float32Array, radius = 1e-2): Promise<number[]> {
  const dim = theta.length;
  const entries = new Float64Array(dim * dim);
  const sides = [new Float32Array(dim), new Float32Array(dim)] as const;
  for (let j = 0; j < dim; j++) {
    const moved = theta.slice();
    moved[j] = (theta[j] as number) + radius;
    await unit.loss.gradient(moved, sides[0]);
    moved[j] = (theta[j] as number) - radius;
    await unit.loss.gradient(moved, sides[1]);
    for (let i = 0; i < dim; i++) entries[i * dim + j] = ((sides[0][i] as number) - (sides[1][i] as number)) / (2 * radius);
  }
  for (let i = 0; i < dim; i++)
    for (let j = 0; j < i; j++)
      entries[i * dim + j] = entries[j * dim + i] = ((entries[i * dim + j] as number) + (entries[j * dim + i] as number)) / 2;
  return jacobiEigen(entries, dim).values;
}
