import { describe, expect, it } from 'vitest';
import { read, readUnit } from './reading';

const limit = 400_000;
const head = 'import copy, json\nimport numpy as np, torch\nimport tensorflow as tf\nfrom torch import nn\n\nx = 1\n';

/** Lines that, sixty times over, make a value that holds itself some 2^60 times. */
const growths = [
  'x = (x, x)',
  'x = [x, x]',
  "x = {'a': x, 'b': x}",
  'x = [x] * 2',
  'x = [x] + [x]',
  'x = [*[x], *[x]]',
  'x = [x for _ in range(2)]',
  'x = zip(x, x)',
  'x = dict(a=x, b=x)',
  'x = tuple([x, x])',
];
/** What walks through a value. */
const walks = [
  's = str(x)',
  's = np.array(x)',
  's = sum(x)',
  's = nn.Linear(x, x)',
  's = torch.tensor(x)',
  's = x == x',
  "s = f'{x}'",
  's = sorted(x)',
  's = copy.deepcopy(x)',
  's = json.dumps(x)',
  's = list(x)',
  's = nn.Sequential(*x)',
  's = [a for a in x]',
  'for a in x:\n    s = a',
];

describe('values that hold one another many times over', () => {
  it.each(growths)('%s ends within the bounds, whatever walks through it', (growth) => {
    for (const walk of walks) expect(read(`${head}${`${growth}\n`.repeat(60)}${walk}\n`).steps, walk).toBeLessThan(limit);
  });

  it('are kept where they are of a bearable size', () => {
    const text = `${head}${'x = (x, x)\n'.repeat(3)}net = nn.Linear(4, len(x))\nopt = torch.optim.SGD(net.parameters(), lr=0.1)
loss = net(torch.ones(8, 4)).sum()\nopt.zero_grad()\nloss.backward()\nopt.step()\n`;
    expect(readUnit(text).model?.nodes[1]).toMatchObject({ kind: 'linear', arguments: { out: 2 } });
  });
});

/** Texts that are long or deep. */
const texts: Readonly<Record<string, string>> = {
  'a list of many entries': `x = [${'1, '.repeat(50_000)}]`,
  'a call of many arguments': `f(${'1, '.repeat(50_000)})`,
  'deep parentheses': `x = ${'('.repeat(20_000)}1${')'.repeat(20_000)}`,
  'a long sum': `x = ${'1 + '.repeat(20_000)}1`,
  'conditions within conditions':
    Array.from({ length: 900 }, (_, i) => `${' '.repeat(i)}if x:\n`).join('') + `${' '.repeat(900)}x = 2`,
  'loops within loops':
    Array.from({ length: 60 }, (_, i) => `${' '.repeat(i)}for i${i} in range(9):\n`).join('') + `${' '.repeat(60)}x = 2`,
  'a number that doubles': 'x = 2\n' + 'x = x * x\n'.repeat(60),
  'a text that doubles': "x = 'ab'\n" + 'x = x + x\n'.repeat(60),
  'a function that calls itself twice': 'def f(n):\n    return f(n - 1) + f(n - 2)\nf(90)',
  'a huge power': 'x = 10 ** 10 ** 10\ny = 1 << 10 ** 9',
  'many decorators': `${'@d\n'.repeat(5_000)}def f(): pass\nf()`,
};

describe('long and deep texts', () => {
  it.each(Object.entries(texts))('%s', (_, text) => {
    expect(read(`${head}${text}\n`).steps).toBeLessThan(limit);
  });
});

describe('settings files', () => {
  const brackets = '['.repeat(50_000) + ']'.repeat(50_000);
  const doubled = [...'bcdefghij'].map(
    (name, i) =>
      `${name}: &${name} [${Array(9)
        .fill(`*${'abcdefghij'[i] ?? ''}`)
        .join()}]`,
  );
  const files: readonly (readonly [string, string])[] = [
    ['yaml.safe_load(open("c.yaml"))', brackets],
    ['yaml.safe_load(open("c.yaml"))', `a: &a [x, x]\n${doubled.join('\n')}\n`],
    ['yaml.safe_load(open("c.yaml"))', 'a: &a\n  b: *a\n'],
    ['json.load(open("c.json"))', brackets],
    ['tomllib.load(open("c.toml", "rb"))', `a = ${brackets}`],
  ];

  it.each(files)('%s ends, however deep they are', (load, text) => {
    const name = /c\.\w+/.exec(load)?.[0] ?? '';
    const script = `import json, tomllib, yaml\nc = ${load}\ns = str(c)\nfor key in c:\n    s = c[key]\n`;
    const reading = read(script, { [`/project/${name}`]: text });
    expect(reading.steps).toBeLessThan(limit);
  });
});
