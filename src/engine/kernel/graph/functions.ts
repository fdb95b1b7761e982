import { simd, type FunctionCode } from '../assembler';

/** Makes four lanes of a result of those of the inputs; both are on the stack. */
export type Emit = (code: FunctionCode) => void;

/** ln 2 in two parts, the first with so few bits that its multiples are exact. */
const [ln2High, ln2Low] = [0.693359375, -2.12194440054690583e-4];

function splat(code: FunctionCode, value: number): void {
  code.f32(value);
  code.vector(simd.f32Splat);
}

function splatBits(code: FunctionCode, bits: number): void {
  code.i32(bits);
  code.vector(simd.i32Splat);
}

/** 1/x. */
export function emitReciprocal(code: FunctionCode): void {
  const x = code.keep('v128');
  splat(code, 1);
  code.get(x);
  code.vector(simd.f32Div);
}

/** max(x, 0). */
export function emitRelu(code: FunctionCode): void {
  splat(code, 0);
  code.vector(simd.f32Max);
}

/** 1 where x > 0, else 0. */
export function emitStep(code: FunctionCode): void {
  splat(code, 0);
  code.vector(simd.f32GreaterThan);
  splat(code, 1);
  code.vector(simd.and);
}

/** y as n·ln 2 + r with |r| ≤ ln 2 / 2: locals of 2ⁿ and of eʳ - 1. */
function reduce(code: FunctionCode, y: number): { readonly power: number; readonly rest: number } {
  code.get(y);
  splat(code, Math.LOG2E);
  code.vector(simd.f32Mul);
  code.vector(simd.f32Nearest);
  const n = code.keep('v128');
  code.get(y);
  for (const part of [ln2High, ln2Low]) {
    code.get(n);
    splat(code, part);
    code.vector(simd.f32Mul);
    code.vector(simd.f32Sub);
  }
  const r = code.keep('v128');
  // Taylor's series of eʳ - 1 by Horner's rule; what is left out is under 6e-9 of it.
  splat(code, 1 / 5040);
  for (const divisor of [720, 120, 24, 6, 2, 1]) {
    code.get(r);
    code.vector(simd.f32Mul);
    splat(code, 1 / divisor);
    code.vector(simd.f32Add);
  }
  code.get(r);
  code.vector(simd.f32Mul);
  const rest = code.keep('v128');
  code.get(n);
  code.vector(simd.i32TruncateF32);
  splatBits(code, 127);
  code.vector(simd.i32Add);
  code.i32(23);
  code.vector(simd.i32ShiftLeft);
  return { power: code.keep('v128'), rest };
}

/** Keeps the value on the stack within bounds; NaN stays. */
function clamp(code: FunctionCode, low: number, high: number): number {
  splat(code, low);
  code.vector(simd.f32Max);
  splat(code, high);
  code.vector(simd.f32Min);
  return code.keep('v128');
}

/** eˣ, at most e⁸⁸ and at least e⁻⁸⁷. */
export function emitExp(code: FunctionCode): void {
  const { power, rest } = reduce(code, clamp(code, -87, 88));
  code.get(power);
  code.get(rest);
  code.get(power);
  code.vector(simd.f32Mul);
  code.vector(simd.f32Add);
}

/** 1 / (1 + e⁻ˣ). */
export function emitSigmoid(code: FunctionCode): void {
  code.vector(simd.f32Neg);
  emitExp(code);
  splat(code, 1);
  code.vector(simd.f32Add);
  emitReciprocal(code);
}

/** e / (e + 2) with e = e²ˣ - 1, which keeps its digits where x is small; of |x|, with the sign put back. */
export function emitTanh(code: FunctionCode): void {
  const x = code.keep('v128');
  code.get(x);
  code.vector(simd.f32Abs);
  splat(code, 2);
  code.vector(simd.f32Mul);
  const { power, rest } = reduce(code, clamp(code, 0, 40));
  code.get(power);
  code.get(rest);
  code.vector(simd.f32Mul);
  code.get(power);
  splat(code, 1);
  code.vector(simd.f32Sub);
  code.vector(simd.f32Add);
  const e = code.keep('v128');
  code.get(e);
  code.get(e);
  splat(code, 2);
  code.vector(simd.f32Add);
  code.vector(simd.f32Div);
  code.get(x);
  splatBits(code, -0x80000000);
  code.vector(simd.and);
  code.vector(simd.or);
}

/** The sum of coefficients[k]·zᵏ by Horner's rule; z is a local. */
function polynomial(code: FunctionCode, z: number, coefficients: readonly number[]): void {
  const [last = 0, ...others] = [...coefficients].reverse();
  splat(code, last);
  for (const coefficient of others) {
    code.get(z);
    code.vector(simd.f32Mul);
    splat(code, coefficient);
    code.vector(simd.f32Add);
  }
}

