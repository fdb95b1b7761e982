/** `value` rounded down, and kept within bounds. */
export const between = (least: number, most: number, value: number): number => Math.max(least, Math.min(most, Math.floor(value)));

/** At most `count` of the steps, spread over their order, with the first and the last. */
export function thinned(steps: readonly number[], count: number): number[] {
  if (steps.length <= count) return [...steps];
  const chosen = Array.from({ length: count }, (_, i) => steps[Math.round((i * (steps.length - 1)) / (count - 1))] as number);
  return [...new Set(chosen)];
}

/** 0, 1, 2, 4, … and the end; the last two points are at least a third of the run apart. */
export function geometricSteps(steps: number): number[] {
  const points = [0];
  for (let step = 1; step < steps * 0.7; step *= 2) points.push(step);
  const third = Math.round(steps / 3);
  if (third > 4 && !points.includes(third)) points.push(third);
  points.push(steps);
  return [...new Set(points)].sort((a, b) => a - b);
}

/** About `count` steps from 0 to the end: 1, 2, 4 and 8, then evenly; a third of the run is among them. */
export function evenSteps(steps: number, count: number): number[] {
  const points = new Set<number>([0, Math.round(steps / 3), steps]);
  for (let i = 1; i <= Math.min(8, steps); i *= 2) points.add(i);
  for (let i = 1; i <= count; i++) points.add(Math.round((i * steps) / count));
  return [...points].sort((a, b) => a - b);
}
