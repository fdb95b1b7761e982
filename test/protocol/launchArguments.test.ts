import { expect, it } from 'vitest';
import { launchValue, readLaunches } from '../../src/protocol/launchArguments';

const configurations = [
  { name: 'Other', type: 'node', program: 'a.js', args: ['--lr', '9'] },
  { name: 'Open file', type: 'debugpy', program: '${file}', args: ['--lr', '0.5', '--weight-decay=1e-4'] },
  { name: 'Train', type: 'debugpy', program: '${workspaceFolder}/src/train.py', args: '--lr 0.02 --url http://x --amp -v' },
  { name: 'Plain', type: 'python', program: 'eval.py' },
];

it('reads the arguments of Python programs', () => {
  expect(readLaunches(configurations).map(({ name, program, values }) => [name, program, values])).toEqual([
    ['Open file', null, { lr: 0.5, weight_decay: 1e-4 }],
    ['Train', 'train.py', { lr: 0.02, url: 'http://x', amp: true, v: true }],
  ]);
});

it('takes a negative number for a value', () => {
  expect(readLaunches([{ type: 'python', args: ['--shift', '-0.5'] }])[0]?.values).toEqual({ shift: -0.5 });
});

it('offers the value of a launch of the very file first', () => {
  const launches = readLaunches(configurations);
  expect(launchValue(launches, '/w/src/train.py', 'lr')).toBe(0.02);
  expect(launchValue(launches, '/w/src/train.py', 'weight_decay')).toBe(1e-4);
  expect(launchValue(launches, '/w/other.py', 'lr')).toBe(0.5);
  expect(launchValue(launches, '/w/other.py', 'momentum')).toBeNull();
});

it.each([[undefined], [null], [3], [[1, null, { type: 'python', args: 4 }]]])('offers nothing for %j', (broken) =>
  expect(readLaunches(broken)).toEqual([]),
);
