import type { Size } from '../../graph/size';
import type { Reason, SourceRange, Sourced } from '../../records/source';
import { byDefault, placeOf, sourced } from '../values/origin';
import type { Value } from '../values/value';
import type { Scope } from '../values/scope';
import type { Machine } from './machine';

export interface Argument {
  readonly value: Value;
  readonly range: SourceRange;
}

/** A call with its arguments evaluated. */
export interface Call {
  readonly machine: Machine;
  readonly scope: Scope;
  readonly range: SourceRange;
  /** The callee's last name: `SGD` in `optim.SGD(...)`. */
  readonly name: SourceRange;
  readonly positional: readonly Argument[];
  readonly keywords: ReadonlyMap<string, Argument>;
  /** Set when `*` or `**` arguments could not be followed. */
  readonly unclear: Reason | null;
}

/** A library function: what its call gives. */
export type Handler = (call: Call) => Value;

/** A method of a library value. */
export type Method<T extends Value = Value> = (receiver: T, call: Call) => Value;

/** A call made by the reader itself, with plain values. */
export function plainCall(call: Call, values: readonly Value[]): Call {
  return { ...call, positional: values.map((value) => ({ value, range: call.range })), keywords: new Map(), unclear: null };
}

/**
 * Arguments by name. `names` lists the parameters in positional order. Reading an argument that
 * is there but not known notes a problem; a caller that finds problems gives up with the first.
 */
export class Arguments {
  readonly problems: Reason[] = [];
  private readonly order: readonly string[];

  constructor(
    readonly call: Call,
    readonly names: string,
  ) {
    this.order = names.split(' ');
    if (call.unclear) this.problems.push(call.unclear);
  }

  argument(name: string): Argument | null {
    const keyword = this.call.keywords.get(name);
    if (keyword) return keyword;
    const position = this.order.indexOf(name);
    return position < 0 ? null : (this.call.positional[position] ?? null);
  }

  /** True when the argument is given and is not None. */
  given(name: string): boolean {
    const argument = this.argument(name);
    return argument !== null && argument.value.kind !== 'none';
  }

  value(name: string): Value | null {
    return this.argument(name)?.value ?? null;
  }

  range(name: string): SourceRange {
    return this.argument(name)?.range ?? this.call.name;
  }

  /** The literal behind the argument. */
  place(name: string): SourceRange {
    const argument = this.argument(name);
    return argument ? placeOf(argument.value, argument.range) : this.call.name;
  }

  /** A number with its source; the library's default when omitted. A missing required one is a problem. */
  sourcedNumber(name: string, fallback?: number): Sourced<number> {
    const argument = this.argument(name);
    if (argument === null) return this.omitted(name, fallback);
    const { value } = argument;
    if (value.kind === 'number') return sourced(value.value, value.origin, argument.range);
    if (value.kind === 'boolean') return sourced(Number(value.value), value.origin, argument.range);
    if (value.kind === 'none' && !value.reason && fallback !== undefined) return byDefault(fallback, this.call.name);
    return this.omitted(name, Number.NaN, this.why(name, value, argument.range));
  }

  number(name: string, fallback?: number): number {
    return this.sourcedNumber(name, fallback).value;
  }

  /** A number, or null when omitted or None. */
  optionalNumber(name: string): number | null {
    return this.given(name) ? this.number(name) : null;
  }

  sourcedBoolean(name: string, fallback: boolean): Sourced<boolean> {
    const argument = this.argument(name);
    if (argument === null || argument.value.kind === 'none') return byDefault(fallback, this.call.name);
    const { value } = argument;
    if (value.kind === 'boolean') return sourced(value.value, value.origin, argument.range);
    if (value.kind === 'number') return sourced(value.value !== 0, value.origin, argument.range);
    this.problems.push(this.why(name, value, argument.range));
    return byDefault(fallback, this.call.name);
  }

  boolean(name: string, fallback: boolean): boolean {
    return this.sourcedBoolean(name, fallback).value;
  }

  string(name: string, fallback: string): string {
    const argument = this.argument(name);
    if (argument === null || argument.value.kind === 'none') return fallback;
    if (argument.value.kind === 'string') return argument.value.value;
    this.problems.push(this.why(name, argument.value, argument.range));
    return fallback;
  }

