import { describe, expect, it } from 'vitest';
import { curveColours, curveSize, dataUri, svgCurve } from '../../../src/editor/model/curve';

const colours = curveColours.dark;

/** The corner points of the first path, as drawn. */
function pathPoints(svg: string): { command: string; x: number; y: number }[] {
  const path = /<path d="([^"]*)"/.exec(svg)?.[1] ?? '';
  return [...path.matchAll(/([ML])([\d.-]+) ([\d.-]+)/g)].map((match) => ({
    command: match[1] ?? '',
    x: Number(match[2]),
    y: Number(match[3]),
  }));
}

describe('svgCurve', () => {
  it('draws straight lines straight and keeps all inside', () => {
    const svg = svgCurve({ title: 'loss', series: { steps: [0, 10, 20], values: [3, 2, 1] }, marks: false }, colours) ?? '';
    const [a, b, c] = pathPoints(svg);
    expect(b?.x).toBeCloseTo(((a?.x ?? 0) + (c?.x ?? 0)) / 2, 1);
    expect(b?.y).toBeCloseTo(((a?.y ?? 0) + (c?.y ?? 0)) / 2, 1);
    for (const { x, y } of pathPoints(svg)) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(curveSize.width);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(curveSize.height);
    }
    expect(a?.y).toBeLessThan(c?.y ?? 0);
  });

  it('is logarithmic over many powers of ten', () => {
    const svg = svgCurve({ title: 'loss', series: { steps: [0, 1, 2], values: [100, 1, 0.01] }, marks: false }, colours) ?? '';
    const [a, b, c] = pathPoints(svg);
    expect(b?.y).toBeCloseTo(((a?.y ?? 0) + (c?.y ?? 0)) / 2, 1);
  });

  it('leaves a gap where a value is not finite', () => {
    const svg =
      svgCurve({ title: 'loss', series: { steps: [0, 1, 2, 3, 4], values: [1, 2, NaN, 3, 4] }, marks: false }, colours) ?? '';
    expect(pathPoints(svg).map(({ command }) => command)).toEqual(['M', 'L', 'M', 'L']);
  });

  it('keeps a single spike of a long run', () => {
    const values = new Float64Array(50_000).fill(1);
    values[31_234] = 2;
    const svg =
      svgCurve({ title: 'loss', series: { steps: Float64Array.from(values.keys()), values }, marks: false }, colours) ?? '';
    const points = pathPoints(svg);
    const top = Math.min(...points.map(({ y }) => y));
    expect(points.filter(({ y }) => y === top)).toHaveLength(1);
    expect(svg.length).toBeLessThan(8_000);
  });

  it('is nothing without a finite value, and well-formed with odd titles', () => {
    expect(svgCurve({ title: 'x', series: { steps: [0], values: [NaN] }, marks: false }, colours)).toBeNull();
    const svg =
      svgCurve(
        { title: 'a < b & "c"', series: { steps: [0], values: [1] }, reference: { value: 2, label: 'limit' }, marks: true },
        colours,
      ) ?? '';
    expect(svg).toContain('a &lt; b &amp; &quot;c&quot;');
    expect(Buffer.from(dataUri(svg).split(',')[1] ?? '', 'base64').toString('utf8')).toBe(svg);
  });
});
