/** Eigenvalues of a symmetric tridiagonal matrix, ascending, with chosen rows of its matrix of eigenvectors. */
export interface TridiagonalEigen {
  readonly values: Float64Array;
  /** rows[r][j] is component `wanted[r]` of the unit eigenvector of values[j]. */
  readonly rows: readonly Float64Array[];
}

/**
 * Eigenvalues of the symmetric tridiagonal matrix with diagonal `alphas` (k entries) and off-diagonal `betas`
 * (the first k-1 are read), by QL steps with implicit shifts (Wilkinson's shift; Bowdler, Martin, Reinsch and
 * Wilkinson 1968). Of the eigenvectors only the rows named in `wanted` are carried along: the first serves
 * Gauss quadrature, the last Lanczos residuals, each at k² operations in place of k³.
 */
export function tridiagonalEigen(
  alphas: ArrayLike<number>,
  betas: ArrayLike<number>,
  wanted: readonly number[],
): TridiagonalEigen {
  const k = alphas.length;
  const d = new Float64Array(k);
  const e = new Float64Array(k);
  for (let i = 0; i < k; i++) d[i] = alphas[i] as number;
  for (let i = 0; i + 1 < k; i++) e[i] = betas[i] as number;
  const rows = wanted.map((row) => {
    const unit = new Float64Array(k);
    unit[row] = 1;
    return unit;
  });
  for (let l = 0; l < k; l++) {
    // Convergence is cubic; 60 sweeps are never needed for finite entries, and end the loop for NaN.
    for (let sweep = 0; sweep < 60; sweep++) {
      const m = firstSmall(d, e, l);
      if (m === l) break;
      qlSweep(d, e, l, m, rows);
    }
  }
  return sorted(d, rows);
}

/** The first index m ≥ l whose off-diagonal entry is negligible beside its neighbours on the diagonal. */
function firstSmall(d: Float64Array, e: Float64Array, l: number): number {
  let m = l;
  for (; m + 1 < d.length; m++) {
    const beside = Math.abs(d[m] as number) + Math.abs(d[m + 1] as number);
    if (Math.abs(e[m] as number) <= Number.EPSILON * beside) break;
    if (Math.abs(e[m] as number) < 1e-300) break;
  }
  return m;
}

/** One QL step with implicit Wilkinson shift on the unreduced block l … m. */
function qlSweep(d: Float64Array, e: Float64Array, l: number, m: number, rows: readonly Float64Array[]): void {
  const el = e[l] as number;
  const half = ((d[l + 1] as number) - (d[l] as number)) / (2 * el);
  const root = Math.hypot(half, 1);
  // g: distance of the last diagonal entry from the shift, the start of the bulge.
  let g = (d[m] as number) - (d[l] as number) + el / (half + (half >= 0 ? root : -root));
  let sine = 1;
  let cosine = 1;
  let carried = 0;
  for (let i = m - 1; i >= l; i--) {
    const f = sine * (e[i] as number);
    const b = cosine * (e[i] as number);
    // Not Math.hypot, which is many times slower; squares of eigenvalues do not overflow in double precision.
    const r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] = (d[i + 1] as number) - carried;
      e[m] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    const shifted = (d[i + 1] as number) - carried;
    const t = ((d[i] as number) - shifted) * sine + 2 * cosine * b;
    carried = sine * t;
    d[i + 1] = shifted + carried;
    g = cosine * t - b;
    for (const row of rows) {
      const upper = row[i + 1] as number;
      const lower = row[i] as number;
      row[i + 1] = sine * lower + cosine * upper;
      row[i] = cosine * lower - sine * upper;
    }
  }
  d[l] = (d[l] as number) - carried;
  e[l] = g;
  e[m] = 0;
}

function sorted(d: Float64Array, rows: readonly Float64Array[]): TridiagonalEigen {
  const order = ascending(d);
  const pick = (source: Float64Array): Float64Array => {
    const picked = new Float64Array(order.length);
    for (let j = 0; j < order.length; j++) picked[j] = source[order[j] as number] as number;
    return picked;
  };
  return { values: pick(d), rows: rows.map(pick) };
}

/** Places of the values in ascending order, by insertion: they come out of the sweeps nearly in order. */
function ascending(values: Float64Array): Uint32Array {
  const order = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    let place = i;
    for (; place > 0 && (values[order[place - 1] as number] as number) > (values[i] as number); place--)
      order[place] = order[place - 1] as number;
    order[place] = i;
  }
  return order;
}

/** The unit eigenvector of the eigenvalue at `index` (ascending) for each index in `indices`. */
export function tridiagonalVectors(
  alphas: ArrayLike<number>,
  betas: ArrayLike<number>,
  indices: readonly number[],
): Float64Array[] {
  const all = Array.from({ length: alphas.length }, (_, i) => i);
  const { rows } = tridiagonalEigen(alphas, betas, all);
  return indices.map((index) => {
    const vector = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) vector[i] = (rows[i] as Float64Array)[index] as number;
    return vector;
  });
}
