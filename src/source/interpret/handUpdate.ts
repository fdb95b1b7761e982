import type { SourceRange } from '../../records/source';
import type { ParameterCell } from '../values/trace';
import { numberValue, parameterOf, unknown, type GradientValue, type Value } from '../values/value';
import type { Machine } from './machine';

/** Arithmetic with gradients: scaling them, and changing a parameter by one. Null when no gradient takes part. */
export function handUpdate(m: Machine, operator: string, left: Value, right: Value, range: SourceRange): Value | null {
  if (operator === '*' || operator === '/') {
    if (left.kind === 'gradient') return scaled(left, right, operator, range);
    if (right.kind === 'gradient' && operator === '*') return scaled(right, left, operator, range);
    return null;
  }
  const cell = parameterOf(left);
  if (!cell || (operator !== '-' && operator !== '+'))
    return left.kind === 'gradient' || right.kind === 'gradient' ? unknown : null;
  if (right.kind === 'gradient') {
    noteUpdate(m, cell, right, operator === '+', range);
    return left;
  }
  if (right.kind !== 'unknown' || m.noGradDepth === 0 || m.loops.length === 0) return null;
  noteUpdate(m, cell, null, operator === '+', range);
  return left;
}

function scaled(gradient: GradientValue, by: Value, operator: string, range: SourceRange): GradientValue {
  if (by.kind === 'unknown' && by.first) return { ...scaled(gradient, by.first, operator, range), varies: true };
  if (by.kind !== 'number' || !Number.isFinite(by.value)) return { ...gradient, known: false };
  if (operator === '/') return { ...gradient, factor: gradient.factor / by.value };
  if (gradient.rate === null) return { ...gradient, rate: by.origin ? by : { ...by, origin: { place: range, chain: [] } } };
  return { ...gradient, factor: gradient.factor * by.value };
}

/** Notes a change of a parameter by `gradient`; by something that is not known when it is null. */
export function noteUpdate(
  m: Machine,
  cell: ParameterCell,
  gradient: GradientValue | null,
  added: boolean,
  range: SourceRange,
): void {
  const followed = gradient !== null && gradient.known && gradient.cell === cell ? gradient : null;
  const rate = followed ? (followed.rate ?? numberValue(1, true)) : null;
  const turned = rate !== null && rate.value < 0;
  const enclosing = m.callStack[m.callStack.length - 1]?.name ?? null;
  m.record(range, {
    kind: 'update',
    cell,
    rate: turned ? { ...rate, value: -rate.value } : rate,
    factor: followed?.factor ?? 1,
    ...(followed?.varies ? { varies: true } : {}),
    ascending: added !== turned,
    enclosing,
  });
}
