import { describe, expect, it } from 'vitest';
import type { CancelToken } from '../../src/base/cancel';
import { CancelSource } from '../../src/base/cancel';
import type { Port } from '../../src/protocol/channel';
import { Client, serve } from '../../src/protocol/channel';

interface Table {
  readonly add: {
    readonly parameters: { readonly a: number; readonly b: number };
    readonly result: number;
    readonly event: never;
  };
  readonly count: { readonly parameters: number; readonly result: string; readonly event: number };
  readonly wait: { readonly parameters: null; readonly result: null; readonly event: string };
  readonly throws: { readonly parameters: null; readonly result: null; readonly event: never };
}

/** Two joined ports that deliver structured clones in order, each in a microtask, and record what passes. */
function joinedPorts(): { left: Port; right: Port; log: unknown[] } {
  const log: unknown[] = [];
  const end = (): { port: Port; deliver: (message: unknown) => void; peer: { deliver: (message: unknown) => void } } => {
    const listeners = new Set<(message: unknown) => void>();
    const peer = { deliver: (_: unknown): void => undefined };
    const port: Port = {
      post: (message) => {
        const clone: unknown = structuredClone(message);
        log.push(clone);
        queueMicrotask(() => peer.deliver(clone));
      },
      onMessage: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
    return { port, peer, deliver: (message) => listeners.forEach((listener) => listener(message)) };
  };
  const left = end();
  const right = end();
  left.peer.deliver = right.deliver;
  right.peer.deliver = left.deliver;
  return { left: left.port, right: right.port, log };
}

function connect(serverVersion = 3): {
  client: Client<Table>;
  server: { dispose(): void };
  waiting: CancelToken[];
  emit: ((event: string) => void)[];
  log: unknown[];
} {
  const { left, right, log } = joinedPorts();
  const waiting: CancelToken[] = [];
  const emit: ((event: string) => void)[] = [];
  const server = serve<Table>(right, serverVersion, {
    add: async ({ a, b }) => a + b,
    count: async (to, tell) => {
      for (let i = 1; i <= to; i++) tell(i);
      return `counted to ${to}`;
    },
    wait: (_, tell, cancel) => {
      waiting.push(cancel);
      emit.push(tell);
      return new Promise((resolve) => cancel.onCancel(() => resolve(null)));
    },
    throws: () => Promise.reject(new Error('out of memory')),
  });
  return { client: new Client<Table>(left, 3), server, waiting, emit, log };
}

const settled = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

describe('channel', () => {
  it('answers requests, also several at a time', async () => {
    const { client } = connect();
    const answers = await Promise.all([client.request('add', { a: 1, b: 2 }), client.request('add', { a: 10, b: 20 })]);
    expect(answers).toEqual([
      { ok: true, value: 3 },
      { ok: true, value: 30 },
    ]);
  });

  it('tells events in order before the result', async () => {
    const { client } = connect();
    const seen: number[] = [];
    const answer = await client.request('count', 4, (event) => seen.push(event));
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(answer).toEqual({ ok: true, value: 'counted to 4' });
  });

  it('carries a cancellation to the handler, rejects at once and drops what comes later', async () => {
    const { client, waiting, emit } = connect();
    const source = new CancelSource();
    const seen: string[] = [];
    const answer = client.request('wait', null, (event) => seen.push(event), source.token);
    await settled();
    emit[0]?.('before');
    await settled();
    source.cancel();
    expect(await answer).toEqual({ ok: false, error: { code: 'cancelled', text: 'Cancelled.' } });
    await settled();
    expect(waiting[0]?.cancelled).toBe(true);
    emit[0]?.('after');
    await settled();
    expect(seen).toEqual(['before']);
  });

  it('does not send what was cancelled before', async () => {
    const { client, log } = connect();
    const source = new CancelSource();
    source.cancel();
    expect(await client.request('add', { a: 1, b: 1 }, undefined, source.token)).toMatchObject({
      ok: false,
      error: { code: 'cancelled' },
    });
    expect(log).toEqual([]);
  });

  it('turns a thrown error into a rejection', async () => {
    const { client } = connect();
    expect(await client.request('throws', null)).toEqual({ ok: false, error: { code: 'failed', text: 'out of memory' } });
  });

  it('refuses a peer of another version', async () => {
    const { client } = connect(4);
    expect(await client.request('add', { a: 1, b: 2 })).toMatchObject({ ok: false, error: { code: 'version' } });
  });

  it('ends open requests when the other side goes, and refuses new ones', async () => {
    const { client } = connect();
    const open = client.request('wait', null);
    client.close('The engine stopped.');
    expect(await open).toEqual({ ok: false, error: { code: 'closed', text: 'The engine stopped.' } });
    expect(await client.request('add', { a: 1, b: 2 })).toEqual({
      ok: false,
      error: { code: 'closed', text: 'The engine stopped.' },
    });
  });

  it('cancels running handlers when the server ends', async () => {
    const { client, server, waiting } = connect();
    void client.request('wait', null);
    await settled();
    server.dispose();
    expect(waiting[0]?.cancelled).toBe(true);
  });

  it('closes when the port cannot take a message', async () => {
    const broken: Port = {
      post: () => {
        throw new Error('channel closed');
      },
      onMessage: () => () => undefined,
    };
    expect(await new Client<Table>(broken, 3).request('add', { a: 1, b: 2 })).toEqual({
      ok: false,
      error: { code: 'closed', text: 'channel closed' },
    });
  });

  it('ignores messages that are not its own', async () => {
    const { left, right } = joinedPorts();
    serve<Table>(right, 3, {
      add: async ({ a, b }) => a + b,
      count: async () => '',
      wait: async () => null,
      throws: async () => null,
    });
    left.post('hello');
    left.post({ id: 1 });
    left.post(null);
    expect(await new Client<Table>(left, 3).request('add', { a: 2, b: 2 })).toEqual({ ok: true, value: 4 });
  });
});
