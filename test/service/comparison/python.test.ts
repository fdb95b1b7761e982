import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findPython, pythonCandidates } from '../../../src/service/comparison/python';
import { hasTorch, python } from '../../engine/python';

const folder = mkdtempSync(join(tmpdir(), 'interpreters-'));
const programs = join(import.meta.dirname, '..', '..', '..', 'media', 'python');
afterAll(() => rmSync(folder, { recursive: true }));

/** A program that answers as an interpreter would. */
function answering(name: string, answer: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\necho '${answer}'\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('the Python of a comparison', () => {
  it('is the one that is named, and no other', () => {
    expect(pythonCandidates('/own/python', { VIRTUAL_ENV: '/env' })).toEqual(['/own/python']);
  });

  it('is looked for in the environment first', () => {
    expect(pythonCandidates(null, {})).toEqual(['python3', 'python']);
    const environment = { DESCENT_LENS_PYTHON: '/set', VIRTUAL_ENV: '/env' };
    const inEnvironment = process.platform === 'win32' ? join('/env', 'Scripts', 'python.exe') : '/env/bin/python';
    expect(pythonCandidates(null, environment)).toEqual(['/set', inEnvironment, 'python3', 'python']);
  });

  it.skipIf(process.platform === 'win32')('is the first with PyTorch; else what each lacks is told', async () => {
    const bare = answering('bare', '{"python": "3.9.1", "torch": null}');
    const full = answering('full', '{"python": "3.12.0", "torch": "2.4.0"}');
    const odd = answering('odd', 'hello');
    const absent = join(folder, 'absent');
    const found = await findPython([absent, odd, bare, full], programs);
    expect(found).toEqual({ ok: true, value: { path: full, python: '3.12.0', torch: '2.4.0' } });
    const none = await findPython([absent, odd, bare], programs);
    expect(none.ok ? '' : none.error).toMatch(
      /there is no .*absent; .*odd cannot be run as Python; .*bare \(Python 3\.9\.1\) has no PyTorch/,
    );
  });

  it.skipIf(!hasTorch)('tells its versions', async () => {
    const found = await findPython([python], programs);
    expect(found.ok && found.value.torch).toMatch(/^\d+\.\d+/);
    expect(found.ok && found.value.python).toMatch(/^3\.\d+/);
  });
});
