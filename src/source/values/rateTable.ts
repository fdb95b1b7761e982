import type { ScheduleRule } from '../../records/optimizer';

/** The rule of rates that are known tick by tick, from the factors of each group of parameters; `goesOn` as in the record. */
export function tableRule(ofGroups: readonly (readonly number[])[], goesOn: boolean): ScheduleRule {
  const [first = []] = ofGroups;
  const same = ofGroups.every((factors) => first.length === factors.length && factors.every((factor, i) => factor === first[i]));
  return { kind: 'table', factors: first, ...(same ? {} : { ofGroups }), ...(goesOn ? { goesOn: true } : {}) };
}
