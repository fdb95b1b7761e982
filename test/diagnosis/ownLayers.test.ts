/** Layers that a script writes out, `x @ W + b`, and the numbers they start with. */
import { describe, expect, it } from 'vitest';
import { zeroInit } from '../../src/diagnosis/rules/zeroInit';
import { readUnit } from '../source/reading';
import { applied, unrun } from './evidence';
import { findingOf, kindOf } from './settle';

const script = (first: string, second: string, activation = 'torch.tanh'): string => `import torch
X = torch.randn(64, 8)
y = torch.randn(64, 1)
W1 = ${first}
b1 = torch.zeros(20, requires_grad=True)
W2 = ${second}
b2 = torch.zeros(1, requires_grad=True)
optimizer = torch.optim.SGD([W1, b1, W2, b2], lr=0.1)
for step in range(100):
    optimizer.zero_grad()
    hidden = ${activation}(X @ W1 + b1)
    loss = ((hidden @ W2 + b2 - y) ** 2).mean()
    loss.backward()
    optimizer.step()
`;
const zeros = (rows: number, columns: number): string => `torch.zeros(${rows}, ${columns}, requires_grad=True)`;
const random = (rows: number, columns: number): string => `torch.randn(${rows}, ${columns}, requires_grad=True)`;
const evidenceOf = (text: string) => unrun({ experiment: readUnit(text), texts: { '/project/train.py': text } });

describe('zero-init of tensors of the script', () => {
  it('finds a hidden layer of zeros before another, and writes random numbers that the reader knows', () => {
    const text = script(zeros(8, 20), zeros(20, 1));
    const finding = findingOf(zeroInit, evidenceOf(text));
    expect(finding).toMatchObject({ severity: 'error', range: { line: 4, column: 6 } });
    expect(finding.message).toMatch(/hidden layer W1 start at zero/);
    const edited = applied(text, finding.fixes[0]?.edits ?? []);
    // 1/√8 = .35, in one digit.
    expect(edited).toContain('W1 = torch.normal(0.0, 0.4, size=(8, 20), requires_grad=True)');
    expect(readUnit(edited).model?.parameters[0]).toMatchObject({
      name: 'W1',
      shape: [8, 20],
      initializer: { kind: 'normal', mean: 0, deviation: 0.4 },
      trainable: true,
    });
    expect(kindOf(zeroInit, evidenceOf(edited))).toBe('passed');
  });

  it('keeps the wrapping of a parameter', () => {
    const wrapped = script('torch.nn.Parameter(torch.zeros((8, 20)))', zeros(20, 1), 'torch.relu');
    const [fix] = findingOf(zeroInit, evidenceOf(wrapped)).fixes;
    const edited = applied(wrapped, fix?.edits ?? []);
    // √(2/8) = .5 before a rectifier.
    expect(edited).toContain('W1 = torch.nn.Parameter(torch.normal(0.0, 0.5, size=(8, 20)))');
    expect(kindOf(zeroInit, evidenceOf(edited))).toBe('passed');
  });

  it('finds zeros before a rectifier, whatever comes after', () => {
    expect(kindOf(zeroInit, evidenceOf(script(zeros(8, 20), random(20, 1), 'torch.relu')))).toBe('found');
  });

  it('passes zeros that get a gradient: in the last layer alone, or before a smooth activation and random weights', () => {
    expect(kindOf(zeroInit, evidenceOf(script(random(8, 20), zeros(20, 1))))).toBe('passed');
    expect(kindOf(zeroInit, evidenceOf(script(zeros(8, 20), random(20, 1))))).toBe('passed');
  });
});
