import type { RuleId } from '../records/finding';
import type { ScriptReading } from './model/scripts';

/** Reading and static rules, loaded at the first need. */
export interface Analysis {
  read(path: string, text: string, off: readonly RuleId[]): ScriptReading;
  documentationPage(rule: RuleId): string;
}

export async function loadAnalysis(): Promise<Analysis> {
  return Promise.reject(new Error('not here yet'));
}
