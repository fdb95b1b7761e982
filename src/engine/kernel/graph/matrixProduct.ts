import { simd, unsigned, type FunctionCode } from '../assembler';
import type { Stored } from './place';

/** alpha · A B + beta · addend. */
export interface MatrixProduct {
  readonly a: Stored;
  /** Its rows lie side by side: strides[1] is 1, or it has one column. */
  readonly b: Stored;
  readonly alpha: number;
  /** Of the product's shape and lane-wise; null for none. */
  readonly addend: Stored | null;
  readonly beta: number;
  /** Dense. */
  readonly out: Stored;
}

/** Rows and vectors of columns that are summed up together: their sums stay in registers. */
const tileRows = 4;
const tileVectors = 2;

/**
 * Emits the product in tiles of rows by vectors of four columns. Columns are taken from the last to the first and rows downwards:
 * what the last vector of a row leaves in the next row is overwritten.
 */
export function emitProduct(code: FunctionCode, product: MatrixProduct): void {
  const [rows = 1, columns = 1] = product.out.shape;
  const vectors = Math.ceil(columns / 4);
  const whole = Math.floor(rows / tileRows);
  const locals = { rowA: code.local('i32'), rowC: code.local('i32'), rowD: code.local('i32') };
  for (const local of Object.values(locals)) {
    code.i32(0);
    code.set(local);
  }
  const strideD = product.addend?.strides[0] ?? 0;
  const emitRows = (count: number): void => {
    // Few blocks of columns: each has code of its own, with its place in it.
    for (let end = vectors; end > 0; end -= tileVectors) {
      const first = Math.max(0, end - tileVectors);
      emitTile(code, product, locals, count, first, end - first);
    }
    code.advance(locals.rowA, 4 * count * (product.a.strides[0] ?? 0));
    code.advance(locals.rowC, 4 * count * columns);
    code.advance(locals.rowD, 4 * count * strideD);
  };
  if (whole > 0) code.repeat(whole, () => emitRows(tileRows));
  if (rows > whole * tileRows) emitRows(rows - whole * tileRows);
}

type RowLocals = Readonly<Record<'rowA' | 'rowC' | 'rowD', number>>;

/** `rows` rows from the locals' place on, `vectors` vectors of columns from number `first` on. */
function emitTile(
  code: FunctionCode,
  product: MatrixProduct,
  locals: RowLocals,
  rows: number,
  first: number,
  vectors: number,
): void {
  const { a, b, out } = product;
  const inner = a.shape[1] ?? 1;
  const [downA = 0, alongA = 0] = a.strides;
  const sums = Array.from({ length: rows * vectors }, () => code.local('v128'));
  const [atA, atB] = [code.local('i32'), code.local('i32')];
  for (const sum of sums) {
    code.f32(0);
    code.vector(simd.f32Splat);
    code.set(sum);
  }
  code.get(locals.rowA);
  code.set(atA);
  code.i32(0);
  code.set(atB);
  const fromB = Array.from({ length: vectors }, () => code.local('v128'));
  const fromA = code.local('v128');
  const steps = inner % 2 === 0 ? 2 : 1;
  code.repeat(inner / steps, () => {
    for (let step = 0; step < steps; step++) {
      fromB.forEach((local, i) => {
        code.get(atB);
        code.vector(simd.load, 2, ...unsigned(b.address + 4 * step * (b.strides[0] ?? 0) + 16 * (first + i)));
        code.set(local);
      });
      for (let row = 0; row < rows; row++) {
        code.get(atA);
        code.vector(simd.loadSplat, 2, ...unsigned(a.address + 4 * (row * downA + step * alongA)));
        code.set(fromA);
        fromB.forEach((local, i) => {
          const sum = sums[row * vectors + i] ?? 0;
          code.get(sum);
          code.get(fromA);
          code.get(local);
          code.vector(simd.f32Mul);
          code.vector(simd.f32Add);
          code.set(sum);
        });
      }
    }
    code.advance(atA, 4 * steps * alongA);
    code.advance(atB, 4 * steps * (b.strides[0] ?? 0));
  });
  const columns = out.shape[1] ?? 1;
  // The last vector first within a row would leave its rest in the next one: rows go down, vectors back.
  for (let row = 0; row < rows; row++) {
    for (let i = vectors - 1; i >= 0; i--) {
      code.get(locals.rowC);
      emitResult(code, product, locals.rowD, sums[row * vectors + i] ?? 0, row, first + i);
      code.vector(simd.store, 2, ...unsigned(out.address + 4 * row * columns + 16 * (first + i)));
    }
  }
}

/** alpha · sum + beta · addend, on the stack. */
function emitResult(
  code: FunctionCode,
  { alpha, addend, beta }: MatrixProduct,
  rowD: number,
  sum: number,
  row: number,
  vector: number,
): void {
  code.get(sum);
  emitFactor(code, alpha);
  if (addend === null) return;
  const [down = 0, along = 0] = addend.strides;
  const single = along === 0 && addend.shape[1] !== 1;
  code.get(rowD);
  code.vector(single ? simd.loadSplat : simd.load, 2, ...unsigned(addend.address + 4 * row * down + (single ? 0 : 16 * vector)));
  emitFactor(code, beta);
  code.vector(simd.f32Add);
}

function emitFactor(code: FunctionCode, factor: number): void {
  if (factor === 1) return;
  code.f32(factor);
  code.vector(simd.f32Splat);
  code.vector(simd.f32Mul);
}

/** Unused bytes behind each tensor: what vectors read and write beyond its end. */
export const slackBytes = 16 * tileVectors;
