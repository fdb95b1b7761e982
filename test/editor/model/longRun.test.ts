import { expect, it } from 'vitest';
import { takesLong, timeLeft } from '../../../src/editor/model/longRun';

it('tells of a run only when it has taken a while and will take another', () => {
  expect(takesLong(2, 0.01)).toBe(false);
  expect(takesLong(5, 0.9)).toBe(false);
  expect(takesLong(5, 0.2)).toBe(true);
  expect(takesLong(8, 0)).toBe(true);
});

it('says how long a long run will take at most, in whole tens of seconds, minutes or hours', () => {
  expect(timeLeft(10, 0.25)).toBe('at most 30 s left');
  expect(timeLeft(10, 0.21)).toBe('at most 40 s left');
  expect(timeLeft(20, 0.1)).toBe('at most 3 min left');
  expect(timeLeft(2_000, 0.2)).toBe('at most 3 h left');
});

it('says nothing while nothing is known, or where little is left', () => {
  expect(timeLeft(60, 0)).toBe('');
  expect(timeLeft(60, 0.06)).toBe('');
  expect(timeLeft(2, 0.01)).toBe('');
  expect(timeLeft(100, 0.99)).toBe('');
});
