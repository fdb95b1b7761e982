import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../src/records/experiment';
import { read, readUnit, shapeOfData, shapeOfModel } from './reading';

const script = (name: string, side: number): string => `
import numpy as np
from tensorflow.keras.applications import ${name}
x, y = np.random.rand(8, ${side}, ${side}, 3), np.random.randint(0, 1000, 8)
model = ${name}(weights=None)
model.compile('adam', 'sparse_categorical_crossentropy')
model.fit(x, y)
`;

/** Weights, and the two statistics of each normalisation, which Keras counts too. */
function countOf({ model }: Experiment): number {
  const weights = (model?.parameters ?? []).map(({ shape }) => shape.reduce<number>((n, size) => n * Number(size), 1));
  const statistics = (model?.nodes ?? []).map((node) => (node.kind === 'batchNorm' ? 2 * Number(node.arguments.features) : 0));
  return [...weights, ...statistics].reduce((sum, n) => sum + n, 0);
}

describe('networks of keras.applications', () => {
  // As `model.summary()` counts them.
  it.each([
    ['VGG16', 138_357_544],
    ['VGG19', 143_667_240],
    ['ResNet50', 25_636_712],
    ['ResNet101', 44_707_176],
    ['ResNet152', 60_419_944],
    ['ResNet50V2', 25_613_800],
    ['ResNet101V2', 44_675_560],
    ['DenseNet121', 8_062_504],
    ['DenseNet169', 14_307_880],
    ['DenseNet201', 20_242_984],
    ['MobileNet', 4_253_864],
    ['MobileNetV2', 3_538_984],
    ['Xception', 22_910_480],
    ['InceptionV3', 23_851_784],
    ['MobileNetV3Small', 2_554_968],
    ['MobileNetV3Large', 5_507_432],
    // Seven numbers of a normalisation that changes nothing are counted there too.
    ['EfficientNetB0', 5_330_571 - 7],
    ['EfficientNetB1', 7_856_239 - 7],
    ['EfficientNetB2', 9_177_569 - 7],
    ['EfficientNetB3', 12_320_535 - 7],
    ['EfficientNetB4', 19_466_823 - 7],
    ['EfficientNetB7', 66_658_687 - 7],
  ])('%s has as many parameters as Keras says', (name, count) => {
    const unit = readUnit(script(name, name === 'Xception' || name === 'InceptionV3' ? 299 : 224));
    expect(unit.unread).toEqual([]);
    expect(countOf(unit)).toBe(count);
  });

  // Scripts thaw layers by their numbers.
  it.each([
    ['InceptionV3', 311],
    ['EfficientNetB0', 237],
    ['MobileNetV2', 154],
  ])('%s has as many layers as Keras without its top', (name, count) => {
    const unit = readUnit(`
import numpy as np, keras
from keras.applications import ${name}
base = ${name}(include_top=False, weights=None, input_shape=(96, 96, 3))
x, y = np.random.rand(8, 4), np.random.rand(8, 1)
model = keras.Sequential([keras.layers.Dense(len(base.layers), input_shape=(4,))])
model.compile('adam', 'mse')
model.fit(x, y)
`);
    expect(unit.model?.parameters[0]?.shape).toEqual([count, 4]);
  });

  const transfer = (part: string): string => `
import numpy as np, keras
from keras import layers
from keras.applications import MobileNetV2, VGG16, vgg16, mobilenet_v2
x, y = 255 * np.random.rand(8, 64, 64, 3), np.random.rand(8, 1)
${part}
model.compile('adam', 'mse')
history = model.fit(x, y, epochs=4)
`;

  it('are fixed with the statistics that they begin with', () => {
    const unit = readUnit(
      transfer(`base = MobileNetV2(input_shape=(64, 64, 3), include_top=False, weights=None)
base.trainable = False
inputs = keras.Input((64, 64, 3))
h = base(mobilenet_v2.preprocess_input(inputs), training=False)
model = keras.Model(inputs, layers.Dense(1)(layers.GlobalAveragePooling2D()(h)))`),
    );
    expect(unit.unread).toEqual([]);
    expect(unit.model?.nodes.some(({ kind }) => kind === 'batchNorm')).toBe(false);
    const factors = unit.model?.nodes.flatMap((node) => (node.kind === 'constant' ? [node.arguments.value] : []));
    expect(factors?.slice(0, 3)).toEqual([127.5, 1, 1 / Math.sqrt(1 + 1e-3)]);
    expect(unit.optimizer?.groups[0]?.parameters).toHaveLength(2);
  });

  it('are not fixed at statistics that have followed batches', () => {
    const units = transfer(`inputs = keras.Input((64, 64, 3))
norm = layers.BatchNormalization()
model = keras.Model(inputs, layers.Dense(1)(layers.Flatten()(norm(inputs))))
model.compile('adam', 'mse')
model.fit(x, y)
norm.trainable = False`);
    const reasons = read(units).experiments.map(({ unread }) => unread.map(({ text }) => text));
    expect(reasons).toEqual([[], ['Normalisation by statistics that are kept fixed is not read']]);
  });

  it('have ends at their layers, and pictures in the order blue, green, red', () => {
    const unit = readUnit(
      transfer(`base = VGG16(include_top=False, weights=None, input_shape=(64, 64, 3))
x = vgg16.preprocess_input(x)
model = keras.Model(base.input, layers.Dense(1)(layers.Flatten()(base.get_layer('block1_pool').output)))`),
    );
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toMatch(
      /^input permute\(0\) conv2d\(1\) relu\(2\) conv2d\(3\) relu\(4\) maxPool2d\(5\) permute\(6\) flatten\(7\) linear\(8\)/,
    );
    expect(shapeOfData(unit)).toMatch(/slice\(\d+\) literal\(\) subtract/);
    expect(unit.model?.nodes.find(({ kind }) => kind === 'linear')?.arguments).toMatchObject({ in: 32 * 32 * 64 });
  });

  it('go on where a history ends', () => {
    const text = transfer(`model = keras.Sequential([layers.Flatten(), layers.Dense(1)])`);
    expect(readUnit(text).loop?.epochs.value).toBe(4);
    const more = text.replace('epochs=4', 'epochs=10, initial_epoch=len([1, 2, 3])');
    expect(readUnit(more).loop?.epochs.value).toBe(7);
  });
});

