import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loaded } from '../data/program';
import { readUnit } from './reading';

const folder = mkdtempSync(join(tmpdir(), 'descent-lens-own-texts-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'notes.csv'), 'text,y\n"Good film,<br />GOOD plot!",1\n"bad... film",0\n"film: good",1\n');

const script = (prepare: string): string => `
import re
import string
import pandas as pd
import tensorflow as tf
from tensorflow.keras import layers

df = pd.read_csv('${join(folder, 'notes.csv')}')
ds = tf.data.Dataset.from_tensor_slices((df['text'].values, df['y'].values)).batch(2)

${prepare}

vectorize_layer = layers.TextVectorization(standardize=prepared, max_tokens=10, output_sequence_length=4)
vectorize_layer.adapt(ds.map(lambda text, label: text))
ds = ds.map(lambda text, label: (vectorize_layer(tf.expand_dims(text, -1)), label))
model = tf.keras.Sequential([layers.Embedding(10, 2), layers.GlobalAveragePooling1D(), layers.Dense(1)])
model.compile('adam', tf.keras.losses.BinaryCrossentropy(from_logits=True))
model.fit(ds, epochs=2)
`;

describe('texts that a function of the script prepares', () => {
  it('are numbered behind it, as the tutorials write it', async () => {
    const unit = readUnit(
      script(`def prepared(text):
    lowercase = tf.strings.lower(text)
    plain = tf.strings.regex_replace(lowercase, '<br />', ' ')
    return tf.strings.regex_replace(plain, '[%s]' % re.escape(string.punctuation), '')`),
    );
    expect(unit.unread).toEqual([]);
    const { train } = await loaded(unit);
    // good and film stand three times, then plot and bad, by Python's order of texts from the end: 0 is none, 1 is unknown.
    expect(train.inputs[0]).toMatchObject({ shape: [3, 4] });
    expect([...(train.inputs[0]?.values ?? [])]).toEqual([2, 3, 2, 4, 5, 3, 0, 0, 3, 2, 0, 0]);
  });

  it.each([
    ['a pattern that is more than classes', "tf.strings.regex_replace(text, '(a+)+', '')"],
    ['something that is not read', 'tf.strings.unicode_transcode(text)'],
  ])('%s is told', (_title, body) => {
    const { unread } = readUnit(script(`def prepared(text):\n    return ${body}`));
    expect(unread.length).toBeGreaterThan(0);
  });
});

it('re.escape writes a pattern of the text as Python 3.7 and later do', () => {
  const text = `import re\nimport string\nfrom sklearn.linear_model import SGDClassifier\nfrom sklearn.datasets import load_iris
X, y = load_iris(return_X_y=True)
model = SGDClassifier(max_iter=len(re.escape(string.punctuation)), alpha=len(string.ascii_letters + string.digits))
model.fit(X, y)`;
  // Of 32 signs Python 3.11 escapes 18.
  expect(readUnit(text).loop?.epochs.value).toBe(50);
});
