import type { Reduction } from '../../../records/model/losses';
import { numbersOf, type Arguments } from '../../interpret/call';
import { knownNumbers } from '../../interpret/knownNumbers';
import type { Machine } from '../../interpret/machine';
import type { LayerStep } from '../../values/trace';
import type { Value } from '../../values/value';

/** A loss: its class, its function, the arguments of the class in order (the function has input and target before). */
export interface Loss {
  readonly layer: string;
  readonly functionName: string;
  readonly names: string;
  /** What the function takes after its first tensor; `target` when absent. */
  readonly others?: string;
  /** True when `weight` is a factor on each entry, and as a function may be any tensor. */
  readonly weighs?: true;
  readonly step: (a: Arguments) => LayerStep;
}

/** `reduction`, or `size_average` of old scripts. */
export function reduction(a: Arguments): Reduction {
  const text = a.string('reduction', 'mean');
  if (text === 'sum' || text === 'none' || text === 'mean') {
    if (a.value('reduce')?.kind === 'boolean' && !a.boolean('reduce', true)) return 'none';
    if (a.value('size_average')?.kind === 'boolean' && !a.boolean('size_average', true)) return 'sum';
    return text;
  }
  a.reject('reduction', `The reduction "${text}" is not known`);
  return 'mean';
}

/** Numbers written in the script as a list or a tensor; null when the argument is omitted. */
export function weights(a: Arguments, name: string): readonly number[] | null {
  if (!a.given(name)) return null;
  const numbers = writtenNumbers(a.call.machine, a.value(name));
  if (!numbers) a.reject(name, `The values of \`${name}\` could not be read`);
  return numbers;
}

/** Factors on the entries of a loss, one for each place of the last axis; none when the argument is omitted. */
export function entryWeight(a: Arguments): { readonly weight?: readonly number[] } {
  const numbers = weights(a, 'weight');
  return numbers === null ? {} : { weight: numbers };
}

const shown = (numbers: readonly number[]): string =>
  `${numbers
    .slice(0, 6)
    .map((one) => Number(one.toPrecision(4)))
    .join(', ')}${numbers.length > 6 ? ', …' : ''}`;

/** The numbers of a list, or of a tensor that the script writes out or computes from counts of its data. */
export function writtenNumbers(m: Machine, value: Value | null): readonly number[] | null {
  if (value === null) return null;
  if (value.kind !== 'array') return numbersOf(value);
  let step = m.program.steps[value.step];
  while (step && (step.kind === 'cast' || step.kind === 'toTensor')) step = m.program.steps[step.inputs[0] ?? -1];
  if (step?.kind === 'literal') return step.arguments.values;
  const known = knownNumbers(m, value);
  if (!known || known.shape.length > 1) return null;
  m.assume(`These weights are ${shown(known.values)}, as the data give them`, value.range);
  return known.values;
}
