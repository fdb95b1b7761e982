import type { SourceRange } from '../../records/source';
import type { ParameterCell } from '../values/trace';
import { numberValue, parameterOf, unknown, type GradientValue, type NumberValue, type Value } from '../values/value';
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
    noteUpdate(m, cell, right.cell === cell ? right.scale : null, operator === '+', range);
    return left;
  }
  if (right.kind !== 'unknown' || m.noGradDepth === 0 || m.loops.length === 0) return null;
  noteUpdate(m, cell, null, operator === '+', range);
  return left;
}

function scaled(gradient: GradientValue, by: Value, operator: string, range: SourceRange): GradientValue {
  const { scale } = gradient;
  if (by.kind !== 'number' || scale === null) return { ...gradient, scale: null };
  if (scale.value === 1 && operator === '*') return { ...gradient, scale: by };
  const value = operator === '*' ? scale.value * by.value : scale.value / by.value;
  return { ...gradient, scale: numberValue(value, false, { place: range, chain: [] }) };
}

/** Notes a change of a parameter. A negative scale turns the direction. */
export function noteUpdate(m: Machine, cell: ParameterCell, scale: NumberValue | null, added: boolean, range: SourceRange): void {
  const turned = scale !== null && scale.value < 0;
  const rate = turned ? { ...scale, value: -scale.value } : scale;
  const enclosing = m.callStack[m.callStack.length - 1]?.name ?? null;
  m.record(range, { kind: 'update', cell, rate, ascending: added !== turned, enclosing });
}
