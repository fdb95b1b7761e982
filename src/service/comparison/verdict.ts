import type { Comparison, Difference } from '../../records/comparison';
import type { Optimizer } from '../../records/optimizer';
import { compare, type Gaps } from './gaps';
import { initialisationFaults } from './initial';
import type { NpzArray } from './npz';
import { comparableSteps, differencesOf, firstSteps, referenceOf, type Recorded } from './recorded';
import type { Reference } from './reference';
import { runOfTrace } from './takenRun';
import { versionNotes } from './versions';

/** Rounding of data that were prepared in another order, relative to the largest value; as in media/python. */
const sameData = 1e-5;

/** What was run here. */
export interface Ours {
  readonly arrays: ReadonlyMap<string, NpzArray>;
  readonly optimizer: Optimizer | null;
}

/** Compares our trace with the script's run in PyTorch in float32 and, where that was made, in float64. */
export function verdictOf(
  { arrays, optimizer }: Ours,
  single: Recorded,
  double: Recorded | null,
  interpreter: string,
): Comparison {
  const whole = referenceOf(single, double);
  const reference = firstSteps(whole, comparableSteps(whole));
  const run = runOfTrace(arrays, differencesOf(double ?? single));
  const gaps = compare(run, reference);
  const wanted = run.loss.length;
  return {
    torch: single.torch,
    python: single.python,
    interpreter,
    steps: reference.steps,
    inDouble: double !== null,
    gaps: { loss: gaps.loss, gradients: gaps.norm },
    tensors: gaps.tensors,
    losses: { ours: Array.from(run.loss).slice(0, reference.steps), pytorch: reference.loss },
    gradientNorms: {
      ours: together(Object.keys(reference.norms).map(run.norms), reference.steps),
      pytorch: together(Object.values(reference.norms), reference.steps),
    },
    // After fewer steps than ours the tensors are not of the same time.
    differences: whole.steps < wanted ? [...early(gaps), { kind: 'steps', step: null, name: null, gap: 1 }] : all(gaps),
    notes: [
      ...versionNotes(single.torch, optimizer),
      ...(reference.steps < whole.steps ? [magnifiedNote(reference.steps)] : []),
      ...notesOf(reference, arrays),
    ],
  };
}

/** What parts the runs while they go on, first in time first; of one step, what comes first within it. */
function early({ parting }: Gaps): Difference[] {
  const kinds = [
    ['rate', parting.rate],
    ['loss', parting.loss],
    ['gradients', parting.norm],
  ] as const;
  return kinds
    .flatMap(([kind, found]) => (found ? [{ kind, step: found.step + 1, name: found.name, gap: found.gap }] : []))
    .sort((a, b) => a.step - b.step);
}

function all(gaps: Gaps): Difference[] {
  const { name, gap, excess } = gaps.tensor;
  return [...early(gaps), ...(excess > 1 ? [{ kind: 'parameters', step: null, name, gap } as const] : [])];
}

/** Norm over all parameters, step by step. */
const together = (columns: readonly ArrayLike<number>[], steps: number): number[] =>
  Array.from({ length: steps }, (_, step) => Math.hypot(...columns.map((column) => column[step] ?? NaN)));

/** What the script does otherwise than it was read, whether or not the numbers show it. */
function notesOf({ checks, initial }: Reference, arrays: ReadonlyMap<string, NpzArray>): string[] {
  const { names, x, y, substituted, batches } = checks;
  const notes = names ? [] : ['The parameters have other names in the script: they were matched in order.'];
  for (const [what, gap] of [['input', x] as const, ['target', y] as const])
    if (gap !== null && gap > sameData) notes.push(dataNote(what, gap));
  if (substituted.length > 0) notes.push('The script draws data at random: it was given the rows that were drawn here.');
  if (!batches) notes.push('The script makes batches of other sizes or in another order.');
  return [...notes, ...initialisationFaults(arrays, { initial }).map((fault) => `First values differ in spread: ${fault}.`)];
}

const magnifiedNote = (steps: number): string =>
  `This run magnifies rounding: from step ${steps + 1} on PyTorch's own float32 and float64 runs are more than 1 % apart, so that later steps were not compared.`;

const dataNote = (what: string, gap: number): string =>
  Number.isFinite(gap)
    ? `The model's ${what} differs from the one here by ${Number((100 * gap).toPrecision(2))} % of its largest value.`
    : `The model's ${what} has another size than the one here.`;
