import { expect, it } from 'vitest';
import { Breath } from '../../src/base/yield';

it('lets what is pending be heard in a loop of calls that return at once', async () => {
  const breath = new Breath();
  let heard = false;
  setImmediate(() => (heard = true));
  let calls = 0;
  // Each call keeps the processor for a while, as one of the native library does.
  for (; calls < 10_000 && !heard; calls++) {
    const pause = breath.pause();
    if (pause !== undefined) await pause;
    for (const until = performance.now() + 1; performance.now() < until;);
  }
  expect(heard).toBe(true);
  expect(calls).toBeGreaterThan(0);
});

it('costs nothing where there is no need yet', () => {
  expect(new Breath().pause()).toBeUndefined();
});
