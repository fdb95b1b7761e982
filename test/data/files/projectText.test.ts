import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { projectTextAt } from '../../../src/data/files/projectText';

const top = mkdtempSync(join(tmpdir(), 'project-text-'));
afterAll(() => rmSync(top, { recursive: true, force: true }));
const project = join(top, 'project');
mkdirSync(join(project, 'inner'), { recursive: true });
mkdirSync(join(top, 'elsewhere'));
const write = (path: string, text = 'lr = 1\n'): string => (writeFileSync(join(top, path), text), join(top, path));

it('reads files of the workspace, also behind a link inside it, and where the workspace itself is a link', () => {
  const file = write('project/inner/a.py');
  symlinkSync(file, join(project, 'link.py'));
  symlinkSync(project, join(top, 'linked'));
  expect(projectTextAt(file, [project])?.modified).toBeGreaterThan(0);
  expect(projectTextAt(join(project, 'link.py'), [project])).not.toBeNull();
  expect(projectTextAt(join(top, 'linked/inner/a.py'), [join(top, 'linked')])).not.toBeNull();
  expect(projectTextAt(write('project/..b.py'), [project])).not.toBeNull();
});

it('reads nothing outside it, by no way', () => {
  const outside = write('elsewhere/b.py');
  symlinkSync(outside, join(project, 'file.py'));
  symlinkSync(join(top, 'elsewhere'), join(project, 'folder'));
  for (const path of [outside, join(project, '../elsewhere/b.py'), join(project, 'file.py'), join(project, 'folder/b.py')])
    expect(projectTextAt(path, [project])).toBeNull();
});

it('reads no folder, no device and nothing that is too long', () => {
  expect(projectTextAt(join(project, 'inner'), [project])).toBeNull();
  expect(projectTextAt('/dev/zero', ['/dev'])).toBeNull();
  expect(projectTextAt(write('project/long.py', '#'.repeat(1_000_001)), [project])).toBeNull();
  expect(projectTextAt(join(project, 'missing.py'), [project])).toBeNull();
});
