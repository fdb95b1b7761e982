import type { Arguments } from '../../interpret/call';
import type { Machine } from '../../interpret/machine';
import type { KerasModel } from '../../values/estimators';
import type { LoopContext, NumberValue, Value } from '../../values/value';

/** Whether nothing of `value` is made inside `loop`: each pass is given the same. */
function fromBefore(value: Value | null, loop: LoopContext): boolean {
  if (value === null || value.kind === 'none') return true;
  if (value.kind === 'array') return value.step < loop.firstStep;
  if (value.kind === 'list') return value.items.every((item) => fromBefore(item, loop));
  return value.kind === 'dict' && [...value.entries.values()].every((item) => fromBefore(item, loop));
}

/**
 * The epochs that `fit` makes in all passes of the loops around it that began after the model was compiled. Callbacks begin anew
 * with each call, and other rows in each pass are no further epochs: of such loops the first pass is looked at, and this is told.
 */
export function epochsInAllPasses(m: Machine, model: KerasModel, epochs: Value, a: Arguments): Value {
  const before = model.compiled?.loops ?? m.loops;
  const around = m.loops.filter((loop) => !before.includes(loop));
  const [outer] = around;
  if (!outer) return epochs;
  const counts = around.flatMap(({ count }) => (count?.kind === 'number' ? [count] : []));
  const alike =
    m.conditions.length === 0 &&
    !around.some((loop) => loop.batches) &&
    ['callbacks', 'initial_epoch'].every((name) => !a.given(name)) &&
    ['x', 'y', 'sample_weight'].every((name) => fromBefore(a.value(name), outer));
  if (!alike || epochs.kind !== 'number' || counts.length < around.length) {
    m.assume('Each pass of this loop trains on; the first of them is looked at', outer.head);
    return epochs;
  }
  return counts.reduce<NumberValue>(
    (all, count) => ({ ...(all.value === 1 ? count : all), value: all.value * count.value }),
    epochs,
  );
}
