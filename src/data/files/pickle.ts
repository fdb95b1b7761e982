/** A value of a pickle. What would call a Python function is kept as a record of the call; nothing is ever run. */
export type Pickled =
  number | string | boolean | null | Uint8Array | readonly Pickled[] | Map<Pickled, Pickled> | PickledName | PickledCall;

/** A name of a Python module, such as `numpy.dtype`. */
export interface PickledName {
  readonly name: string;
}

/** A call that Python would make to build an object, with the state that is set on it. */
export interface PickledCall {
  readonly callee: string;
  readonly parts: readonly Pickled[];
  state: Pickled;
}

const mark = Symbol('mark');

/**
 * Reads a pickle of plain values and arrays (protocols 2 to 5, as Python's pickletools describe them). Strings that Python 2
 * wrote come as bytes. Throws a `RangeError` on what is no such pickle.
 */
export function readPickle(bytes: Uint8Array): Pickled {
  return new PickleReader(bytes).read();
}

class PickleReader {
  private at = 0;
  private readonly view: DataView;
  private readonly stack: (Pickled | typeof mark)[] = [];
  private readonly memo = new Map<number, Pickled>();

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(): Pickled {
    for (;;) {
      const code = String.fromCharCode(this.byte());
      if (code === '.') return this.pop();
      this.step(code);
    }
  }

  private step(code: string): void {
    const { stack } = this;
    switch (code) {
      case '\x80':
        this.byte();
        break;
      case '\x95':
        this.at += 8;
        break;
      case '(':
        stack.push(mark);
        break;
      case 'N':
        stack.push(null);
        break;
      case '\x88':
      case '\x89':
        stack.push(code === '\x88');
        break;
      case 'K':
        stack.push(this.byte());
        break;
      case 'M':
        stack.push(this.size(2));
        break;
      case 'J':
        stack.push(this.view.getInt32(this.take(4), true));
        break;
      case '\x8a':
        stack.push(this.long());
        break;
      case 'G':
        stack.push(this.view.getFloat64(this.take(8)));
        break;
      case 'U':
      case 'C':
        stack.push(this.raw(this.byte()));
        break;
      case 'T':
      case 'B':
        stack.push(this.raw(this.size(4)));
        break;
      case '\x8e':
      case '\x96':
        stack.push(this.raw(this.size(8)));
        break;
      case 'X':
        stack.push(this.text(this.size(4)));
        break;
      case '\x8c':
        stack.push(this.text(this.byte()));
        break;
      case ']':
      case ')':
        stack.push([]);
        break;
      case '}':
        stack.push(new Map());
        break;
      default:
        this.build(code);
    }
  }

  /** What takes values from the stack. */
  private build(code: string): void {
    const { stack } = this;
    switch (code) {
      case 'a':
        this.append([this.pop()]);
        break;
      case 'e':
        this.append(this.popToMark());
        break;
      case 's':
        this.set([this.pop(), this.pop()].reverse());
        break;
      case 'u':
        this.set(this.popToMark());
        break;
      case 't':
        stack.push(this.popToMark());
        break;
      case '\x85':
      case '\x86':
      case '\x87':
        stack.push(this.popMany(code.charCodeAt(0) - 0x84));
        break;
      case 'c':
        stack.push({ name: `${this.line()}.${this.line()}` });
        break;
      case '\x93': {
        const [module, name] = this.popMany(2);
        stack.push({ name: `${String(module)}.${String(name)}` });
        break;
      }
      case 'R':
        this.call();
        break;
      case 'b':
        this.setState();
        break;
      default:
        this.remember(code);
    }
  }

  private remember(code: string): void {
    switch (code) {
      case 'q':
        this.memo.set(this.byte(), this.top());
        break;
      case 'r':
        this.memo.set(this.size(4), this.top());
        break;
      case '\x94':
        this.memo.set(this.memo.size, this.top());
        break;
      case 'h':
        this.recall(this.byte());
        break;
      case 'j':
        this.recall(this.size(4));
        break;
      default:
        throw new RangeError(`operation 0x${code.charCodeAt(0).toString(16)} at byte ${this.at - 1} is not known`);
    }
  }

  private recall(key: number): void {
    const value = this.memo.get(key);
    if (value === undefined) throw new RangeError(`nothing is remembered as ${key}`);
    this.stack.push(value);
  }

  private append(items: readonly Pickled[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw new RangeError('there is no list to append to');
    for (const item of items) (list as Pickled[]).push(item);
  }

  private set(pairs: readonly Pickled[]): void {
    const map = this.top();
    if (!(map instanceof Map)) throw new RangeError('there is no dictionary to fill');
    for (let i = 0; i + 1 < pairs.length; i += 2) map.set(pairs[i] as Pickled, pairs[i + 1] as Pickled);
  }

  private call(): void {
    const [callee, parts] = this.popMany(2);
    const name = isName(callee) ? callee.name : '?';
    const made = Array.isArray(parts) ? (parts as Pickled[]) : [];
    const [text] = made;
    // Python 3 writes bytes for protocol 2 as text in Latin 1.
    if (name === '_codecs.encode' && typeof text === 'string') this.stack.push(Buffer.from(text, 'latin1'));
    else this.stack.push({ callee: name, parts: made, state: null });
  }

  private setState(): void {
    const state = this.pop();
    const object = this.top();
    if (isCall(object)) object.state = state;
  }

  private pop(): Pickled {
    const value = this.stack.pop();
    if (value === undefined || value === mark) throw new RangeError('a value is missing');
    return value as Pickled;
  }

  private popMany(count: number): Pickled[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  private popToMark(): Pickled[] {
    const at = this.stack.lastIndexOf(mark);
    if (at < 0) throw new RangeError('a mark is missing');
    return (this.stack.splice(at) as Pickled[]).slice(1);
  }

  private top(): Pickled {
    const value = this.stack.at(-1);
    if (value === undefined || value === mark) throw new RangeError('a value is missing');
    return value as Pickled;
  }

  private take(count: number): number {
    const at = this.at;
    if (count < 0 || at + count > this.bytes.length) throw new RangeError('it ends too early');
    this.at += count;
    return at;
  }

  private byte(): number {
    return this.bytes[this.take(1)] as number;
  }

  /** An unsigned number of 2, 4 or 8 bytes. */
  private size(bytes: 2 | 4 | 8): number {
    const at = this.take(bytes);
    if (bytes === 2) return this.view.getUint16(at, true);
    if (bytes === 4) return this.view.getUint32(at, true);
    return Number(this.view.getBigUint64(at, true));
  }

  private long(): number {
    const count = this.byte();
    const at = this.take(count);
    let value = 0;
    for (let i = count - 1; i >= 0; i--) value = value * 256 + (this.bytes[at + i] as number);
    return count > 0 && (this.bytes[at + count - 1] as number) >= 128 ? value - 256 ** count : value;
  }

  private raw(count: number): Uint8Array {
    const at = this.take(count);
    return this.bytes.subarray(at, at + count);
  }

  private text(count: number): string {
    return new TextDecoder().decode(this.raw(count));
  }

  private line(): string {
    const end = this.bytes.indexOf(10, this.at);
    if (end < 0) throw new RangeError('it ends too early');
    const text = this.text(end - this.at);
    this.at++;
    return text;
  }
}

const isName = (value: Pickled | undefined): value is PickledName =>
  typeof value === 'object' && value !== null && 'name' in value && !('callee' in value);

/** True for what Python would build by a call. */
export const isCall = (value: Pickled | undefined): value is PickledCall =>
  typeof value === 'object' && value !== null && 'callee' in value;
