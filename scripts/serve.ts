import { startServer } from '../test/support/vscode/server';

/*
 * Serves a VS Code with the package installed on the examples, until it is interrupted.
 * Usage: node scripts/run.mjs scripts/serve.ts FILE.vsix
 */
async function main(): Promise<void> {
  const [vsix] = process.argv.slice(2);
  if (vsix === undefined) throw new Error('usage: serve FILE.vsix');
  const server = await startServer({ workspace: 'examples', install: [vsix] });
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  console.log(
    `\nVS Code with Descent Lens on the examples:\n\n  ${server.page()}\n\nOpen faults/lr-diverges/train.py and click Diagnose. Control+C ends it.`,
  );
  await ended;
  await server.stop();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
