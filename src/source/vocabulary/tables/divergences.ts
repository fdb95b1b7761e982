import { Arguments, type Call } from '../../interpret/call';
import { binaryOperation } from '../../interpret/operators';
import { graphOperation } from '../../interpret/tensors';
import { numberValue, unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';

/** Location and scale of a normal distribution; null for others. */
function normalOf(value: Value | null): { readonly loc: Value; readonly scale: Value } | null {
  if (value?.kind !== 'namespace') return null;
  const kind = value.entries.get('__distribution');
  const [loc, scale] = [value.entries.get('loc'), value.entries.get('scale')];
  return kind?.kind === 'string' && kind.value === 'Normal' && loc && scale ? { loc, scale } : null;
}

/** `kl_divergence(p, q)` of two normal distributions: ½((σp/σq)² + ((μp - μq)/σq)² - 1 - ln (σp/σq)²). */
function normalDivergence(call: Call): Value {
  const a = new Arguments(call, 'p q');
  const [p, q] = [normalOf(a.value('p')), normalOf(a.value('q'))];
  const { machine: m, range } = call;
  if (!p || !q) return unreadable('The divergence of these distributions is not read', range);
  const of = (operator: string, x: Value, y: Value): Value => binaryOperation(m, operator, x, y, range);
  const squared = (x: Value): Value => of('**', x, numberValue(2));
  const ratio = squared(of('/', p.scale, q.scale));
  const distance = squared(of('/', of('-', p.loc, q.loc), q.scale));
  const log = ratio.kind === 'number' ? numberValue(Math.log(ratio.value), false) : graphOperation(m, 'log', {}, [ratio], range);
  return of('*', of('-', of('-', of('+', ratio, distance), numberValue(1)), log), numberValue(0.5));
}

/** Divergences of torch.distributions. */
export const divergencesTable: FunctionTable = {
  'torch.distributions.kl_divergence': normalDivergence,
  'torch.distributions.kl.kl_divergence': normalDivergence,
};
