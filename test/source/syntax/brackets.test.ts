import { describe, expect, it } from 'vitest';
import { loneBracket } from '../../../src/source/syntax/brackets';
import { read, textAt } from '../reading';

describe('a bracket that stands alone', () => {
  it('is the innermost one that is never closed', () => {
    expect(loneBracket('a = f(x)\nnet = Net(\nb = g([1, 2])\n')).toEqual({ offset: 18, text: '`(` is never closed' });
    expect(loneBracket('a = [f(1, {2: 3}]')).toEqual({ offset: 16, text: '`]` does not close the `(` before it' });
    expect(loneBracket('a = 1)')).toEqual({ offset: 5, text: '`)` closes nothing' });
  });

  it('is the place of a syntax error that the parser sees from the start of the file on', () => {
    const text = 'import torch\r\nx = (1,\r\n     2)\r\nnet = Net(\r\nopt = torch.optim.SGD(net.parameters(), lr=0.1)\r\n';
    const [error, ...more] = read(text).syntaxErrors;
    expect(error).toMatchObject({ text: '`(` is never closed', range: { line: 4, column: 10, endColumn: 11 } });
    expect(textAt(text, error?.range)).toBe('(');
    expect(more).toEqual([]);
    expect(read('x = = 1\n').syntaxErrors[0]?.text).toBe('This is not complete Python');
    expect(read('x = (1)\n').syntaxErrors).toEqual([]);
  });

  it('is none in strings and comments', () => {
    expect(loneBracket('a = "(" # [\nb = \'it\\\'s (\'\nc = """(\n"[ \\""" (""" + f(1)\n')).toBeNull();
    expect(loneBracket("a = 'open (\nb = f(1)")).toBeNull();
    expect(loneBracket('"""(')).toBeNull();
  });
});
