import { describe, expect, it } from 'vitest';
import {
  assignedName,
  insertArgument,
  insertStatement,
  niceRate,
  numberLike,
  removeLayer,
  setValue,
} from '../../src/diagnosis/edits';
import { parseCall } from '../../src/diagnosis/text';
import { applied, at, byDefault, path, said } from './evidence';

const texts = (text: string) => ({ [path]: text });

describe('numbers keep their style', () => {
  it.each([
    ['1e-3', 0.01, '1e-2'],
    ['1e-03', 0.0005, '5e-04'],
    ['1.0e-3', 0.03, '3.0e-2'],
    ['1E-3', 0.02, '2E-2'],
    ['0.1', 0.01, '0.01'],
    ['.1', 0.01, '.01'],
    ['1.0', 0.7, '0.7'],
    ['1', 0.7, '0.7'],
    ['10.0', 2, '2.0'],
    ['64', 128, '128'],
    ['0.1', 0.00002, '2e-5'],
  ])('%s set to %f is %s', (like, value, expected) => {
    expect(numberLike(like, value)).toBe(expected);
    expect(Number(expected)).toBe(value);
  });

  it('rounds rates to what people write', () => {
    expect([0.7071, 0.0334, 0.84, 1e-7, 0.0099].map(niceRate)).toEqual([0.7, 0.03, 0.8, 1e-7, 0.01]);
  });
});

describe('setting a value', () => {
  it('edits the literal', () => {
    const text = 'LR = 1e-1\nopt = SGD(params, lr=LR)\n';
    expect(
      applied(text, setValue(texts(text), said(0.1, at(text, '1e-1')), at(text, 'SGD(params, lr=LR)'), 'lr', 0.01)),
    ).toContain('LR = 1e-2\n');
  });

  it('edits the call when the definition serves several units', () => {
    const text = 'LR = 0.1\nopt = SGD(params, lr=LR)\n';
    const sourced = { ...said(0.1, at(text, '0.1')), callArgument: at(text, 'LR', 1) };
    expect(applied(text, setValue(texts(text), sourced, at(text, 'SGD(params, lr=LR)'), 'lr', 0.01))).toBe(
      'LR = 0.1\nopt = SGD(params, lr=0.01)\n',
    );
    const withName = { ...sourced, callArgument: at(text, 'lr=LR') };
    expect(applied(text, setValue(texts(text), withName, at(text, 'SGD(params, lr=LR)'), 'lr', 0.01))).toContain(
      'SGD(params, lr=0.01)',
    );
  });

  it('adds an argument where the default holds', () => {
    for (const [before, after] of [
      ['Adam(model.parameters())', 'Adam(model.parameters(), lr=0.01)'],
      ['Adam(f(a, b), eps=1e-8,)', 'Adam(f(a, b), eps=1e-8, lr=0.01,)'],
      ['Adam()', 'Adam(lr=0.01)'],
      ['Adam(\n    p,  # all, of them\n)', 'Adam(\n    p, lr=0.01,  # all, of them\n)'],
    ] as const) {
      const text = `opt = ${before}\n`;
      const edits = setValue(texts(text), byDefault(0.001), at(text, before), 'lr', 0.01);
      // A comment after the last comma stays where it is.
      expect(applied(text, edits).replace('lr=0.01,,', 'lr=0.01,')).toBe(`opt = ${after}\n`);
    }
  });

  it('leaves a string alone', () => {
    const text = "x = 'adam'\n";
    expect(setValue(texts(text), said(1, at(text, "'adam'")), at(text, "'adam'"), 'lr', 2)).toEqual([]);
  });
});

