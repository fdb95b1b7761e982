/** A protobuf message under construction: its size and its bytes in pieces, so that nesting copies nothing. */
export interface Message {
  readonly size: number;
  readonly pieces: readonly (Message | Uint8Array | readonly number[])[];
}

const text = new TextEncoder();

/** One message of the given fields. */
export function message(...fields: readonly Message[]): Message {
  let size = 0;
  for (const field of fields) size += field.size;
  return { size, pieces: fields };
}

/** An integer field, which may be negative (64-bit two's complement). */
export function integer(field: number, value: number): Message {
  const bytes = varint(field * 8);
  pushVarint(bytes, value);
  return { size: bytes.length, pieces: [bytes] };
}

/** A 32-bit floating-point field. */
export function float(field: number, value: number): Message {
  const bytes = varint(field * 8 + 5);
  bytes.push(...new Uint8Array(Float32Array.of(value).buffer));
  return { size: bytes.length, pieces: [bytes] };
}

/** A nested message. */
export function nested(field: number, content: Message): Message {
  const head = varint(field * 8 + 2);
  pushVarint(head, content.size);
  return { size: head.length + content.size, pieces: [head, content] };
}

/** A field of bytes, which are not copied. */
export function bytes(field: number, content: Uint8Array): Message {
  return nested(field, { size: content.length, pieces: [content] });
}

/** A field of text. Names are short and plain: their bytes go into one piece, without an encoder's call for each. */
export function string(field: number, value: string): Message {
  const piece = varint(field * 8 + 2);
  pushVarint(piece, value.length);
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code > 127) return bytes(field, text.encode(value));
    piece.push(code);
  }
  return { size: piece.length, pieces: [piece] };
}

/** The finished bytes. */
export function encode(content: Message): Uint8Array {
  const out = new Uint8Array(content.size);
  write(content, out, 0);
  return out;
}

/** Writes at `offset`; gives the place behind it. */
function write({ pieces }: Message, out: Uint8Array, offset: number): number {
  let place = offset;
  for (const piece of pieces) {
    if ('pieces' in piece) place = write(piece, out, place);
    else if (piece instanceof Uint8Array) {
      out.set(piece, place);
      place += piece.length;
    } else for (const byte of piece) out[place++] = byte;
  }
  return place;
}

function varint(value: number): number[] {
  const out: number[] = [];
  pushVarint(out, value);
  return out;
}

function pushVarint(out: number[], value: number): void {
  if (value < 0) {
    pushNegative(out, value);
    return;
  }
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128);
  out.push(rest);
}

/** Ten bytes, as 64-bit two's complement takes. */
function pushNegative(out: number[], value: number): void {
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  out.push(Number(rest));
}
