import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { arrayHeader } from '../../src/data/files/arrayHeader';
import { FileLook } from '../../src/data/look';

const files = fileURLToPath(new URL('files', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'heads-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the head of an array that NumPy wrote', () => {
  it.each([
    ['packed.npz', 'x', { axes: 2, integer: false }],
    ['packed.npz', 'y', { axes: 1, integer: true }],
    ['stored.npz', 'x', { axes: 2, integer: false }],
    ['stored.npz', 'y', { axes: 1, integer: true }],
    ['big.npy', null, { axes: 2, integer: false }],
    ['bool.npy', null, { axes: 1, integer: null }],
    ['fortran.npy', null, { axes: 3, integer: false }],
    ['i8.npy', null, { axes: 2, integer: true }],
  ] as const)('%s', (name, key, head) => {
    expect(arrayHeader(join(files, name), key)).toEqual(head);
  });

  it('is none where there is no such file, no such array, or no array at all', () => {
    expect(arrayHeader(join(files, 'absent.npy'), null)).toBeNull();
    expect(arrayHeader(join(files, 'stored.npz'), 'absent')).toBeNull();
    expect(arrayHeader(join(files, 'f4.npy'), 'x')).toBeNull();
    const cut = join(folder, 'cut.npz');
    writeFileSync(cut, readFileSync(join(files, 'packed.npz')).subarray(0, 40));
    expect(arrayHeader(cut, 'x')).toBeNull();
    const text = join(folder, 'text.npy');
    writeFileSync(text, 'no array, but longer than twelve bytes');
    expect(arrayHeader(text, null)).toBeNull();
  });

  it('is looked for beside the script', () => {
    writeFileSync(join(folder, 'f4.npy'), readFileSync(join(files, 'f4.npy')));
    const look = new FileLook(() => ({ folders: [folder] }));
    expect(look.array('f4.npy', null, join(folder, 'train.py'))).toEqual(arrayHeader(join(files, 'f4.npy'), null));
    expect(look.array('absent.npy', null, join(folder, 'train.py'))).toBeNull();
  });
});
