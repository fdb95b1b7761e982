import type { Machine } from '../../interpret/machine';
import type { Array as DataArray } from '../../values/dataValues';
import type { CellInitializer } from '../../values/trace';
import { gainOf } from './gains';

/** How a tensor that the script makes itself starts: random, filled or written out, perhaps scaled; null when that is not known. */
export function initializerOf(m: Machine, array: DataArray): CellInitializer | null {
  return ofStep(m, array.step, 0);
}

function ofStep(m: Machine, index: number, depth: number): CellInitializer | null {
  const step = m.program.steps[index];
  if (!step || depth > 12) return null;
  switch (step.kind) {
    case 'randomNormal':
      return { kind: 'normal', mean: step.arguments.mean, deviation: step.arguments.deviation };
    case 'randomUniform':
      return { kind: 'uniform', low: step.arguments.low, high: step.arguments.high };
    case 'filled':
      return { kind: 'constant', value: step.arguments.value };
    case 'literal':
      return { kind: 'values', values: step.arguments.values };
    case 'cast':
    case 'reshape':
    case 'unsqueeze':
      return ofStep(m, step.inputs[0] ?? -1, depth + 1);
    case 'multiply':
    case 'divide':
    case 'add':
    case 'subtract': {
      const [a, b] = [step.inputs[0] ?? -1, step.inputs[1] ?? -1];
      const right = scalar(m, b);
      if (right !== null) {
        const base = ofStep(m, a, depth + 1);
        if (!base) return null;
        if (step.kind === 'multiply') return scaledBy(base, right);
        if (step.kind === 'divide') return scaledBy(base, 1 / right);
        return shifted(base, step.kind === 'add' ? right : -right);
      }
      const left = scalar(m, a);
      const base = left === null ? null : ofStep(m, b, depth + 1);
      if (!base || left === null) return null;
      if (step.kind === 'multiply') return scaledBy(base, left);
      if (step.kind === 'add') return shifted(base, left);
      const turned = step.kind === 'subtract' ? scaledBy(base, -1) : null;
      return turned && shifted(turned, left);
    }
    default:
      return null;
  }
}

function scalar(m: Machine, index: number): number | null {
  const step = m.program.steps[index];
  return step?.kind === 'literal' && step.arguments.shape.length === 0 ? (step.arguments.values[0] ?? null) : null;
}

/** An initializer whose numbers are multiplied by `by`; null for one of which no other kind is a multiple. */
export function scaledBy(base: CellInitializer, by: number): CellInitializer | null {
  const filled = base.filled?.map((rows) => ({ ...rows, value: rows.value * by }));
  const scaled = numbersScaledBy(base, by);
  return scaled && filled ? { ...scaled, filled } : scaled;
}

function numbersScaledBy(base: CellInitializer, by: number): CellInitializer | null {
  const size = Math.abs(by);
  const between = (low: number, high: number): { readonly low: number; readonly high: number } =>
    by < 0 ? { low: high * by, high: low * by } : { low: low * by, high: high * by };
  switch (base.kind) {
    case 'normal':
      return { ...base, mean: base.mean * by, deviation: base.deviation * size };
    case 'uniform':
      return { ...base, ...between(base.low, base.high) };
    case 'truncatedNormal':
      return { ...base, mean: base.mean * by, deviation: base.deviation * size, ...between(base.low, base.high) };
    case 'constant':
      return { ...base, value: base.value * by };
    case 'values':
      return { ...base, values: base.values.map((value) => value * by) };
    case 'xavierUniform':
    case 'xavierNormal':
      return { ...base, gain: base.gain * size };
    case 'orthogonal':
      return { ...base, gain: base.gain * by };
    case 'sparse':
      return { ...base, deviation: base.deviation * size };
    case 'varianceScaling':
      return { ...base, scale: base.scale * by * by };
    case 'biasUniform':
      return { ...base, factor: (base.factor ?? 1) * size };
    case 'kaimingUniform':
    case 'kaimingNormal': {
      const distribution = base.kind === 'kaimingUniform' ? 'uniform' : 'normal';
      const scale = (gainOf(base.nonlinearity, base.slope) * by) ** 2;
      return { kind: 'varianceScaling', scale, mode: base.mode, distribution };
    }
    case 'identity':
      return null;
  }
}

function shifted(base: CellInitializer, by: number): CellInitializer {
  if (base.kind === 'normal') return { ...base, mean: base.mean + by };
  if (base.kind === 'uniform') return { ...base, low: base.low + by, high: base.high + by };
  if (base.kind === 'constant') return { ...base, value: base.value + by };
  return base.kind === 'values' ? { ...base, values: base.values.map((v) => v + by) } : base;
}
