import { describe, expect, it } from 'vitest';
import { readArguments } from '../../src/service/arguments';

const read = (line: string) => readArguments(line.split(' ').filter((word) => word !== ''));

describe('readArguments', () => {
  it('reads check with its defaults', () =>
    expect(read('check a.py b.py')).toEqual({
      ok: true,
      value: {
        kind: 'check',
        files: ['a.py', 'b.py'],
        format: 'text',
        staticOnly: false,
        budget: null,
        seed: null,
        unit: null,
        data: null,
        report: null,
      },
    }));

  it('reads every option of check', () =>
    expect(read('check a.py --format json --static --budget 1.5 --seed 7 --unit opt --data d.csv --report r.html')).toMatchObject(
      {
        value: { format: 'json', staticOnly: true, budget: 1.5, seed: 7, unit: 'opt', data: 'd.csv', report: 'r.html' },
      },
    ));

  it('reads trace', () =>
    expect(read('trace a.py --steps 50 --out t.npz --seed 1')).toEqual({
      ok: true,
      value: { kind: 'trace', file: 'a.py', steps: 50, out: 't.npz', unit: null, seed: 1 },
    }));

  it('reads compare with its defaults and its options', () => {
    const defaults = { kind: 'compare', file: 'a.py', unit: null, python: null, steps: 20, format: 'text' };
    expect(read('compare a.py')).toEqual({ ok: true, value: defaults });
    const given = { unit: 'opt', python: '/bin/py', steps: 7, format: 'json' };
    expect(read('compare a.py --unit opt --python /bin/py --steps 7 --format json')).toMatchObject({ value: given });
  });

  it.each(['--help', '-h', 'check --help'])('%s asks for help', (line) =>
    expect(read(line)).toEqual({ ok: true, value: { kind: 'help' } }),
  );

  it.each([
    ['', 'no command given'],
    ['train a.py', "unknown command 'train'"],
    ['check', 'check needs at least one file'],
    ['check a.py --format xml', "unknown format 'xml'"],
    ['check a.py --budget 0', '--budget takes a number of seconds above 0'],
    ['check a.py --seed 1.5', '--seed takes a whole number'],
    ['check a.py --steps 3', "--steps does not belong to 'check'"],
    ['check a.py --fast', 'fast'],
    ['trace a.py --out t.npz', 'trace needs --steps N'],
    ['trace a.py --steps 3', 'trace needs --out'],
    ['trace a.py b.py --steps 3 --out t.npz', 'exactly one file'],
    ['compare', 'compare needs exactly one file'],
    ['compare a.py b.py', 'exactly one file'],
    ['compare a.py --format sarif', "unknown format 'sarif'"],
    ['compare a.py --steps 0', '--steps takes a whole number'],
    ['compare a.py --out t.npz', "--out does not belong to 'compare'"],
    ['trace a.py --steps -3 --out t.npz', 'steps'],
  ])('refuses "%s"', (line, text) => {
    const parsed = read(line);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.error).toContain(text);
  });
});
