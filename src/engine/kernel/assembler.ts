/** Value types of WebAssembly, by their binary code. */
export const valueTypes = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = keyof typeof valueTypes;

/** Codes of the plain instructions that the kernels use. */
export const op = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  i32Load: 0x28,
  f32Load: 0x2a,
  f32Store: 0x38,
  f64Store: 0x39,
  i32Const: 0x41,
  f32Const: 0x43,
  i32LtU: 0x49,
  i32GeU: 0x4f,
  i32Add: 0x6a,
  i32Mul: 0x6c,
  i32And: 0x71,
  i32Shl: 0x74,
  f32Sqrt: 0x91,
  f32Add: 0x92,
  f32Sub: 0x93,
  f32Mul: 0x94,
  f32Div: 0x95,
  f32Max: 0x97,
  f64Add: 0xa0,
  f64Mul: 0xa2,
  f32DemoteF64: 0xb6,
  f64PromoteF32: 0xbb,
} as const;

/** Codes of the vector instructions that the kernels use, behind the prefix 0xfd. */
export const simd = {
  load: 0x00,
  loadSplat: 0x09,
  store: 0x0b,
  shuffle: 0x0d,
  i32Splat: 0x11,
  f32Splat: 0x13,
  f64ExtractLane: 0x21,
  promoteLow: 0x5f,
  f32Equal: 0x41,
  f32LessThan: 0x43,
  f32GreaterThan: 0x44,
  f32GreaterOrEqual: 0x46,
  not: 0x4d,
  and: 0x4e,
  or: 0x50,
  bitSelect: 0x52,
  f32Nearest: 0x6a,
  i32ShiftLeft: 0xab,
  i32ShiftRight: 0xac,
  i32Add: 0xae,
  i32Sub: 0xb1,
  f32Abs: 0xe0,
  f32Neg: 0xe1,
  f32Sqrt: 0xe3,
  f32Add: 0xe4,
  f32Sub: 0xe5,
  f32Mul: 0xe6,
  f32Div: 0xe7,
  f32Min: 0xe8,
  f32Max: 0xe9,
  f64Add: 0xf0,
  f64Mul: 0xf2,
  i32TruncateF32: 0xf8,
  f32ConvertI32: 0xfa,
} as const;

const noValue = 0x40;

/** An unsigned integer in LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** A signed integer in LEB128. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value | 0; ; rest >>= 7) {
    const low = rest & 0x7f;
    const isLast = (rest >> 6 === 0 && (low & 0x40) === 0) || (rest >> 6 === -1 && (low & 0x40) !== 0);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

/** One function's parameters, locals and code. Its parameters are the first locals. */
export class FunctionCode {
  private readonly locals: ValueType[] = [];
  private readonly code: number[] = [];

  constructor(readonly parameters: readonly ValueType[]) {}

  /** A new local, 0 at first. */
  local(type: ValueType): number {
    this.locals.push(type);
    return this.parameters.length + this.locals.length - 1;
  }

  emit(...bytes: readonly number[]): void {
    for (const byte of bytes) this.code.push(byte);
  }

  get(local: number): void {
    this.emit(op.localGet, ...unsigned(local));
  }

  set(local: number): void {
    this.emit(op.localSet, ...unsigned(local));
  }

  /** Takes the value on the stack into a new local. */
  keep(type: ValueType): number {
    const local = this.local(type);
    this.set(local);
    return local;
  }

  vector(code: number, ...immediates: readonly number[]): void {
    this.emit(0xfd, ...unsigned(code), ...immediates);
  }

  i32(value: number): void {
    this.emit(op.i32Const, ...signed(value));
  }

  f32(value: number): void {
    this.emit(op.f32Const, ...new Uint8Array(Float32Array.of(value).buffer));
  }

  /** Repeats `body` while `counter` < `end`, adding `stride` to it each time. */
  countUp(counter: number, end: number, stride: number, body: () => void): void {
    this.emit(op.block, noValue, op.loop, noValue);
    this.get(counter);
    this.get(end);
    this.emit(op.i32GeU, op.brIf, 1);
    body();
    this.advance(counter, stride);
    this.emit(op.br, 0, op.end, op.end);
  }

  /** Does `body` `times` ≥ 1 times. */
  repeat(times: number, body: () => void): void {
    if (times === 1) {
      body();
      return;
    }
    const counter = this.local('i32');
    this.i32(0);
    this.set(counter);
    this.emit(op.loop, noValue);
    body();
    this.advance(counter, 1);
    this.get(counter);
    this.i32(times);
    this.emit(op.i32LtU, op.brIf, 0, op.end);
  }

  /** Ends the call with an error if the value on the stack is not 0. */
  trapIf(): void {
    this.emit(op.if, noValue, op.unreachable, op.end);
  }

  /** counter ← counter + distance. */
  advance(counter: number, distance: number): void {
    this.get(counter);
    this.i32(distance);
    this.emit(op.i32Add);
    this.set(counter);
  }

  /** The body as a module holds it. */
  bytes(): number[] {
    const declared = this.locals.flatMap((type) => [1, valueTypes[type]]);
    return sized(unsigned(this.locals.length).concat(declared, this.code, op.end));
  }
}

const sized = (bytes: readonly number[]): number[] => unsigned(bytes.length).concat(bytes);
const section = (id: number, entries: readonly (readonly number[])[]): number[] =>
  [id].concat(sized(unsigned(entries.length).concat(...entries)));
const text = (value: string): number[] => sized([...new TextEncoder().encode(value)]);

/** A module of exported functions over a memory that it imports as `engine.memory`. */
export function moduleBytes(functions: Readonly<Record<string, FunctionCode>>): Uint8Array {
  const all = Object.entries(functions);
  const types = all.map(([, { parameters }]) => [0x60, ...sized(parameters.map((type) => valueTypes[type])), 0]);
  const memory = [...text('engine'), ...text('memory'), 2, 0, 1];
  const sections = [
    section(1, types),
    section(2, [memory]),
    section(
      3,
      all.map((_, i) => unsigned(i)),
    ),
    section(
      7,
      all.map(([name], i) => [...text(name), 0, ...unsigned(i)]),
    ),
    section(
      10,
      all.map(([, code]) => code.bytes()),
    ),
  ];
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0].concat(...sections));
}
