import { describe, expect, it } from 'vitest';
import { readUnit, shapeOfModel, textAt } from './reading';

const rows = `import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers, regularizers, initializers
from sklearn.datasets import load_digits
digits = load_digits()
X, y = digits.data / 16.0, digits.target
images = digits.images[..., np.newaxis] / 16.0
`;

/** A model of one layer before a softmax over ten classes, over pictures of 8 by 8 or over rows of 64 numbers. */
const over = (layer: string, data = 'images'): string => `${rows}
model = keras.Sequential([${layer}, layers.Flatten(), layers.Dense(10, activation='softmax')])
model.compile('adam', 'sparse_categorical_crossentropy')
model.fit(${data}, y)
`;

const nodeOf = (text: string, kind: string) => {
  const unit = readUnit(text);
  expect(unit.unread).toEqual([]);
  return unit.model?.nodes.find((node) => node.kind === kind);
};

describe('defaults of layers that Keras 2 and 3 share', () => {
  it.each([
    ['layers.Conv2D(4, 3)', 'conv2d', { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 }],
    ['layers.Conv2D(4, 3, padding="same")', 'conv2d', { padding: [1, 1] }],
    ['layers.Conv2D(4, 2, padding="same")', 'conv2d', { padding: [0, 0], paddingEnd: [1, 1] }],
    ['layers.Conv2D(4, 3, 2, "same")', 'conv2d', { stride: [2, 2], padding: [0, 0], paddingEnd: [1, 1] }],
    ['layers.MaxPooling2D()', 'maxPool2d', { kernel: [2, 2], stride: [2, 2], padding: [0, 0] }],
    ['layers.AveragePooling2D(4)', 'avgPool2d', { kernel: [4, 4], stride: [4, 4] }],
    ['layers.BatchNormalization()', 'batchNorm', { epsilon: 1e-3, features: 1 }],
    ['layers.LayerNormalization()', 'layerNorm', { epsilon: 1e-3, shape: [1] }],
    ['layers.LeakyReLU()', 'leakyRelu', { slope: 0.3 }],
    ['layers.Dense(4, activation="leaky_relu")', 'leakyRelu', { slope: 0.2 }],
    ['layers.ELU()', 'elu', { alpha: 1 }],
    ['layers.ReLU(max_value=6)', 'relu6', {}],
    ['layers.Dropout(0.3)', 'dropout', { p: 0.3 }],
  ] as const)('%s', (layer, kind, wanted) => {
    expect(nodeOf(over(layer), kind)?.arguments).toMatchObject(wanted);
  });

  it('are those of the weights', () => {
    const { model } = readUnit(over('layers.Conv2D(4, 3)'));
    expect(model?.parameters.map(({ name, shape, initializer }) => [name, shape, initializer.kind])).toEqual([
      ['conv2d.weight', [4, 1, 3, 3], 'xavierUniform'],
      ['conv2d.bias', [4], 'constant'],
      ['dense.weight', [10, 144], 'xavierUniform'],
      ['dense.bias', [10], 'constant'],
    ]);
    const norm = nodeOf(over('layers.BatchNormalization()'), 'batchNorm');
    expect(norm?.kind === 'batchNorm' && norm.arguments.momentum).toBeCloseTo(0.01, 12);
  });
});

