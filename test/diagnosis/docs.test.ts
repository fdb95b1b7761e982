import { describe, expect, it } from 'vitest';
import { renderRulePage, renderRuleTable } from '../../src/diagnosis/docs';
import { allRules, ruleOf } from '../../src/diagnosis/registry';
import { explains, isCauseOf } from '../../src/diagnosis/causes';
import type { RuleId } from '../../src/records/finding';
import { ruleIds } from '../../src/records/finding';

describe('the registry', () => {
  it('holds every rule once, under its own name', () => {
    expect(allRules.map(({ id }) => id).sort()).toEqual([...ruleIds].sort());
    for (const id of ruleIds) expect(ruleOf(id).id).toBe(id);
  });

  it('names as causes only rules of more weight', () => {
    const order = allRules.map(({ id }) => id);
    const backwards = Object.entries(explains).flatMap(([cause, effects]) =>
      effects.filter((effect) => !isCauseOf(cause as RuleId, effect, order)).map((effect) => `${cause} > ${effect}`),
    );
    expect(backwards).toEqual([]);
  });
});

describe('documentation', () => {
  it.each(allRules.map((rule) => [rule.id, rule] as const))(
    '%s has a page of substance that speaks of the rule alone',
    (_, rule) => {
      const page = renderRulePage(rule);
      expect(page.startsWith(`# \`${rule.id}\`\n`)).toBe(true);
      expect(rule.explanation.length).toBeGreaterThan(150);
      expect(rule.title).toMatch(/\.$/);
      expect(page).not.toMatch(/\byour\b|TODO|undefined|\/work\//i);
    },
  );

  it('pages of rules that rest on estimates say what their errors mean, and no others', () => {
    for (const rule of allRules) expect(renderRulePage(rule).includes('95 % interval'), rule.id).toBe(rule.tier === 3);
  });

  it('the table links every page', () => {
    const table = renderRuleTable(allRules);
    for (const id of ruleIds) expect(table).toContain(`[\`${id}\`](docs/rules/${id}.md)`);
    expect(table.split('\n').filter((line) => line.startsWith('| ['))).toHaveLength(ruleIds.length);
  });
});
