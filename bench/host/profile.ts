import { Session } from 'node:inspector/promises';
import { extensionId } from '../../test/host/wait';
import type { HostMeasured } from './measured';
import { longestStretch } from './stretch';

/** Microseconds between two looks at the stack. */
const interval = 250;
const bundle = new RegExp(`${extensionId.replace(/[.]/g, '\\.')}[^/]*/dist/`);

/** Profiles this process while `work` runs: the longest time without a break in which the extension's code was on the stack. */
export async function longestStretchOfOurs(work: () => Promise<unknown>): Promise<HostMeasured['longest']> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval });
  await session.post('Profiler.start');
  await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  return longestStretch(profile, (url) => bundle.test(url));
}
