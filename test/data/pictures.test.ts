import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fc } from '../support/property';
import { afterAll, describe, expect, it } from 'vitest';
import { CancelSource } from '../../src/base/cancel';
import { readPickle } from '../../src/data/files/pickle';
import { changedPicture } from '../../src/data/pictures/changes';
import { decodePicture } from '../../src/data/pictures/decode';
import { listPictures, readPictures } from '../../src/data/pictures/folder';
import { pictureShape } from '../../src/data/pictures/picture';
import type { PictureChange } from '../../src/records/dataSources';
import { experimentOf, here, loaded, refused, step } from './program';

interface FolderReference {
  readonly changes: readonly PictureChange[];
  readonly paths: readonly string[];
  readonly shape: readonly number[];
  readonly labels: readonly number[];
  readonly values: readonly (readonly number[])[];
}
interface Reference {
  readonly folder: Readonly<Record<string, FolderReference>>;
  readonly cifar: Readonly<Record<string, { readonly labels: readonly number[]; readonly weighted: number }>>;
}

const reference = JSON.parse(readFileSync(join(here, '..', 'reference', 'pictures.json'), 'utf8')) as Reference;
const folder = join(here, 'files', 'pictures');
const wanted = { inputs: [1], targets: [2] };
const temporary = mkdtempSync(join(tmpdir(), 'descent-lens-pictures-'));
afterAll(() => rmSync(temporary, { recursive: true }));

function differences(a: ArrayLike<number>, b: ArrayLike<number>): { largest: number; mean: number } {
  const all = Array.from(a, (value, at) => Math.abs(value - (b[at] ?? Infinity)));
  return { largest: Math.max(...all), mean: all.reduce((sum, value) => sum + value, 0) / all.length };
}

describe('pictures, against Pillow through torchvision', () => {
  for (const [name, { changes, paths, shape, labels, values }] of Object.entries(reference.folder)) {
    it(`are changed alike: ${name}`, async () => {
      const list = await listPictures(folder);
      if (!list.ok) throw new Error(list.error.text);
      expect(list.value.files.map((file) => relative(folder, file.path).replaceAll('\\', '/'))).toEqual(paths);
      expect(list.value.files.map(({ label }) => label)).toEqual(labels);
      for (const [at, { path }] of list.value.files.entries()) {
        const picture = await decodePicture(path);
        if (!picture.ok) throw new Error(picture.error.text);
        const changed = changedPicture(picture.value, changes);
        expect(pictureShape(changed)).toEqual(shape.slice(1));
        // A png is read to the bit. The decoders of jpg round their transforms differently, and colours come at half size.
        const { largest, mean } = differences(changed.values, values[at] ?? []);
        expect(largest, path).toBeLessThanOrEqual(path.endsWith('.png') ? 0 : 12);
        expect(mean, path).toBeLessThanOrEqual(path.endsWith('.png') ? 0 : 2);
      }
    });
  }

  it('keep a constant picture constant at any size', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (value, height, width) => {
        const picture = { height: 11, width: 13, channels: 1, values: new Uint8Array(143).fill(value) };
        const { values } = changedPicture(picture, [{ kind: 'resize', size: [height, width] }]);
        expect(values.length).toBe(height * width);
        expect(new Set(values)).toEqual(new Set([value]));
      }),
    );
  });
});

