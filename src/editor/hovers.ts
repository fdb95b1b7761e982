import * as vscode from 'vscode';
import type { Series } from '../records/measurement';
import type { ThemeKind } from './model/curve';
import { curveColours, dataUri, svgCurve } from './model/curve';
import type { HoverText } from './model/hoverText';
import { hoverText } from './model/hoverText';
import { touches } from './model/ranges';
import type { Scripts } from './model/scripts';
import { inDocument, toRecord } from './places';

/** On a hyperparameter: its value, the measured limit and a small curve. */
export class Hovers implements vscode.HoverProvider {
  constructor(private readonly scripts: Scripts) {}

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | null {
    const cursor = toRecord(document, new vscode.Range(position, position));
    for (const unit of this.scripts.get(cursor.path)?.units ?? []) {
      for (const parameter of unit.hyperparameters) {
        const place = [parameter.place, ...parameter.chain].find((range) => touches(range, cursor));
        if (!place) continue;
        const text = hoverText(unit, parameter, this.scripts.record(unit.key));
        return new vscode.Hover(toMarkdown(text), inDocument(document, place) ?? undefined);
      }
    }
    return null;
  }
}

function toMarkdown(text: HoverText): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(undefined, true);
  for (const line of text.lines) markdown.appendMarkdown(`${line}\n\n`);
  if (text.curve) {
    const svg = svgCurve(text.curve, curveColours[themeKind()]);
    if (svg !== null) markdown.appendMarkdown(`![${spoken(text.curve.title, text.curve.series)}](${dataUri(svg)})\n`);
  }
  return markdown;
}

function spoken(title: string, series: Series): string {
  return `${title}, ${series.values.length} measurements`.replace(/[[\]]/g, '');
}

function themeKind(): ThemeKind {
  switch (vscode.window.activeColorTheme.kind) {
    case vscode.ColorThemeKind.Light:
      return 'light';
    case vscode.ColorThemeKind.HighContrast:
      return 'highContrast';
    case vscode.ColorThemeKind.HighContrastLight:
      return 'highContrastLight';
    case vscode.ColorThemeKind.Dark:
      return 'dark';
  }
}
