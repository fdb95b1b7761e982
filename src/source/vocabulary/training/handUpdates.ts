import { Arguments, type Call } from '../../interpret/call';
import { noteUpdate } from '../../interpret/handUpdate';
import { binaryOperation } from '../../interpret/operators';
import { setTrained } from '../../interpret/trainability';
import { noteBounds } from '../../interpret/weightBounds';
import type { Sourced } from '../../../records/source';
import { none, numberValue, parameterOf, unknown, type GradientValue, type Value } from '../../values/value';
import type { MethodTable } from '../functionTable';

const clear = (gradient: GradientValue, call: Call): Value => {
  call.machine.record(call.range, { kind: 'zeroGrad', optimizer: null, module: null, cells: [gradient.cell] });
  return none;
};

/** Methods of `p.grad`. */
export const gradientMethods: MethodTable<GradientValue> = {
  zero_: clear,
  fill_: clear,
  detach: (gradient) => gradient,
  clone: (gradient) => gradient,
  detach_: (gradient) => gradient,
  norm: () => unknown,
  mul: (gradient, call) => binaryOperation(call.machine, '*', gradient, call.positional[0]?.value ?? unknown, call.range),
};

/** `p.sub_(g)`, `p.add_(g, alpha=-rate)` and the old `p.add_(-rate, g)`. */
const changed =
  (added: boolean) =>
  (value: Value, call: Call): Value => {
    const cell = parameterOf(value);
    if (!cell) return value;
    const a = new Arguments(call, 'other alpha');
    const [first, second] = call.positional.map((p) => p.value);
    const old = first?.kind === 'number' && second?.kind === 'gradient';
    const gradient = old ? second : first;
    const alpha: Value = old ? first : (a.call.keywords.get('alpha')?.value ?? numberValue(1, true));
    const scaled = gradient?.kind === 'gradient' ? binaryOperation(call.machine, '*', gradient, alpha, call.range) : unknown;
    noteUpdate(call.machine, cell, scaled.kind === 'gradient' ? scaled : null, added, call.range);
    return value;
  };

/** `p.clamp_(low, high)`. */
function cutOff(value: Value, call: Call): Value {
  const cell = parameterOf(value);
  if (!cell) return value;
  const a = new Arguments(call, 'min max');
  const bound = (name: string): Sourced<number> | null =>
    a.given(name) && a.value(name)?.kind !== 'none' ? a.sourcedNumber(name) : null;
  const bounds = { low: bound('min'), high: bound('max') };
  if (a.problems[0]) cell.unread ??= a.problems[0];
  else noteBounds(call.machine, cell, bounds, call.range);
  return value;
}

/** `p.detach_()` of a parameter: it is trained no longer. */
function detached(value: Value, call: Call): Value {
  const cell = parameterOf(value);
  if (cell) setTrained(call.machine, cell, false);
  return value;
}

/** In-place changes of a parameter. */
export const updateMethods: MethodTable = {
  clamp_: cutOff,
  clip_: cutOff,
  detach_: detached,
  sub_: changed(false),
  add_: changed(true),
  assign_sub: changed(false),
  assign_add: changed(true),
};
