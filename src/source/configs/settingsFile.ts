import type { SourceRange } from '../../records/source';
import type { Machine } from '../interpret/machine';
import { unreadable, type Value } from '../values/value';
import { iniValue, tomlValue } from './tableText';
import { yamlValue, type YamlRules } from './yamlText';

export type SettingsFormat = 'yaml' | 'json' | 'toml' | 'ini';

/** Larger files are data, not settings. */
const longest = 200_000;

/**
 * The values of a settings file of the project. Looked for beside the script, then in the
 * workspace's folders. What cannot be found or read is a reason at `range`.
 */
export function settingsFrom(
  m: Machine,
  path: string,
  format: SettingsFormat,
  range: SourceRange,
  rules: YamlRules = 'pyyaml',
): Value {
  const found = projectText(m, path);
  if (!found) return unreadable(`The settings file \`${path}\` was not found in the workspace`, range);
  if (found.text.length > longest) return unreadable(`\`${path}\` is too large to be read as settings`, range);
  m.settings.add(found.path);
  if (format === 'toml') return tomlValue(found.path, found.text);
  if (format === 'ini') return iniValue(found.path, found.text);
  return yamlValue(m, found.path, found.text, format === 'json' ? 'core' : rules);
}

/** A text of the project by the path that the script gives. */
function projectText(m: Machine, path: string): { readonly path: string; readonly text: string } | null {
  const own = m.mainPath.slice(0, Math.max(0, m.mainPath.lastIndexOf('/')));
  const bases = path.startsWith('/') ? [''] : [...new Set([own, ...m.project.folders])];
  for (const base of bases) {
    m.tick();
    const full = normalPath(base === '' ? path : `${base}/${path}`);
    const text = m.project.read(full);
    if (text !== null) return { path: full, text };
  }
  return null;
}

/** The path without `.` and `..`. */
export function normalPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 1) parts.pop();
    else if (part !== '.' && (part !== '' || parts.length === 0)) parts.push(part);
  }
  return parts.join('/');
}
