/** A number as people write it in a message: three significant digits, powers of ten only where plain digits get long. */
export function brief(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '-∞';
  const rounded = Number(value.toPrecision(3));
  const size = Math.abs(rounded);
  return size !== 0 && (size < 1e-4 || size >= 1e6) ? rounded.toExponential().replace('e+', 'e') : String(rounded);
}

/** `3 findings`, `1 finding`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** A share as whole per cents. */
export function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}
