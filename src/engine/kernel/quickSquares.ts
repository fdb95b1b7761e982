import { FunctionCode, op, simd } from './assembler';

/** Bytes of one turn of the inner loop: four sums of four elements each. */
const turn = 64;
/** Bytes whose squares are added up in single precision before they go into the whole, which is in double precision. */
const block = 16 * 1024;

/**
 * Σx² of a vector, at the speed of reading it: parameters are a pointer, the count of elements and a pointer for the sum. Good to about
 * 1e-6 of the whole; Infinity where a square does not fit into single precision.
 */
export function quickSquares(): FunctionCode {
  const code = new FunctionCode(['i32', 'i32', 'i32']);
  const [vector, count, sums] = [0, 1, 2];
  const [index, end, wholeEnd, blockEnd] = [code.local('i32'), code.local('i32'), code.local('i32'), code.local('i32')];
  const parts = Array.from({ length: 4 }, () => code.local('v128'));
  const whole = code.local('v128');
  const rest = code.local('f64');
  const address = (offset: number): void => {
    code.get(vector);
    code.get(index);
    code.emit(op.i32Add);
    if (offset === 0) return;
    code.i32(offset);
    code.emit(op.i32Add);
  };
  code.get(count);
  code.i32(2);
  code.emit(op.i32Shl);
  code.set(end);
  code.get(end);
  code.i32(-turn);
  code.emit(op.i32And);
  code.set(wholeEnd);
  whileBelow(code, index, wholeEnd, () => {
    setToLeast(code, blockEnd, index, wholeEnd);
    code.countUp(index, blockEnd, turn, () => {
      parts.forEach((part, k) => {
        address(16 * k);
        code.vector(simd.load, 2, 0);
        const x = code.keep('v128');
        code.get(part);
        code.get(x);
        code.get(x);
        code.vector(simd.f32Mul);
        code.vector(simd.f32Add);
        code.set(part);
      });
    });
    for (const part of parts) addPromoted(code, whole, part);
  });
  code.countUp(index, end, 4, () => {
    code.get(rest);
    address(0);
    code.emit(op.f32Load, 2, 0);
    const x = code.keep('f32');
    for (let factor = 0; factor < 2; factor++) {
      code.get(x);
      code.emit(op.f64PromoteF32);
    }
    code.emit(op.f64Mul, op.f64Add);
    code.set(rest);
  });
  code.get(sums);
  code.get(rest);
  for (const lane of [0, 1]) {
    code.get(whole);
    code.vector(simd.f64ExtractLane, lane);
    code.emit(op.f64Add);
  }
  code.emit(op.f64Store, 3, 0);
  return code;
}

/** Repeats `body` while `counter` < `end`; the body moves it on. */
function whileBelow(code: FunctionCode, counter: number, end: number, body: () => void): void {
  const noValue = 0x40;
  code.emit(op.block, noValue, op.loop, noValue);
  code.get(counter);
  code.get(end);
  code.emit(op.i32GeU, op.brIf, 1);
  body();
  code.emit(op.br, 0, op.end, op.end);
}

/** out ← min(index + block, end). */
function setToLeast(code: FunctionCode, out: number, index: number, end: number): void {
  code.get(index);
  code.i32(block);
  code.emit(op.i32Add);
  code.set(out);
  code.get(out);
  code.get(end);
  code.get(out);
  code.get(end);
  code.emit(op.i32LtU, op.select);
  code.set(out);
}

const swapHalves = [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7];

/** sum ← sum + part's four numbers in double precision; part ← 0. */
function addPromoted(code: FunctionCode, sum: number, part: number): void {
  code.get(sum);
  code.get(part);
  code.vector(simd.promoteLow);
  code.vector(simd.f64Add);
  code.get(part);
  code.get(part);
  code.vector(simd.shuffle, ...swapHalves);
  code.vector(simd.promoteLow);
  code.vector(simd.f64Add);
  code.set(sum);
  code.f32(0);
  code.vector(simd.f32Splat);
  code.set(part);
}
