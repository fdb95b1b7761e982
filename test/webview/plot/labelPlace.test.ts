import { expect, it } from 'vitest';
import { labelPlace } from '../../../webview/plot/labelPlace';

const flat = [0, 50, 100, 200].map((x) => ({ x, y: 60 }));

it('puts a word at the start of a level line, above it', () => {
  expect(labelPlace(flat, 10, 40)).toEqual({ x: 0, y: 60 });
});

it('is not pulled down by a single point', () => {
  const dip = [{ x: 0, y: 190 }, { x: 2, y: 70 }, ...flat.slice(1)];
  expect(labelPlace(dip, 10, 40)).toEqual({ x: 0, y: 60 + 10 * (1 - 38 / 48) });
});

it('keeps clear of the other lines, where it can', () => {
  const through = [0, 45, 55, 200].map((x) => ({ x, y: x < 50 ? 50 : 90 }));
  expect(labelPlace(flat, 10, 40, [through])).toEqual({ x: 50, y: 60 });
  expect(labelPlace(flat, 10, 40, [flat.map(({ x }) => ({ x, y: 30 }))])).toEqual({ x: 0, y: 60 });
  expect(labelPlace(flat, 10, 40, [flat.map(({ x }) => ({ x, y: 50 }))])).toEqual({ x: 0, y: 60 });
});

it('goes on to where there is room, and is left out where there is none', () => {
  const falling = [...[0, 20, 40].map((x) => ({ x, y: 20 })), ...[60, 200].map((x) => ({ x, y: 90 }))];
  expect(labelPlace(falling, 10, 40)?.x).toBe(60);
  expect(labelPlace(flat, 50, 40)).toBeNull();
  expect(labelPlace(flat, 10, 300)).toBeNull();
  expect(labelPlace([], 10, 40)).toBeNull();
});
