import { describe, expect, it } from 'vitest';
import { acceptedWords, refusalOf, type Accepted } from '../../src/records/given';

// What `int(text)` and `float(text)` of Python 3 do with each text: checked with Python 3.11.
const taken: readonly (readonly [Accepted['type'], readonly string[], readonly string[]])[] = [
  ['int', ['3', ' 42 ', '-1', '+7', '1_000', '007'], ['', 'three', '1.0', '1e3', '0x10', '1__0', '_1']],
  ['float', ['0.1', '1e-3', '.5', '5.', '-2', 'inf', '-Infinity', 'NaN', '1_0.5'], ['', 'a', '0x10', '1e', '1,5', '.', '--1']],
  ['text', ['sgd', '7'], ['', '  ']],
  ['any', ['sgd', '7'], ['']],
];

describe.each(taken)('a command line that takes %s', (type, good, bad) => {
  it.each(good)("takes '%s'", (text) => expect(refusalOf(text, { type })).toBeNull());
  it.each(bad)("refuses '%s' and says what is needed", (text) => expect(refusalOf(text, { type })).toMatch(/needed/));
});

it('takes one of its choices, and several words where it takes several', () => {
  expect(refusalOf('2', { type: 'int', choices: [1, 2] })).toBeNull();
  expect(refusalOf('3', { type: 'int', choices: [1, 2] })).toBe("One of 1, 2 is needed: '3' is none of them.");
  expect(refusalOf('64 32', { type: 'int', several: true })).toBeNull();
  expect(refusalOf('64 wide', { type: 'int', several: true })).toBe("A whole number is needed: 'wide' is none.");
  expect(refusalOf('64 32', { type: 'int' })).toMatch(/whole number/);
});

it('is said in words', () => {
  expect(acceptedWords({ type: 'float' })).toBe('a number');
  expect(acceptedWords({ type: 'text', choices: ['a', 'b'] })).toBe('one of a, b');
  expect(acceptedWords({ type: 'int', several: true })).toBe('whole numbers with spaces between them');
});
