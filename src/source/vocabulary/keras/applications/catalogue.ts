import { callFunction } from '../../../interpret/calls';
import { Arguments, plainCall, type Call, type Handler } from '../../../interpret/call';
import { runBlock } from '../../../interpret/statements';
import { placedAt } from '../../../syntax/placed';
import type { KerasModel } from '../../../values/estimators';
import { Scope } from '../../../values/scope';
import { booleanValue, listValue, none, numberValue, stringValue, unreadable, type Value } from '../../../values/value';
import type { FunctionTable } from '../../functionTable';
import { layersOf } from '../graph';
import * as families from './architectures';
import { efficientNets, inceptionNets, searchedNets } from './squeezedNets';

/** A family's Python, and how many units its stages have, or the numbers that make one of its members. */
interface Entry {
  readonly text: string;
  readonly depths: readonly number[];
}

const entries: Readonly<Record<string, Entry>> = {
  VGG16: { text: families.vggNets, depths: [2, 2, 3, 3, 3] },
  VGG19: { text: families.vggNets, depths: [2, 2, 4, 4, 4] },
  ResNet50: { text: families.residualNets, depths: [3, 4, 6, 3] },
  ResNet101: { text: families.residualNets, depths: [3, 4, 23, 3] },
  ResNet152: { text: families.residualNets, depths: [3, 8, 36, 3] },
  ResNet50V2: { text: families.preactivatedNets, depths: [3, 4, 6, 3] },
  ResNet101V2: { text: families.preactivatedNets, depths: [3, 4, 23, 3] },
  DenseNet121: { text: families.denseNets, depths: [6, 12, 24, 16] },
  DenseNet169: { text: families.denseNets, depths: [6, 12, 32, 32] },
  DenseNet201: { text: families.denseNets, depths: [6, 12, 48, 32] },
  MobileNet: { text: families.mobileNets, depths: [] },
  MobileNetV2: { text: families.invertedNets, depths: [] },
  Xception: { text: families.separableNets, depths: [] },
  InceptionV3: { text: inceptionNets, depths: [] },
  MobileNetV3Small: { text: searchedNets, depths: [0] },
  MobileNetV3Large: { text: searchedNets, depths: [1] },
  EfficientNetB0: { text: efficientNets, depths: [1, 1, 224, 0.2] },
  EfficientNetB1: { text: efficientNets, depths: [1, 1.1, 240, 0.2] },
  EfficientNetB2: { text: efficientNets, depths: [1.1, 1.2, 260, 0.3] },
  EfficientNetB3: { text: efficientNets, depths: [1.2, 1.4, 300, 0.3] },
  EfficientNetB4: { text: efficientNets, depths: [1.4, 1.8, 380, 0.4] },
  EfficientNetB5: { text: efficientNets, depths: [1.6, 2.2, 456, 0.4] },
  EfficientNetB6: { text: efficientNets, depths: [1.8, 2.6, 528, 0.5] },
  EfficientNetB7: { text: efficientNets, depths: [2, 3.1, 600, 0.5] },
};

const names = 'include_top weights input_tensor input_shape pooling classes classifier_activation';

/** MobileNets take their shape and width first. */
const namesOf = (name: string): string =>
  name.startsWith('MobileNetV3')
    ? 'input_shape alpha minimalistic include_top weights input_tensor classes pooling dropout_rate classifier_activation'
    : name === 'MobileNetV2'
      ? 'input_shape alpha include_top weights input_tensor pooling classes classifier_activation'
      : name === 'MobileNet'
        ? 'input_shape alpha depth_multiplier dropout include_top weights input_tensor pooling classes classifier_activation'
        : names;

/** Runs the family's Python with the arguments that it takes. */
function run(name: string, entry: Entry, a: Arguments): Value {
  const { call } = a;
  const m = call.machine;
  const script = m.parser.parse(`keras/applications/${name}`, entry.text);
  const scope = new Scope(null, call.range.path);
  runBlock(m, scope, placedAt(script.body, call.range), []);
  const maker = scope.variables.get('build');
  if (maker?.kind !== 'function') return unreadable(`What ${name} is made of is not read`, call.range);
  const given: Value[] = [
    a.value('include_top') ?? booleanValue(true),
    a.value('input_tensor') ?? none,
    a.value('input_shape') ?? none,
    a.value('pooling') ?? none,
    a.value('classes') ?? numberValue(1000, true),
    a.value('classifier_activation') ?? stringValue('softmax'),
    numberValue(a.number('alpha', 1), false),
  ];
  const depths = listValue(entry.depths.map((depth) => numberValue(depth, true)));
  return callFunction(maker, plainCall(call, [depths, listValue(given)]));
}

/** Marks the weights that would be downloaded: they have these shapes, and values that are not at hand. */
function withoutValues(model: KerasModel, name: string, call: Call): void {
  const text = `The pretrained weights of Keras's ${name} are not at hand, so that it is not run. What is said comes from the text and the data`;
  for (const layer of layersOf(model)) layer.unread = { text, range: call.range };
}

function build(name: string, entry: Entry, call: Call): Value {
  const a = new Arguments(call, namesOf(name));
  if (name === 'MobileNet' && a.number('depth_multiplier', 1) !== 1)
    a.reject('depth_multiplier', '`depth_multiplier` is not followed');
  for (const [setting, usual] of [
    ['minimalistic', false],
    ['include_preprocessing', true],
  ] as const)
    if (a.given(setting) && a.boolean(setting, usual) !== usual) a.reject(setting, `\`${setting}\` is not followed`);
  a.rejectOthers('name backend layers utils models alpha include_preprocessing');
  const model = a.problems[0] ? null : run(name, entry, a);
  if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
  if (model?.kind !== 'kerasModel') return model ?? none;
  const weights = a.argument('weights')?.value;
  if (weights?.kind !== 'none') withoutValues(model, name, call);
  return model;
}

/** The networks of keras.applications that are built, by their names alone. */
export const builtNetworks: FunctionTable = Object.fromEntries(
  Object.entries(entries).map(([name, entry]): [string, Handler] => [name, (call) => build(name, entry, call)]),
);
