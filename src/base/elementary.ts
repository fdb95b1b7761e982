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
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  log2: Math.log2,
  log10: Math.log10,
  sqrt: Math.sqrt,
  cbrt: Math.cbrt,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  arcsin: Math.asin,
  arccos: Math.acos,
  arctan: Math.atan,
  tanh: Math.tanh,
  radians: (x: number): number => x * (Math.PI / 180),
  degrees: (x: number): number => x * (180 / Math.PI),
  sign: Math.sign,
  square: (x: number): number => x * x,
  round: roundHalfEven,
  floor: Math.floor,
  ceil: Math.ceil,
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
