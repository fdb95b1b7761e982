import { expect, it } from 'vitest';
import { launchValue, readLaunches } from '../../src/protocol/launchArguments';

const text = `{
  // "type" is debugpy
  "version": "0.2.0",
  "configurations": [
    { "name": "Other", "type": "node", "program": "a.js", "args": ["--lr", "9"] },
    { "name": "Open file", "type": "debugpy", "program": "\${file}", "args": ["--lr", "0.5", "--weight-decay=1e-4"], },
    { "name": "Train", "type": "debugpy", "program": "\${workspaceFolder}/src/train.py", "args": "--lr 0.02 --url http://x --amp -v" },
    /* nothing to give */
    { "name": "Plain", "type": "python", "program": "eval.py" },
  ]
}`;

it('reads the arguments of Python programs', () => {
  expect(readLaunches(text).map(({ name, program, values }) => [name, program, values])).toEqual([
    ['Open file', null, { lr: 0.5, weight_decay: 1e-4 }],
    ['Train', 'train.py', { lr: 0.02, url: 'http://x', amp: true, v: true }],
  ]);
});

it('takes a negative number for a value', () => {
  const one = '{"configurations": [{"type": "python", "args": ["--shift", "-0.5"]}]}';
  expect(readLaunches(one)[0]?.values).toEqual({ shift: -0.5 });
});

it('offers the value of a launch of the very file first', () => {
  const launches = readLaunches(text);
  expect(launchValue(launches, '/w/src/train.py', 'lr')).toBe(0.02);
  expect(launchValue(launches, '/w/src/train.py', 'weight_decay')).toBe(1e-4);
  expect(launchValue(launches, '/w/other.py', 'lr')).toBe(0.5);
  expect(launchValue(launches, '/w/other.py', 'momentum')).toBeNull();
});

it.each(['', '{', '[]', '{"configurations": 3}', 'null'])('offers nothing for %j', (broken) =>
  expect(readLaunches(broken)).toEqual([]),
);
