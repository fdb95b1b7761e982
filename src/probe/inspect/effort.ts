import type { ModelGraph } from '../../records/model/graph';
import type { LayerKind } from '../../records/model/layers';
import { workOf } from '../work';
import type { BenchedUnit } from './unitBench';

/**
 * How many times longer the arithmetic of some layers takes than that of large products: their kernels are far from the machine's peak
 * (convolutions), or the products are small and many (recurrent layers, attention).
 */
const slowness: Partial<Readonly<Record<LayerKind, number>>> = {
  conv1d: 8,
  conv2d: 8,
  convTranspose1d: 8,
  convTranspose2d: 8,
  rnn: 6,
  lstm: 6,
  gru: 6,
  matmul: 6,
  einsum: 6,
  bilinear: 6,
  attention: 6,
  multiheadAttention: 6,
  batchNorm: 2,
  layerNorm: 2,
  groupNorm: 2,
};

/** Work beside the arithmetic, of one evaluation or step and of one Hessian product. */
const overhead = 2e6;
const productOverhead = 5e6;

/**
 * What the bricks of an inspection cost, as counted floating-point operations of large products: the same on every machine, so that
 * a slow one sees the same pictures.
 */
export interface Effort {
  /** One loss over the rows of the inspection. */
  readonly evaluation: number;
  /** One Hessian-vector product over them. */
  readonly product: number;
  /** One step of the optimizer. */
  readonly step: number;
}

/** Counted from the unit's shapes. */
export function effortOf({ loss, twin, experiment }: BenchedUnit): Effort {
  const { flopsPerRow, flopsPerStep } = workOf(twin);
  const times = slownessOf(experiment.model);
  const pass = loss.rows * flopsPerRow * times;
  return {
    evaluation: pass / 2 + overhead,
    product: 1.5 * pass + productOverhead,
    step: flopsPerStep * times + overhead,
  };
}

const slownessOf = (model: ModelGraph | null): number =>
  (model?.nodes ?? []).reduce((most, { kind }) => Math.max(most, slowness[kind] ?? 1), 1);

/** How often something that costs `each` fits into `work`, within bounds. */
export const timesWithin = (work: number, each: number, least: number, most: number): number =>
  Math.max(least, Math.min(most, Math.floor(work / each)));
