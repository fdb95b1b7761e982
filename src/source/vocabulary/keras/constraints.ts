import type { SourceRange, Sourced } from '../../../records/source';
import { Arguments, numbersOf, type Handler } from '../../interpret/call';
import type { Machine } from '../../interpret/machine';
import { byDefault } from '../../values/origin';
import type { OptimizerValue } from '../../values/training';
import type { ParameterCell } from '../../values/trace';
import { stringValue, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';

/** What Keras does to a weight after each step: no value below `low`, or the norm of the weights into each unit within two bounds. */
export interface Constraint {
  readonly low: Sourced<number> | null;
  readonly norms: { readonly least: number; readonly most: number } | null;
  readonly range: SourceRange;
}

type Form = 'nonNegative' | 'largestNorm' | 'unitNorm' | 'normBetween';

const forms: Readonly<Record<string, Form>> = {
  maxnorm: 'largestNorm',
  nonneg: 'nonNegative',
  unitnorm: 'unitNorm',
  minmaxnorm: 'normBetween',
};

const formOf = (name: string): Form | undefined => forms[name.toLowerCase().replaceAll('_', '')];

/** Whether norms over `axis` of Keras's kernel, [..., in, out], are those of the weights into each unit. */
function isOfUnits(a: Arguments, axes: number): boolean {
  if (!a.given('axis')) return axes === 2;
  const value = a.value('axis');
  const given = value?.kind === 'number' ? [value.value] : numbersOf(value ?? stringValue(''));
  return given?.length === axes - 1 && given.every((axis, i) => axis === i);
}

/** The constraint in argument `name` of a layer with a kernel of so many axes; one that is not read is a problem of the call. */
export function constraintOf(layer: Arguments, name: string, axes: number): Constraint | null {
  const value = layer.value(name);
  if (value === null || value.kind === 'none') return null;
  const made = value.kind === 'namespace' ? value.entries.get('__kerasConstraint') : value;
  const form = made?.kind === 'string' ? formOf(made.value) : undefined;
  const refuse = (text: string): null => {
    layer.reject(name, text);
    return null;
  };
  if (!form) return refuse(`\`${name}\` is not followed`);
  const range = layer.range(name);
  if (form === 'nonNegative') return { low: byDefault(0, range), norms: null, range };
  const call =
    value.kind === 'namespace' && value.call ? value.call : { ...layer.call, positional: [], keywords: new Map<never, never>() };
  const names = { largestNorm: 'max_value axis', unitNorm: 'axis', normBetween: 'min_value max_value rate axis' };
  const a = new Arguments({ ...call, ...(call.keywords.has('m') ? { keywords: withMost(call.keywords) } : {}) }, names[form]);
  if (!isOfUnits(a, axes)) return refuse('Norms over these axes are not read');
  const [least, most] =
    form === 'largestNorm'
      ? [0, a.number('max_value', 2)]
      : form === 'unitNorm'
        ? [1, 1]
        : [a.number('min_value', 0), a.number('max_value', 1)];
  if (form === 'normBetween' && a.number('rate', 1) !== 1) return refuse('A constraint that is met bit by bit is not read');
  if (a.problems[0]) return refuse(a.problems[0].text);
  return { low: null, norms: { least, most }, range };
}

/** `m=` of Keras 1 is `max_value=`. */
const withMost = (keywords: Arguments['call']['keywords']): Arguments['call']['keywords'] =>
  new Map([...keywords].map(([name, argument]) => [name === 'm' ? 'max_value' : name, argument] as const));

const constraints = new WeakMap<ParameterCell, Constraint>();

/** Puts a weight under a constraint. */
export function constrain(cell: ParameterCell | undefined, constraint: Constraint | null): void {
  if (cell && constraint) constraints.set(cell, constraint);
}

/** Records, right behind a step, what it does to weights under a constraint. */
export function recordConstraints(m: Machine, optimizer: OptimizerValue): void {
  for (const cell of optimizer.groups.flatMap((group) => group.cells)) {
    const found = constraints.get(cell);
    if (!found) continue;
    const { low, norms, range } = found;
    m.record(range, { kind: 'bound', cell, low, high: null, ...(norms ? { norms } : {}) });
  }
}

const object =
  (name: string): Handler =>
  (call) => ({
    kind: 'namespace',
    entries: new Map<string, Value>([['__kerasConstraint', stringValue(name)]]),
    missing: '`%` of a constraint is not read',
    call,
  });

const spellings = 'MaxNorm NonNeg UnitNorm MinMaxNorm max_norm non_neg unit_norm min_max_norm maxnorm nonneg unitnorm'.split(' ');

/** Constructors of keras.constraints. */
export const kerasConstraintTable: FunctionTable = Object.fromEntries(
  spellings.map((name): [string, Handler] => [`keras.constraints.${name}`, object(name)]),
);
