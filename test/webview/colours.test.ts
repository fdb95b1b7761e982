import { expect, it } from 'vitest';
import { colourOf, dashOf, mix, withAlpha, type Theme } from '../../webview/colours';
import type { Trace } from '../../webview/figures/figure';

const theme: Theme = {
  hues: {
    blue: '#0000ff',
    green: '#00ff00',
    yellow: '#ffff00',
    orange: '#ff8000',
    red: '#ff0000',
    purple: '#800080',
    foreground: '#ffffff',
  },
  text: '#ffffff',
  muted: '#888888',
  grid: 'rgba(255, 255, 255, 0.5)',
  background: '#000000',
  fontFamily: 'sans-serif',
  highContrast: false,
};
const trace = (dash: Trace['dash']): Trace => ({
  key: 'a',
  label: 'a',
  steps: new Float64Array(0),
  values: new Float64Array(0),
  hue: { token: 'blue' },
  dash,
  noisy: false,
});

it('runs from cold to warm through the tokens of the theme', () => {
  expect([0, 0.25, 0.5, 0.75, 1].map((depth) => colourOf({ depth }, theme))).toEqual([
    '#0000ff',
    '#00ff00',
    '#ffff00',
    '#ff8000',
    '#ff0000',
  ]);
  expect(colourOf({ depth: 0.125 }, theme)).toBe('#008080');
  const twelve = Array.from({ length: 12 }, (_, layer) => colourOf({ depth: layer / 11 }, theme));
  expect(new Set(twelve).size).toBe(12);
});

it('chooses where it cannot mix', () => {
  expect(mix('rgba(1, 2, 3, 0.5)', '#ffffff', 0.4)).toBe('rgba(1, 2, 3, 0.5)');
});

it('tells lines apart by dashes in high contrast, and keeps the dashes that mean something', () => {
  const contrast = { ...theme, highContrast: true };
  const dashes = Array.from({ length: 8 }, (_, index) => dashOf(trace('solid'), index, contrast).join());
  expect(new Set(dashes).size).toBe(8);
  expect(dashOf(trace('dashed'), 3, contrast)).toEqual(dashOf(trace('dashed'), 0, theme));
  expect(dashOf(trace('solid'), 3, theme)).toEqual([]);
});

it('takes opacity from opaque and from clear colours', () => {
  expect(withAlpha('#102030', 0.5)).toBe('#10203080');
  expect(withAlpha('rgba(1, 2, 3, 0.5)', 0.5)).toBe('rgba(1, 2, 3,0.25)');
  expect(withAlpha('#102030', 1)).toBe('#102030');
});
