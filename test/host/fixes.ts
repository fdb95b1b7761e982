import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually, open, ours, quickFixes, replace, ruleOf } from './wait';

const fault = 'faults/missing-zero-grad/train.py';
const rule = 'missing-zero-grad';

async function squiggle(document: vscode.TextDocument): Promise<vscode.Diagnostic> {
  return eventually('a squiggle', () => ours(document).find((one) => ruleOf(one) === rule));
}

describe('quick fixes', () => {
  it('come in order: apply, try on the data, silence, explain', async () => {
    const { document } = await open(fault);
    const { range } = await squiggle(document);
    const titles = (await quickFixes(document, range)).map(({ title }) => title);
    assert.match(titles[0] ?? '', /not tried/);
    assert.deepEqual(titles.slice(-3), ['Try on the data', `Silence ${rule} on this line`, `Explain ${rule}`]);
  });

  it('repair the script as one undo', async () => {
    const { document } = await open(fault);
    const { range } = await squiggle(document);
    const text = document.getText();
    const [fix] = await quickFixes(document, range);
    assert.ok(fix?.edit);
    await vscode.workspace.applyEdit(fix.edit);
    assert.match(document.getText(), /zero_grad\(\)/);
    await eventually('no squiggle', () => !ours(document).some((one) => ruleOf(one) === rule));
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), text);
  });

  it('silence a rule by a comment, and report the comment when it silences nothing', async () => {
    const { document } = await open(fault);
    const { range } = await squiggle(document);
    const silence = (await quickFixes(document, range)).find(({ title }) => title.startsWith('Silence'));
    assert.ok(silence?.edit);
    await vscode.workspace.applyEdit(silence.edit);
    assert.match(document.lineAt(range.start.line).text, /# descent-lens: ignore\[missing-zero-grad\]/);
    await eventually('no squiggle', () => !ours(document).some((one) => ruleOf(one) === rule));
    const indent = ' '.repeat(range.start.character);
    await replace(document, 'loss.backward()', `optimizer.zero_grad()\n${indent}loss.backward()`);
    const unused = await eventually('the unused comment', () => ours(document).find((one) => one.code === 'unused-suppression'));
    const [remove] = await quickFixes(document, unused.range);
    assert.ok(remove?.edit);
    await vscode.workspace.applyEdit(remove.edit);
    assert.doesNotMatch(document.getText(), /ignore\[/);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await squiggle(document);
  });
});
