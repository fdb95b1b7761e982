import { fc } from '../support/property';

const names = 'torch nn F optim np pd x y model opt loader loss args cfg self i epoch df step yaml batches'.split(' ');
const attributes =
  'nn Linear parameters SGD Adam step zero_grad backward item split lr data grad __dict__ shape utils DataLoader TensorDataset append get items update param_groups add_argument parse_args load safe_load train eval T weight state_dict cuda'.split(
    ' ',
  );
const operators = ['+', '-', '*', '/', '//', '%', '**', '@', '&', 'and', 'or'];

const name = fc.constantFrom(...names);
const number = fc.oneof(
  fc.integer({ min: -3, max: 1e6 }).map(String),
  fc.constantFrom('0.1', '1e-3', '1e400', '0', 'float("nan")'),
);
const text = fc.constantFrom('"a"', "'lr'", "f'{x}.csv'", "'1e-3'", '""', "'train'");

/** Expressions of Python, some of them nonsense. */
const { expression } = fc.letrec<{ expression: string; list: string; call: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    name,
    number,
    text,
    fc.tuple(tie('expression'), fc.constantFrom(...attributes)).map(([e, a]) => `(${e}).${a}`),
    tie('call'),
    fc.tuple(tie('expression'), fc.constantFrom(...operators), tie('expression')).map(([a, o, b]) => `(${a} ${o} ${b})`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a})[${b}]`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a})[${b}:${b}]`),
    fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([a, b, c]) => `(${a} if ${b} else ${c})`),
    fc.tuple(tie('expression'), name, tie('expression')).map(([a, n, b]) => `[${a} for ${n} in ${b}]`),
    fc.tuple(name, tie('expression')).map(([n, e]) => `(lambda ${n}: ${e})`),
    tie('expression').map((e) => `{'lr': ${e}, **(${e})}`),
    tie('expression').map((e) => `(not ${e})`),
    tie('list'),
  ),
  list: fc.array(tie('expression'), { maxLength: 4 }).map((items) => `[${items.join(', ')}]`),
  call: fc
    .tuple(tie('expression'), fc.constantFrom(...attributes), fc.array(tie('expression'), { maxLength: 3 }), fc.boolean())
    .map(
      ([e, a, rest, named]) =>
        `${e}.${a}(${rest
          .map((r, i) => (named && i === 0 ? `lr=${r}` : r))
          .reverse()
          .join(', ')})`,
    ),
}));

const indented = (body: readonly string[]): string =>
  body
    .join('\n')
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');

/** Blocks of statements with training calls among them. */
const { block } = fc.letrec<{ block: string[]; statement: string }>((tie) => ({
  block: fc.array(tie('statement'), { minLength: 1, maxLength: 5 }),
  statement: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(name, expression).map(([n, e]) => `${n} = ${e}`),
    fc.tuple(name, name, expression).map(([a, b, e]) => `${a}, ${b} = ${e}`),
    fc.tuple(name, fc.constantFrom(...attributes), expression).map(([n, a, e]) => `${n}.${a} += ${e}`),
    expression,
    fc.constantFrom(
      'opt.zero_grad()',
      'loss.backward()',
      'opt.step()',
      'break',
      'continue',
      'return x',
      'yield y',
      'pass',
      'raise x',
    ),
    fc.constantFrom('import yaml', 'from x import *', 'import torch, torch.nn as nn', 'global x', 'del x'),
    fc.tuple(expression, tie('block'), tie('block')).map(([e, a, b]) => `if ${e}:\n${indented(a)}\nelse:\n${indented(b)}`),
    fc.tuple(name, expression, tie('block')).map(([n, e, b]) => `for ${n} in ${e}:\n${indented(b)}`),
    fc.tuple(name, number, tie('block')).map(([n, e, b]) => `for ${n} in range(${e}):\n${indented(b)}`),
    fc.tuple(expression, tie('block')).map(([e, b]) => `while ${e}:\n${indented(b)}`),
    fc.tuple(name, name, tie('block')).map(([n, p, b]) => `def ${n}(${p}, *args, **cfg):\n${indented(b)}`),
    fc.tuple(name, expression, tie('block')).map(([n, e, b]) => `class ${n}(${e}):\n${indented(b)}`),
    fc.tuple(expression, name, tie('block')).map(([e, n, b]) => `with ${e} as ${n}:\n${indented(b)}`),
    tie('block').map((b) => `try:\n${indented(b)}\nexcept Exception:\n${indented(b)}`),
    fc
      .tuple(expression, tie('block'))
      .map(([e, b]) => `match ${e}:\n    case 'a' | 1:\n${indented([indented(b)])}\n    case _:\n        pass`),
  ),
}));

/** Whole scripts of random Python, after the imports that make training calls mean something. */
export const randomScript = block.map((body) => `import torch, torch.nn as nn, torch.optim as optim\n${body.join('\n')}\n`);

/** Texts that are nearly settings files. */
export const randomSettings = fc.oneof(
  fc
    .array(
      fc.tuple(
        fc.constantFrom('', '  ', '\t', '    '),
        fc.constantFrom('lr', 'train', '<<', '"a b"', '- x', '?'),
        fc.constantFrom(':', ': ', ' = ', ':: '),
        fc.constantFrom(
          '1e-3',
          '&a {b: 1}',
          '*a',
          '[1, [2',
          '"',
          '!!python/object:x',
          '0x1F',
          '2001-01-01',
          '|',
          '{',
          '1_000',
          '',
        ),
      ),
      { maxLength: 12 },
    )
    .map((lines) => lines.map((parts) => parts.join('')).join('\n')),
  fc.string({ maxLength: 80 }),
  fc.json(),
);
