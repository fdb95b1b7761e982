import { describe, expect, it } from 'vitest';
import { rateEdits } from '../../src/diagnosis/rateEdits';
import { readUnit } from '../source/reading';
import { applied } from './evidence';

const path = '/project/train.py';

/** The script with its learning rate set to 0.25. */
function edited(script: string): string | null {
  const { optimizer } = readUnit(script);
  if (!optimizer) throw new Error('No optimizer was read');
  const edits = rateEdits({ [path]: script }, optimizer, 0.25);
  return edits.length === 0 ? null : applied(script, edits);
}

const keras = (imports: string, optimizer: string): string => `${imports}
from sklearn.datasets import load_iris
X, y = load_iris(return_X_y=True)
model = Sequential([Dense(3, activation='softmax')])
model.compile(optimizer=${optimizer}, loss='sparse_categorical_crossentropy')
model.fit(X, y)
`;
const own = 'from tensorflow.keras.models import Sequential\nfrom tensorflow.keras.layers import Dense';

describe('the learning rate is set under the name that its library has for it', () => {
  it.each([
    [`import tensorflow as tf\n${own}`, "'adam'", 'tf.keras.optimizers.Adam(learning_rate=0.25)'],
    [`from tensorflow import keras\n${own}`, "'rmsprop'", 'keras.optimizers.RMSprop(learning_rate=0.25)'],
    [`import keras\n${own}`, 'keras.optimizers.SGD()', 'keras.optimizers.SGD(learning_rate=0.25)'],
    [`import keras\n${own}`, 'keras.optimizers.SGD(momentum=0.9)', 'keras.optimizers.SGD(momentum=0.9, learning_rate=0.25)'],
    [`import keras\n${own}`, 'keras.optimizers.SGD(lr=0.1)', 'keras.optimizers.SGD(lr=0.25)'],
    [`import keras\n${own}`, 'keras.optimizers.SGD(0.1)', 'keras.optimizers.SGD(0.25)'],
  ])('%s, %s', (imports, optimizer, wanted) => {
    expect(edited(keras(imports, optimizer))).toBe(keras(imports, wanted));
  });

  it('imports the class where only parts of Keras are at hand, once', () => {
    expect(edited(keras(own, "'adam'"))).toBe(
      `from tensorflow.keras.optimizers import Adam\n${keras(own, 'Adam(learning_rate=0.25)')}`,
    );
    const imports = `${own}\nfrom tensorflow.keras.optimizers import SGD, Adam`;
    expect(edited(keras(imports, "'adam'"))).toBe(keras(imports, 'Adam(learning_rate=0.25)'));
  });

  it('is not set where the string stands outside of the call, for others to read', () => {
    const script = keras(own, 'chosen').replace('X, y', "chosen = 'adam'\nX, y");
    expect(edited(script)).toBeNull();
  });

  const sklearn = (estimator: string): string =>
    `from sklearn.datasets import load_iris\nfrom sklearn.linear_model import SGDClassifier\nfrom sklearn.neural_network import MLPClassifier\nX, y = load_iris(return_X_y=True)\n${estimator}.fit(X, y)\n`;

  it('is an argument of an estimator', () => {
    expect(edited(sklearn('MLPClassifier()'))).toBe(sklearn('MLPClassifier(learning_rate_init=0.25)'));
    expect(edited(sklearn("SGDClassifier(learning_rate='constant', eta0=0.5)"))).toBe(
      sklearn("SGDClassifier(learning_rate='constant', eta0=0.25)"),
    );
  });

  it('is not set where a heuristic chooses it', () => {
    expect(edited(sklearn('SGDClassifier()'))).toBeNull();
  });
});
