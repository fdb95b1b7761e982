import { Arguments, type Call, type Handler } from '../../interpret/call';
import type { Machine } from '../../interpret/machine';
import type { SourceRange } from '../../../records/source';
import type { TraceNode } from '../../values/trace';
import { unknown, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { pointwise } from './layout';
import { layerValue, single } from './weights';

/** Normal numbers of the shape of `x`, zero in inference, times `scale`. */
function scaledNoise(m: Machine, x: TraceNode, scale: number, range: SourceRange): TraceNode {
  const noise = m.trace.add('noise', { distribution: 'normal', shape: null, inTraining: true, call: 0 }, [x], range);
  return m.trace.add('multiply', {}, [noise, m.trace.constant(scale, range)], range);
}

/** x + σ ε. */
const gaussianNoise: Handler = (call) => {
  const a = new Arguments(call, 'stddev seed');
  const deviation = a.number('stddev');
  const apply = single((m, layer, input) =>
    pointwise(m, input, layer.range, (x) => m.trace.add('add', {}, [x, scaledNoise(m, x, deviation, layer.range)], layer.range)),
  );
  return layerValue(call, a, 'gaussian_noise', apply);
};

/** x (1 + √(p / (1 - p)) ε). */
const gaussianDropout: Handler = (call) => {
  const a = new Arguments(call, 'rate seed');
  const p = a.number('rate');
  const apply = single((m, layer, input) =>
    pointwise(m, input, layer.range, (x) => {
      const factor = scaledNoise(m, x, Math.sqrt(p / (1 - p)), layer.range);
      const one = m.trace.constant(1, layer.range);
      return m.trace.add('multiply', {}, [x, m.trace.add('add', {}, [factor, one], layer.range)], layer.range);
    }),
  );
  return layerValue(call, a, 'gaussian_dropout', apply);
};

const alphaDropout: Handler = (call) => {
  const a = new Arguments(call, 'rate noise_shape seed');
  const p = a.number('rate');
  if (a.given('noise_shape')) a.reject('noise_shape', '`noise_shape` is not followed');
  const places = { p: a.place('rate') };
  const apply = single((m, layer, input) =>
    pointwise(m, input, layer.range, (x) => m.trace.add('alphaDropout', { p, call: 0 }, [x], layer.range, { places })),
  );
  return layerValue(call, a, 'alpha_dropout', apply);
};

/** The name of layers that change pictures at random in training. */
export const randomChange = 'random_change';

/** Random changes of pictures are left out: each epoch sees them as they are. */
const augmentation: Handler = (call) => {
  const ignored =
    'mode factor height_factor width_factor fill_mode interpolation fill_value seed lower upper value_range data_format';
  call.machine.assume('The random changes of the pictures are left out: each epoch sees them as they are', call.range);
  const keywords = new Map([...call.keywords].filter(([name]) => !ignored.split(' ').includes(name)));
  const bare = new Arguments({ ...call, positional: [], keywords }, '');
  const made = layerValue(
    call,
    bare,
    randomChange,
    single((_m, _layer, input) => input),
  );
  return made.kind === 'kerasLayer' ? { ...made, onRows: (rows, use) => leftOut(rows, use) } : made;
};

const changesLeftOut = new WeakMap<Machine, number>();

/** How many random changes of rows of data have been left out so far. */
export const countLeftOut = (m: Machine): number => changesLeftOut.get(m) ?? 0;

/** Rows of data without a random change of pictures that the script makes. */
function leftOut(rows: Value, call: Call): Value {
  changesLeftOut.set(call.machine, countLeftOut(call.machine) + 1);
  return rows;
}

/** A picture that the call changes at random, as it was. */
export const randomPicture: Handler = (call) => {
  call.machine.assume('The random changes of the pictures are left out: each epoch sees them as they are', call.range);
  return leftOut(call.positional[0]?.value ?? call.keywords.get('image')?.value ?? unknown, call);
};

const randomPictures =
  'random_flip_left_right random_flip_up_down random_brightness random_contrast random_saturation random_hue random_jpeg_quality';

const augmentations = 'RandomFlip RandomRotation RandomZoom RandomContrast RandomTranslation RandomBrightness';

/** Layers of Keras that do something in training alone. */
export const kerasNoiseTable: FunctionTable = {
  'keras.layers.GaussianNoise': gaussianNoise,
  'keras.layers.GaussianDropout': gaussianDropout,
  'keras.layers.AlphaDropout': alphaDropout,
  ...Object.fromEntries(
    randomPictures.split(' ').flatMap((name): [string, Handler][] => [
      [`tensorflow.image.${name}`, randomPicture],
      [`tensorflow.image.stateless_${name}`, randomPicture],
    ]),
  ),
  ...Object.fromEntries(
    augmentations.split(' ').flatMap((name): [string, Handler][] => [
      [`keras.layers.${name}`, augmentation],
      [`keras.layers.experimental.preprocessing.${name}`, augmentation],
    ]),
  ),
};
