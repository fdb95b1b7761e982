import { callValue } from '../../interpret/calls';
import type { Arguments } from '../../interpret/call';
import { numberValue, type FunctionValue, type Value } from '../../values/value';

/** Factors that a function of the script gives for the ticks 0, 1, …; the last one stays, unless they go on changing. */
export interface Factors {
  /** One list, or one for each group of parameters. */
  readonly ofGroups: readonly (readonly number[])[];
  readonly goesOn: boolean;
}

/** Most factors that are evaluated, and most steps of work for all of them. */
const longest = 4_000;
const mostWork = 40_000;
/** Ticks after the last factor at which a function that has settled is looked at again, as multiples. */
const later = [1.5, 3, 10, 100];

/** The factors of the function in argument `name`, or of one for each group; null when one gives something else than known numbers. */
export function scheduleFactors(a: Arguments, name: string, groups: number): Factors | null {
  const given = a.value(name);
  const callees = given?.kind === 'list' ? given.items : [given];
  if (given?.kind === 'list' && callees.length !== groups) return null;
  const most = mostWork / callees.length;
  const all = callees.map((callee) => (callee?.kind === 'function' ? evaluated(a, callee, most) : null));
  const known = all.flatMap((one) => one ?? []);
  const [first] = known;
  if (!first || known.length !== all.length) return null;
  const isOne = known.every(
    ({ factors }) => factors.length === first.factors.length && factors.every((f, i) => f === first.factors[i]),
  );
  const endless = known.filter(({ goesOn }) => goesOn);
  if (isOne || endless.length === 0)
    return { ofGroups: isOne ? [first.factors] : known.map(({ factors }) => factors), goesOn: endless.length > 0 };
  // As many for each group as all of them are known for.
  const length = Math.min(...endless.map(({ factors }) => factors.length));
  const upTo = (factors: readonly number[]): number[] =>
    Array.from({ length }, (_, i) => factors[Math.min(i, factors.length - 1)] ?? Number.NaN);
  return { ofGroups: known.map(({ factors }) => upTo(factors)), goesOn: true };
}

/** The factors of one function, within `most` steps of work; null when it gives something else than known numbers. */
export function evaluated(
  a: Pick<Arguments, 'call'>,
  callee: FunctionValue,
  most: number,
): { readonly factors: readonly number[]; readonly goesOn: boolean } | null {
  const { machine } = a.call;
  const at = (tick: number): number | null => {
    const argument = { value: numberValue(tick, true), range: a.call.range };
    const call = { ...a.call, positional: [argument], keywords: new Map<never, never>(), unclear: null };
    const value: Value = callValue(machine, callee, call);
    if (value.kind === 'boolean') return Number(value.value);
    return value.kind === 'number' ? value.value : null;
  };
  const start = machine.steps;
  const factors: number[] = [];
  while (factors.length < longest && machine.steps - start < most) {
    const factor = at(factors.length);
    if (factor === null) return null;
    factors.push(factor);
  }
  const last = factors[factors.length - 1];
  const goesOn = later.some((times) => at(Math.round(times * factors.length)) !== last);
  return { factors: goesOn ? factors : withoutTail(factors), goesOn };
}

/** The factors up to the first of those that stay. */
function withoutTail(factors: readonly number[]): readonly number[] {
  let end = factors.length;
  while (end > 1 && factors[end - 2] === factors[factors.length - 1]) end--;
  return factors.slice(0, end);
}
