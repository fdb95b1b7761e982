/**
 * A number as people read it: three significant digits, powers of ten outside of 0.001 … 100,000.
 * Numbers that are not finite arrive as null where a message passed through JSON.
 */
export function formatNumber(value: number | null | undefined): string {
  if (value === Infinity) return '∞';
  if (value === -Infinity) return '−∞';
  if (value === null || value === undefined || Number.isNaN(value)) return 'not finite';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 0.001 || size >= 99_950) return minus(trimExponent(value.toExponential(2)));
  if (size >= 999.5) return minus(groupThousands(Math.round(value)));
  return minus(trimZeros(value.toPrecision(3)));
}

/** A share as a percentage: `37 %`, `0.4 %`. */
export function formatShare(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return 'not finite';
  const percent = 100 * value;
  const text = Math.abs(percent) >= 10 || Number.isInteger(percent) ? percent.toFixed(0) : percent.toFixed(1);
  return `${minus(trimZeros(text))} %`;
}

/** An integer with its thousands grouped: `18,000`. */
export function groupThousands(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 step`, `2 steps`. */
export function count(value: number, noun: string): string {
  return `${groupThousands(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** A power of ten: `0.01`, `1`, `100`, else with a raised exponent. */
export function formatPower(exponent: number): string {
  if (exponent >= -2 && exponent <= 3) return groupThousands10(exponent);
  const raised = String(Math.abs(exponent)).replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? '');
  return `10${exponent < 0 ? '⁻' : ''}${raised}`;
}

function groupThousands10(exponent: number): string {
  return exponent >= 0 ? groupThousands(10 ** exponent) : (10 ** exponent).toFixed(-exponent);
}

/** A number as digits and a power of ten, with as many digits after the point: `1.25e−7`. */
export function formatPowerOfTen(value: number, digits: number): string {
  return minus(value.toExponential(digits).replace('e+', 'e'));
}

function trimExponent(text: string): string {
  return text.replace(/\.?0+e/, 'e').replace('e+', 'e');
}

function trimZeros(text: string): string {
  return text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text;
}

/** The typographic minus is as wide as a digit: columns of numbers stay aligned. */
function minus(text: string): string {
  return text.replace('-', '−').replace('e-', 'e−');
}
