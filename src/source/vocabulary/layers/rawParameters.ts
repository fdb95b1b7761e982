import type { Machine } from '../../interpret/machine';
import type { Array as DataArray } from '../../values/dataValues';
import type { CellInitializer } from '../../values/trace';

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
        if (step.kind === 'multiply') return scaled(base, right);
        if (step.kind === 'divide') return scaled(base, 1 / right);
        return shifted(base, step.kind === 'add' ? right : -right);
      }
      const left = scalar(m, a);
      const base = left === null ? null : ofStep(m, b, depth + 1);
      if (!base || left === null) return null;
      if (step.kind === 'multiply') return scaled(base, left);
      if (step.kind === 'add') return shifted(base, left);
      return step.kind === 'subtract' ? shifted(scaled(base, -1), left) : null;
    }
    default:
      return null;
  }
}

function scalar(m: Machine, index: number): number | null {
  const step = m.program.steps[index];
  return step?.kind === 'literal' && step.arguments.shape.length === 0 ? (step.arguments.values[0] ?? null) : null;
}

function scaled(base: CellInitializer, by: number): CellInitializer {
  if (base.kind === 'normal') return { ...base, mean: base.mean * by, deviation: base.deviation * Math.abs(by) };
  if (base.kind === 'uniform') {
    const ends = [base.low * by, base.high * by];
    return { ...base, low: Math.min(...ends), high: Math.max(...ends) };
  }
  if (base.kind === 'constant') return { ...base, value: base.value * by };
  return base.kind === 'values' ? { ...base, values: base.values.map((v) => v * by) } : base;
}

function shifted(base: CellInitializer, by: number): CellInitializer {
  if (base.kind === 'normal') return { ...base, mean: base.mean + by };
  if (base.kind === 'uniform') return { ...base, low: base.low + by, high: base.high + by };
  if (base.kind === 'constant') return { ...base, value: base.value + by };
  return base.kind === 'values' ? { ...base, values: base.values.map((v) => v + by) } : base;
}
