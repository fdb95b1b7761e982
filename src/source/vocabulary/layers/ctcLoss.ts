import type { SourceRange } from '../../../records/source';
import { numbersOf } from '../../interpret/call';
import { isOutside, nodeFromOutside, orImported } from '../../interpret/outsideRows';
import { graphOperation } from '../../interpret/tensors';
import type { Machine } from '../../interpret/machine';
import { numberValue, tensorValue, unknown, unreadable, type Value } from '../../values/value';
import type { TensorOperation } from '../tensors/tensorOperation';
import { reduction } from './lossArguments';

/** The arguments of the class, in order. */
export const ctcNames = 'blank reduction zero_infinity';

/** Lengths that are all the same as that number: no rows of the data. */
function lengths(m: Machine, given: Value | null, range: SourceRange): Value {
  const value = orImported(given ?? unknown, range);
  const written = numbersOf(value);
  if (written && written.length > 0 && written.every((one) => one === written[0])) return numberValue(written[0] ?? 0);
  if (value.kind !== 'array') return value;
  let step = m.program.steps[value.step];
  while (step && (step.kind === 'cast' || step.kind === 'toTensor')) step = m.program.steps[step.inputs[0] ?? -1];
  if (step?.kind === 'filled') return numberValue(step.arguments.value);
  const { values = [] } = step?.kind === 'literal' ? step.arguments : {};
  return values.length > 0 && values.every((one) => one === values[0]) ? numberValue(values[0] ?? 0) : value;
}

/** torch.nn.functional.ctc_loss. */
export const ctcLoss: TensorOperation = {
  names: `targets input_lengths target_lengths ${ctcNames}`,
  run: (x, a) => {
    const { machine: m, range } = a.call;
    const args = { reduction: reduction(a), blank: a.number('blank', 0), infinityIsZero: a.boolean('zero_infinity', false) };
    if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
    const target = orImported(a.value('targets') ?? unknown, range);
    const rows = isOutside(target) ? tensorValue(nodeFromOutside(m, target)) : target;
    const [times, labels] = [lengths(m, a.value('input_lengths'), range), lengths(m, a.value('target_lengths'), range)];
    if (times.kind === 'list' || labels.kind === 'list')
      return unreadable('Lengths that differ are followed as a column of the data, not as a list', range);
    return graphOperation(m, 'ctc', args, [x, rows, times, labels], range);
  },
};
