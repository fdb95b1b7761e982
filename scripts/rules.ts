import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderRulePage, renderRuleTable } from '../src/diagnosis/docs';
import { allRules } from '../src/diagnosis/registry';

/*
 * Writes docs/rules and the README's table from the registry; with --check only compares, and fails when they are
 * not what the registry says.
 */
const folder = 'docs/rules';

const readme = (): string => {
  const text = readFileSync('README.md', 'utf8');
  return text.replace(
    /<!-- rules -->[\s\S]*<!-- \/rules -->/,
    () => `<!-- rules -->\n\n${renderRuleTable(allRules).trim()}\n\n<!-- /rules -->`,
  );
};

const wanted = new Map<string, string>([
  ...allRules.map((rule): [string, string] => [join(folder, `${rule.id}.md`), renderRulePage(rule)]),
  ['README.md', readme()],
]);

mkdirSync(folder, { recursive: true });
const left = readdirSync(folder)
  .map((name) => join(folder, name))
  .filter((path) => !wanted.has(path));

if (process.argv.includes('--check')) {
  const wrong = [...wanted].filter(([path, text]) => current(path) !== text).map(([path]) => path);
  if (wrong.length + left.length > 0) {
    process.stderr.write(`Run "npm run rules": ${[...wrong, ...left].join(', ')}\n`);
    process.exitCode = 1;
  }
} else {
  for (const path of left) rmSync(path);
  for (const [path, text] of wanted) writeFileSync(path, text);
}

function current(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
