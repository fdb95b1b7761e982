/** A request to stop, asked for by `cancelled` at every yield point of long work. */
export interface CancelToken {
  readonly cancelled: boolean;
  /** Calls `listener` once, at cancellation (at once if that was already). Returns a function that forgets it. */
  onCancel(listener: () => void): () => void;
}

/** The two ends of a cancellation: give `token` away, call `cancel` here. */
export class CancelSource {
  private readonly listeners = new Set<() => void>();
  private done = false;
  readonly token: CancelToken;

  constructor() {
    const isDone = (): boolean => this.done;
    this.token = {
      get cancelled() {
        return isDone();
      },
      onCancel: (listener) => this.listen(listener),
    };
  }

  cancel(): void {
    if (this.done) return;
    this.done = true;
    for (const listener of this.listeners) listener();
    this.listeners.clear();
  }

  private listen(listener: () => void): () => void {
    if (this.done) {
      listener();
      return () => undefined;
    }
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** A token that never fires, for work that nobody can stop. */
export const never: CancelToken = { cancelled: false, onCancel: () => () => undefined };
