import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually, lenses, open, ours, quickFixes, replace, ruleOf, workspaceFile } from './wait';

const fault = 'faults/lr-diverges/train.py';
const rule = 'lr-diverges';

const found = (document: vscode.TextDocument): vscode.Diagnostic | undefined =>
  ours(document).find((one) => ruleOf(one) === rule);
const isFaded = (diagnostic: vscode.Diagnostic | undefined): boolean =>
  diagnostic?.tags?.includes(vscode.DiagnosticTag.Unnecessary) ?? false;

async function verdict(document: vscode.TextDocument): Promise<string> {
  const titles = (await lenses(document)).map(({ command }) => command?.title ?? '');
  return titles.join(' | ');
}

/** The verdict of a new run: from the command on, no lens shows that of an earlier one. */
async function diagnosed(document: vscode.TextDocument): Promise<string> {
  await vscode.commands.executeCommand('descentLens.diagnose', document.uri.fsPath);
  return eventually('a verdict', async () => {
    const text = await verdict(document);
    return /Diagnose again/.test(text) && text;
  });
}

describe('a run', () => {
  it('marks the rate that diverges and offers one that was tried', async () => {
    const { document } = await open(fault);
    await diagnosed(document);
    const diagnostic = await eventually('the finding', () => found(document));
    assert.equal(document.getText(diagnostic.range), '1.0');
    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Error);
    const [first] = await quickFixes(document, diagnostic.range);
    assert.match(first?.title ?? '', /\(tried/);
    assert.equal(first?.isPreferred, true);
  });

  it('explains the rate in a hover, with a curve', async () => {
    const { document } = await open(fault);
    const { range } = await eventually('the finding', () => found(document));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, range.start);
    const text = hovers
      .flatMap(({ contents }) => contents.map((content) => (typeof content === 'string' ? content : content.value)))
      .join('\n');
    assert.match(text, /learning rate/);
    assert.match(text, /limit of stability/);
    assert.match(text, /data:image\/svg\+xml;base64,/);
  });

  it('repairs the script by the command that applies every fix that was seen to help', async () => {
    const { document } = await open(fault);
    await eventually('the finding', () => found(document));
    const text = document.getText();
    await vscode.commands.executeCommand('descentLens.fixAll');
    assert.doesNotMatch(document.getText(), /lr=1\.0/);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), text);
    await eventually('the finding again', () => found(document) && !isFaded(found(document)));
  });

  it('has a log that can be shown', async () => {
    await vscode.commands.executeCommand('descentLens.showLog');
    await eventually('the log', () =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'output' && uri.path.includes('Descent Lens')),
    );
  });

  it('shows the limit after the rate when that is switched on', async () => {
    const { document } = await open(fault);
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = (): Thenable<vscode.InlayHint[]> =>
      vscode.commands.executeCommand('vscode.executeInlayHintProvider', document.uri, all);
    assert.deepEqual(await hints(), []);
    const configuration = vscode.workspace.getConfiguration('descentLens');
    await configuration.update('inlayHints', true, vscode.ConfigurationTarget.Workspace);
    const [hint] = await eventually('a hint', async () => {
      const list = await hints();
      return list.length > 0 && list;
    });
    assert.match(String(hint?.label), /limit/);
    await configuration.update('inlayHints', undefined, vscode.ConfigurationTarget.Workspace);
  });

  it('leaves findings standing on edits that change nothing, and fades them when the script says something else', async () => {
    const { document } = await open(fault);
    const { range } = await eventually('the finding', () => found(document));
    await replace(document, 'import torch', '# a comment\nimport torch');
    await eventually('the moved finding', () => found(document)?.range.start.line === range.start.line + 1);
    assert.equal(isFaded(found(document)), false);
    await vscode.commands.executeCommand('undo');
    await eventually('the finding back', () => found(document)?.range.start.line === range.start.line);
    await replace(document, 'nn.Linear(10, 32)', 'nn.Linear(10, 32, bias=False)');
    await eventually('a faded finding', () => isFaded(found(document)));
    assert.match(found(document)?.message ?? '', /^Stale/);
    await vscode.commands.executeCommand('undo');
    await eventually('a fresh finding', () => found(document) && !isFaded(found(document)));
  });

  it('runs again on save after the fix, and is content', async () => {
    const { document } = await open(fault);
    const { range } = await eventually('the finding', () => found(document));
    const [fix] = await quickFixes(document, range);
    assert.ok(fix?.edit);
    await vscode.workspace.applyEdit(fix.edit);
    await document.save();
    await eventually('no error', async () => !found(document) && /Diagnose again/.test(await verdict(document)));
    assert.match(await verdict(document), /No warning/);
  });

  it('is stale when its data file changes', async () => {
    const { document } = await open(fault);
    const file = workspaceFile('data/diabetes.csv').fsPath;
    const text = readFileSync(file, 'utf8');
    await diagnosed(document);
    writeFileSync(file, `${text.trimEnd()}\n`.replace('\n', '\r\n'));
    await eventually('a stale verdict', async () => /out of date/.test(await verdict(document)));
    writeFileSync(file, text);
  });

  it('can be cancelled, and the next one works', async () => {
    const { document } = await open('healthy/digits-adam/train.py');
    await vscode.commands.executeCommand('descentLens.diagnose', document.uri.fsPath);
    await eventually('a run', async () => /Cancel/.test(await verdict(document)));
    await vscode.commands.executeCommand('descentLens.cancel');
    await eventually(
      'the end',
      async () => /Cancelled|Diagnose/.test(await verdict(document)) && !/spin/.test(await verdict(document)),
    );
    assert.match(await diagnosed(document), /No warning/);
  });

  it('costs nothing else when the engine is killed', async () => {
    const { document } = await open('healthy/digits-adam/train.py');
    await diagnosed(document);
    // Held first: a run of a third of a second may be over before it is seen.
    assert.ok(signalEngine('SIGSTOP'));
    await vscode.commands.executeCommand('descentLens.diagnose', document.uri.fsPath);
    await eventually('a run', async () => /Cancel/.test(await verdict(document)));
    signalEngine('SIGKILL');
    await eventually('the end', async () => /engine stopped/i.test(await verdict(document)));
    assert.match(await diagnosed(document), /No warning/);
  });
});

/** Signals the engine processes that this extension host started; false when there is none. */
function signalEngine(signal: 'SIGSTOP' | 'SIGKILL'): boolean {
  const children = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  const engines = children.split('\n').flatMap((line) => /^\s*(\d+) .*cli\.js serve-editor/.exec(line)?.[1] ?? []);
  for (const engine of engines) process.kill(Number(engine), signal);
  return engines.length > 0;
}
