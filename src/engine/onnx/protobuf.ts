/** A protobuf message under construction: its bytes in pieces, so that nesting does not copy them. */
export interface Message {
  readonly size: number;
  readonly pieces: readonly Uint8Array[];
}

const text = new TextEncoder();

/** One message of the given fields. */
export function message(...fields: readonly Message[]): Message {
  return { size: fields.reduce((total, { size }) => total + size, 0), pieces: fields.flatMap(({ pieces }) => pieces) };
}

/** An integer field, which may be negative (64-bit two's complement). */
export function integer(field: number, value: number): Message {
  return raw([...varint(field * 8), ...varint(value)]);
}

/** A 32-bit floating-point field. */
export function float(field: number, value: number): Message {
  return raw([...varint(field * 8 + 5), ...new Uint8Array(Float32Array.of(value).buffer)]);
}

/** A nested message. */
export function nested(field: number, content: Message): Message {
  return message(raw([...varint(field * 8 + 2), ...varint(content.size)]), content);
}

/** A field of bytes, which are not copied. */
export function bytes(field: number, content: Uint8Array): Message {
  return nested(field, { size: content.length, pieces: [content] });
}

/** A field of text. */
export function string(field: number, value: string): Message {
  return bytes(field, text.encode(value));
}

/** The finished bytes. */
export function encode({ size, pieces }: Message): Uint8Array {
  const out = new Uint8Array(size);
  let offset = 0;
  for (const piece of pieces) {
    out.set(piece, offset);
    offset += piece.length;
  }
  return out;
}

function raw(values: readonly number[]): Message {
  return { size: values.length, pieces: [Uint8Array.from(values)] };
}

function varint(value: number): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const out: number[] = [];
  while (rest > 127n) {
    out.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  out.push(Number(rest));
  return out;
}
