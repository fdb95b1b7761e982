import { agrees, briefGap, comparisonWords, differenceWords } from '../../protocol/comparison';
import type { Comparison } from '../../records/comparison';

/** Version of the JSON form. */
export const comparisonVersion = 1;

/** A comparison for people: the verdict, the gaps, what else was seen. */
export function comparisonText(path: string, unit: string, comparison: Comparison): string {
  const { differences, gaps, tensors, steps, notes, python, interpreter, inDouble } = comparison;
  const [worst] = [...tensors].sort((a, b) => b.excess - a.excess);
  const ended = worst ? `, tensors after ${steps} steps to ${briefGap(worst.gap)} (${worst.name})` : '';
  const lines = [
    `${path} ${unit}: ${comparisonWords(comparison)}`,
    ...differences.slice(1).map((difference) => `  also ${differenceWords(difference, steps)}`),
    `  loss to ${briefGap(gaps.loss)}, gradient norms to ${briefGap(gaps.gradients)}${ended}`,
    ...notes.map((note) => `  note: ${note}`),
    `  Python ${python} (${interpreter}), on the processor, in float32${inDouble ? " and, for PyTorch's own rounding, in float64" : ''}`,
  ];
  return lines.join('\n');
}

/** A comparison as JSON; steps count from 1, gaps are relative, and numbers that are not finite are null. */
export function comparisonJson(path: string, unit: string, comparison: Comparison): string {
  const { python, interpreter, torch, ...measured } = comparison;
  const report = { version: comparisonVersion, path, unit, agrees: agrees(comparison), torch, python, interpreter, ...measured };
  return JSON.stringify(report, null, 2);
}
