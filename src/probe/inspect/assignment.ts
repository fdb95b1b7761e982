/**
 * The assignment of rows to columns with the largest sum, for a square matrix of gains (row-major): order[row] is the row's column.
 * Shortest augmenting paths with potentials (Jonker and Volgenant 1987), O(n³).
 */
export function bestAssignment(gains: Float64Array, n: number): Int32Array {
  const rowPotential = new Float64Array(n + 1);
  const columnPotential = new Float64Array(n + 1);
  // Row of each column, from 1; 0 for none. Column 0 holds the row that is being placed.
  const rowOf = new Int32Array(n + 1);
  const way = new Int32Array(n + 1);
  for (let row = 1; row <= n; row++) {
    rowOf[0] = row;
    let column = 0;
    const shortest = new Float64Array(n + 1).fill(Infinity);
    const done = new Uint8Array(n + 1);
    while (rowOf[column] !== 0) {
      done[column] = 1;
      const from = rowOf[column] as number;
      let [delta, next] = [Infinity, 0];
      for (let j = 1; j <= n; j++) {
        if (done[j]) continue;
        const cost = -(gains[(from - 1) * n + j - 1] as number) - (rowPotential[from] as number) - (columnPotential[j] as number);
        if (cost < (shortest[j] as number)) {
          shortest[j] = cost;
          way[j] = column;
        }
        if ((shortest[j] as number) < delta) [delta, next] = [shortest[j] as number, j];
      }
      for (let j = 0; j <= n; j++) {
        if (done[j]) {
          rowPotential[rowOf[j] as number] = (rowPotential[rowOf[j] as number] as number) + delta;
          columnPotential[j] = (columnPotential[j] as number) - delta;
        } else shortest[j] = (shortest[j] as number) - delta;
      }
      column = next;
    }
    while (column !== 0) {
      const before = way[column] as number;
      rowOf[column] = rowOf[before] as number;
      column = before;
    }
  }
  const order = new Int32Array(n);
  for (let j = 1; j <= n; j++) order[(rowOf[j] as number) - 1] = j - 1;
  return order;
}
