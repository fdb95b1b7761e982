import type { Handler } from '../interpret/call';
import { acceleratorTable } from './accelerator';
import { argparseTable } from './argparse';
import { commandLineTable } from './commandLines';
import { containersTable } from './collections';
import { pathTable } from './paths';
import { settingsTable } from './settings';
import { numpyTable } from './arrays';
import { pythonTable } from './builtins';
import { standardTable } from './standardLibrary';
import { imageTable } from './images';
import { catalogueTable } from './torchvision/catalogue';
import { torchvisionModelTable } from './torchvisionModels';
import { derivativeTable } from './derivatives';
import { estimatorTable } from './estimators';
import { functionLayers } from './functionLayers';
import { initTable } from './initializers';
import { kerasTable } from './keras';
import { attentionTable } from './attentionLayers';
import { kerasTables } from './kerasTables';
import { layerTable } from './layers';
import { lightningTable } from './lightning';
import { mathematicalFunctions } from './tensorFunctions';
import { selectionFunctions } from './tensorSelections';
import { containerTable } from './moduleMethods';
import { optimizerTable } from './optimizers';
import { randomDraws } from './randomDraws';
import { recurrentTable } from './recurrent';
import { scheduleTable } from './schedules';
import { sklearnTable } from './sklearn';
import { pandasTable } from './tables';
import { vectorizerTable } from './textVectorizers';
import { columnTypeFunctions } from './tableColumns';
import { asFunction, tensorOperations } from './tensorOperations';
import { torchDataTable } from './torchData';
import { torchRandom } from './torchRandom';
import { torchTensors } from './torchTensors';
import { transformerTable } from './transformerLayers';
import { trainingTable } from './trainingCalls';
import { fetchedTable } from './sklearnFetched';
import { syntheticTable } from './sklearnSynthetic';
import { unfollowedTable } from './unfollowed';
import { averageTable } from './weightAverages';
import { windowTable } from './windows';
import { foldTable } from './folds';
import type { FunctionTable } from './functionTable';
import { surroundings } from './surroundings';

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
    ...containerTable,
    ...initTable,
    ...optimizerTable,
    ...scheduleTable,
    ...averageTable,
    ...torchTensors,
    ...torchRandom,
    ...derivativeTable,
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
