import { parse } from 'smol-toml';
import type { Result } from '../base/result';
import { fail, ok } from '../base/result';
import type { RuleId, Severity } from '../records/finding';
import type { GivenValue, GivenValues } from '../records/given';
import { ruleIds } from '../records/finding';

/** What a rule may be set to. */
export const ruleLevels = ['off', 'error', 'warning', 'information', 'hint'] as const;
export type RuleLevel = (typeof ruleLevels)[number];
export type RuleLevels = Readonly<Partial<Record<RuleId, RuleLevel>>>;

/** What a team shares in `[tool.descent-lens]` of its pyproject.toml. Absent keys are not set. */
export interface ProjectSettings {
  readonly rules: RuleLevels;
  readonly seed?: number;
  /** Seconds; only cuts the plan. */
  readonly budget?: number;
  /** A data file or folder, relative to the pyproject.toml. */
  readonly data?: string;
  /** What the scripts are given in place of their command line, by argument name. */
  readonly values?: GivenValues;
  /** Train on made-up data where the script's own cannot be loaded. */
  readonly standIn?: boolean;
}

/** Why the table cannot be used. */
export interface SettingsError {
  readonly text: string;
}

export const noProjectSettings: ProjectSettings = { rules: {} };

/** Reads the table out of a pyproject.toml's text; without the table, nothing is set. Unknown keys are an error. */
export function readProjectSettings(toml: string): Result<ProjectSettings, SettingsError> {
  let file: unknown;
  try {
    file = parse(toml);
  } catch (error) {
    return fail({
      text: `pyproject.toml cannot be read: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
    });
  }
  const table = member(member(file, 'tool'), 'descent-lens');
  if (table === undefined) return ok(noProjectSettings);
  if (!isTable(table)) return wrong('tool.descent-lens', 'a table');
  const unknown = Object.keys(table).find((key) => !['rules', 'seed', 'budget', 'data', 'values', 'stand-in'].includes(key));
  if (unknown !== undefined) return fail({ text: `[tool.descent-lens] has no setting ${unknown}.` });
  const rules = readRules(table['rules']);
  if (!rules.ok) return rules;
  const { seed, budget, data } = table;
  const standIn = table['stand-in'];
  if (standIn !== undefined && typeof standIn !== 'boolean') return wrong('stand-in', 'true or false');
  const values = readValues(table['values']);
  if (!values.ok) return values;
  if (seed !== undefined && !(typeof seed === 'number' && Number.isInteger(seed))) return wrong('seed', 'a whole number');
  if (budget !== undefined && !(typeof budget === 'number' && budget > 0)) return wrong('budget', 'a number of seconds above 0');
  if (data !== undefined && typeof data !== 'string') return wrong('data', 'a path');
  return ok({
    rules: rules.value,
    ...(typeof seed === 'number' && { seed }),
    ...(typeof budget === 'number' && { budget }),
    ...(typeof data === 'string' && { data }),
    ...(values.value && { values: values.value }),
    ...(standIn === true && { standIn }),
  });
}

function readValues(value: unknown): Result<GivenValues | null, SettingsError> {
  if (value === undefined) return ok(null);
  if (!isTable(value)) return wrong('values', 'a table of argument names and values');
  const values: Record<string, GivenValue> = {};
  for (const [name, one] of Object.entries(value)) {
    if (typeof one !== 'number' && typeof one !== 'string' && typeof one !== 'boolean')
      return wrong(`values.${name}`, 'a number, a text, true or false');
    values[name.replace(/-/g, '_')] = one;
  }
  return ok(values);
}

function readRules(value: unknown): Result<RuleLevels, SettingsError> {
  if (value === undefined) return ok({});
  if (!isTable(value)) return wrong('rules', 'a table of rules and levels');
  const levels: Partial<Record<RuleId, RuleLevel>> = {};
  for (const [rule, level] of Object.entries(value)) {
    if (!isRuleId(rule)) return fail({ text: `[tool.descent-lens] names a rule ${rule} that does not exist.` });
    if (!isRuleLevel(level)) return wrong(`rules.${rule}`, `one of ${ruleLevels.join(', ')}`);
    levels[rule] = level;
  }
  return ok(levels);
}

/** The severity that is shown, or null for a rule that is off. */
export function levelOf(rule: RuleId, own: Severity, levels: RuleLevels): Severity | null {
  const level = levels[rule];
  if (level === undefined) return own;
  return level === 'off' ? null : level;
}

export function isRuleId(name: string): name is RuleId {
  return ruleIds.some((id) => id === name);
}

export function isRuleLevel(value: unknown): value is RuleLevel {
  return ruleLevels.some((level) => level === value);
}

function wrong(key: string, wanted: string): Result<never, SettingsError> {
  return fail({ text: `[tool.descent-lens] ${key} must be ${wanted}.` });
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function member(value: unknown, key: string): unknown {
  return isTable(value) ? value[key] : undefined;
}
