/**
 * Elementwise arithmetic, without saying on what: the same formula becomes WebAssembly (`kernel`), nodes of
 * the tensor graph (a loop of many steps in one call), or plain numbers (tests).
 */
export interface Arithmetic<T> {
  constant(value: number): T;
  add(a: T, b: T): T;
  sub(a: T, b: T): T;
  mul(a: T, b: T): T;
  div(a: T, b: T): T;
  max(a: T, b: T): T;
  sqrt(a: T): T;
}
