import Mocha from 'mocha';

/** Entry point that the extension host calls: runs the suite, rejects when a test failed. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 300_000, reporter: 'spec' });
  mocha.suite.emit('pre-require', globalThis, 'host', mocha);
  await import('./suite');
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