describe('initialisers', () => {
  it.each([
    ["'he_normal'", { kind: 'varianceScaling', scale: 2, mode: 'fanIn', distribution: 'truncatedNormal' }],
    [
      'initializers.GlorotNormal(seed=1)',
      { kind: 'varianceScaling', scale: 1, mode: 'fanAverage', distribution: 'truncatedNormal' },
    ],
    ['tf.keras.initializers.LecunUniform()', { kind: 'varianceScaling', scale: 1, mode: 'fanIn', distribution: 'uniform' }],
    ['initializers.RandomNormal()', { kind: 'normal', mean: 0, deviation: 0.05 }],
    ['initializers.RandomUniform(-0.1, 0.1)', { kind: 'uniform', low: -0.1, high: 0.1 }],
    ['initializers.TruncatedNormal(stddev=0.1)', { kind: 'truncatedNormal', deviation: 0.1, low: -0.2, high: 0.2 }],
    ['initializers.Constant(0.5)', { kind: 'constant', value: 0.5 }],
    ["'orthogonal'", { kind: 'orthogonal', gain: 1 }],
    [
      "initializers.VarianceScaling(scale=3.0, mode='fan_out', distribution='untruncated_normal')",
      { kind: 'varianceScaling', scale: 3, mode: 'fanOut', distribution: 'normal' },
    ],
  ])('%s', (written, wanted) => {
    const { model, unread } = readUnit(over(`layers.Dense(5, kernel_initializer=${written})`, 'X'));
    expect(unread).toEqual([]);
    expect(model?.parameters[0]?.initializer).toMatchObject(wanted);
    expect(model?.parameters[0]?.isDefault).toBe(false);
  });

  it('that are not known are told', () => {
    const { unread } = readUnit(over('layers.Dense(5, kernel_initializer=my_own)', 'X'));
    expect(unread.map(({ text }) => text)).toEqual(['This initialisation is not read']);
  });
});

describe('fit', () => {
  it('has batches of 32, one epoch, mixed rows', () => {
    const { loop, batches, validation } = readUnit(over('layers.Dense(5)', 'X'));
    expect(loop?.epochs).toMatchObject({ value: 1 });
    expect(batches).toMatchObject({ sampling: 'epochs', batchSize: { value: 32, isDefault: true }, shuffle: { value: true } });
    expect(validation).toBeNull();
  });

  it('takes the last rows for validation', () => {
    const { data, validation } = readUnit(over('layers.Dense(5)', 'X').replace('X, y)', 'X, y, validation_split=0.25)'));
    const split = data.steps.find(({ kind }) => kind === 'trainTestSplit');
    expect(split?.arguments).toMatchObject({ testSize: 0.25, shuffle: false });
    expect(validation).not.toBeNull();
  });

  it('gives each optimizer its own argument for the rate', () => {
    const text = over('layers.Dense(5)', 'X').replace("'adam'", 'keras.optimizers.SGD(lr=0.1, momentum=0.5, clipnorm=2.0)');
    const { optimizer, loop } = readUnit(text);
    expect(optimizer).toMatchObject({ kind: 'sgd', rateName: 'lr', learningRate: { value: 0.1, isDefault: false } });
    expect(textAt(text, optimizer?.rateCall)).toBe('keras.optimizers.SGD(lr=0.1, momentum=0.5, clipnorm=2.0)');
    expect(loop?.clipping).toMatchObject({ kind: 'normEach', limit: { value: 2 } });
    expect(readUnit(over('layers.Dense(5)', 'X')).optimizer).toMatchObject({ rateName: 'learning_rate' });
  });

  it('follows callbacks', () => {
    const callbacks =
      'callbacks=[keras.callbacks.EarlyStopping(patience=4), keras.callbacks.ReduceLROnPlateau(factor=0.5, patience=3), keras.callbacks.TensorBoard()]';
    const { schedules, loop, unread } = readUnit(
      over('layers.Dense(5)', 'X').replace('X, y)', `X, y, validation_split=0.2, epochs=9, ${callbacks})`),
    );
    expect(unread).toEqual([]);
    expect(loop?.earlyStopping).toMatchObject({ patience: 4 });
    expect(schedules.map(({ rule, per }) => [rule, per])).toEqual([
      [
        expect.objectContaining({ kind: 'reduceOnPlateau', factor: 0.5, patience: 2, thresholdMode: 'abs', of: 'validation' }),
        'epoch',
      ],
    ]);
  });

  it('asks a function of the epoch for every rate', () => {
    const text = over('layers.Dense(5)', 'X').replace(
      'model.fit(X, y)',
      'def step(epoch, lr):\n    return lr * 0.5 if epoch == 2 else lr\nmodel.fit(X, y, epochs=4, callbacks=[keras.callbacks.LearningRateScheduler(step)])',
    );
    expect(readUnit(text).schedules[0]).toMatchObject({ rule: { kind: 'table', factors: [1, 1, 0.5, 0.5] }, per: 'epoch' });
  });

  it('says what it does not follow', () => {
    const { unread } = readUnit(over('layers.Dense(5)', 'X').replace('X, y)', 'X, y, sample_weight=w)'));
    expect(unread.map(({ text }) => text)).toEqual(['These weights of rows could not be read']);
  });
});

