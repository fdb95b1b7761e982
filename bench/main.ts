import { writeFileSync } from 'node:fs';
import type { BenchRow } from './row';
import { printTable } from './table';

/** Benches by name, and parts of them (with a stroke) that run where they are named; each is loaded only when it is asked for. */
const benches: Readonly<Record<string, (options: { readonly all: boolean }) => Promise<BenchRow[]>>> = {
  engine: async (options) => (await import('./engine')).engineRows(options),
  reading: async () => (await import('./reading')).readingRows(),
  curvature: async (options) => (await import('./curvature')).curvatureRows(options),
  'curvature/ends': async (options) => (await import('./curvature')).endRows(options),
  diagnosis: async (options) => (await import('./diagnosis')).diagnosisRows(options),
  editor: async () => (await import('./editor')).editorRows(),
};

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const names = args.filter((argument) => !argument.startsWith('--'));
  const flags = new Set(args.filter((argument) => argument.startsWith('--')));
  const unknown = [
    ...names.filter((name) => !(name in benches)),
    ...[...flags].filter((flag) => flag !== '--json' && flag !== '--all'),
  ];
  if (unknown.length > 0) {
    process.stderr.write(
      `Unknown: ${unknown.join(' ')}. Usage: npm run bench -- [${Object.keys(benches).join('|')}] [--json] [--all]\n`,
    );
    return 2;
  }
  const rows: BenchRow[] = [];
  const whole = Object.keys(benches).filter((name) => !name.includes('/'));
  for (const name of names.length > 0 ? names : whole) {
    const made = (await benches[name]?.({ all: flags.has('--all') })) ?? [];
    rows.push(...made);
    if (!flags.has('--json')) process.stdout.write(printTable(name, made));
  }
  if (flags.has('--json')) writeFileSync(1, `${JSON.stringify(rows, null, 2)}\n`);
  return 0;
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
