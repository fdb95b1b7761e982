import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { extensionId, open, workspaceFile } from '../../test/host/wait';
import { killedRunIsFollowedByAWholeOne, measureRuns, timeSaves } from './runs';
import { resultFile, type HostMeasured } from './measured';
import { timeSquiggles, timeStrokes } from './typing';

/** Entry point that the extension host calls. */
export async function run(): Promise<void> {
  const file = workspaceFile(resultFile).fsPath;
  try {
    writeFileSync(file, JSON.stringify(await measure()));
  } catch (error) {
    writeFileSync(file, JSON.stringify({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }));
    throw error;
  }
}

async function measure(): Promise<HostMeasured> {
  const extension = vscode.extensions.getExtension(extensionId);
  if (!extension) throw new Error('the extension is not installed');
  if (extension.isActive) throw new Error('the extension was active before it was needed');
  const before = process.cpuUsage();
  const began = performance.now();
  await extension.activate();
  const activation = performance.now() - began;
  const { user, system } = process.cpuUsage(before);
  const squiggles = await timeSquiggles(extension.extensionPath);
  const strokes = await timeStrokes();
  await open('healthy/digits-adam/train.py');
  const { delay, longest } = await measureRuns();
  return {
    activation,
    activationWork: (user + system) / 1000,
    squiggles,
    strokes,
    delay,
    longest,
    saves: await timeSaves(),
    survives: await killedRunIsFollowedByAWholeOne(),
  };
}
