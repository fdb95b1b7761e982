import type { Rule, Tier } from './rule';

/** What a rule needs, in words. */
const needs: Readonly<Record<Tier, string>> = {
  0: 'the text of the script',
  1: 'the text and the data',
  2: 'a run',
  3: 'a run with curvature and gradient noise; suspicions are settled by re-runs',
  4: 'a re-run',
};

/** What the errors of estimates mean, for rules that rest on them. */
const errors = `**Errors.** Estimates (eigenvalues, limits of stability, noise scales) stand as value ± half the width of their 95 % interval, in
the message and as \`error\` in the evidence of JSON and SARIF. It is the error of computing on the probe rows alone: how far other rows
or seeds would lead is told apart from it, by the range over the run, by re-runs on other seeds, or by inspecting a step. What stands
without one is measured outright.`;

/** Path of a rule's page under `docs/`. */
export const rulePage = (rule: Rule): string => `rules/${rule.id}.md`;

/** The documentation page of a rule, as Markdown. */
export function renderRulePage(rule: Rule): string {
  return [
    `# \`${rule.id}\``,
    '',
    rule.title,
    '',
    `Severity: ${rule.severity} (a finding may be milder). Needs: ${needs[rule.tier]}.`,
    '',
    rule.explanation.trim(),
    '',
    ...(rule.tier === 3 ? [errors, ''] : []),
    `To silence it on a line: \`# descent-lens: ignore[${rule.id}] reason\`.`,
    '',
  ].join('\n');
}

/** The table of all rules for the README, with links to their pages. */
export function renderRuleTable(rules: readonly Rule[]): string {
  const rows = rules.map(
    (rule) =>
      `| [\`${rule.id}\`](docs/${rulePage(rule)}) | ${rule.severity} | ${needs[rule.tier].split(';')[0]} | ${rule.title} |`,
  );
  return ['| rule | severity | needs | what it means |', '|---|---|---|---|', ...rows, ''].join('\n');
}
