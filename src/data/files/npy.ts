import { ok } from '../../base/result';
import { fault, type Outcome } from '../fault';
import { fittingRate, sampleRows } from '../sampling';
import { asIntegers, fileName, sizeOf } from '../values';
import type { Bound } from './csv';
import { RowCollector } from './rowCollector';
import type { ParsedNumbers } from './text';

interface NpyHeader {
  /** Type string of NumPy, such as `<f8`. */
  readonly type: string;
  readonly columnMajor: boolean;
  readonly shape: readonly number[];
}

/** Reads one array in NumPy's npy form out of a stream of bytes, keeping rows at random beyond the bound. */
export class NpyReader {
  private head: Buffer = Buffer.alloc(0);
  private header: NpyHeader | null = null;
  private rows: Int32Array = new Int32Array(0);
  private rate = 1;
  private collector: RowCollector | null = null;
  private problem: Outcome<never> | null = null;

  constructor(
    private readonly path: string,
    private readonly bound: Pick<Bound, 'maximumBytes' | 'seed' | 'rate'>,
  ) {}

  /** Takes the next piece; false once nothing more is needed. */
  push(chunk: Uint8Array): boolean {
    if (this.collector) this.collector.push(chunk);
    else this.pushHead(chunk);
    return this.problem === null && !this.collector?.complete;
  }

  finish(): Outcome<ParsedNumbers> {
    if (this.problem) return this.problem;
    if (!this.header || !this.collector?.complete) return this.damaged('it ends too early');
    const { shape, type, columnMajor } = this.header;
    const decoded = decodeValues(type, this.collector.bytes);
    const kept = [...(shape.length > 0 ? [this.rows.length] : []), ...shape.slice(1)];
    const values = columnMajor && shape.length > 1 ? toRowMajor(decoded, shape) : decoded;
    const ofRows = shape[0] ?? 1;
    return ok({
      shape: kept,
      values,
      rows: this.rows,
      ofRows,
      kept: this.rows.length === ofRows ? 1 : this.rate,
      notes: [],
      bytes: values.byteLength,
    });
  }

  private pushHead(chunk: Uint8Array): void {
    this.head = Buffer.concat([this.head, chunk]);
    if (this.head.length < 12) return;
    if (this.head.toString('latin1', 0, 6) !== '\x93NUMPY') {
      this.problem = this.damaged('it does not begin as an npy file');
      return;
    }
    const wide = (this.head[6] as number) > 1;
    const start = wide ? 12 : 10;
    const end = start + (wide ? this.head.readUInt32LE(8) : this.head.readUInt16LE(8));
    if (this.head.length < end) return;
    this.begin(this.head.toString('latin1', start, end));
    this.collector?.push(this.head.subarray(end));
    this.head = Buffer.alloc(0);
  }

  private begin(text: string): void {
    const type = /'descr':\s*'([^']*)'/.exec(text)?.[1] ?? '';
    const shape = (/'shape':\s*\(([^)]*)\)/.exec(text)?.[1] ?? '')
      .split(',')
      .filter((part) => part.trim() !== '')
      .map(Number);
    const columnMajor = /'fortran_order':\s*True/.test(text);
    const itemBytes = Number(/\d+$/.exec(type)?.[0] ?? 0);
    if (!decodableType.test(type)) {
      this.problem = fault(
        `${fileName(this.path)} holds values of type '${type || 'structured'}'; only arrays of numbers can be read. Save it with a numeric dtype.`,
        { file: { path: this.path } },
      );
      return;
    }
    this.header = { type, columnMajor, shape };
    const count = shape.length > 0 ? (shape[0] as number) : 1;
    const width = sizeOf(shape.slice(1));
    this.rate = Math.min(this.bound.rate, fittingRate(count, width * memoryBytes(type), this.bound.maximumBytes));
    if (columnMajor && shape.length > 1 && this.rate < 1) {
      this.problem = fault(
        `${fileName(this.path)} is stored column by column and does not fit in memory; save it with np.save(path, np.ascontiguousarray(x)).`,
        { file: { path: this.path } },
      );
      return;
    }
    this.rows = sampleRows(count, this.rate, this.bound.seed);
    this.collector = new RowCollector(width * itemBytes, this.rows);
  }

  private damaged(how: string): Outcome<never> {
    return fault(`${fileName(this.path)} is damaged: ${how}. Write it again with np.save.`, { file: { path: this.path } });
  }
}

const decodableType = /^[<>|=](f2|f4|f8|i1|i2|i4|i8|u1|u2|u4|u8|b1)$/;

/** Bytes a value of this type takes here: integers and single precision 4, the rest 8. */
const memoryBytes = (type: string): number => (/[iu]8|u4|f8/.test(type) ? 8 : 4);

function decodeValues(type: string, bytes: Uint8Array<ArrayBuffer>): ParsedNumbers['values'] {
  const kind = type.slice(1);
  const itemBytes = Number(kind.slice(1));
  if (type.startsWith('>')) swapBytes(bytes, itemBytes);
  const { buffer } = bytes;
  switch (kind) {
    case 'f8':
      return new Float64Array(buffer);
    case 'f4':
      return new Float32Array(buffer);
    case 'f2':
      return Float32Array.from(new Uint16Array(buffer), halfToNumber);
    case 'i1':
      return Int32Array.from(new Int8Array(buffer));
    case 'i2':
      return Int32Array.from(new Int16Array(buffer));
    case 'i4':
      return new Int32Array(buffer);
    case 'i8':
      return asIntegers(longsToNumbers(new BigInt64Array(buffer)));
    case 'u2':
      return Int32Array.from(new Uint16Array(buffer));
    case 'u4':
      return asIntegers(Float64Array.from(new Uint32Array(buffer)));
    case 'u8':
      return asIntegers(longsToNumbers(new BigUint64Array(buffer)));
    default:
      return Int32Array.from(new Uint8Array(buffer));
  }
}

function longsToNumbers(longs: BigInt64Array | BigUint64Array): Float64Array {
  const out = new Float64Array(longs.length);
  for (let i = 0; i < out.length; i++) out[i] = Number(longs[i]);
  return out;
}

function swapBytes(bytes: Uint8Array<ArrayBuffer>, itemBytes: number): void {
  for (let at = 0; at < bytes.length; at += itemBytes) bytes.subarray(at, at + itemBytes).reverse();
}

/** IEEE half precision: 1 sign bit, 5 exponent bits, 10 fraction bits. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function toRowMajor(values: ParsedNumbers['values'], shape: readonly number[]): ParsedNumbers['values'] {
  const out = values.slice();
  const rank = shape.length;
  const at = new Array<number>(rank).fill(0);
  for (let index = 0; index < out.length; index++) {
    let from = 0;
    for (let axis = rank - 1; axis >= 0; axis--) from = from * (shape[axis] as number) + (at[axis] as number);
    out[index] = values[from] as number;
    for (let axis = rank - 1; axis >= 0; axis--) {
      at[axis] = (at[axis] as number) + 1;
      if ((at[axis] as number) < (shape[axis] as number)) break;
      at[axis] = 0;
    }
  }
  return out;
}
