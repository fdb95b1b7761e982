import { createHash } from 'node:crypto';
import type { Session, SessionSettings } from './session';

/** Memory that idle sessions may hold together, by what their values take; in bytes. */
const mostIdleBytes = 256 * 2 ** 20;
/** Idle sessions that are kept at most. */
const mostIdle = 48;

interface Kept {
  readonly session: Promise<Session>;
  readonly bytes: number;
  users: number;
}

/**
 * Loaded models by their bytes: who asks for one that is loaded shares it, and one that nobody uses waits a while for the
 * next, so that a script in which only numbers outside its graphs were changed compiles nothing.
 */
export class SessionShelf {
  /** Those used last come last. */
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly load: (model: Uint8Array, settings: SessionSettings) => Promise<Session>) {}

  /** The session of a model whose values take `bytes`; `release` gives it back. Rejects where it cannot be loaded. */
  async open(model: Uint8Array, settings: SessionSettings, bytes: number): Promise<Session> {
    const key = `${JSON.stringify(settings)} ${createHash('sha256').update(model).digest('base64')}`;
    const known = this.kept.get(key) ?? { session: this.load(model, settings), bytes, users: 0 };
    this.kept.delete(key);
    this.kept.set(key, known);
    known.users++;
    let session: Session;
    try {
      session = await known.session;
    } catch (error) {
      this.kept.delete(key);
      throw error;
    }
    let isHeld = true;
    return {
      bind: (feeds, fetches) => session.bind(feeds, fetches),
      run: (feeds, outputs) => session.run(feeds, outputs),
      release: () => {
        if (!isHeld) return;
        isHeld = false;
        known.users--;
        this.clear();
      },
    };
  }

  /** Lets go of the idle sessions that were used longest ago, down to the bounds. */
  private clear(): void {
    const idle = [...this.kept].filter(([, { users }]) => users === 0);
    let bytes = idle.reduce((sum, [, one]) => sum + one.bytes, 0);
    let count = idle.length;
    for (const [key, one] of idle) {
      if (count <= mostIdle && bytes <= mostIdleBytes) return;
      this.kept.delete(key);
      bytes -= one.bytes;
      count--;
      void one.session.then((session) => session.release());
    }
  }
}
