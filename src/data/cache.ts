/** Parsed files, by path, size, modification time and how they were read; the least recently used go first. */
export class DataCache {
  private readonly entries = new Map<string, { readonly value: unknown; readonly bytes: number }>();
  private held = 0;

  /** Holds about `maximumBytes` of parsed values. */
  constructor(private readonly maximumBytes: number) {}

  get(key: string): unknown {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: unknown, bytes: number): void {
    this.forget(key);
    if (bytes > this.maximumBytes) return;
    this.entries.set(key, { value, bytes });
    this.held += bytes;
    for (const oldest of this.entries.keys()) {
      if (this.held <= this.maximumBytes) break;
      this.forget(oldest);
    }
  }

  private forget(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.held -= entry.bytes;
    this.entries.delete(key);
  }
}
