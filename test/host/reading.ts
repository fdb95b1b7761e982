import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually, lenses, open, ours, replace, ruleOf } from './wait';

const fault = 'faults/missing-zero-grad/train.py';

describe('reading while typing', () => {
  it('puts a lens above the training unit', async () => {
    const { document } = await open(fault);
    const [first] = await eventually('a lens', async () => {
      const list = await lenses(document);
      return list.length > 0 && list;
    });
    const line = document.lineAt(first?.range.start.line ?? 0).text;
    assert.match(line, /optim/);
    assert.match(first?.command?.title ?? '', /Diagnose/);
  });

  it('marks a fault of the text with its rule, its page and its source', async () => {
    const { document } = await open(fault);
    const diagnostic = await eventually('a squiggle', () => ours(document).find((one) => ruleOf(one) === 'missing-zero-grad'));
    const marked = document
      .getText()
      .split('\n')
      .findIndex((line) => line.includes('# <- missing-zero-grad'));
    assert.equal(diagnostic.range.start.line, marked);
    const target = typeof diagnostic.code === 'object' ? diagnostic.code.target : undefined;
    assert.equal(target?.scheme, 'command');
  });

  it('follows the text: gone when repaired, back when undone, moved when lines come in above', async () => {
    const { document } = await open(fault);
    const before = await eventually('a squiggle', () => ours(document).find((one) => ruleOf(one) === 'missing-zero-grad'));
    await replace(
      document,
      'loss.backward()',
      'optimizer.zero_grad()\n        loss.backward()'.replace(/\n {8}/, `\n${' '.repeat(before.range.start.character)}`),
    );
    await eventually('no squiggle', () => !ours(document).some((one) => ruleOf(one) === 'missing-zero-grad'));
    await vscode.commands.executeCommand('undo');
    await eventually('the squiggle again', () => ours(document).some((one) => ruleOf(one) === 'missing-zero-grad'));
    await replace(document, 'import torch', '# one\n# two\nimport torch');
    await eventually('the squiggle two lines below', () =>
      ours(document).some((one) => one.range.start.line === before.range.start.line + 2),
    );
    await vscode.commands.executeCommand('undo');
  });

  it('keeps the last good reading through a syntax error', async () => {
    const { document } = await open(fault);
    await eventually('a squiggle', () => ours(document).length > 0);
    await replace(document, 'import torch', 'import torch\nx = ((');
    await eventually('the text', () => document.getText().includes('x = (('));
    assert.ok((await lenses(document)).length > 0);
    await vscode.commands.executeCommand('undo');
  });

  it('says nothing of a healthy script', async () => {
    const { document } = await open('healthy/digits-adam/train.py');
    await eventually('a lens', async () => (await lenses(document)).length > 0);
    assert.deepEqual(ours(document).map(ruleOf), []);
  });
});
