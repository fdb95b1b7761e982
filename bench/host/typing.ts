import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { openAnalysis } from '../../src/editor/analysis';
import { eventually, open, ours, replace, ruleOf, workspaceFile } from '../../test/host/wait';
import type { HostMeasured } from './measured';

const example = 'healthy/digits-adam/train.py';
const rounds = 15;

/** Reading and static rules after an edit of one digit, as the extension does it after a key stroke. */
export async function timeSquiggles(extensionPath: string): Promise<HostMeasured['squiggles']> {
  const analysis = await openAnalysis(join(extensionPath, 'dist'));
  const script = readFileSync(workspaceFile(example).fsPath, 'utf8');
  const filler = Array.from({ length: 380 }, (_, i) => `def step_${i}(x):\n    y = x * ${i} + 1\n    return y\n`).join('');
  return [script, `${filler}${script}`].map((text) => {
    const times: number[] = [];
    for (let round = 0; round < rounds + 3; round++) {
      const edited = text.replace('lr=1e-3', `lr=${round + 1}e-3`);
      if (round > 0 && edited === text) throw new Error(`${example} holds no lr=1e-3`);
      const start = performance.now();
      const { units } = analysis.read(workspaceFile(example).fsPath, edited, { folders: [], read: () => null }, [], {
        given: {},
        dataPath: null,
      });
      if (units.length === 0) throw new Error('no training unit was read');
      // The first few are compiled on the way.
      if (round >= 3) times.push(performance.now() - start);
    }
    return { script: example, lines: text.split('\n').length, times };
  });
}

/** From an edit that makes a fault, or repairs it, to the change of its squiggle. */
export async function timeStrokes(): Promise<readonly number[]> {
  const rule = 'missing-zero-grad';
  const { document } = await open('faults/missing-zero-grad/train.py');
  const isThere = (): boolean => ours(document).some((one) => ruleOf(one) === rule);
  await eventually('a squiggle', isThere);
  const times: number[] = [];
  for (let round = 0; round < 6; round++) {
    const wanted = !isThere();
    const start = performance.now();
    const changed = squiggleIs(document, isThere, wanted);
    if (wanted) await vscode.commands.executeCommand('undo');
    else await replace(document, 'loss.backward()', 'optimizer.zero_grad(); loss.backward()');
    await changed;
    times.push(performance.now() - start);
  }
  return times;
}

/** Resolves when the squiggle is there, or is gone. */
function squiggleIs(document: vscode.TextDocument, isThere: () => boolean, wanted: boolean): Promise<void> {
  return new Promise((resolve) => {
    const subscription = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      if (!uris.some((uri) => uri.toString() === document.uri.toString()) || isThere() !== wanted) return;
      subscription.dispose();
      resolve();
    });
  });
}
