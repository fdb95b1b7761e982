import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { eventually, extensionId, lenses, open, ours, replace, ruleOf, workspaceFile } from './wait';

/** What `npm run bench -- editor` shows; all times in milliseconds. */
interface Measured {
  /** Work of the extension host's thread to load the bundle and activate. */
  readonly activate: number;
  /** Work of the extension host's thread from a key stroke to the static squiggle; one value for each stroke. */
  readonly staticWork: readonly number[];
  /** Delay of the extension host's loop during runs. */
  readonly loopDelay99: number;
  readonly loopDelayMax: number;
  /** From a save of the digits example to the first finding of its run, and to its whole verdict; engine warm. */
  readonly saveToFinding: readonly number[];
  readonly saveToVerdict: readonly number[];
}

/** Entry point that the extension host calls: writes `measured.json` into the workspace. */
export async function run(): Promise<void> {
  const activate = await measureActivation();
  const staticWork = await measureTyping();
  const runs = await measureRuns();
  const measured: Measured = { activate, staticWork, ...runs };
  writeFileSync(workspaceFile('measured.json').fsPath, JSON.stringify(measured));
}

async function measureActivation(): Promise<number> {
  const extension = vscode.extensions.getExtension(extensionId);
  if (!extension || extension.isActive) throw new Error('the extension is not there, or was activated before');
  const before = threadMilliseconds();
  await extension.activate();
  return threadMilliseconds() - before;
}

/** Breaks and repairs a fault of the text again and again: the squiggle goes and comes. */
async function measureTyping(): Promise<number[]> {
  const rule = 'missing-zero-grad';
  const { document } = await open('faults/missing-zero-grad/train.py');
  const isFound = (): boolean => ours(document).some((one) => ruleOf(one) === rule);
  await eventually('the squiggle', isFound);
  const work: number[] = [];
  for (let i = 0; i < 20; i++) {
    const change =
      i % 2 === 0
        ? ['loss.backward()', 'optimizer.zero_grad(); loss.backward()']
        : ['optimizer.zero_grad(); loss.backward()', 'loss.backward()'];
    const wanted = i % 2 !== 0;
    const published = nextDiagnostics(() => isFound() === wanted);
    const before = threadMilliseconds();
    await replace(document, change[0] ?? '', change[1] ?? '');
    await published;
    work.push(threadMilliseconds() - before);
  }
  await vscode.commands.executeCommand('workbench.action.files.revert');
  return work;
}

/** Alternates the learning rate of the digits example between one that is far too high and another, and saves. */
async function measureRuns(): Promise<Omit<Measured, 'activate' | 'staticWork'>> {
  const { document } = await open('healthy/digits-adam/train.py');
  const isDone = async (): Promise<boolean> =>
    (await lenses(document)).some(({ command }) => command?.title.includes('Diagnose again'));
  await eventually('a lens', async () => (await lenses(document)).length > 0);
  await vscode.commands.executeCommand('descentLens.diagnose', document.uri.fsPath);
  await eventually('the first verdict', isDone, 120_000);
  const delay = monitorEventLoopDelay({ resolution: 2 });
  delay.enable();
  const saveToFinding: number[] = [];
  const saveToVerdict: number[] = [];
  const rates = ['1e-3', '1.0', '2.0', '1.5', '3.0', '2.5'];
  for (let i = 1; i < rates.length; i++) {
    await replace(document, `lr=${rates[i - 1]}`, `lr=${rates[i]}`);
    await eventually('a stale verdict', async () =>
      (await lenses(document)).some(({ command }) => command?.title.includes('(stale)')),
    );
    const found = nextDiagnostics(() => ours(document).some((one) => ruleOf(one).startsWith('lr-') && !one.tags?.length));
    const began = performance.now();
    await document.save();
    await found;
    saveToFinding.push(performance.now() - began);
    await eventually('the verdict', isDone, 60_000);
    saveToVerdict.push(performance.now() - began);
  }
  delay.disable();
  return { loopDelay99: delay.percentile(99) / 1e6, loopDelayMax: delay.max / 1e6, saveToFinding, saveToVerdict };
}

/** Resolves at the first change of diagnostics after which `holds`. */
function nextDiagnostics(holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const subscription = vscode.languages.onDidChangeDiagnostics(() => {
      if (!holds()) return;
      subscription.dispose();
      resolve();
    });
  });
}

/** Node's own since 23.9, and the extension host's Node is newer than the types. */
interface WithThreadUsage {
  threadCpuUsage(): { readonly user: number; readonly system: number };
}

/** Work of this thread so far. */
function threadMilliseconds(): number {
  const { user, system } = (process as NodeJS.Process & WithThreadUsage).threadCpuUsage();
  return (user + system) / 1000;
}
