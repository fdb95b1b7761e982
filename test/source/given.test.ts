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

describe('what the command line would not take', () => {
  const withFlag = (flag: string): string => `import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument(${flag})
args = parser.parse_args()
import torch
from torch import nn
X, y = torch.randn(64, 4), torch.randn(64, 1)
model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1))
opt = (torch.optim.SGD if args.kind == "sgd" else torch.optim.Adam)(model.parameters(), lr=args.lr)
for epoch in range(10):
    opt.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
    opt.step()
`;
  const kind = withFlag('"--kind", choices=["sgd", "adam"], required=True');

  it.each([
    ['half', "A number is needed: 'half' is none."],
    ['0x10', "A number is needed: '0x10' is none."],
    [true, "A number is needed: 'true' is none."],
  ])('is asked for again: %s as a rate', (lr, refusal) => {
    const [unit] = read(ways.argparse, { lr }).experiments;
    const asked = unit?.unread.find(({ missing }) => missing?.kind === 'value');
    expect(asked?.text).toContain(refusal);
    expect(textAt(ways.argparse, asked?.range)).toBe('"--learning-rate"');
  });

  it('is asked for again where it is no choice, and taken where it is one', () => {
    const text = ways.argparse.replace('required=True', 'choices=[0.1, 0.2]');
    const wrong = read(text, { lr: 0.3 }).experiments.flatMap(({ unread }) => unread);
    expect(wrong.map((reason) => reason.text).join()).toContain("One of 0.1, 0.2 is needed: '0.3' is none of them.");
    expect(read(text, { lr: '2e-1' }).experiments[0]?.optimizer?.learningRate.value).toBe(0.2);
    expect(read(kind, { kind: 'adam' }).experiments[0]?.optimizer?.kind).toBe('adam');
  });

  it('is told with the reading, by name', () => {
    expect(read(kind).commandLine).toEqual({ lr: { type: 'float' }, kind: { type: 'text', choices: ['sgd', 'adam'] } });
    const several = '"--kind", type=int, nargs="+", choices=[1, 2]';
    expect(read(withFlag(several)).commandLine['kind']).toEqual({ type: 'int', choices: [1, 2], several: true });
  });

  it('leaves text that looks like a number text, as argparse does', () => {
    const text = withFlag('"--kind", required=True').replace('args.kind == "sgd"', 'args.kind == "7"');
    expect(read(text, { kind: 7 }).experiments[0]?.optimizer?.kind).toBe('sgd');
  });
});
