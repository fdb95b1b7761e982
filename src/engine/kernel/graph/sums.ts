import { op, simd, type FunctionCode } from '../assembler';
import { accessTo, emitNest, isLaneWise, repeats } from './loopNest';
import { dense, type Stored } from './place';

/**
 * Sums over `axes`: out, dense, has the kept axes of `from` (axes of size 1 aside). Four sums at a time where the last kept axis
 * has its elements side by side, else one, in double precision: it may have many terms.
 */
export function emitSum(code: FunctionCode, from: Stored, axes: readonly number[], out: Stored): void {
  const kept = from.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
  const pick = (of: readonly number[], which: readonly number[]): number[] => which.map((axis) => of[axis] ?? 0);
  const keptShape = pick(from.shape, kept);
  const start: Stored = { ...from, shape: keptShape, strides: pick(from.strides, kept) };
  const target = dense(out.address, keptShape);
  const inside: Stored = { ...from, shape: pick(from.shape, axes), strides: pick(from.strides, axes) };
  const isWide = isLaneWise(start) && !repeats(start);
  const sum = code.local(isWide ? 'v128' : 'f64');
  emitNest(code, keptShape, [start, target], isWide ? 4 : 1, (outer) => {
    code.f32(0);
    if (isWide) code.vector(simd.f32Splat);
    else code.emit(op.f64PromoteF32);
    code.set(sum);
    emitNest(code, inside.shape, [inside], 1, (inner) => {
      code.get(sum);
      outer.offset(start);
      inner.offset(inside);
      code.emit(op.i32Add);
      if (isWide) code.vector(simd.load, ...accessTo(from));
      else code.emit(op.f32Load, ...accessTo(from));
      if (isWide) code.vector(simd.f32Add);
      else code.emit(op.f64PromoteF32, op.f64Add);
      code.set(sum);
    });
    outer.offset(target);
    code.get(sum);
    if (isWide) code.vector(simd.store, ...accessTo(target));
    else code.emit(op.f32DemoteF64, op.f32Store, ...accessTo(target));
  });
}
