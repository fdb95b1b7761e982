import type { InputMatrix } from './matrix';

/** Number of rows whose inputs equal those of a row of another class. Columns are compared as the model gets them, in single precision. */
export function conflictingRows(matrix: InputMatrix, classes: Int32Array | null): number {
  if (!classes || matrix.width === 0) return 0;
  const row = new Float64Array(matrix.width);
  const single = new Float32Array(matrix.width);
  const bits = new Int32Array(single.buffer);
  const groups = new Map<string, { rows: number; label: number; mixed: boolean }>();
  for (let i = 0; i < matrix.rows; i++) {
    matrix.readRow(i, row);
    for (let j = 0; j < row.length; j++) single[j] = (row[j] as number) + 0;
    const key = fingerprint(bits);
    const label = classes[i] as number;
    const group = groups.get(key);
    if (!group) groups.set(key, { rows: 1, label, mixed: false });
    else {
      group.rows++;
      group.mixed ||= group.label !== label;
    }
  }
  let conflicting = 0;
  for (const { rows, mixed } of groups.values()) if (mixed) conflicting += rows;
  return conflicting;
}

/** 96 bits from three independent mixes: equal for equal rows, and for unequal ones practically never. */
function fingerprint(bits: Int32Array): string {
  let [a, b, c] = [0x811c9dc5, 0x2f0b4f95, 0x68bc21eb];
  for (const word of bits) {
    a = Math.imul(a ^ word, 0x01000193);
    a ^= a >>> 15;
    b = Math.imul((b << 13) ^ (b >>> 19) ^ word, 0x9e3779b1);
    c = (Math.imul(c, 5) + 0x7feb352d) ^ Math.imul(word, 0x85ebca6b);
    c ^= c >>> 13;
  }
  return `${a},${b},${c}`;
}
