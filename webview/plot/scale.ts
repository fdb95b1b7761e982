import { formatNumber, formatPower, formatPowerOfTen, groupThousands } from '../format';

/** A map from values to positions along an axis, with its inverse. Positions are what charts draw in. */
export interface Scale {
  readonly kind: 'linear' | 'log' | 'symlog';
  /** NaN for a value that the axis cannot show. */
  forward(value: number): number;
  inverse(position: number): number;
  /** The linear part of a symlog axis reaches to ± this value. */
  readonly threshold: number;
}

/** A mark of an axis: the value, where it lies, and what is written there (empty for a minor mark). */
export interface Tick {
  readonly position: number;
  readonly label: string;
}

export const linearScale: Scale = { kind: 'linear', threshold: 0, forward: (value) => value, inverse: (position) => position };

/** Base-ten logarithm; values at or below zero cannot be shown. */
export const logScale: Scale = {
  kind: 'log',
  threshold: 0,
  forward: (value) => (value > 0 ? Math.log10(value) : NaN),
  inverse: (position) => 10 ** position,
};

/**
 * Symmetric logarithm sign(v)·log10(1 + |v|/c): linear within ±c, logarithmic far outside, both signs on one axis
 * (Webber 2013, "A bi-symmetric log transformation for wide-range data").
 */
export function symlogScale(threshold: number): Scale {
  return {
    kind: 'symlog',
    threshold,
    forward: (value) => Math.sign(value) * Math.log10(1 + Math.abs(value) / threshold),
    inverse: (position) => Math.sign(position) * threshold * (10 ** Math.abs(position) - 1),
  };
}

/**
 * A threshold for `symlogScale`, from the typical size of each line: the power of ten at or below the smallest of
 * them, at most four decades below the largest. Typical and not extreme sizes, so that it seldom moves and one
 * divergence does not press everything else to zero.
 */
export function symlogThreshold(sizes: readonly number[]): number {
  const usable = sizes.filter((size) => size > 0 && Number.isFinite(size));
  if (usable.length === 0) return 1;
  const smallest = Math.max(Math.min(...usable), Math.max(...usable) * 1e-4);
  return 10 ** Math.floor(Math.log10(smallest) + 1e-9);
}

/** Marks between the positions `low` and `high`, about `wanted` of them. `integer`: only whole values. */
export function ticksOf(scale: Scale, low: number, high: number, wanted: number, integer = false): Tick[] {
  if (!(high > low)) return [];
  if (scale.kind === 'linear') return linearTicks(scale, low, high, wanted, integer);
  if (scale.kind === 'log') return logTicks(scale, low, high, wanted, integer);
  return symlogTicks(scale, low, high, wanted);
}

/** The round step (1, 2 or 5 times a power of ten) that cuts `span` into at most `wanted` parts. */
export function roundStep(span: number, wanted: number): number {
  const raw = span / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= raw * (1 - 1e-9)) ?? 10;
  return factor * power;
}

function linearTicks(scale: Scale, low: number, high: number, wanted: number, integer: boolean): Tick[] {
  const from = scale.inverse(low);
  const to = scale.inverse(high);
  let step = roundStep(to - from, wanted);
  if (integer) step = Math.max(1, step);
  const ticks: Tick[] = [];
  const slack = step * 1e-6;
  for (let i = Math.ceil((from - slack) / step); i * step <= to + slack; i++) {
    ticks.push({ position: scale.forward(i * step), label: stepLabel(i * step, step) });
  }
  return ticks;
}

/** A round value with as many decimals as its step needs. */
function stepLabel(value: number, step: number): string {
  if (Math.abs(value) < step / 2) return '0';
  if (Math.abs(value) >= 1e6 || step < 1e-4) {
    const digits = Math.floor(Math.log10(Math.abs(value)) + 1e-9) - Math.floor(Math.log10(step) + 1e-9);
    return formatPowerOfTen(value, Math.min(15, Math.max(0, digits)));
  }
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  if (decimals === 0 && Math.abs(value) >= 1000) return (value < 0 ? '−' : '') + groupThousands(Math.abs(Math.round(value)));
  return value.toFixed(decimals).replace('-', '−');
}

function logTicks(scale: Scale, low: number, high: number, wanted: number, integer: boolean): Tick[] {
  const first = Math.ceil(low - 1e-9);
  const last = Math.floor(high + 1e-9);
  if (last - first < 1 || high - low < 1.2) {
    const round = roundMarks(low, high, integer);
    if (round.length >= 3) return round;
    const values = linearTicks(linearScale, scale.inverse(low), scale.inverse(high), wanted, integer);
    return values.filter(({ position }) => position > 0).map((tick) => ({ ...tick, position: Math.log10(tick.position) }));
  }
  const every = Math.max(1, Math.ceil((last - first) / wanted));
  const ticks: Tick[] = [];
  for (let exponent = first; exponent <= last; exponent++) {
    // Counted from zero and not from the first one, so that marks stay where they are while the range grows.
    if (exponent % every === 0) ticks.push({ position: exponent, label: formatPower(exponent) });
  }
  return ticks;
}

/** 1, 2 and 5 times the powers of ten between two positions of a logarithmic axis. */
function roundMarks(low: number, high: number, integer: boolean): Tick[] {
  const marks: Tick[] = [];
  for (let exponent = Math.floor(low); exponent <= high; exponent++) {
    for (const factor of [1, 2, 5]) {
      const position = exponent + Math.log10(factor);
      const isShown = position >= low - 1e-9 && position <= high + 1e-9 && (exponent >= 0 || !integer);
      if (isShown) marks.push({ position, label: formatNumber(factor * 10 ** exponent) });
    }
  }
  return marks;
}

function symlogTicks(scale: Scale, low: number, high: number, wanted: number): Tick[] {
  const exponent = Math.round(Math.log10(scale.threshold));
  const decades = Math.max(1, Math.ceil(Math.max(Math.abs(low), Math.abs(high))));
  const every = Math.max(1, Math.ceil((high - low) / wanted));
  // The threshold itself lies close to zero: it is marked where both labels have room.
  const first = every === 1 && scale.forward(scale.threshold) > (0.4 * (high - low)) / wanted ? 0 : every;
  const ticks: Tick[] = [];
  for (const sign of [-1, 1]) {
    for (let k = first; k <= decades; k += every) {
      const position = scale.forward(sign * 10 ** (exponent + k));
      if (position >= low && position <= high)
        ticks.push({ position, label: `${sign < 0 ? '−' : ''}${formatPower(exponent + k)}` });
    }
  }
  if (low <= 0 && high >= 0) ticks.push({ position: 0, label: '0' });
  return ticks.sort((a, b) => a.position - b.position);
}
