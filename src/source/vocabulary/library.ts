import type { Handler } from '../interpret/call';
import { acceleratorTable } from './training/accelerator';
import { argparseTable } from './python/argparse';
import { commandLineTable } from './python/commandLines';
import { containersTable } from './python/collections';
import { pathTable } from './python/paths';
import { settingsTable } from './python/settings';
import { numpyTable } from './tables/arrays';
import { pythonTable } from './python/builtins';
import { standardTable } from './python/standardLibrary';
import { imageTable } from './rows/images';
import { catalogueTable } from './layers/torchvision/catalogue';
import { torchvisionModelTable } from './layers/torchvisionModels';
import { derivativeTable } from './training/derivatives';
import { estimatorTable } from './sklearn/estimators';
import { functionLayers } from './layers/functionLayers';
import { initTable } from './layers/initializers';
import { kerasTable } from './keras/keras';
import { attentionTable } from './layers/attentionLayers';
import { kerasTables } from './keras/tables';
import { layerTable } from './layers/layers';
import { lightningTable } from './training/lightning';
import { mathematicalFunctions } from './tensors/tensorFunctions';
import { selectionFunctions } from './tensors/tensorSelections';
import { containerTable } from './layers/moduleMethods';
import { optimizerTable } from './training/optimizers';
import { divergencesTable } from './tables/divergences';
import { randomDraws } from './tables/randomDraws';
import { recurrentTable } from './layers/recurrent';
import { scheduleTable } from './training/schedules';
import { sklearnTable } from './sklearn/sklearn';
import { pandasTable } from './tables/tables';
import { vectorizerTable } from './sklearn/textVectorizers';
import { columnTypeFunctions } from './tables/tableColumns';
import { asFunction, tensorOperations } from './tensors/tensorOperations';
import { torchDataTable } from './rows/torchData';
import { torchRandom } from './tensors/torchRandom';
import { torchTensors } from './tensors/torchTensors';
import { transformerTable } from './layers/transformerLayers';
import { trainingTable } from './training/trainingCalls';
import { fetchedTable } from './sklearn/fetched';
import { syntheticTable } from './sklearn/synthetic';
import { unfollowedTable } from './layers/unfollowed';
import { averageTable } from './training/weightAverages';
import { patternFunctions } from './tables/patterns';
import { windowTable } from './tables/windows';
import { foldTable } from './sklearn/folds';
import type { FunctionTable } from './functionTable';
import { surroundings } from './python/surroundings';

const shared = (): FunctionTable =>
  Object.fromEntries(
    Object.entries(tensorOperations).flatMap(([name, operation]): [string, Handler][] => {
      const handler: Handler = (call) => asFunction(operation, call);
      return [
        [`torch.${name}`, handler],
        [`torch.nn.functional.${name}`, handler],
        [`torch.special.${name}`, handler],
      ];
    }),
  );

let allFunctions: Readonly<Record<string, Handler>> | null = null;

/** Put together on first use: the tables and the interpreter need each other. */
function functionTable(): Readonly<Record<string, Handler>> {
  allFunctions ??= {
    ...shared(),
    ...numpyTable,
    ...pythonTable,
    ...standardTable,
    ...pathTable,
    ...acceleratorTable,
    ...containersTable,
    ...argparseTable,
    ...commandLineTable,
    ...settingsTable,
    ...layerTable,
    ...functionLayers(),
    ...unfollowedTable,
    ...attentionTable,
    ...transformerTable,
    ...mathematicalFunctions,
    ...selectionFunctions,
    ...recurrentTable,
    ...windowTable,
    ...patternFunctions,
    ...containerTable,
    ...initTable,
    ...optimizerTable,
    ...scheduleTable,
    ...averageTable,
    ...torchTensors,
    ...torchRandom,
    ...derivativeTable,
    ...divergencesTable,
    ...randomDraws,
    ...torchDataTable,
    ...estimatorTable,
    ...kerasTable,
    ...kerasTables(),
    ...imageTable,
    ...torchvisionModelTable,
    ...catalogueTable,
    ...pandasTable,
    ...columnTypeFunctions,
    ...vectorizerTable,
    ...sklearnTable,
    ...foldTable,
    ...syntheticTable,
    ...fetchedTable,
    ...trainingTable,
    ...lightningTable,
    ...surroundings,
  };
  return allFunctions;
}

const prefixes: readonly (readonly [string, string])[] = [
  ['tensorflow.keras.', 'keras.'],
  ['tensorflow.python.keras.', 'keras.'],
  ['tf_keras.', 'keras.'],
  ...'adam_v2 gradient_descent_v2 rmsprop_v2 adam gradient_descent rmsprop adagrad adadelta adamax nadam'
    .split(' ')
    .flatMap((part): [string, string][] => [
      [`keras.optimizers.${part}.`, 'keras.optimizers.'],
      [`keras.optimizer_v2.${part}.`, 'keras.optimizers.'],
      [`keras.optimizers.optimizer_v2.${part}.`, 'keras.optimizers.'],
    ]),
  ...'core convolutional pooling normalization merge embeddings advanced_activations'
    .split(' ')
    .map((part): [string, string] => [`keras.layers.${part}.`, 'keras.layers.']),
  ['torch.nn.modules.', 'torch.nn.'],
  ['torch.nn.parameter.', 'torch.nn.'],
  ['torch.functional.', 'torch.'],
  ['torch.utils.data.dataset.', 'torch.utils.data.'],
  ['torch.distributions.', 'torch.distributions.'],
  ['scipy.special.', 'numpy.'],
];

/** What a library's function does; null when it is not in the tables. */
export function libraryFunction(path: string): Handler | null {
  const functions = functionTable();
  const direct = Object.hasOwn(functions, path) ? functions[path] : undefined;
  if (direct) return direct;
  for (const [from, to] of prefixes) {
    if (!path.startsWith(from)) continue;
    const rest = path.slice(from.length);
    const handler = functions[to + rest] ?? functions[to + (rest.split('.').pop() ?? '')];
    if (handler) return handler;
  }
  return null;
}

/** The names below a module of a library, as `import *` brings them; its submodules too. */
export function libraryNames(module: string): readonly string[] {
  const own = module.replace(/^tensorflow\.(python\.)?keras/, 'keras');
  const below = Object.keys(functionTable()).flatMap((path) =>
    path.startsWith(`${own}.`) ? [path.slice(own.length + 1).split('.')[0] ?? ''] : [],
  );
  return [...new Set([...below, ...(own === 'torch.nn' ? ['Module', 'Parameter'] : own === 'keras.layers' ? ['Layer'] : [])])];
}
