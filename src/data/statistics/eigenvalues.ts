/**
 * Eigenvalues of a symmetric matrix (row-major, n × n), rising: Householder's reduction to three
 * diagonals, then the implicit QL method (Golub and Van Loan, chapter 8). `matrix` is overwritten.
 */
export function symmetricEigenvalues(matrix: Float64Array, n: number): Float64Array {
  const { diagonal, off } = tridiagonal(matrix, n);
  return eigenvaluesOfTridiagonal(diagonal, off);
}

/** Reduces by reflections I - βvvᵀ, each clearing one column below its subdiagonal. */
function tridiagonal(a: Float64Array, n: number): { diagonal: Float64Array; off: Float64Array } {
  const off = new Float64Array(n);
  const v = new Float64Array(n);
  const p = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    let squares = 0;
    for (let i = k + 1; i < n; i++) squares += (a[i * n + k] as number) ** 2;
    const first = a[(k + 1) * n + k] as number;
    const alpha = first > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
    off[k] = alpha;
    const vv = squares - alpha * first;
    if (vv <= 0) {
      off[k] = first;
      continue;
    }
    for (let i = k + 1; i < n; i++) v[i] = a[i * n + k] as number;
    v[k + 1] = first - alpha;
    reflect(a, n, k + 1, v, p, 1 / vv);
  }
  if (n > 1) off[n - 2] = a[(n - 1) * n + n - 2] as number;
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i] as number), off };
}

/** A ← QAQ with Q = I - βvvᵀ, on the rows and columns from `start`: A - vwᵀ - wvᵀ, w = βAv - ½β²(vᵀAv)v. */
function reflect(a: Float64Array, n: number, start: number, v: Float64Array, w: Float64Array, beta: number): void {
  let dot = 0;
  for (let i = start; i < n; i++) {
    let sum = 0;
    for (let j = start; j < n; j++) sum += (a[i * n + j] as number) * (v[j] as number);
    w[i] = beta * sum;
    dot += (w[i] as number) * (v[i] as number);
  }
  for (let i = start; i < n; i++) w[i] = (w[i] as number) - 0.5 * beta * dot * (v[i] as number);
  for (let i = start; i < n; i++) {
    const [vi, wi] = [v[i] as number, w[i] as number];
    for (let j = start; j < n; j++) a[i * n + j] = (a[i * n + j] as number) - vi * (w[j] as number) - wi * (v[j] as number);
  }
}

function eigenvaluesOfTridiagonal(d: Float64Array, e: Float64Array): Float64Array {
  const n = d.length;
  for (let l = 0; l < n; l++) {
    for (let round = 0; round < 60; round++) {
      const m = splitAt(d, e, l);
      if (m === l) break;
      sweep(d, e, l, m);
    }
  }
  return d.sort();
}

/** First place from `l` on where the subdiagonal is negligible. */
function splitAt(d: Float64Array, e: Float64Array, l: number): number {
  for (let m = l; m < d.length - 1; m++) {
    const scale = Math.abs(d[m] as number) + Math.abs(d[m + 1] as number);
    if (Math.abs(e[m] as number) <= Number.EPSILON * scale) return m;
  }
  return d.length - 1;
}

/** One implicit QL sweep over l … m with Wilkinson's shift. */
function sweep(d: Float64Array, e: Float64Array, l: number, m: number): void {
  const el = e[l] as number;
  const half = ((d[l + 1] as number) - (d[l] as number)) / (2 * el);
  const root = Math.hypot(half, 1);
  let g = (d[m] as number) - (d[l] as number) + el / (half + (half >= 0 ? root : -root));
  let [s, c, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const f = s * (e[i] as number);
    const b = c * (e[i] as number);
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] = (d[i + 1] as number) - p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = (d[i + 1] as number) - p;
    const t = ((d[i] as number) - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
  }
  d[l] = (d[l] as number) - p;
  e[l] = g;
  e[m] = 0;
}