describe('models', () => {
  it('keep channels last where they flatten', () => {
    const unit = readUnit(over("layers.Conv2D(4, 3, activation='relu'), layers.MaxPooling2D()"));
    expect(shapeOfModel(unit)).toBe(
      'input permute(0) conv2d(1) relu(2) maxPool2d(3) permute(4) flatten(5) linear(6) | target crossEntropy(7,8)',
    );
  });

  it('add the penalties of their layers', () => {
    const unit = readUnit(over('layers.Dense(5, kernel_regularizer=regularizers.l1_l2(l1=0.1, l2=0.2))', 'X'));
    expect(shapeOfModel(unit)).toBe(
      'input linear(0) linear(1) | target crossEntropy(2,3) parameter abs(5) sum(6) constant multiply(7,8) add(4,9) ' +
        'power(5) sum(11) constant multiply(12,13) add(10,14)',
    );
    const factors = unit.model?.nodes.flatMap((node) => (node.kind === 'constant' ? [node.arguments.value] : []));
    expect(factors).toEqual([0.1, 0.2]);
  });

  it('may have several inputs and outputs, layers used twice and frozen parts', () => {
    const unit = readUnit(`${rows}
a, b = layers.Input((32,)), layers.Input((32,))
shared = layers.Dense(8, activation='relu', name='shared')
frozen = layers.Dense(8)
frozen.trainable = False
h = layers.Concatenate()([shared(a), shared(b)])
out = layers.Dense(10, name='digit')(frozen(h))
side = layers.Dense(1, name='size')(h)
model = keras.Model([a, b], [out, side])
model.compile(keras.optimizers.RMSprop(1e-3), {'digit': keras.losses.SparseCategoricalCrossentropy(from_logits=True), 'size': 'mse'}, loss_weights=[1.0, 0.1])
model.fit([X[:, :32], X[:, 32:]], [y, y / 10.0], batch_size=50)
`);
    expect(unit.unread).toEqual([]);
    expect(unit.train?.inputs.length).toBe(2);
    expect(unit.train?.targets.length).toBe(2);
    expect(unit.model?.parameters.map(({ name, trainable }) => `${name}${trainable ? '' : ' fixed'}`)).toEqual([
      'shared.weight',
      'shared.bias',
      'dense_1.weight fixed',
      'dense_1.bias fixed',
      'digit.weight',
      'digit.bias',
      'size.weight',
      'size.bias',
    ]);
  });

  it('may be a class of the script, fed by tf.data', () => {
    const unit = readUnit(`${rows}
class Net(keras.Model):
    def __init__(self):
        super(Net, self).__init__()
        self.one = layers.Dense(16)
        self.two = layers.Dense(10)
    def call(self, inputs):
        return self.two(tf.nn.relu(self.one(inputs)))
data = tf.data.Dataset.from_tensor_slices((X, y)).shuffle(2000).batch(25, drop_remainder=True).prefetch(1)
net = Net()
net.compile(optimizer='sgd', loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
net.fit(data, epochs=2)
`);
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toBe('input linear(0) relu(1) linear(2) | target crossEntropy(3,4)');
    expect(unit.batches).toMatchObject({ batchSize: { value: 25 }, shuffle: { value: true }, dropLast: true });
  });

  it('weigh classes as Keras does, without dividing by the weights', () => {
    const unit = readUnit(over('layers.Dense(5)', 'X').replace('X, y)', 'X, y, class_weight={i: 1.0 + i for i in range(10)})'));
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toContain('crossEntropy(2,3) mean(4)');
    const loss = unit.model?.nodes.find((node) => node.kind === 'crossEntropy');
    expect(loss?.kind === 'crossEntropy' && loss.arguments).toMatchObject({
      reduction: 'none',
      weight: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    });
  });
});