/** 2/1, 2/3, 2/5, …: ln((1+s)/(1-s)) = s · Σ of them · s²ᵏ. */
const logCoefficients = (count: number): number[] => Array.from({ length: count }, (_, k) => 2 / (2 * k + 1));

/** s · polynomial(s²) of the local s. */
function oddSeries(code: FunctionCode, s: number, count: number): void {
  code.get(s);
  code.get(s);
  code.vector(simd.f32Mul);
  polynomial(code, code.keep('v128'), logCoefficients(count));
  code.get(s);
  code.vector(simd.f32Mul);
}

/** (a - b) / (a + b) of the local a and the number b, in a new local. */
function quotient(code: FunctionCode, a: number, b: number): number {
  for (const operation of [simd.f32Sub, simd.f32Add]) {
    code.get(a);
    splat(code, b);
    code.vector(operation);
  }
  code.vector(simd.f32Div);
  return code.keep('v128');
}

/** Bits of √½ in single precision, and of a number's part behind the exponent. */
const [rootHalfBits, mantissaBits] = [0x3f3504f3, 23];
/** The smallest number with a whole mantissa. */
const smallestNormal = 2 ** -126;

/** ln x as n·ln 2 + ln m with m between √½ and √2; -∞ at 0, NaN below. */
export function emitLog(code: FunctionCode): void {
  const x = code.keep('v128');
  code.get(x);
  splat(code, smallestNormal);
  code.vector(simd.f32LessThan);
  const isTiny = code.keep('v128');
  code.get(x);
  splat(code, 2 ** mantissaBits);
  code.vector(simd.f32Mul);
  code.get(x);
  code.get(isTiny);
  code.vector(simd.bitSelect);
  const bits = code.keep('v128');
  code.get(bits);
  splatBits(code, rootHalfBits);
  code.vector(simd.i32Sub);
  code.i32(mantissaBits);
  code.vector(simd.i32ShiftRight);
  const exponent = code.keep('v128');
  code.get(bits);
  code.get(exponent);
  code.i32(mantissaBits);
  code.vector(simd.i32ShiftLeft);
  code.vector(simd.i32Sub);
  const s = quotient(code, code.keep('v128'), 1);
  code.get(exponent);
  code.vector(simd.f32ConvertI32);
  code.get(isTiny);
  splat(code, mantissaBits);
  code.vector(simd.and);
  code.vector(simd.f32Sub);
  const n = code.keep('v128');
  code.get(n);
  splat(code, ln2High);
  code.vector(simd.f32Mul);
  code.get(n);
  splat(code, ln2Low);
  code.vector(simd.f32Mul);
  oddSeries(code, s, 5);
  code.vector(simd.f32Add);
  code.vector(simd.f32Add);
  atEndsOfLog(code, x);
}

/** The logarithm on the stack where the local x is positive and finite; x where it is ∞ or NaN, -∞ at 0, NaN below. */
function atEndsOfLog(code: FunctionCode, x: number): void {
  code.get(x);
  code.get(x);
  splat(code, Infinity);
  code.vector(simd.f32LessThan);
  code.vector(simd.bitSelect);
  splat(code, -1);
  code.get(x);
  code.vector(simd.f32Sqrt);
  code.vector(simd.f32Abs);
  code.vector(simd.f32Div);
  code.get(x);
  splat(code, 0);
  code.vector(simd.f32GreaterThan);
  code.vector(simd.bitSelect);
}

/** ln(1 + eˣ) = max(x, 0) + ln(1 + u) with u = e⁻ˡˣˡ, by s = u / (2 + u). */
export function emitSoftplus(code: FunctionCode): void {
  const x = code.keep('v128');
  code.get(x);
  emitRelu(code);
  code.get(x);
  code.vector(simd.f32Abs);
  code.vector(simd.f32Neg);
  emitExp(code);
  const u = code.keep('v128');
  code.get(u);
  code.get(u);
  splat(code, 2);
  code.vector(simd.f32Add);
  code.vector(simd.f32Div);
  oddSeries(code, code.keep('v128'), 8);
  code.vector(simd.f32Add);
}

/** b where the mask is false, else a; the stack holds mask, a, b. */
export function emitWhere(code: FunctionCode): void {
  const b = code.keep('v128');
  const a = code.keep('v128');
  const mask = code.keep('v128');
  for (const local of [a, b, mask]) code.get(local);
  code.vector(simd.bitSelect);
}

/** 1 where the mask is true, else 0. */
export function emitMaskAsNumber(code: FunctionCode): void {
  splat(code, 1);
  code.vector(simd.and);
}
