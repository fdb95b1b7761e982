import type { BenchRow } from './row';
import { measuringRow } from './curvatureMeasuring';

/** Rows of `npm run bench -- curvature`. */
export async function curvatureRows(_options: { readonly all: boolean }): Promise<BenchRow[]> {
  return [await measuringRow()];
}
