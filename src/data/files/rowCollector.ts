/**
 * Collects chosen rows of equal size out of a stream of bytes. Rows that were not chosen pass by
 * without being kept.
 */
export class RowCollector {
  readonly bytes: Uint8Array<ArrayBuffer>;
  private position = 0;
  private filled = 0;
  private nextKept = 0;

  /** `rows`: positions of the wanted rows, rising. */
  constructor(
    private readonly rowBytes: number,
    private readonly rows: Int32Array,
  ) {
    this.bytes = new Uint8Array(rows.length * rowBytes);
  }

  /** True when every chosen row is there. */
  get complete(): boolean {
    return this.filled === this.bytes.length;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length && !this.complete) {
      const start = (this.rows[this.nextKept] as number) * this.rowBytes + (this.filled % this.rowBytes);
      const skip = start - this.position;
      if (skip >= chunk.length - at) break;
      at += skip;
      const wanted = this.rowBytes - (this.filled % this.rowBytes);
      const piece = chunk.subarray(at, at + wanted);
      this.bytes.set(piece, this.filled);
      this.filled += piece.length;
      this.position = start + piece.length;
      at += piece.length;
      if (this.filled % this.rowBytes === 0) this.nextKept++;
    }
    this.position += chunk.length - at;
  }
}