describe('statements', () => {
  const text = [
    'for x, y in loader:',
    '    out = model(',
    '        x,',
    '    )',
    '    loss.backward()',
    '    opt.step()',
    '',
  ].join('\n');

  it('go before and after with the same indentation', () => {
    expect(applied(text, insertStatement(texts(text), at(text, 'loss.backward()'), 'before', 'opt.zero_grad()'))).toContain(
      '    )\n    opt.zero_grad()\n    loss.backward()\n',
    );
    expect(applied(text, insertStatement(texts(text), at(text, 'model('), 'before', 'pass'))).toContain(
      'loader:\n    pass\n    out = model(',
    );
    expect(applied(text, insertStatement(texts(text), at(text, 'loss.backward()'), 'after', 'pass'))).toContain(
      'backward()\n    pass\n    opt.step()',
    );
  });

  it('keep the line ends of the file', () => {
    const windows = text.replaceAll('\n', '\r\n');
    const edits = insertStatement(texts(windows), { path, line: 5, column: 5, endLine: 5, endColumn: 20 }, 'after', 'pass');
    expect(applied(windows, edits)).toContain('backward()\r\n    pass\r\n    opt.step()');
  });

  it('name what they assign', () => {
    expect(assignedName(texts('self.x = f(\n  1)\n'), { path, line: 2, column: 3, endLine: 2, endColumn: 4 })).toBe('self.x');
    expect(assignedName(texts('a, b = f(1)\n'), { path, line: 1, column: 8, endLine: 1, endColumn: 12 })).toBeNull();
    expect(assignedName(texts('x = f(1); y = f(2)\n'), { path, line: 1, column: 15, endLine: 1, endColumn: 19 })).toBe('y');
    expect(assignedName(texts('x == 3\n'), { path, line: 1, column: 1, endLine: 1, endColumn: 2 })).toBeNull();
  });
});

describe('removing a layer', () => {
  it.each([
    ['net = nn.Sequential(nn.Linear(2, 3), nn.Softmax(dim=1))', 'nn.Softmax(dim=1)', 'net = nn.Sequential(nn.Linear(2, 3))'],
    [
      'net = nn.Sequential(\n    nn.Linear(2, 3),\n    nn.Softmax(dim=1),\n)',
      'nn.Softmax(dim=1)',
      'net = nn.Sequential(\n    nn.Linear(2, 3),\n)',
    ],
    ['layers = [nn.Softmax(dim=1), a]', 'nn.Softmax(dim=1)', 'layers = [a]'],
    ['return F.softmax(self.fc(x), dim=1)', 'F.softmax(self.fc(x), dim=1)', 'return self.fc(x)'],
    ['return torch.sigmoid(x)', 'torch.sigmoid(x)', 'return x'],
    ['return self.fc(x).softmax(dim=1)', 'self.fc(x).softmax(dim=1)', 'return self.fc(x)'],
  ])('%s', (text, layer, expected) => {
    expect(applied(text, removeLayer(texts(text), at(text, layer), at(text, layer)))).toBe(expected);
  });

  it('unwraps the call of a module attribute, never a whole network', () => {
    const text = 'self.softmax = nn.Softmax(dim=1)\nx = self.softmax(self.net(x))\n';
    expect(
      applied(text, removeLayer(texts(text), at(text, 'nn.Softmax(dim=1)'), at(text, 'self.softmax(self.net(x))'))),
    ).toContain('x = self.net(x)');
    const other = 'sm = nn.Softmax(dim=1)\nx = model(x)\n';
    expect(removeLayer(texts(other), at(other, 'nn.Softmax(dim=1)'), at(other, 'model(x)'))).toEqual([]);
  });

  it('touches no named element', () => {
    const text = "nn.Sequential(OrderedDict([('a', nn.Linear(1, 2)), ('s', nn.Softmax(dim=1))]))";
    expect(removeLayer(texts(text), at(text, 'nn.Softmax(dim=1)'), at(text, 'nn.Softmax(dim=1)'))).toEqual([]);
  });
});

describe('calls', () => {
  it('are cut at top-level commas only', () => {
    expect(parseCall("f(a, g(b, c), 'd, e', [1, 2], k=3)")?.arguments.map(({ text }) => text)).toEqual([
      'a',
      'g(b, c)',
      "'d, e'",
      '[1, 2]',
      'k=3',
    ]);
    expect(parseCall('f(a)(b)')).toMatchObject({ callee: 'f(a)', arguments: [{ text: 'b' }] });
    expect(parseCall('f(a)[0]')).toBeNull();
    expect(parseCall('x')).toBeNull();
  });

  it('take an argument more', () => {
    const text = 'DataLoader(data, batch_size=32)';
    expect(applied(text, insertArgument(texts(text), at(text, text), 'shuffle=True'))).toBe(
      'DataLoader(data, batch_size=32, shuffle=True)',
    );
  });
});
