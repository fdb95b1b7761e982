import { Arguments, plainCall, type Handler } from '../../../interpret/call';
import { callFunction } from '../../../interpret/calls';
import { runBlock } from '../../../interpret/statements';
import { placedAt } from '../../../syntax/placed';
import { Scope } from '../../../values/scope';
import { unknown, unreadable } from '../../../values/value';
import type { FunctionTable } from '../../functionTable';
import { onSymbols } from '../functional';

const numpy = 'import numpy as np\n';

/** What `preprocess_input` makes of pictures of 0…255, channels last, by the name that Keras gives the way. */
const ways: Readonly<Record<string, string>> = {
  tf: 'def change(x):\n    return x / 127.5 - 1.0\n',
  caffe: `${numpy}def change(x):\n    return x[..., ::-1] - np.array([103.939, 116.779, 123.68])\n`,
  torch: `${numpy}def change(x):\n    return (x / 255.0 - np.array([0.485, 0.456, 0.406])) / np.array([0.229, 0.224, 0.225])\n`,
  none: 'def change(x):\n    return x\n',
};

/** The same inside a model, where the order of channels is put together from single ones. */
const mirrored =
  'import tensorflow as tf\ndef change(x):\n    x = tf.concat([x[..., 2:3], x[..., 1:2], x[..., 0:1]], axis=-1)\n' +
  '    return x - tf.constant([103.939, 116.779, 123.68])\n';

const modules: Readonly<Record<string, string>> = {
  tf: 'mobilenet mobilenet_v2 inception_v3 inception_resnet_v2 xception resnet_v2 nasnet',
  caffe: 'vgg16 vgg19 resnet resnet50 imagenet_utils',
  torch: 'densenet',
  none: 'efficientnet efficientnet_v2 mobilenet_v3 convnext',
};

const changed = (fallback: string): Handler =>
  onSymbols((call) => {
    const a = new Arguments(call, 'x data_format mode');
    const way = a.string('mode', fallback);
    const m = call.machine;
    if (a.given('data_format')) a.reject('data_format', '`data_format` is not followed');
    const x = a.value('x') ?? unknown;
    const text = way === 'caffe' && x.kind === 'tensor' ? mirrored : ways[way];
    if (a.problems[0] || text === undefined)
      return a.problems[0] ? { kind: 'unknown', reason: a.problems[0] } : unreadable('This way is not read', call.range);
    const scope = new Scope(null, call.range.path);
    runBlock(m, scope, placedAt(m.parser.parse(`keras/applications/${way}`, text).body, call.range), []);
    const change = scope.variables.get('change');
    return change?.kind === 'function' ? callFunction(change, plainCall(call, [x])) : unknown;
  });

/** `preprocess_input` of the families of keras.applications. */
export const preprocessingTable: FunctionTable = Object.fromEntries(
  Object.entries(modules).flatMap(([way, list]) =>
    list.split(' ').map((module): [string, Handler] => [`keras.applications.${module}.preprocess_input`, changed(way)]),
  ),
);
