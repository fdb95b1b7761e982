import type { Profiler } from 'node:inspector';
import { expect, it } from 'vitest';
import { longestStretch } from '../../bench/host/stretch';

const node = (id: number, functionName: string, url: string, children: number[] = []): Profiler.ProfileNode => ({
  id,
  callFrame: { functionName, url, scriptId: '0', lineNumber: 0, columnNumber: 0 },
  children,
});

/** 1 root, 2 idle, 3 the host's loop, 4 ours called by it, 5 a library called by ours, 6 the collector. */
const nodes = [
  node(1, '(root)', '', [2, 3, 6]),
  node(2, '(idle)', ''),
  node(3, 'loop', 'host.js', [4]),
  node(4, 'handle', 'ours.js', [5]),
  node(5, 'parse', 'library.js'),
  node(6, '(garbage collector)', ''),
];

const stretchOf = (samples: readonly number[]) => {
  const profile = { nodes, samples: [...samples], timeDeltas: samples.map(() => 1000), startTime: 0, endTime: 0 };
  return longestStretch(profile, (url) => url === 'ours.js');
};

it('joins samples with a frame of ours anywhere on the stack', () => {
  expect(stretchOf([2, 4, 5, 2, 4, 2])).toEqual({ milliseconds: 2, functions: ['handle'] });
});

it('is broken by other work of the host', () => {
  expect(stretchOf([4, 3, 4, 5, 5, 3, 2]).milliseconds).toBe(3);
});

it('counts a collection within a stretch, not one outside', () => {
  expect(stretchOf([6, 6, 6, 4, 6, 4, 2]).milliseconds).toBe(3);
  expect(stretchOf([6, 6, 2])).toEqual({ milliseconds: 0, functions: [] });
});
