import { plainCall, type Argument, type Call, type Handler } from '../../interpret/call';
import { callValue } from '../../interpret/calls';
import { dataStep } from '../../interpret/tensors';
import type { Array as DataArray, Loader } from '../../values/dataValues';
import type { Estimator, KerasModel } from '../../values/estimators';
import { unknown, unreadable, type Value } from '../../values/value';
import { fitKeras } from './fit';
import { namedOptimizer } from './optimizers';
import { classNumbers } from '../sklearn/rows';

const wrappers = ['keras.wrappers.scikit_learn', 'keras.wrappers', 'scikeras.wrappers'].flatMap((module) =>
  ['KerasClassifier', 'KerasRegressor'].map((name) => `${module}.${name}`),
);

/** True for KerasClassifier and KerasRegressor. */
export const isKerasWrapper = (e: Estimator): boolean => wrappers.includes(e.path);

/** What `fit` of the model takes of the wrapper's arguments; the others go to the function that builds the model. */
const fitNames = new Set([
  'batch_size',
  'epochs',
  'verbose',
  'callbacks',
  'validation_split',
  'shuffle',
  'class_weight',
  'nb_epoch',
]);

const own = new Set(['build_fn', 'model', 'random_state', 'warm_start', 'optimizer', 'loss', 'metrics', 'run_eagerly']);

/** The model that the wrapper's function builds; a value that says why there is none. */
function builtModel(e: Estimator, call: Call): KerasModel | Value {
  const given = e.keywords.get('model') ?? e.keywords.get('build_fn') ?? e.positional[0];
  const builder = given?.value ?? unknown;
  if (builder.kind === 'kerasModel') return builder;
  const names = builder.kind === 'function' ? builder.parameters.map(({ name }) => name) : [];
  const keywords = new Map<string, Argument>();
  for (const [name, argument] of e.keywords) {
    const short = name.replace(/^model__/, '');
    if (names.includes(short) && (short !== name || !own.has(name) || name === 'optimizer')) keywords.set(short, argument);
  }
  const made = callValue(call.machine, builder, { ...plainCall(call, []), range: e.range, name: e.name, keywords });
  if (made.kind === 'kerasModel' || made.kind === 'unknown') return made;
  return unreadable('The model that this wrapper builds could not be read', e.range);
}

/** The wrapper's optimizer with its `optimizer__learning_rate=` and the like. */
function withSettings(e: Estimator, call: Call): Argument | null {
  const optimizer = e.keywords.get('optimizer') ?? null;
  const prefix = 'optimizer__';
  const own = [...e.keywords].flatMap(([name, argument]) =>
    name.startsWith(prefix) ? [[name.slice(prefix.length), argument] as const] : [],
  );
  if (!optimizer || own.length === 0) return optimizer;
  const made = namedOptimizer(optimizer.value, {
    ...call,
    range: optimizer.range,
    name: optimizer.range,
    positional: [],
    keywords: new Map(own),
  });
  const value = made ?? unreadable('The settings of this optimizer could not be read', optimizer.range);
  return { value, range: optimizer.range };
}

/** A model without `compile` is compiled by scikeras with the wrapper's `optimizer=` and `loss=`. */
function compiled(model: KerasModel, e: Estimator, call: Call): void {
  if (model.compiled) return;
  const [optimizer, loss] = [withSettings(e, call), e.keywords.get('loss') ?? null];
  if (loss) model.compiled = { range: e.range, name: e.name, call, optimizer, loss, lossWeights: null, frozen: new Set() };
}

/** Class numbers in the order of the labels; rows of 0 and 1 for a categorical loss. */
function targetsOf(model: KerasModel, e: Estimator, y: DataArray, call: Call): DataArray {
  if (!e.path.endsWith('Classifier') || y.shape?.length === 2) return y;
  const numbers = classNumbers(y, call);
  const loss = model.compiled?.loss?.value;
  if (loss?.kind !== 'string' || loss.value !== 'categorical_crossentropy') return numbers;
  const classes = call.machine.program.symbol(numbers.step, { kind: 'unique' });
  return dataStep(call.machine, 'oneHot', { classes }, [numbers], call.range, { shape: [null, classes], integer: false });
}

/** Trains the model of a wrapper as its `fit` does. */
export function fitWrapped(e: Estimator, call: Call, x: DataArray | Loader, y: DataArray): Value {
  const model = builtModel(e, call);
  if (model.kind !== 'kerasModel') return model;
  compiled(model, e, call);
  const keywords = new Map<string, Argument>();
  for (const [name, argument] of e.keywords) {
    const short = name.replace(/^fit__/, '');
    if (fitNames.has(short)) keywords.set(short === 'nb_epoch' ? 'epochs' : short, argument);
  }
  const targets = targetsOf(model, e, y, call);
  const positional = [x, targets].map((value) => ({ value, range: call.range }));
  return fitKeras(model, { ...call, positional, keywords });
}

const wrapper =
  (path: string): Handler =>
  (call) => {
    if (call.unclear) return { kind: 'unknown', reason: call.unclear };
    const { range, name, keywords, positional } = call;
    return { kind: 'estimator', path, range, name, keywords, positional, before: [] };
  };

/** Keras models as estimators of scikit-learn. */
export const kerasWrapperTable = Object.fromEntries(wrappers.map((path): [string, Handler] => [path, wrapper(path)]));
