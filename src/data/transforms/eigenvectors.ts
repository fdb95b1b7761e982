/** Eigenvalues, largest first, and the eigenvector of each as a row. */
export interface Eigensystem {
  readonly values: Float64Array;
  readonly vectors: readonly Float64Array[];
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix (row-major, n × n) by Jacobi's rotations, row by row until nothing is left
 * beside the diagonal (Golub and Van Loan, section 8.5). `matrix` is overwritten.
 */
export function eigensystem(matrix: Float64Array, n: number): Eigensystem {
  const vectors = Array.from({ length: n }, (_, i) => Float64Array.from({ length: n }, (_u, j) => Number(i === j)));
  for (let sweep = 0; sweep < 40 && besideDiagonal(matrix, n); sweep++)
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(matrix, n, p, q, vectors);
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => at(matrix, n, b) - at(matrix, n, a));
  return {
    values: Float64Array.from(order, (i) => at(matrix, n, i)),
    vectors: order.map((i) => vectors[i] as Float64Array),
  };
}

const at = (matrix: Float64Array, n: number, i: number): number => matrix[i * n + i] as number;

/** Whether an entry beside the diagonal is more than rounding. */
function besideDiagonal(a: Float64Array, n: number): boolean {
  let [off, all] = [0, 0];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const square = (a[i * n + j] as number) ** 2;
      all += square;
      if (i !== j) off += square;
    }
  return off > 1e-30 * all;
}

/** One rotation of rows and columns p and q that makes their common entry zero. */
function rotate(a: Float64Array, n: number, p: number, q: number, vectors: readonly Float64Array[]): void {
  const common = a[p * n + q] as number;
  if (common === 0) return;
  const half = (at(a, n, q) - at(a, n, p)) / (2 * common);
  const t = (half >= 0 ? 1 : -1) / (Math.abs(half) + Math.hypot(half, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const [x, y] = [a[k * n + p] as number, a[k * n + q] as number];
    a[k * n + p] = c * x - s * y;
    a[k * n + q] = s * x + c * y;
  }
  for (let k = 0; k < n; k++) {
    const [x, y] = [a[p * n + k] as number, a[q * n + k] as number];
    a[p * n + k] = c * x - s * y;
    a[q * n + k] = s * x + c * y;
  }
  const [first, second] = [vectors[p] as Float64Array, vectors[q] as Float64Array];
  for (let k = 0; k < n; k++) {
    const [x, y] = [first[k] as number, second[k] as number];
    first[k] = c * x - s * y;
    second[k] = s * x + c * y;
  }
}
