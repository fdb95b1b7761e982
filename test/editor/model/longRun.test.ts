import { expect, it } from 'vitest';
import { takesLong, timeLeft } from '../../../src/editor/model/longRun';

it('tells of a run only when it has taken a while and will take another', () => {
  expect(takesLong(2, 0.01)).toBe(false);
  expect(takesLong(5, 0.9)).toBe(false);
  expect(takesLong(5, 0.2)).toBe(true);
  expect(takesLong(8, 0)).toBe(true);
});

it('says how long a long run will take, in whole tens of seconds, minutes or hours', () => {
  expect(timeLeft(10, 0.25)).toBe('about 30 s left');
  expect(timeLeft(10, 0.21)).toBe('about 40 s left');
  expect(timeLeft(10, 0.05)).toBe('about 3 min left');
  expect(timeLeft(100, 0.01)).toBe('about 3 h left');
});

it('says nothing while nothing is known, or where little is left', () => {
  expect(timeLeft(60, 0)).toBe('');
  expect(timeLeft(2, 0.01)).toBe('');
  expect(timeLeft(100, 0.99)).toBe('');
});
