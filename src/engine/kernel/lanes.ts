import type { Arithmetic } from '../optimizers/arithmetic';
import { op, simd, unsigned, type FunctionCode } from './assembler';

/** A sum in double precision over all elements: one part for the elements taken four at a time, one for the rest. */
export interface Accumulator {
  readonly vector: number;
  readonly scalar: number;
}

/** Elements at the loop's place, four at once or one; values are numbers of locals. */
export interface Lanes extends Arithmetic<number> {
  load(pointer: number): number;
  store(pointer: number, value: number): void;
  /** A parameter of the function, the same for all elements. */
  scalar(parameter: number): number;
  /** accumulator += Σ a·b, in double precision. */
  addProduct(accumulator: Accumulator, a: number, b: number): void;
}

/** Alignment hint of memory accesses, 2^2 bytes, and no fixed offset. */
const memoryArgument = [2, 0];

/** One element. */
export function scalarLanes(code: FunctionCode, index: number): Lanes {
  const binary =
    (instruction: number) =>
    (a: number, b: number): number => {
      code.get(a);
      code.get(b);
      code.emit(instruction);
      return code.keep('f32');
    };
  return {
    constant: (value) => {
      code.f32(value);
      return code.keep('f32');
    },
    add: binary(op.f32Add),
    sub: binary(op.f32Sub),
    mul: binary(op.f32Mul),
    div: binary(op.f32Div),
    max: binary(op.f32Max),
    sqrt: (a) => {
      code.get(a);
      code.emit(op.f32Sqrt);
      return code.keep('f32');
    },
    load: (pointer) => {
      address(code, pointer, index);
      code.emit(op.f32Load, ...memoryArgument);
      return code.keep('f32');
    },
    store: (pointer, value) => {
      address(code, pointer, index);
      code.get(value);
      code.emit(op.f32Store, ...memoryArgument);
    },
    scalar: (parameter) => parameter,
    addProduct: ({ scalar }, a, b) => {
      code.get(scalar);
      for (const factor of [a, b]) {
        code.get(factor);
        code.emit(op.f64PromoteF32);
      }
      code.emit(op.f64Mul, op.f64Add);
      code.set(scalar);
    },
  };
}

/** Four elements. Scalars are spread over the lanes where they are first needed. */
export function vectorLanes(code: FunctionCode, index: number): Lanes {
  const binary =
    (instruction: number) =>
    (a: number, b: number): number => {
      code.get(a);
      code.get(b);
      code.vector(instruction);
      return code.keep('v128');
    };
  return {
    constant: (value) => {
      code.f32(value);
      code.vector(simd.f32Splat);
      return code.keep('v128');
    },
    add: binary(simd.f32Add),
    sub: binary(simd.f32Sub),
    mul: binary(simd.f32Mul),
    div: binary(simd.f32Div),
    max: binary(simd.f32Max),
    sqrt: (a) => {
      code.get(a);
      code.vector(simd.f32Sqrt);
      return code.keep('v128');
    },
    load: (pointer) => {
      address(code, pointer, index);
      code.vector(simd.load, ...memoryArgument);
      return code.keep('v128');
    },
    store: (pointer, value) => {
      address(code, pointer, index);
      code.get(value);
      code.vector(simd.store, ...memoryArgument);
    },
    scalar: (parameter) => {
      code.get(parameter);
      code.vector(simd.f32Splat);
      return code.keep('v128');
    },
    addProduct: ({ vector }, a, b) => {
      code.get(vector);
      for (const half of [lowHalf, highHalf]) {
        half(code, a);
        half(code, b);
        code.vector(simd.f64Mul);
        code.vector(simd.f64Add);
      }
      code.set(vector);
    },
  };
}

/** Bytes of the upper half first. */
const swapHalves = [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7];

function lowHalf(code: FunctionCode, value: number): void {
  code.get(value);
  code.vector(simd.promoteLow);
}

function highHalf(code: FunctionCode, value: number): void {
  code.get(value);
  code.get(value);
  code.vector(simd.shuffle, ...swapHalves);
  code.vector(simd.promoteLow);
}

function address(code: FunctionCode, pointer: number, index: number): void {
  code.get(pointer);
  code.get(index);
  code.emit(op.i32Add);
}

/** Writes the accumulator's sum to `pointer` + 8·`place`. */
export function storeSum(code: FunctionCode, { vector, scalar }: Accumulator, pointer: number, place: number): void {
  code.get(pointer);
  code.get(scalar);
  for (const lane of [0, 1]) {
    code.get(vector);
    code.vector(simd.f64ExtractLane, lane);
    code.emit(op.f64Add);
  }
  code.emit(op.f64Store, 3, ...unsigned(8 * place));
}
