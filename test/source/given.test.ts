import { describe, expect, it } from 'vitest';
import type { GivenValues } from '../../src/records/given';
import { readScript, type Reading } from '../../src/source/read';
import { parser, textAt } from './reading';

const training = `
import torch
from torch import nn
X, y = torch.randn(64, 4), torch.randn(64, 1)
model = nn.Linear(4, 1)
def train(lr):
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(10):
        opt.zero_grad()
        loss = nn.functional.mse_loss(model(X), y)
        loss.backward()
        opt.step()
`;

const ways = {
  argparse: `import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--learning-rate", "-l", type=float, required=True, dest="lr")
${training}
train(parser.parse_args().lr)
`,
  'argparse without a default': `import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float)
${training}
train(parser.parse_args().lr)
`,
  click: `import click
${training}
@click.command()
@click.option("--lr", type=float, required=True)
def main(lr):
    train(lr)
main()
`,
  absl: `from absl import app, flags
FLAGS = flags.FLAGS
flags.DEFINE_float("lr", None, "rate")
${training}
def main(_):
    train(FLAGS.lr)
app.run(main)
`,
};

const read = (text: string, given?: GivenValues): Reading =>
  readScript(parser, '/project/train.py', text, { read: () => null, folders: [] }, given);

describe.each(Object.entries(ways))('a rate that only the command line gives (%s)', (_, text) => {
  it('is asked for at its place', () => {
    const reasons = read(text).experiments.flatMap(({ unread }) => unread);
    const asked = reasons.find(({ missing }) => missing);
    expect(asked?.missing).toEqual({ kind: 'value', name: 'lr' });
    expect(textAt(text, asked?.range)).toMatch(/lr|learning-rate/);
  });

  it.each([0.05, '5e-2'])('is %s when that is given, which is said', (lr) => {
    const [unit] = read(text, { lr }).experiments;
    expect(unit?.optimizer?.learningRate.value).toBe(0.05);
    expect(unit?.unread).toEqual([]);
    expect(unit?.assumptions.map(({ text: said }) => said).join()).toMatch(/taken as (0\.05|5e-2), which was given/);
    // A place in quotes: there is no number there that a fix could change.
    expect(textAt(text, unit?.optimizer?.learningRate.place)).toMatch(/^"(--)?(lr|learning-rate)"$/);
  });
});

it('overrides a default, and leaves other arguments alone', () => {
  const text = ways.argparse.replace('required=True', 'default=0.3');
  expect(read(text, {}).experiments[0]?.optimizer?.learningRate.value).toBe(0.3);
  expect(read(text, { lr: 0.1, other: 3 }).experiments[0]?.optimizer?.learningRate.value).toBe(0.1);
});
