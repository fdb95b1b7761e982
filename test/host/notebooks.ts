import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually, lenses, ours, quickFixes, replace, ruleOf, workspaceFile } from './wait';

const fault = 'notebooks/diabetes.ipynb';
const rule = 'lr-diverges';

async function openNotebook(path: string): Promise<vscode.NotebookDocument> {
  const notebook = await vscode.workspace.openNotebookDocument(workspaceFile(path));
  await vscode.window.showNotebookDocument(notebook);
  return notebook;
}

/** The cell that has `text`, in sight: the editor asks for lenses and hints only where it shows something. */
async function cellWith(notebook: vscode.NotebookDocument, text: string): Promise<vscode.TextDocument> {
  const cell = notebook.getCells().find(({ document }) => document.getText().includes(text));
  assert.ok(cell, `no cell has ${text}`);
  const range = new vscode.NotebookRange(cell.index, cell.index + 1);
  const editor = await vscode.window.showNotebookDocument(notebook, { selections: [range] });
  editor.revealRange(range, vscode.NotebookEditorRevealType.AtTop);
  await eventually('the cell in sight', () =>
    lenses(cell.document).then(
      () => true,
      () => false,
    ),
  );
  return cell.document;
}

const found = (document: vscode.TextDocument, id = rule): vscode.Diagnostic | undefined =>
  ours(document).find((one) => ruleOf(one) === id);
const isFaded = (diagnostic: vscode.Diagnostic | undefined): boolean =>
  diagnostic?.tags?.includes(vscode.DiagnosticTag.Unnecessary) ?? false;

async function verdict(document: vscode.TextDocument): Promise<string> {
  return (await lenses(document)).map(({ command }) => command?.title ?? '').join(' | ');
}

describe('a notebook', () => {
  it('has its lens in the cell of the optimizer, and nowhere else', async () => {
    const notebook = await openNotebook(fault);
    const cell = await cellWith(notebook, 'torch.optim');
    const [first] = await eventually('a lens', async () => {
      const list = await lenses(cell);
      return list.length > 0 && list;
    });
    assert.match(cell.lineAt(first?.range.start.line ?? 0).text, /optim\.SGD/);
    assert.equal((await lenses(await cellWith(notebook, 'LEARNING_RATE = '))).length, 0);
  });

  it('is measured, and marked in the cell that sets the rate', async () => {
    const notebook = await openNotebook(fault);
    const cell = await cellWith(notebook, 'LEARNING_RATE = ');
    const unit = await cellWith(notebook, 'torch.optim');
    await eventually('a lens', async () => (await lenses(unit)).length > 0);
    await vscode.commands.executeCommand('descentLens.diagnose', notebook.uri.fsPath);
    await eventually('a verdict', async () => /Diagnose again/.test(await verdict(unit)));
    const diagnostic = await eventually('the finding', () => found(cell));
    assert.equal(cell.getText(diagnostic.range), '1.0');
    const related = (diagnostic.relatedInformation ?? []).map(({ location }) => location.uri.toString());
    assert.ok(related.includes(unit.uri.toString()), `${related.join(', ')} has the call`);
    await cellWith(notebook, 'LEARNING_RATE = ');
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      cell.uri,
      diagnostic.range.start,
    );
    assert.ok(
      hovers.some(({ contents }) => contents.some((one) => /limit of stability/.test(typeof one === 'string' ? one : one.value))),
    );
  });

  it('shows the limit after the rate in its cell', async () => {
    const cell = await cellWith(await openNotebook(fault), 'LEARNING_RATE = ');
    const configuration = vscode.workspace.getConfiguration('descentLens');
    await configuration.update('inlayHints', true, vscode.ConfigurationTarget.Workspace);
    const all = new vscode.Range(0, 0, cell.lineCount, 0);
    const [hint] = await eventually('a hint', async () => {
      const list = await vscode.commands.executeCommand<vscode.InlayHint[]>('vscode.executeInlayHintProvider', cell.uri, all);
      return list.length > 0 && list;
    });
    assert.equal(hint?.position.line, 1);
    await configuration.update('inlayHints', undefined, vscode.ConfigurationTarget.Workspace);
  });

  it('keeps its places when cells come in above, and fades them when another cell says something else', async () => {
    const notebook = await openNotebook(fault);
    const cell = await cellWith(notebook, 'LEARNING_RATE = ');
    await eventually('the finding', () => found(cell));
    const above = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, '# one\n# two\n!ls', 'python');
    await changeCells(notebook, vscode.NotebookEdit.insertCells(0, [above]));
    await eventually('the new cell', () => notebook.cellAt(0).document.getText().startsWith('# one'));
    await eventually('the finding where it was', () => {
      const diagnostic = found(cell);
      return diagnostic && cell.getText(diagnostic.range) === '1.0' && !isFaded(diagnostic);
    });
    await changeCells(notebook, vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(0, 1)));
    const model = await cellWith(notebook, 'nn.Linear(10, 32)');
    await replace(model, 'nn.Linear(10, 32)', 'nn.Linear(10, 32, bias=False)');
    await eventually('a faded finding', () => isFaded(found(cell)));
    await replace(model, 'nn.Linear(10, 32, bias=False)', 'nn.Linear(10, 32)');
    await eventually('a fresh finding', () => found(cell) && !isFaded(found(cell)));
  });

  it('is repaired in its cell, and runs again on save', async () => {
    const notebook = await openNotebook(fault);
    const unit = await cellWith(notebook, 'torch.optim');
    const cell = await cellWith(notebook, 'LEARNING_RATE = ');
    const { range } = await eventually('the finding', () => found(cell));
    const [fix] = await quickFixes(cell, range);
    assert.match(fix?.title ?? '', /\(tried/);
    assert.ok(fix?.edit);
    await vscode.workspace.applyEdit(fix.edit);
    assert.match(cell.getText(), /LEARNING_RATE = 0\.\d/);
    await notebook.save();
    await cellWith(notebook, 'torch.optim');
    await eventually('a clean verdict', async () => !found(cell) && /Diagnose again.*No warning/.test(await verdict(unit)));
  });

  it('marks a fault of the text in the cell that has it', async () => {
    const notebook = await openNotebook('notebooks/wine.ipynb');
    const unit = await cellWith(notebook, 'torch.optim');
    await eventually('a lens', async () => (await lenses(unit)).length > 0);
    const loop = await cellWith(notebook, 'optimizer.zero_grad()');
    await replace(loop, '        optimizer.zero_grad()\n', '');
    const diagnostic = await eventually('a squiggle', () => found(loop, 'missing-zero-grad'));
    assert.match(loop.lineAt(diagnostic.range.start.line).text, /backward|step/);
  });
});

async function changeCells(notebook: vscode.NotebookDocument, change: vscode.NotebookEdit): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.set(notebook.uri, [change]);
  await vscode.workspace.applyEdit(edit);
}
