/** Edges at thirds of decades that hold all of the given positive values: ascending, the same numbers wherever they occur. */
export function thirdsOfDecades(values: ArrayLike<number>): Float64Array {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const third = 3 * Math.log10(values[i] as number);
    if (!Number.isFinite(third)) continue;
    low = Math.min(low, Math.floor(third + 1e-9));
    high = Math.max(high, Math.floor(third + 1e-9) + 1);
  }
  return Float64Array.from({ length: low <= high ? high - low + 1 : 0 }, (_, i) => 10 ** ((low + i) / 3));
}

/** Thirds of decades on both sides of zero from `floor` out to the ends, and one bin around zero between the innermost. */
export function signedThirds(range: readonly [number, number], floor: number): Float64Array {
  const side = (end: number): Float64Array => thirdsOfDecades([floor, Math.max(floor, end)]);
  return Float64Array.from([...[...side(-range[0])].reverse().map((edge) => -edge), ...side(range[1])]);
}

/** Sums of `weights` between successive edges; what lies outside is counted nowhere. */
export function histogram(values: Float64Array, weights: Float64Array, edges: Float64Array): Float64Array {
  const sums = new Float64Array(Math.max(0, edges.length - 1));
  for (const [j, value] of values.entries()) {
    const bin = edges.findIndex((edge, i) => i + 1 < edges.length && value >= edge && value < (edges[i + 1] as number));
    if (bin >= 0) sums[bin] = (sums[bin] as number) + (weights[j] as number);
  }
  return sums;
}