describe('a folder of pictures', () => {
  const read = step('readPictures', { root: 'pictures', changes: [{ kind: 'resize', size: [8, 6] }] });
  const parts = [read, step('part', { index: 0 }, 0), step('part', { index: 1 }, 0)];

  it('becomes rows and class numbers', async () => {
    const data = await loaded(experimentOf(parts, wanted));
    expect(data.train.inputs[0]?.shape).toEqual([8, 8, 6, 3]);
    expect([...(data.train.targets[0]?.values ?? [])]).toEqual([0, 0, 0, 1, 1, 1, 1, 1]);
    expect(data.files.map(({ path }) => relative(folder, path)).sort()).toEqual(['', 'cat', 'dog']);
  });

  it('names the picture that has another size', async () => {
    const [, ...rest] = parts;
    const bare = [step('readPictures', { root: 'pictures', changes: [] }), ...rest];
    const error = await refused(experimentOf(bare, wanted));
    expect(error.text).toMatch(/1\.png is 22 x 23, the first is 17 x 20.*Resize/);
  });

  it('must have a folder for each class, with pictures that can be read', async () => {
    const bare = await listPictures(temporary);
    expect(bare.ok ? '' : bare.error.text).toMatch(/no folder for each class/);
    const broken = join(temporary, 'class');
    mkdirSync(broken);
    const empty = await listPictures(temporary);
    expect(empty.ok ? '' : empty.error.text).toMatch(/The folder class has no pictures/);
    writeFileSync(join(broken, 'a.png'), 'no picture');
    const decoded = await decodePicture(join(broken, 'a.png'));
    expect(decoded.ok ? '' : decoded.error.text).toMatch(/a\.png could not be read/);
    const form = await decodePicture(join(broken, 'a.webp'));
    expect(form.ok ? '' : form.error.text).toMatch(/png and jpg are/);
  });

  it('is thinned at random beyond the bound on memory', async () => {
    const data = await loaded(experimentOf(parts, wanted), { maximumBytes: 8 * 6 * 3 * 4 * 4 });
    const rows = data.train.rows.length;
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThan(8);
    expect(data.statistics.ofRows).toBe(8);
    expect(data.train.targets[0]?.values.length).toBe(rows);
  });
});

describe('CIFAR', () => {
  const weigh = (values: ArrayLike<number>): number =>
    Array.from(values).reduce((sum, value, at) => sum + value * ((at % 3072) + 1), 0);

  it.each([
    ['train', 10, true],
    ['test', 10, false],
    ['fineTrain', 100, true],
    ['fineTest', 100, false],
  ] as const)('is read as torchvision has it: %s', async (name, classes, train) => {
    const steps = [
      step('readCifar', { root: '.', classes, train }),
      step('part', { index: 0 }, 0),
      step('part', { index: 1 }, 0),
    ];
    const data = await loaded(experimentOf(steps, wanted));
    expect([...(data.train.targets[0]?.values ?? [])]).toEqual(reference.cifar[name]?.labels);
    expect(weigh(data.train.inputs[0]?.values ?? [])).toBe(reference.cifar[name]?.weighted);
  });

  it('that is not there is told with the way to get it', async () => {
    const steps = [step('readCifar', { root: 'nowhere', classes: 100, train: true }), step('part', { index: 0 }, 0)];
    const error = await refused(experimentOf(steps, { inputs: [1], targets: [1] }), { dataPath: temporary });
    expect(error.notFound).toBe(true);
    expect(error.text).toMatch(/'nowhere\/cifar-100-python\/train' is not there.*download=True/);
  });
});

describe('a pickle', () => {
  it('of any bytes ends with a value or a RangeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          expect(readPickle(bytes)).not.toBe(undefined);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('never runs what it names', () => {
    const bytes = Buffer.from('\x80\x02cos\nsystem\nX\x04\x00\x00\x00exit\x85R.', 'latin1');
    expect(readPickle(bytes)).toEqual({ callee: 'os.system', parts: ['exit'], state: null });
  });
});

it('stops loading pictures when cancelled', async () => {
  const cancel = new CancelSource();
  cancel.cancel();
  const list = await listPictures(folder);
  if (!list.ok) throw new Error(list.error.text);
  const bound = { maximumBytes: 2 ** 20, seed: 0, rate: 1, fileBytes: 0 };
  const read = await readPictures(list.value, [{ kind: 'resize', size: [2, 2] }], bound, cancel.token);
  expect(read.ok ? '' : read.error.text).toMatch(/cancelled/);
});
