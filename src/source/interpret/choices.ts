import type { SourceRange } from '../../records/source';
import { listValue, type Value } from '../values/value';
import { join } from './expressions';
import { isFresh } from './freshTensors';
import type { Machine } from './machine';
import { graphOperation, isTensorLike } from './tensors';

/** What holds behind a condition: from its value where it holds, and where it does not. */
export type Choice = (yes: Value, no: Value) => Value;

/** True for a condition on one number that the loop draws anew in each pass. */
const isDrawn = (m: Machine, condition: Value): boolean =>
  condition.kind === 'array'
    ? isFresh(m, condition) && (condition.shape?.every((size) => size === 1) ?? false)
    : condition.kind === 'tensor' && condition.node.kind === 'compare' && (condition.node.shape?.every((s) => s === 1) ?? false);

/** Two numbers of which the one holds in the first pass and the other later. */
const firstOf =
  (holds: boolean): Choice =>
  (yes, no) => {
    const joined = join(yes, no);
    const first = holds ? yes : no;
    const isChanged = joined.kind === 'unknown' && yes.kind === 'number' && no.kind === 'number';
    return isChanged && first.kind === 'number' ? { kind: 'unknown', reason: null, first } : joined;
  };

/** A condition that is drawn at random chooses between tensors in the graph; of other conditions only what both ways agree on holds. */
export function choiceBy(m: Machine, condition: Value, range: SourceRange): Choice {
  if (condition.kind === 'unknown' && condition.holdsAtFirst !== undefined) return firstOf(condition.holdsAtFirst);
  if (!isDrawn(m, condition)) return join;
  const choose: Choice = (yes, no) => {
    if (yes === no) return yes;
    if (yes.kind === 'list' && no.kind === 'list' && yes.items.length === no.items.length)
      return listValue(
        yes.items.map((item, i) => choose(item, no.items[i] as Value)),
        yes.form,
        yes.range,
      );
    const isNumber = (value: Value): boolean => value.kind === 'number';
    const chosen = isTensorLike(yes) || isTensorLike(no);
    if (!chosen || !(isTensorLike(yes) || isNumber(yes)) || !(isTensorLike(no) || isNumber(no))) return join(yes, no);
    return graphOperation(m, 'where', {}, [condition, yes, no], range);
  };
  return choose;
}
