import { opaque, type Theme } from './colours';

/** Reads the editor's theme from its variables, once per change. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string, otherwise: string): string => normalised(style.getPropertyValue(name).trim() || otherwise);
  const text = read('--vscode-foreground', read('--vscode-editor-foreground', 'gray'));
  // Some themes give see-through colours, made to lie over text: lines need them whole.
  const hue = (name: string): string => opaque(read(`--vscode-charts-${name}`, text));
  return {
    hues: {
      blue: hue('blue'),
      green: hue('green'),
      yellow: hue('yellow'),
      orange: hue('orange'),
      red: hue('red'),
      purple: hue('purple'),
      foreground: hue('foreground'),
    },
    text,
    muted: read('--vscode-descriptionForeground', text),
    grid: read('--vscode-charts-lines', text),
    background: read('--vscode-editor-background', 'transparent'),
    fontFamily: style.getPropertyValue('--vscode-font-family').trim() || 'sans-serif',
    highContrast:
      document.body.classList.contains('vscode-high-contrast') || document.body.classList.contains('vscode-high-contrast-light'),
  };
}

/** Calls `listener` after the editor changed its theme: it swaps the body's class and the root's variables. */
export function onThemeChange(listener: () => void): void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
}

const canvas = document.createElement('canvas').getContext('2d');

/** The colour in the form that a canvas gives back: `#rrggbb` when it is opaque. */
function normalised(colour: string): string {
  if (!canvas) return colour;
  canvas.fillStyle = '#000000';
  canvas.fillStyle = colour;
  return canvas.fillStyle;
}
