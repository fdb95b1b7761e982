import type { CancelToken } from '../../base/cancel';
import { CancelSource } from '../../base/cancel';

/** Something to run, and the unit it belongs to. */
export interface QueueItem {
  readonly key: string;
}

/**
 * One runs, at most one waits: a newer request takes the waiting place of an older one, and a request for the unit
 * that runs now replaces its run, which would only measure an outdated text.
 */
export class RunQueue<T extends QueueItem> {
  private current: { readonly item: T; readonly cancel: CancelSource } | null = null;
  private next: T | null = null;

  /** `run` never rejects. `changed` is called whenever the answers of `running` and `waiting` change. */
  constructor(
    private readonly run: (item: T, cancel: CancelToken) => Promise<void>,
    private readonly changed: () => void = () => undefined,
  ) {}

  get running(): T | null {
    return this.current?.item ?? null;
  }

  get waiting(): T | null {
    return this.next;
  }

  request(item: T): void {
    if (!this.current) {
      void this.start(item);
      return;
    }
    this.next = item;
    if (this.current.item.key === item.key) this.current.cancel.cancel();
    this.changed();
  }

  /** Cancels the unit's run and its waiting request; without a key, all. */
  cancel(key?: string): void {
    if (this.next && (key === undefined || this.next.key === key)) {
      this.next = null;
      this.changed();
    }
    if (this.current && (key === undefined || this.current.item.key === key)) this.current.cancel.cancel();
  }

  private async start(first: T): Promise<void> {
    let item: T | null = first;
    while (item) {
      const cancel = new CancelSource();
      this.current = { item, cancel };
      this.next = null;
      this.changed();
      await this.run(item, cancel.token);
      item = this.next;
    }
    this.current = null;
    this.changed();
  }
}
