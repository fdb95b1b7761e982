import { describe, expect, it } from 'vitest';
import { narrowTicks, narrowTitle, shortestBetween } from '../../../webview/plot/narrow';
import { linearScale, ticksOf } from '../../../webview/plot/scale';

describe('an axis whose values differ late in their digits', () => {
  const [low, high] = [0.04250112, 0.04250131];

  it('is written as differences from the shortest number on it, at their own places', () => {
    const own = ticksOf(linearScale, low, high, 5);
    const narrow = narrowTicks(own, low, high, 5);
    expect(narrow?.base).toBe(0.0425012);
    expect(narrowTitle('loss', narrow?.base ?? 0)).toBe('loss − 0.0425012');
    for (const { position, label } of narrow?.ticks ?? []) {
      expect(label.length).toBeLessThanOrEqual(8);
      const written = Number(label.replace('+', '').replaceAll('−', '-'));
      expect(0.0425012 + written).toBeCloseTo(position, 10);
      expect(position).toBeGreaterThanOrEqual(low - 1e-12);
      expect(position).toBeLessThanOrEqual(high + 1e-12);
    }
    expect(narrow?.ticks.some(({ label }) => label === '0')).toBe(true);
    expect(narrow?.ticks.some(({ label }) => label.startsWith('+'))).toBe(true);
  });

  it('keeps its own values where they have room', () => {
    expect(narrowTicks(ticksOf(linearScale, 0.1248, 0.126, 5), 0.1248, 0.126, 5)).toBeNull();
    expect(narrowTicks(ticksOf(linearScale, -1, 1, 5), -1, 1, 5)).toBeNull();
  });

  it('finds the number with the fewest digits, of either sign', () => {
    expect(shortestBetween(12.3451, 12.3468)).toBe(12.346);
    expect(shortestBetween(-0.5012, -0.4987)).toBe(-0.5);
    expect(shortestBetween(-2, 3)).toBe(0);
    expect(narrowTitle('loss', -0.5)).toBe('loss + 0.5');
  });
});
