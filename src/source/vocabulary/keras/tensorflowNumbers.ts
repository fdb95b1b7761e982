import type { Handler } from '../../interpret/call';
import { numberValue } from '../../values/value';

const functions: Readonly<Record<string, (...x: readonly number[]) => number>> = {
  exp: (x = NaN) => Math.exp(x),
  log: (x = NaN) => Math.log(x),
  sqrt: (x = NaN) => Math.sqrt(x),
  rsqrt: (x = NaN) => 1 / Math.sqrt(x),
  sin: (x = NaN) => Math.sin(x),
  cos: (x = NaN) => Math.cos(x),
  abs: (x = NaN) => Math.abs(x),
  floor: (x = NaN) => Math.floor(x),
  ceil: (x = NaN) => Math.ceil(x),
  square: (x = NaN) => x * x,
  negative: (x = NaN) => -x,
  pow: (x = NaN, y = NaN) => x ** y,
  add: (x = NaN, y = NaN) => x + y,
  subtract: (x = NaN, y = NaN) => x - y,
  multiply: (x = NaN, y = NaN) => x * y,
  divide: (x = NaN, y = NaN) => x / y,
  minimum: (x = NaN, y = NaN) => Math.min(x, y),
  maximum: (x = NaN, y = NaN) => Math.max(x, y),
};

/** Arguments that say nothing about the value. */
const silent: ReadonlySet<string> = new Set(['name', 'dtype']);

/** A function of TensorFlow on plain numbers, as schedules of the script use it, and otherwise as `handler` has it. */
export const onNumbers = (name: string, handler: Handler): Handler => {
  const compute = Object.hasOwn(functions, name) ? functions[name] : undefined;
  return (call) => {
    const values = [
      ...call.positional.map(({ value }) => value),
      ...[...call.keywords].flatMap(([key, { value }]) => (silent.has(key) ? [] : [value])),
    ];
    const [first, yes, no] = values;
    if (name === 'where' && first?.kind === 'boolean' && yes && no) return first.value ? yes : no;
    const numbers = values.flatMap((value) => (value.kind === 'number' ? [value.value] : []));
    return compute && numbers.length > 0 && numbers.length === values.length
      ? numberValue(compute(...numbers), false)
      : handler(call);
  };
};
