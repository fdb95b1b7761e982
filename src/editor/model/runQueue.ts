import type { CancelToken } from '../../base/cancel';
import { CancelSource } from '../../base/cancel';

/** Something to run, and the unit it belongs to. */
export interface QueueItem {
  readonly key: string;
}

/**
 * One runs, the others wait in the order in which they were asked for, each unit once. A request for the unit that runs now
 * replaces its run, which would only measure an outdated text, and comes next.
 */
export class RunQueue<T extends QueueItem> {
  private current: { readonly item: T; readonly cancel: CancelSource } | null = null;
  private line: readonly T[] = [];

  /** `run` never rejects. `changed` is called whenever the answers of `running` and `waiting` change. */
  constructor(
    private readonly run: (item: T, cancel: CancelToken) => Promise<void>,
    private readonly changed: () => void = () => undefined,
  ) {}

  get running(): T | null {
    return this.current?.item ?? null;
  }

  /** Those that wait, the next one first. */
  get waiting(): readonly T[] {
    return this.line;
  }

  request(item: T): void {
    if (!this.current) {
      void this.start(item);
      return;
    }
    const isOwn = this.current.item.key === item.key;
    const others = this.line.filter(({ key }) => key !== item.key);
    const place = isOwn ? 0 : this.line.findIndex(({ key }) => key === item.key);
    this.line = place < 0 ? [...others, item] : [...others.slice(0, place), item, ...others.slice(place)];
    if (isOwn) this.current.cancel.cancel();
    this.changed();
  }

  /** Cancels the unit's run and its waiting request; without a key, all. */
  cancel(key?: string): void {
    const left = this.line.filter((item) => key !== undefined && item.key !== key);
    if (left.length < this.line.length) {
      this.line = left;
      this.changed();
    }
    if (this.current && (key === undefined || this.current.item.key === key)) this.current.cancel.cancel();
  }

  private async start(first: T): Promise<void> {
    let item: T | undefined = first;
    while (item) {
      const cancel = new CancelSource();
      this.current = { item, cancel };
      this.changed();
      await this.run(item, cancel.token);
      [item, ...this.line] = this.line;
    }
    this.current = null;
    this.changed();
  }
}
