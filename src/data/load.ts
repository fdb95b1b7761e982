import { dirname, resolve } from 'node:path';
import type { CancelToken } from '../base/cancel';
import { fail, ok, type Result } from '../base/result';
import type { DataError, Dataset, Split, Tensor } from '../records/dataset';
import type { Experiment, SplitRecipe } from '../records/experiment';
import type { SourceRange } from '../records/source';
import type { DataCache } from './cache';
import { executeRecipe, type Executed } from './execute';
import { FileAccess } from './files/access';
import { datasetKey, keep, reuse, type Kept } from './reuse';
import { dataStatistics } from './statistics/statistics';
import { shapeOf, toArray, type ArrayValue, type Value } from './values';

/** Where data come from and how much of them may be held. */
export interface LoadOptions {
  /** Workspace folders. */
  readonly folders: readonly string[];
  /** A file or folder picked by the person, in place of one that is not there. */
  readonly dataPath?: string;
  /** Folder of the tables that ship with the project. */
  readonly bundled: string;
  /** Most memory, in bytes, that one parsed source may take; beyond it rows are left out at random. */
  readonly maximumBytes: number;
  readonly seed: number;
  readonly cancel: CancelToken;
  readonly cache?: DataCache;
  /** Told of each file before it is parsed, with its size in bytes: big ones take a while. */
  readonly onParse?: (path: string, bytes: number) => void;
}

/** One part of the data with what the statistics need besides the tensors. */
interface Part {
  readonly split: Split;
  readonly inputs: readonly ArrayValue[];
  readonly targets: readonly ArrayValue[];
}

/** Executes the experiment's data program and gives tensors that the engine can train on. */
export async function loadDataset(experiment: Experiment, options: LoadOptions): Promise<Result<Dataset, DataError>> {
  const { train, validation } = experiment;
  if (!train) {
    const reason = experiment.unread[0];
    return fail(
      reason ?? { text: 'The training rows could not be traced to a source in the script.', range: experiment.unit.range },
    );
  }
  const script = dirname(resolve(experiment.unit.path));
  const { folders, dataPath, bundled, maximumBytes, seed, cache } = options;
  const key = datasetKey(experiment, { script, folders, dataPath, bundled, maximumBytes, seed });
  const known = await reuse(cache, key, experiment.data);
  if (known) return ok(known);
  const files = new FileAccess({ script, folders }, dataPath, cache, options.onParse);
  const made = await makeDataset(experiment, train, validation, files, options);
  return made.ok ? ok(keep(cache, key, experiment.data, made.value)) : made;
}

async function makeDataset(
  experiment: Experiment,
  train: SplitRecipe,
  validation: SplitRecipe | null,
  files: FileAccess,
  options: LoadOptions,
): Promise<Result<Kept, DataError>> {
  const executed = await executeWhole(experiment, files, options);
  if (!executed.ok) return executed;
  const { values, symbols, notes } = executed.value;
  const trained = partOf(train, values);
  if (!trained.ok) return trained;
  const validated = validation ? partOf(validation, values) : ok(null);
  if (!validated.ok) return validated;
  const { split, inputs, targets } = trained.value;
  if (split.rows.length === 0) return fail({ text: 'No rows are left to train on.', range: train.inputRange });
  const validationRows = validated.value?.split.rows.length ?? 0;
  const ofRows = inputs[0]?.ofRows || split.rows.length + validationRows;
  const statistics = await dataStatistics(inputs, targets[0] ?? (inputs[0] as ArrayValue), validationRows, ofRows);
  if (options.cancel.cancelled) return fail({ text: 'Loading the data was cancelled.', range: train.inputRange });
  const dataset: Dataset = {
    train: split,
    validation: validated.value && validationRows > 0 ? validated.value.split : null,
    symbols,
    statistics,
    files: [...files.files.values()],
    assumptions: [],
    origin: 'project',
  };
  return ok({ dataset, notes, missed: [...files.missed] });
}

/** Executes the steps; again when a bound on memory cut sources of equal length differently, so that their rows match. */
async function executeWhole(
  experiment: Experiment,
  files: FileAccess,
  options: LoadOptions,
): Promise<Result<Executed, DataError>> {
  const wanted = [experiment.train, experiment.validation].flatMap((part) => (part ? [...part.inputs, ...part.targets] : []));
  for (;;) {
    files.restart();
    const executed = await executeRecipe(experiment.data, wanted, { ...options, files });
    if (!executed.ok || !files.mismatched) return executed;
  }
}

function partOf(recipe: SplitRecipe, values: ReadonlyMap<number, Value>): Result<Part, DataError> {
  const inputs = arraysOf(recipe.inputs, values, recipe.inputRange);
  if (!inputs.ok) return inputs;
  const targets = arraysOf(recipe.targets, values, recipe.targetRange);
  if (!targets.ok) return targets;
  const counts = [...inputs.value, ...targets.value].map((value) => value.tensor.shape[0] ?? 0);
  const count = counts[0] ?? 0;
  if (counts.some((other) => other !== count)) {
    const shown = counts.join(', ');
    return fail({
      text: `Inputs and targets have different numbers of rows (${shown}); they must belong together row by row.`,
      range: recipe.inputRange,
    });
  }
  const rows = inputs.value[0]?.rows ?? Int32Array.from({ length: count }, (_, row) => row);
  const split = { inputs: inputs.value.map(modelTensor), targets: targets.value.map(modelTensor), rows };
  return ok({ split, inputs: inputs.value, targets: targets.value });
}

function arraysOf(
  steps: readonly number[],
  values: ReadonlyMap<number, Value>,
  range: SourceRange,
): Result<ArrayValue[], DataError> {
  const arrays: ArrayValue[] = [];
  for (const step of steps) {
    const value = values.get(step);
    if (value?.kind !== 'array' && value?.kind !== 'table')
      return fail({ text: 'The model is given something that holds no rows.', range });
    if (shapeOf(value).length === 0) return fail({ text: 'The model is given a single number; it needs rows.', range });
    const array = toArray(value);
    if (!array.ok) return fail({ ...array.error, range });
    arrays.push(array.value);
  }
  return ok(arrays);
}

/** Floats in single precision, as the framework trains; integers as they are. */
const modelTensor = ({ tensor }: ArrayValue): Tensor => ({
  shape: tensor.shape,
  values: tensor.values instanceof Float64Array ? Float32Array.from(tensor.values) : tensor.values,
});