  /** A size: a number, or one that the data decide. */
  size(name: string, fallback?: Size): Size {
    const argument = this.argument(name);
    if (argument === null) return fallback ?? this.omitted(name).value;
    const size = sizeOf(argument.value);
    if (size !== null) return size;
    this.problems.push(this.why(name, argument.value, argument.range));
    return 0;
  }

  /** One number for all axes, or one for each. */
  extent(name: string, axes: number, fallback?: readonly number[]): readonly number[] {
    const argument = this.argument(name);
    if (argument === null || argument.value.kind === 'none') {
      if (fallback) return fallback;
      this.omitted(name);
      return new Array<number>(axes).fill(1);
    }
    const { value } = argument;
    if (value.kind === 'number') return new Array<number>(axes).fill(value.value);
    const numbers = numbersOf(value);
    if (numbers && numbers.length === axes) return numbers;
    if (numbers && numbers.length === 1) return new Array<number>(axes).fill(numbers[0] as number);
    this.problems.push(this.why(name, value, argument.range));
    return new Array<number>(axes).fill(1);
  }

  /** Notes that `name` has a value that this reader does not follow. */
  reject(name: string, text: string): void {
    this.problems.push({ text, range: this.range(name) });
  }

  /** Why the first keyword that neither has a name here nor is among `ignored` is not read; null when there is none. */
  unknownKeyword(ignored = ''): Reason | null {
    const known = new Set([...this.order, ...ignored.split(' ')]);
    for (const [name, { range }] of this.call.keywords)
      if (!known.has(name)) return { text: `\`${name}\` is not an argument that is read here`, range };
    return null;
  }

  /** Notes arguments that are given and neither have a name here nor are among `ignored`. */
  rejectOthers(ignored = ''): void {
    const unknown = this.unknownKeyword(ignored);
    if (unknown) this.problems.push(unknown);
    const surplus = this.call.positional[this.order.length];
    if (surplus && !this.order.includes('')) this.problems.push({ text: 'This argument is not read here', range: surplus.range });
  }

  private omitted(name: string, fallback?: number, problem?: Reason): Sourced<number> {
    if (problem) this.problems.push(problem);
    else if (fallback === undefined) this.problems.push({ text: `\`${name}\` is not given`, range: this.call.range });
    return byDefault(fallback ?? Number.NaN, this.call.name);
  }

  private why(name: string, value: Value, range: SourceRange): Reason {
    if ((value.kind === 'unknown' || value.kind === 'none') && value.reason) return value.reason;
    if (value.kind === 'string' && value.value.trim() !== '' && !Number.isNaN(Number(value.value)))
      return { text: `\`${name}\` is the text '${value.value}' here, not a number`, range: placeOf(value, range) };
    return { text: `The value of \`${name}\` could not be read`, range };
  }
}

/** What a layer is called with first; none when it is called with nothing. */
export const firstArgument = (call: Call): Value =>
  call.positional[0]?.value ?? call.keywords.get('input')?.value ?? { kind: 'none' };

/** A number or a size that only the data decide; null for other values. */
export function sizeOf(value: Value | null): Size | null {
  if (value?.kind === 'number') return value.value;
  if (value?.kind === 'array') return value.size ?? null;
  return value?.kind === 'size' ? value.size : null;
}

/** The numbers of a list or tuple; null when one of them is not a known number. */
export function numbersOf(value: Value): number[] | null {
  if (value.kind === 'number') return [value.value];
  if (value.kind === 'shape') return value.sizes.every((size) => typeof size === 'number') ? [...value.sizes] : null;
  if (value.kind !== 'list') return null;
  const numbers = value.items.flatMap((item) =>
    item.kind === 'number' ? [item.value] : item.kind === 'boolean' ? [Number(item.value)] : [],
  );
  return numbers.length === value.items.length ? numbers : null;
}

/** The strings of a list or tuple; null when one of them is none. */
export function stringsOf(value: Value): string[] | null {
  if (value.kind === 'string') return [value.value];
  if (value.kind !== 'list') return null;
  const strings = value.items.flatMap((item) => (item.kind === 'string' ? [item.value] : []));
  return strings.length === value.items.length ? strings : null;
}
