import type { SourceRange } from '../../records/source';
import type { Handler, Method } from '../interpret/call';
import type { Machine } from '../interpret/machine';
import type { Value } from '../values/value';

/** Library functions and classes by full dotted name. */
export type FunctionTable = Readonly<Record<string, Handler>>;
/** Methods of one kind of library value, by name. */
export type MethodTable<T extends Value = Value> = Readonly<Record<string, Method<T>>>;
/** Attributes of one kind of library value, by name. */
export type AttributeTable<T extends Value = Value> = Readonly<
  Record<string, (value: T, m: Machine, range: SourceRange) => Value>
>;
