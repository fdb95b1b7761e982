import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { load, loaded } from '../data/program';
import { readUnit } from './reading';

const folder = mkdtempSync(join(tmpdir(), 'descent-lens-patterns-'));
afterAll(() => rmSync(folder, { recursive: true }));
const table = join(folder, 'notes.csv');
writeFileSync(table, 'text,y\n"It\'s good, 10/10!  @you",1\nso-so... [meh],0\n#fine a_b   c,1\n');
writeFileSync(join(folder, 'accents.csv'), 'text,y\ndéjà vu,1\nnever,0\n');

const script = (change: string, name = 'notes.csv'): string => `
import re
import pandas as pd
from tensorflow import keras
df = pd.read_csv('${join(folder, name)}')
df['text'] = df['text'].apply(${change})
x, y = df['text'].str.len().values.reshape(-1, 1), df['y'].values
model = keras.Sequential([keras.layers.Dense(1, input_shape=(1,))])
model.compile('sgd', 'mse')
model.fit(x, y, epochs=2)
`;

describe('re.sub on each entry of a column', () => {
  // The lengths are those that Python 3.11 gives.
  it.each([
    ["lambda x: re.sub('[^a-zA-z0-9\\s]', '', x)", [18, 10, 12]],
    ["lambda x: re.sub(r'\\s+', ' ', x)", [22, 14, 11]],
    ["lambda x: re.sub(r'[^\\w\\s]+', '<>', x.lower())", [28, 16, 14]],
    ["lambda t: re.sub('@[a-z]+|#[a-z]*', '', t)", [19, 14, 8]],
    ['lambda x: re.sub(r"\\d{2}", "$&$", x)', [25, 14, 13]],
  ])('%s', async (change, lengths) => {
    const unit = readUnit(script(change));
    expect(unit.unread).toEqual([]);
    expect([...((await loaded(unit)).train.inputs[0]?.values ?? [])]).toEqual(lengths);
  });

  it.each(["re.sub('(a+)+', '', x)", "re.sub('a*', '', x)", "re.sub('end$', '', x)", "re.sub('a', r'\\\\g<0>', x)"])(
    '%s is said not to be read',
    (call) => {
      expect(readUnit(script(`lambda x: ${call}`)).unread.map(({ text }) => text)).toContain('This pattern is not read');
    },
  );

  it('is a fault where classes of letters mean more in Python', async () => {
    const result = await load(readUnit(script("lambda x: re.sub(r'\\\\W', '', x)", 'accents.csv')));
    expect(result).toMatchObject({
      ok: false,
      error: { text: 'This pattern is not followed in texts with other than plain letters.' },
    });
  });

  it('is computed for texts of the script', () => {
    const unit = readUnit(script('lambda x: x.lower()').replace('epochs=2', "epochs=int(re.sub('[a-z]+', '', 'run7'))"));
    expect(unit.loop?.epochs.value).toBe(7);
  });
});
