import type { CancelToken } from '../base/cancel';
import { CancelSource, never } from '../base/cancel';
import type { Disposable } from '../base/disposable';
import type { Result } from '../base/result';
import { fail, ok } from '../base/result';

/** One end of any two-way connection that keeps the order of its messages: a child process, a worker, a webview. */
export interface Port {
  post(message: unknown): void;
  /** Returns a function that forgets the listener. */
  onMessage(listener: (message: unknown) => void): () => void;
}

/** What a server can be asked for, by method name; `event` is `never` where nothing is told on the way. */
export type RequestTable<T> = {
  readonly [M in keyof T]: { readonly parameters: unknown; readonly result: unknown; readonly event: unknown };
};

/** Why a request has no result. */
export interface Rejection {
  /** `closed`: the other end went away. `version`: the two ends were built apart. `failed`: the handler gave up. */
  readonly code: 'cancelled' | 'closed' | 'version' | 'unknown' | 'failed';
  readonly text: string;
}

/** Everything that crosses the port. Versions travel with each request, so that a stale peer is refused at once. */
export type Frame =
  | {
      readonly kind: 'request';
      readonly version: number;
      readonly id: number;
      readonly method: string;
      readonly parameters: unknown;
    }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'event'; readonly id: number; readonly event: unknown }
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'reject'; readonly id: number; readonly rejection: Rejection };

/** Answers one request. `emit` tells what happens on the way; a thrown error becomes a rejection. */
export type Handler<R extends { readonly parameters: unknown; readonly result: unknown; readonly event: unknown }> = (
  parameters: R['parameters'],
  emit: (event: R['event']) => void,
  cancel: CancelToken,
) => Promise<R['result']>;

export type Handlers<T extends RequestTable<T>> = { readonly [M in keyof T]: Handler<T[M]> };

interface Pending {
  readonly onEvent: (event: unknown) => void;
  readonly settle: (outcome: Result<unknown, Rejection>) => void;
}

/** The asking end of a port. Every request ends exactly once, also when the connection does. */
export class Client<T extends RequestTable<T>> implements Disposable {
  private readonly pending = new Map<number, Pending>();
  private readonly forget: () => void;
  private nextId = 0;
  private closed: Rejection | null = null;

  constructor(
    private readonly port: Port,
    private readonly version: number,
  ) {
    this.forget = port.onMessage((message) => this.receive(message));
  }

  /** Sends `parameters` to `method`. After `cancel` the result is a `cancelled` rejection at once; later events are dropped. */
  request<M extends keyof T & string>(
    method: M,
    parameters: T[M]['parameters'],
    onEvent: (event: T[M]['event']) => void = () => undefined,
    cancel: CancelToken = never,
  ): Promise<Result<T[M]['result'], Rejection>> {
    if (this.closed) return Promise.resolve(fail(this.closed));
    if (cancel.cancelled) return Promise.resolve(fail({ code: 'cancelled', text: 'Cancelled.' }));
    const id = this.nextId++;
    return new Promise((resolve) => {
      const forgetCancel = cancel.onCancel(() => this.cancel(id));
      this.pending.set(id, {
        onEvent,
        settle: (outcome) => {
          forgetCancel();
          this.pending.delete(id);
          resolve(outcome);
        },
      });
      this.send({ kind: 'request', version: this.version, id, method, parameters });
    });
  }

  /** Ends all open requests with `closed`: call it when the other end has gone. */
  close(text: string): void {
    if (this.closed) return;
    this.closed = { code: 'closed', text };
    this.forget();
    for (const entry of [...this.pending.values()]) entry.settle(fail(this.closed));
  }

  dispose(): void {
    this.close('The connection was closed.');
  }

  private cancel(id: number): void {
    const entry = this.pending.get(id);
    if (!entry) return;
    this.send({ kind: 'cancel', id });
    entry.settle(fail({ code: 'cancelled', text: 'Cancelled.' }));
  }

  private send(frame: Frame): void {
    try {
      this.port.post(frame);
    } catch (error) {
      this.close(errorText(error));
    }
  }

  private receive(message: unknown): void {
    if (!isFrame(message)) return;
    const entry = this.pending.get(message.id);
    if (!entry) return;
    if (message.kind === 'event') entry.onEvent(message.event);
    else if (message.kind === 'result') entry.settle(ok(message.result));
    else if (message.kind === 'reject') entry.settle(fail(message.rejection));
  }
}

/** Answers requests that come in on `port` until disposed; running handlers are cancelled then. */
export function serve<T extends RequestTable<T>>(port: Port, version: number, handlers: Handlers<T>): Disposable {
  const running = new Map<number, CancelSource>();
  const table: ReadonlyMap<string, Handlers<T>[keyof T]> = new Map(Object.entries(handlers));
  const post = (frame: Frame): void => port.post(frame);
  const reject = (id: number, code: Rejection['code'], text: string): void =>
    post({ kind: 'reject', id, rejection: { code, text } });

  const answer = async (id: number, handler: Handlers<T>[keyof T], parameters: unknown): Promise<void> => {
    const source = new CancelSource();
    running.set(id, source);
    try {
      const result = await handler(
        parameters,
        (event: unknown) => running.has(id) && post({ kind: 'event', id, event }),
        source.token,
      );
      if (running.has(id)) post({ kind: 'result', id, result });
    } catch (error) {
      if (running.has(id)) reject(id, 'failed', errorText(error));
    } finally {
      running.delete(id);
    }
  };

  const forget = port.onMessage((message) => {
    if (!isFrame(message)) return;
    if (message.kind === 'cancel') {
      const source = running.get(message.id);
      running.delete(message.id);
      source?.cancel();
    } else if (message.kind === 'request') {
      const handler = table.get(message.method);
      if (message.version !== version)
        reject(message.id, 'version', `Protocol ${message.version} was asked for, ${version} is spoken here.`);
      else if (!handler) reject(message.id, 'unknown', `No method ${message.method}.`);
      else void answer(message.id, handler, message.parameters);
    }
  });

  return {
    dispose: () => {
      forget();
      const sources = [...running.values()];
      running.clear();
      for (const source of sources) source.cancel();
    },
  };
}

function isFrame(message: unknown): message is Frame {
  return (
    typeof message === 'object' && message !== null && 'kind' in message && 'id' in message && typeof message.id === 'number'
  );
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
