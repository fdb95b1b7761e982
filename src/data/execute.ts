import { setImmediate } from 'node:timers/promises';
import type { CancelToken } from '../base/cancel';
import { MersenneTwister } from '../base/mersenne';
import { Random } from '../base/random';
import { fail, ok, type Result } from '../base/result';
import { bindSize, type Size } from '../graph/size';
import type { DataKind, DataRecipe, DataStepOf } from '../records/dataSteps';
import type { DataError } from '../records/dataset';
import type { StepContext } from './context';
import { cancelled, fault, type Outcome } from './fault';
import type { FileAccess } from './files/access';
import { withinMemory } from './memory';
import { executors } from './steps/table';
import { symbolValue } from './symbols';
import type { Value } from './values';

/** What executing a recipe needs. */
export interface Execution {
  readonly files: FileAccess;
  readonly maximumBytes: number;
  readonly seed: number;
  readonly cancel: CancelToken;
  readonly bundled: string;
}

/** Results of the wanted steps, the size symbols' values, and what was taken for granted. */
export interface Executed {
  readonly values: ReadonlyMap<number, Value>;
  readonly symbols: Readonly<Record<string, number>>;
  readonly notes: readonly StepNote[];
}

/** Something taken for granted at a step. */
export interface StepNote {
  readonly text: string;
  readonly step: number;
}

const randomKinds: ReadonlySet<DataKind> = new Set<DataKind>([
  'randomNormal',
  'randomUniform',
  'randomInteger',
  'randomPermutation',
  'shuffleRows',
  'shuffledOrder',
  'trainTestSplit',
  'randomSplit',
  'foldRows',
  'weightedRows',
]);

/** Executes the steps that `wanted` and the symbols depend on, in order; values are let go after their last use. */
export async function executeRecipe(
  recipe: DataRecipe,
  wanted: readonly number[],
  execution: Execution,
): Promise<Result<Executed, DataError>> {
  const lastUse = usesOf(recipe, wanted);
  const values = new Map<number, Value>();
  const symbols: Record<string, number> = {};
  const notes = new Map<string, StepNote>();
  let draws = 0;
  for (const [index, step] of recipe.steps.entries()) {
    if (randomKinds.has(step.kind)) draws++;
    if (!lastUse.has(index)) continue;
    // Long loading hears a cancel and lets others run between its steps.
    await setImmediate();
    if (execution.cancel.cancelled) return located(cancelled(), step);
    const inputs = step.inputs.map((input) => values.get(input)).filter((value) => value !== undefined);
    const context = contextOf(step, index, draws, symbols, execution, notes);
    const value = await withinMemory(() => run(step, inputs, context));
    if (!value.ok) return located(value, step);
    values.set(index, value.value);
    for (const [name, symbol] of Object.entries(recipe.symbols)) {
      if (symbol.step !== index) continue;
      const bound = symbolValue(symbol, value.value);
      if (!bound.ok) return located(bound, step);
      symbols[name] = bound.value;
    }
    for (const input of [index, ...step.inputs]) if ((lastUse.get(input) ?? 0) <= index) values.delete(input);
  }
  return ok({ values, symbols, notes: [...notes.values()] });
}

const run = <K extends DataKind>(
  step: DataStepOf<K>,
  inputs: readonly Value[],
  context: StepContext,
): Outcome<Value> | Promise<Outcome<Value>> => executors[step.kind](step.arguments, inputs, context);

function located(outcome: Outcome<unknown>, step: { readonly range: DataError['range'] }): Result<never, DataError> {
  return outcome.ok
    ? fail({ text: 'The data could not be loaded.', range: step.range })
    : fail({ ...outcome.error, range: step.range });
}

/** The step after which each needed value may go; Infinity for wanted ones. Steps that nothing needs have no entry. */
function usesOf(recipe: DataRecipe, wanted: readonly number[]): Map<number, number> {
  const lastUse = new Map<number, number>(wanted.map((index) => [index, Infinity]));
  for (const { step } of Object.values(recipe.symbols)) if (!lastUse.has(step)) lastUse.set(step, step);
  for (let index = recipe.steps.length - 1; index >= 0; index--) {
    if (!lastUse.has(index)) continue;
    for (const input of recipe.steps[index]?.inputs ?? []) lastUse.set(input, Math.max(index, lastUse.get(input) ?? 0));
  }
  return lastUse;
}

function contextOf(
  step: { readonly kind: DataKind },
  index: number,
  draw: number,
  symbols: Readonly<Record<string, number>>,
  execution: Execution,
  notes: Map<string, StepNote>,
): StepContext {
  const stream = (seed: number | null, name: string): Random => new Random(seed ?? execution.seed).fork(name);
  return {
    ...execution,
    size: (size: Size) => {
      const value = bindSize(size, symbols);
      return value === null ? fault('A size that this needs is not known before the model is built.') : ok(value);
    },
    selection: (seed) => stream(seed, seed === null ? `selection ${draw}` : step.kind),
    numpySelection: (seed) => (seed === null ? stream(seed, `selection ${draw}`) : new MersenneTwister(seed)),
    generator: (seed) => stream(seed, `numbers ${draw}`),
    assume: (text) => notes.set(`${index} ${text}`, { text, step: index }),
  };
}