describe('rows that are not read', () => {
  it('leave the model over them', () => {
    const unit = readUnit(`
import keras, numpy as np
from keras import layers
from own_files import pairs
data = []
for a, b in pairs:
    while a < b:
        data.append([a, b])
data = np.array(data)
model = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(1)])
model.compile('adam', 'mse')
model.fit(data, data, batch_size=16)`);
    expect(shapeOfModel(unit)).toContain('conv2d(1)');
    expect(unit.unread.map(({ missing }) => missing?.kind)).toContain('rows');
  });

  it('have the shape of a whole model that comes first', () => {
    const unit = readUnit(`
import keras
from keras import layers
from own_files import rows
model = keras.Sequential([keras.applications.VGG16(weights=None, include_top=False, input_shape=(32, 32, 3)),
    layers.Flatten(), layers.Dense(1)])
model.compile('adam', 'mse')
model.fit(rows, epochs=2)`);
    expect(unit.model?.nodes.find(({ kind }) => kind === 'linear')?.arguments).toMatchObject({ in: 512 });
  });

  it('turn round with all that they have', () => {
    const unit = readUnit(`
import numpy as np, keras
x, y = np.random.rand(40, 6), np.random.rand(40, 1)
x, y = x[::-1, 4:1:-1], y[::-1]
model = keras.Sequential([keras.layers.Dense(1)])
model.compile('adam', 'mse')
model.fit(x, y)`);
    expect(unit.unread).toEqual([]);
    expect(unit.model?.nodes.find(({ kind }) => kind === 'linear')?.arguments).toMatchObject({ in: 3 });
  });
});
