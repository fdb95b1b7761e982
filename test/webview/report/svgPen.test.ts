import { describe, expect, it } from 'vitest';
import { Palette, SvgPen } from '../../../webview/report/svgPen';

const painted = (paint: (pen: SvgPen) => void): string => {
  const pen = new SvgPen(new Palette());
  paint(pen);
  return pen.svg(100, 50, 'a < b');
};

describe('a written pen', () => {
  it('joins rectangles of one colour, and keeps the order before and after a text', () => {
    const svg = painted((pen) => {
      pen.fillStyle = '#111111';
      pen.fillRect(0, 0, 3, 3);
      pen.fillRect(3, 0, 3, 3);
      pen.fillStyle = '#222222';
      pen.fillRect(6, 0, 3, 3);
      pen.fillText('x & y', 1, 2);
      pen.fillRect(0, 9, 3, 3);
    });
    expect(svg).toContain('d="M0 0h6v3h-6z"');
    expect(svg.indexOf('M6 0h3v3h-3z')).toBeLessThan(svg.indexOf('x &amp; y'));
    expect(svg.indexOf('M0 9h3v3h-3z')).toBeGreaterThan(svg.indexOf('x &amp; y'));
    expect(svg).toContain('aria-label="a &lt; b"');
  });

  it('closes what it opened at the restore that belongs to it, and takes looks back', () => {
    const svg = painted((pen) => {
      pen.lineWidth = 2;
      pen.save();
      pen.lineWidth = 5;
      pen.translate(10, 20);
      pen.rotate(-Math.PI / 2);
      pen.restore();
      pen.beginPath();
      pen.moveTo(1.26, 2);
      pen.lineTo(3, 4);
      pen.stroke();
    });
    expect(svg).toContain('<g transform="translate(10 20)"><g transform="rotate(-90)"></g></g>');
    expect(svg).toContain('d="M1.3 2L3 4" fill="none" stroke="currentColor" stroke-width="2"');
  });

  it('draws a circle as two halves, and names each colour once', () => {
    const palette = new Palette();
    const pen = new SvgPen(palette);
    pen.fillStyle = 'var(--blue)';
    pen.beginPath();
    pen.arc(10, 10, 2);
    pen.fill();
    pen.fill();
    expect(pen.svg(20, 20, '')).toContain('d="M8 10a2 2 0 1 0 4 0a2 2 0 1 0 -4 0"');
    expect(palette.style).toBe('.k0{color:var(--blue)}');
  });
});
