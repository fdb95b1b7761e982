import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fc } from '../support/property';
import { describe, expect, it } from 'vitest';
import { read } from './reading';

const root = join(import.meta.dirname, '../../examples');
const scripts = ['healthy', 'faults'].flatMap((folder) =>
  readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(root, folder, name, 'train.py');
    return existsSync(path) ? [readFileSync(path, 'utf8')] : [];
  }),
);
const script = fc.constantFrom(...scripts);
const limit = 400_000;

const pieces = [
  'for i in range(10**9):\n    ',
  'while True:\n    pass\n',
  'def f(): return f()\nf()\n',
  'x = x + 1\n',
  '(((((',
  '"""',
  '\t\t',
  'lambda: ',
  '[*[*[',
  '{**',
  'model.',
  ' = ',
  '@',
  'yield ',
  'async ',
  ']]]',
  ':\n',
  '\\\n',
  '\u0000',
  '🙂',
  'class A(A): pass\nA()\n',
  'a = []\na.append(a)\nprint(a == a, a * 100)\n',
  'x = [[0] * 10**6] * 10**6\n',
];

describe('any text', () => {
  it('ends within its bounds when it is cut anywhere', () => {
    fc.assert(
      fc.property(script, fc.double({ min: 0, max: 1, noNaN: true }), (text, share) => {
        expect(read(text.slice(0, Math.floor(text.length * share))).steps).toBeLessThan(limit);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it('ends within its bounds when pieces are put in or lines are taken out', () => {
    const edits = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(...pieces), fc.nat(30)), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(script, edits, (original, changes) => {
        let text = original;
        for (const [share, piece, taken] of changes) {
          const at = Math.floor(text.length * share);
          text = text.slice(0, at) + piece + text.slice(at + taken);
        }
        expect(read(text).steps).toBeLessThan(limit);
      }),
      { numRuns: 250, seed: 2 },
    );
  });

  it('ends when lines are shuffled', () => {
    fc.assert(
      fc.property(
        script.chain((text) => fc.shuffledSubarray(text.split('\n'))),
        (lines) => {
          expect(read(lines.join('\n')).steps).toBeLessThan(limit);
        },
      ),
      { numRuns: 100, seed: 3 },
    );
  });

  it('ends on nesting, recursion and endless loops', () => {
    const deep = `x = ${'('.repeat(3_000)}1${')'.repeat(3_000)}\n`;
    const chain = `x = 1${' + 1'.repeat(5_000)}\n`;
    const calls = 'def f(n):\n    return f(n - 1) + f(n - 2)\nf(50)\n';
    const loops = 'for i in range(100):\n    for j in range(100):\n        for k in range(100):\n            x = i + j + k\n';
    const growing = 'x = [1]\nwhile True:\n    x = x + x\n';
    for (const text of [deep, chain, calls, loops, growing, 'class A(A): pass\nA().x\n', 'import train\n', ''])
      expect(read(text).steps).toBeLessThan(limit);
  });
});
