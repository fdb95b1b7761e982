import type { NpzArray } from './npz';
import type { Reference, Spread } from './reference';

/** Fewer elements say little of the spread that they were drawn with. */
const fewest = 16;

/** Parameters whose first values the script draws otherwise than we do: another constant, mean or spread. */
export function initialisationFaults(arrays: ReadonlyMap<string, NpzArray>, { initial }: Pick<Reference, 'initial'>): string[] {
  return Object.entries(initial).flatMap(([name, script]) => {
    const values = Array.from(arrays.get(`init/${name}`)?.values ?? []);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    return isLike({ mean, deviation }, script, values.length)
      ? []
      : [`${name}: ${mean} ± ${deviation}, not ${script.mean} ± ${script.deviation}`];
  });
}

/** Both are samples of `count` numbers: of like mean and deviation up to four standard errors. */
function isLike(ours: Spread, script: Spread, count: number): boolean {
  if (count < 2) return true;
  const constant = 1e-6 * Math.abs(script.mean);
  if (script.deviation <= constant || ours.deviation <= constant)
    return (
      Math.max(script.deviation, ours.deviation) <= Math.max(constant, 1e-12) && Math.abs(ours.mean - script.mean) <= constant
    );
  if (count < fewest) return true;
  const error = Math.SQRT2 / Math.sqrt(count);
  return (
    Math.abs(Math.log(ours.deviation / script.deviation)) < 4 * error &&
    Math.abs(ours.mean - script.mean) < 4 * error * script.deviation
  );
}
