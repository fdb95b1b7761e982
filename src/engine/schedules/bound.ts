import { fail, ok, type Result } from '../../base/result';
import { bindSize } from '../../graph/size';
import type { Dataset } from '../../records/dataset';
import type { Schedule, ScheduleRule } from '../../records/optimizer';
import type { Reason } from '../../records/source';

/** The schedules with the lengths that the data decide filled in; a Reason for one that these data do not serve. */
export function boundSchedules(schedules: readonly Schedule[], dataset: Dataset): Result<readonly Schedule[], Reason> {
  const done: Schedule[] = [];
  for (const schedule of schedules) {
    const { rule, lengths = {}, range, stepCall } = schedule;
    const own = structuredClone(rule) as ScheduleRule;
    for (const [name, size] of Object.entries(lengths)) {
      const length = bindSize(size, dataset.symbols);
      if (length === null)
        return fail({ text: `The length \`${name}\` of this schedule depends on data that are not there.`, range });
      setAt(own, name.split('.'), length);
    }
    if (own.kind === 'reduceOnPlateau' && own.of === 'validation' && stepCall !== null && dataset.validation === null)
      return fail({ text: 'This schedule waits for a validation loss, and there are no validation rows.', range });
    done.push({ ...schedule, rule: own });
  }
  return ok(done);
}

/** Puts `length` at a place like `parts.1.period`. */
function setAt(target: object, [name = '', ...rest]: readonly string[], length: number): void {
  const fields = target as Record<string, unknown>;
  if (rest.length === 0) fields[name] = length;
  else setAt(fields[name] as object, rest, length);
}

/** The Reason for a schedule whose rates are known for fewer ticks than the run takes. */
export function tableThatEnds(schedules: readonly Schedule[], ticks: Readonly<Record<Schedule['per'], number>>): Reason | null {
  for (const { rule, per, stepCall, range } of schedules) {
    if (stepCall === null || rule.kind !== 'table' || rule.goesOn !== true || rule.factors.length >= ticks[per]) continue;
    const [known, wanted] = [rule.factors.length, Math.ceil(ticks[per])];
    const unit = per === 'batch' ? 'steps' : 'epochs';
    return { text: `The rates of this schedule were followed for ${known} ${unit}; the run takes ${wanted}.`, range };
  }
  return null;
}
