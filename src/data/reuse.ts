import type { DataRecipe } from '../records/dataSteps';
import type { Dataset, Tensor } from '../records/dataset';
import type { Experiment } from '../records/experiment';
import type { Assumption } from '../records/source';
import type { DataCache } from './cache';
import type { StepNote } from './execute';
import { examine } from './files/locate';

/** A data set as it is kept: without source ranges, which move while the script is edited. */
export interface Kept {
  readonly dataset: Dataset;
  readonly notes: readonly StepNote[];
  /** Places where a file was not; one that appears there comes first. */
  readonly missed: readonly string[];
}

/** What decides the data set: the steps without their places in the text, and how they are executed. */
export function datasetKey(experiment: Experiment, circumstances: unknown): string {
  const { data, train, validation } = experiment;
  const steps = data.steps.map(({ kind, arguments: settings, inputs }) => [kind, settings, inputs]);
  const wanted = [train, validation].map((part) => part && [part.inputs, part.targets]);
  return JSON.stringify(['data set', steps, data.symbols, wanted, circumstances]);
}

/** The kept data set, with the ranges of the script as it is now; null when there is none or a file changed. */
export async function reuse(cache: DataCache | undefined, key: string, recipe: DataRecipe): Promise<Dataset | null> {
  const kept = cache?.get(key) as Kept | undefined;
  if (!kept) return null;
  for (const { path, size, modified } of kept.dataset.files) {
    const file = await examine(path, null);
    if (file?.size !== size || file.modified !== modified) return null;
  }
  for (const path of kept.missed) if (await examine(path, null)) return null;
  return withAssumptions(kept, recipe);
}

/** Keeps a data set for later, and gives it with its assumptions. */
export function keep(cache: DataCache | undefined, key: string, recipe: DataRecipe, kept: Kept): Dataset {
  cache?.set(key, kept, bytesOf(kept.dataset));
  return withAssumptions(kept, recipe);
}

function withAssumptions({ dataset, notes }: Kept, recipe: DataRecipe): Dataset {
  const assumptions = notes.flatMap(({ text, step }): Assumption[] => {
    const range = recipe.steps[step]?.range;
    return range ? [{ text, range }] : [];
  });
  return { ...dataset, assumptions };
}

function bytesOf({ train, validation, statistics }: Dataset): number {
  const tensors: readonly Tensor[] = [train, validation].flatMap((part) => (part ? [...part.inputs, ...part.targets] : []));
  return tensors.reduce((sum, { values }) => sum + values.byteLength, 200 * statistics.columns.length);
}
