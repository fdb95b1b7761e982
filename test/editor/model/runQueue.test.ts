import { describe, expect, it } from 'vitest';
import type { CancelToken } from '../../../src/base/cancel';
import { RunQueue } from '../../../src/editor/model/runQueue';

interface Item {
  readonly key: string;
  readonly note?: string;
}

interface Started {
  readonly item: Item;
  readonly cancel: CancelToken;
  readonly end: () => void;
}

function controlled(): { queue: RunQueue<Item>; started: Started[] } {
  const started: Started[] = [];
  const queue = new RunQueue<Item>((item, cancel) => new Promise((resolve) => started.push({ item, cancel, end: resolve })));
  return { queue, started };
}

const settled = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await Promise.resolve();
};

describe('RunQueue', () => {
  it('runs one and lets the others wait in the order of their requests', async () => {
    const { queue, started } = controlled();
    for (const key of ['a', 'b', 'c']) queue.request({ key });
    expect(started.map(({ item }) => item.key)).toEqual(['a']);
    expect(queue.waiting.map(({ key }) => key)).toEqual(['b', 'c']);
    for (const ended of [0, 1, 2]) {
      started[ended]?.end();
      await settled();
    }
    expect(started.map(({ item }) => item.key)).toEqual(['a', 'b', 'c']);
    expect([queue.running, queue.waiting]).toEqual([null, []]);
  });

  it('keeps the place of a unit that is asked for again while it waits', async () => {
    const { queue, started } = controlled();
    for (const key of ['a', 'b', 'c']) queue.request({ key });
    queue.request({ key: 'b', note: 'new text' });
    expect(queue.waiting).toEqual([{ key: 'b', note: 'new text' }, { key: 'c' }]);
    queue.request({ key: 'a', note: 'new text' });
    expect(queue.waiting.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
    started[0]?.end();
    await settled();
    expect(started[1]?.item).toEqual({ key: 'a', note: 'new text' });
  });

  it('cancels all, and starts none of those that waited', async () => {
    const { queue, started } = controlled();
    for (const key of ['a', 'b', 'c']) queue.request({ key });
    queue.cancel();
    started[0]?.end();
    await settled();
    expect([started.length, queue.running, queue.waiting]).toEqual([1, null, []]);
  });

  it('replaces the run of a unit that is asked for again', async () => {
    const { queue, started } = controlled();
    queue.request({ key: 'a', note: 'old text' });
    queue.request({ key: 'a', note: 'new text' });
    expect(started[0]?.cancel.cancelled).toBe(true);
    started[0]?.end();
    await settled();
    expect(started[1]?.item.note).toBe('new text');
    expect(started[1]?.cancel.cancelled).toBe(false);
  });

  it('cancels by unit', async () => {
    const { queue, started } = controlled();
    queue.request({ key: 'a' });
    queue.request({ key: 'b' });
    queue.cancel('b');
    expect(queue.waiting).toEqual([]);
    expect(started[0]?.cancel.cancelled).toBe(false);
    queue.cancel('a');
    expect(started[0]?.cancel.cancelled).toBe(true);
    started[0]?.end();
    await settled();
    expect(started).toHaveLength(1);
  });
});
