import { FunctionCode, moduleBytes, op, type ValueType } from './assembler';
import { scalarLanes, storeSum, vectorLanes, type Accumulator, type Lanes } from './lanes';

/** What a kernel does with the elements at one place of its vectors. */
export type ElementBody = (lanes: Lanes, at: KernelPlaces) => void;

/** Locals of a kernel's vectors, scalars and sums, by their place in its description. */
export interface KernelPlaces {
  readonly vectors: readonly number[];
  readonly scalars: readonly number[];
  readonly sums: readonly Accumulator[];
}

/** A function over vectors of one length: it may change them, and yields sums over the elements. */
export interface KernelDescription {
  readonly vectors: number;
  readonly scalars: number;
  readonly sums: number;
  readonly body: ElementBody;
}

/** Code with the parameters: a pointer a vector, the count of elements, a pointer for the sums, the scalars. */
export function kernelCode({ vectors, scalars, sums, body }: KernelDescription): FunctionCode {
  const pointers = Array.from({ length: vectors }, (): ValueType => 'i32');
  const numbers = Array.from({ length: scalars }, (): ValueType => 'f32');
  const code = new FunctionCode([...pointers, 'i32', 'i32', ...numbers]);
  const accumulators = Array.from({ length: sums }, () => ({ vector: code.local('v128'), scalar: code.local('f64') }));
  const places: KernelPlaces = {
    vectors: pointers.map((_, i) => i),
    scalars: numbers.map((_, i) => vectors + 2 + i),
    sums: accumulators,
  };
  const [index, wholeEnd, end] = [code.local('i32'), code.local('i32'), code.local('i32')];
  code.get(vectors);
  code.i32(2);
  code.emit(op.i32Shl);
  code.set(end);
  code.get(end);
  code.i32(-16);
  code.emit(op.i32And);
  code.set(wholeEnd);
  code.countUp(index, wholeEnd, 16, () => body(vectorLanes(code, index), places));
  code.countUp(index, end, 4, () => body(scalarLanes(code, index), places));
  accumulators.forEach((accumulator, place) => storeSum(code, accumulator, vectors + 1, place));
  return code;
}

/** Compiles kernels, and functions written out, into one module. */
export function compileKernels(kernels: Readonly<Record<string, KernelDescription | FunctionCode>>): object {
  const functions = Object.entries(kernels).map(
    ([name, kernel]) => [name, kernel instanceof FunctionCode ? kernel : kernelCode(kernel)] as const,
  );
  return new WebAssembly.Module(moduleBytes(Object.fromEntries(functions)));
}
