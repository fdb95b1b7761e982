/** Halves to the even neighbour, as NumPy, torch and Python round. */
export function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

/** NumPy's functions of one number, by name. */
export const unaryFunctions = {
  negate: (x: number): number => -x,
  abs: Math.abs,
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  sin: Math.sin,
  cos: Math.cos,
  tanh: Math.tanh,
  sign: Math.sign,
  square: (x: number): number => x * x,
  round: roundHalfEven,
  floor: Math.floor,
} as const;

/** Comparisons of two numbers, by sign: 1 where true, else 0. */
export const comparisons = {
  '<': (a: number, b: number): number => Number(a < b),
  '<=': (a: number, b: number): number => Number(a <= b),
  '>': (a: number, b: number): number => Number(a > b),
  '>=': (a: number, b: number): number => Number(a >= b),
  '==': (a: number, b: number): number => Number(a === b),
  '!=': (a: number, b: number): number => Number(a !== b),
} as const;
