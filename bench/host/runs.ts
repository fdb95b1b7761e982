import { execFileSync } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { eventually, lenses, open, ours, replace, ruleOf } from '../../test/host/wait';
import type { HostMeasured } from './measured';
import { longestStretchOfOurs } from './profile';

const healthy = 'healthy/digits-adam/train.py';
const faulty = 'faults/lr-too-small/train.py';
const rule = 'lr-too-small';
/** The loop's delay is sampled by a timer of this period, which is part of what it reports. */
const resolution = 5;
const saves = 5;

const verdict = async (document: vscode.TextDocument): Promise<string> =>
  (await lenses(document)).map(({ command }) => command?.title ?? '').join(' | ');

/** Asks for a run and waits for its end, looking rarely so that the looking is not what is measured. */
async function diagnose(document: vscode.TextDocument): Promise<string> {
  await vscode.commands.executeCommand('descentLens.diagnose', document.uri.fsPath);
  const end = Date.now() + 60_000;
  for (;;) {
    await pause(300);
    const text = await verdict(document);
    if (/Diagnose again/.test(text)) return text;
    if (Date.now() > end) throw new Error(`no verdict: ${text}`);
  }
}

/** Two diagnoses of the digits example with the panel open: the loop's delay during the first, a profile of the second. */
export async function measureRuns(): Promise<Pick<HostMeasured, 'delay' | 'longest'>> {
  const { document } = await open(healthy);
  await diagnose(document);
  const idle = await delayDuring(() => pause(2_000));
  const busy = await delayDuring(() => diagnose(document));
  const longest = await longestStretchOfOurs(() => diagnose(document));
  return { delay: { p99: busy.p99, max: busy.max, idleP99: idle.p99 }, longest };
}

async function delayDuring(work: () => Promise<unknown>): Promise<{ readonly p99: number; readonly max: number }> {
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  await work();
  histogram.disable();
  const beyondTimer = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolution);
  return { p99: beyondTimer(histogram.percentile(99)), max: beyondTimer(histogram.max) };
}

/** Changes the rate of a diagnosed script, saves it, and waits for the finding and the end of the run that this starts. */
export async function timeSaves(): Promise<HostMeasured['saves']> {
  const { document } = await open(faulty);
  const fresh = (): boolean => ours(document).some((one) => ruleOf(one) === rule && !one.tags?.length);
  await diagnose(document);
  if (!fresh()) throw new Error(`no ${rule} in ${faulty}: ${await verdict(document)}`);
  const times: { readonly finding: number; readonly verdict: number }[] = [];
  for (let round = 0; round < saves; round++) {
    await replace(document, `default=1${round === 0 ? '' : `.${round}`}e-5`, `default=1.${round + 1}e-5`);
    await eventually('a stale finding', () => !fresh());
    const start = performance.now();
    let finding = NaN;
    const subscription = vscode.languages.onDidChangeDiagnostics(() => {
      if (Number.isNaN(finding) && fresh()) finding = performance.now() - start;
    });
    await document.save();
    await eventually('the end', async () => /Diagnose again/.test(await verdict(document)) && fresh());
    times.push({ finding, verdict: performance.now() - start });
    subscription.dispose();
  }
  return times;
}

/** Kills the engine in mid-run; true when the run after it comes to its end. */
export async function killedRunIsFollowedByAWholeOne(): Promise<boolean> {
  const { document } = await open(healthy);
  await vscode.commands.executeCommand('descentLens.diagnose', document.uri.fsPath);
  await eventually('a run', async () => /Training|Building|Trying/.test(await verdict(document)));
  killEngine();
  await eventually('its end', async () => /engine stopped/i.test(await verdict(document)));
  return /No warning/.test(await diagnose(document));
}

/** Ends the engine processes that this extension host started. */
function killEngine(): void {
  const children = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  for (const line of children.split('\n')) {
    const match = /^\s*(\d+) .*engine\.js/.exec(line);
    if (match) process.kill(Number(match[1]), 'SIGKILL');
  }
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
