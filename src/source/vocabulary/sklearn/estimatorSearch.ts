import { numbersOf, type Argument, type Call, type Handler } from '../../interpret/call';
import { sweptItem } from '../../interpret/sweeps';
import type { Estimator } from '../../values/estimators';
import { unknown, type Value } from '../../values/value';

/** The first of the values that a grid names, each knowing the others; null for distributions and what is not known. */
function firstOf(value: Value): Value | null {
  if (value.kind === 'list') return sweptItem(value.items) ?? value.items[0] ?? null;
  return value.kind === 'array' || numbersOf(value) === null ? null : value;
}

/**
 * A search over settings trains many models: the one with the first setting is read, and its numbers know the others. Without
 * a grid that is written out, the estimator as it stands.
 */
export const search: Handler = (call: Call) => {
  const inner = call.positional[0]?.value ?? call.keywords.get('estimator')?.value ?? unknown;
  if (inner.kind !== 'estimator') return inner.kind === 'unknown' ? inner : unknown;
  const given = call.positional[1] ?? call.keywords.get('param_grid') ?? call.keywords.get('param_distributions') ?? null;
  const grid = given?.value.kind === 'list' ? given.value.items[0] : given?.value;
  const keywords = new Map<string, Argument>(inner.keywords);
  const left: string[] = [];
  for (const [name, values] of grid?.kind === 'dict' ? grid.entries : []) {
    const first = firstOf(values);
    // `clf__alpha` is an argument of a step, `model__units` one of the function that builds a model.
    const steps = String(name).split('__');
    const own = inner.before.length > 0 ? steps.slice(1).join('__') : String(name);
    if (first && own !== '') keywords.set(own, { value: first, range: given?.range ?? call.range });
    else left.push(String(name));
  }
  call.machine.assume('Of the search over settings the model with the first setting is read', call.range);
  if (grid?.kind !== 'dict' || left.length > 0)
    return { ...inner, search: 'The settings of this search could not be read' } satisfies Estimator;
  return { ...inner, keywords } satisfies Estimator;
};
