import type { RunSettings } from '../engine/twin';
import type { Experiment } from '../records/experiment';
import type { Change } from '../records/trial';
import type { TextEdit } from '../records/source';

/** The run settings that a list of changes amounts to. `epochs` lengthens or shortens the run in proportion. */
export function settingsOf(changes: readonly Change[], experiment: Experiment, steps: number): Partial<RunSettings> {
  const settings: { -readonly [K in keyof RunSettings]?: RunSettings[K] } = { totalSteps: steps };
  for (const change of changes) {
    if (change.field === 'epochs') {
      const epochs = experiment.loop?.epochs.value ?? change.value;
      settings.totalSteps = Math.max(1, Math.round((steps * change.value) / Math.max(1, epochs)));
    } else settings[change.field] = change.value;
  }
  return settings;
}

/** The texts after `edits`, each applied in its own file from the end backwards. Ranges count from 1, in UTF-16 units. */
export function applyEdits(texts: Readonly<Record<string, string>>, edits: readonly TextEdit[]): Record<string, string> {
  const changed: Record<string, string> = { ...texts };
  const backwards = [...edits].sort((a, b) => b.line - a.line || b.column - a.column);
  for (const edit of backwards) {
    const text = changed[edit.path];
    if (text === undefined) continue;
    const start = offsetAt(text, edit.line, edit.column);
    const end = offsetAt(text, edit.endLine, edit.endColumn);
    changed[edit.path] = text.slice(0, start) + edit.newText + text.slice(end);
  }
  return changed;
}

/** Offset of a line and column (both from 1) in `text`; clamped to its end. */
function offsetAt(text: string, line: number, column: number): number {
  let offset = 0;
  for (let i = 1; i < line; i++) {
    const next = text.indexOf('\n', offset);
    if (next < 0) return text.length;
    offset = next + 1;
  }
  return Math.min(text.length, offset + column - 1);
}
