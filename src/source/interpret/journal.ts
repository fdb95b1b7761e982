import type { Value } from '../values/value';

type Named = Map<string | number | boolean, Value>;

interface Write {
  readonly held: Named;
  readonly key: string | number | boolean;
  readonly before: Value | undefined;
}

/** What a way through the script left in fields and dictionaries. */
export type Writes = readonly { readonly held: Named; readonly key: string | number | boolean; readonly after: Value }[];

/**
 * Remembers changes of fields and dictionaries, so that two ways that the script may go can be run
 * one after the other from the same state and joined.
 */
export class Journal {
  private readonly writes: Write[] = [];
  private depth = 0;

  set(held: Map<string, Value> | Named, key: string | number | boolean, value: Value): void {
    const named = held as Named;
    if (this.depth > 0) this.writes.push({ held: named, key, before: named.get(key) });
    named.set(key, value);
  }

  /** Runs `way` and takes its changes back; gives what they were. */
  tentatively(way: () => void): Writes {
    const from = this.writes.length;
    this.depth++;
    way();
    this.depth--;
    const made = this.writes.splice(from);
    const latest = made.flatMap(({ held, key }) => {
      const after = held.get(key);
      return after === undefined ? [] : [{ held, key, after }];
    });
    for (const { held, key, before } of made.reverse())
      if (before === undefined) held.delete(key);
      else held.set(key, before);
    return latest.filter((w, i) => latest.findIndex((o) => o.held === w.held && o.key === w.key) === i);
  }

  /** Puts the changes of two ways together: where they differ, `join` says what holds. */
  join(first: Writes, second: Writes, join: (a: Value, b: Value) => Value): void {
    const other = (writes: Writes, w: Writes[number]): Value | undefined =>
      writes.find((o) => o.held === w.held && o.key === w.key)?.after ?? w.held.get(w.key);
    const joined = [
      ...first.map((w) => ({ ...w, with: other(second, w) })),
      ...second
        .filter((w) => !first.some((o) => o.held === w.held && o.key === w.key))
        .map((w) => ({ ...w, with: w.held.get(w.key) })),
    ];
    for (const { held, key, after, with: also } of joined) this.set(held, key, also === undefined ? after : join(after, also));
  }

  /** Makes the changes of one way for good. */
  keep(writes: Writes): void {
    for (const { held, key, after } of writes) this.set(held, key, after);
  }
}
