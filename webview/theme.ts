import type { Theme } from './colours';

/** Reads the editor's theme from its variables, once per change. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string, otherwise: string): string => normalised(style.getPropertyValue(name).trim() || otherwise);
  const text = read('--vscode-foreground', read('--vscode-editor-foreground', 'gray'));
  return {
    hues: {
      blue: read('--vscode-charts-blue', text),
      green: read('--vscode-charts-green', text),
      yellow: read('--vscode-charts-yellow', text),
      orange: read('--vscode-charts-orange', text),
      red: read('--vscode-charts-red', text),
      purple: read('--vscode-charts-purple', text),
      foreground: read('--vscode-charts-foreground', text),
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
