import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { measureInHost } from './editorHost';
import type { HostMeasured } from './host/measured';
import type { BenchRow } from './row';
import { judged, median, quartiles, unmeasured } from './row';

/** Rows of `npm run bench -- editor`: the packaged extension in a real VS Code. */
export async function editorRows(): Promise<BenchRow[]> {
  const vsix = makePackage();
  const size = judged('editor', 'VSIX for this platform', statSync(vsix).size / 1e6, 'MB', { atMost: 25 });
  return [...hostRows(await measureInHost(vsix)), size];
}

/** Milliseconds that a handler in the extension host may take. */
const handler = { atMost: 50 };

function hostRows(host: Awaited<ReturnType<typeof measureInHost>>): BenchRow[] {
  const inMs = (row: string, times: readonly number[], target: BenchRow['target'], detail?: string): BenchRow =>
    judged('editor', row, median(times), 'ms', target, { spread: quartiles(times), ...(detail === undefined ? {} : { detail }) });
  const seconds = (of: (save: HostMeasured['saves'][number]) => number): number[] => host.saves.map((save) => of(save) / 1000);
  const first = seconds(({ finding }) => finding);
  const whole = seconds(({ verdict }) => verdict);
  return [
    Number.isNaN(host.activate)
      ? { ...unmeasured('editor', 'activate()', 50, 'its time is not in the log'), unit: 'ms', target: handler }
      : judged('editor', 'activate()', host.activate, 'ms', handler, {
          detail: `with loading the bundle ${host.activation.toFixed(0)} ms, of them ${host.activationWork.toFixed(0)} ms at work`,
        }),
    ...host.squiggles.map(({ lines, times }) => inMs(`static squiggle after a key stroke: work, ${lines} lines`, times, handler)),
    inMs('key stroke to squiggle, with the pause in typing', host.strokes, null),
    judged('editor', 'longest handler of ours during a run', host.longest.milliseconds, 'ms', handler, {
      detail: `stack: ${host.longest.functions.join(', ')}`,
    }),
    judged('editor', 'delay of the extension host during a run, 99th percentile', host.delay.p99, 'ms', handler, {
      detail: `longest ${host.delay.max.toFixed(0)} ms; 99th percentile without a run ${host.delay.idleP99.toFixed(1)} ms`,
    }),
    judged('editor', 'save to first measured finding, digits', median(first), 's', { atMost: 1 }, { spread: quartiles(first) }),
    judged('editor', 'save to full verdict, digits', median(whole), 's', { atMost: 5 }, { spread: quartiles(whole) }),
    judged('editor', 'runs that work after the engine was killed', Number(host.survives), 'of 1', { atLeast: 1 }),
  ];
}

/** Makes the VSIX of this platform as it is shipped; gives its path. A bundle over its budget fails packaging, not the bench. */
function makePackage(): string {
  const began = Date.now();
  const { stdout } = spawnSync(process.execPath, ['scripts/package.mjs'], { encoding: 'utf8' });
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
  const file = `descent-lens-${process.platform}-${process.arch}-${version}.vsix`;
  if ((statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < began) throw new Error(`the package was not made:\n${stdout}`);
  return file;
}
