import type { LoopContext, Value } from '../values/value';
import type { Scope } from '../values/scope';
import type { Machine } from './machine';
import { InstanceFields } from './instanceFields';

/** What a pass of a loop found when it began. */
export interface PassStart {
  readonly events: number;
  readonly variables: ReadonlyMap<string, Value>;
  readonly fields: InstanceFields;
}

/** Notes what is there before the pass that stands for all of a loop. */
export function passStart(m: Machine, scope: Scope): PassStart {
  const variables = new Map(scope.variables);
  return { events: m.events.length, variables, fields: InstanceFields.of(variables) };
}

/**
 * A pass that draws the batch of the next one (`x, y = get_batch()` at its end) would be read with the rows that were drawn once
 * before the loop. All is put back as it was before it, but for the variables and fields that now hold the loop's own batches: true when the
 * body is to be run again with these.
 */
export function drawsAhead(m: Machine, scope: Scope, loop: LoopContext, start: PassStart): boolean {
  if (m.replay) return false;
  const isAhead = (before: Value | undefined, now: Value): boolean => isBatchOf(now, loop) && isOtherRows(before, loop);
  const drawn = [...scope.variables].filter(([name, value]) => isAhead(start.variables.get(name), value));
  const fields = start.fields.changed(isAhead);
  if (drawn.length + fields.length === 0) return false;
  if (m.events.slice(start.events).some(({ kind }) => kind === 'optimizer')) return false;
  m.events.length = start.events;
  scope.variables.clear();
  for (const [name, value] of [...start.variables, ...drawn]) scope.variables.set(name, value);
  start.fields.putBack();
  for (const { instance, name, now } of fields) instance.fields.set(name, now);
  return true;
}

/** Rows that the loop draws or takes as one of its batches. */
const isBatchOf = (value: Value, loop: LoopContext): boolean =>
  value.kind === 'tensor' && value.node.source?.batch?.loop === loop;

/** Rows from before the loop. */
const isOtherRows = (value: Value | undefined, loop: LoopContext): boolean =>
  value !== undefined && (value.kind === 'array' || value.kind === 'tensor') && !isBatchOf(value, loop);
