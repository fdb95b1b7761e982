import { parse, type TomlTable } from 'smol-toml';
import type { SourceRange } from '../../records/source';
import { booleanValue, listValue, numberValue, stringValue, unknown, unreadable, type Origin, type Value } from '../values/value';

/** Places of values by `section.key`, from the lines of a text with `[section]` headings. */
type Places = ReadonlyMap<string, SourceRange>;

const heading = /^\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:[#;].*)?$/;
const assignment = /^(\s*)([\w.\-"']+)(\s*[=:]\s*)(.*)$/;

/** The value of a TOML text; plain values carry their place in that file. */
export function tomlValue(path: string, text: string): Value {
  try {
    return tableValue(parse(text), '', placesIn(path, text, '#'));
  } catch (error) {
    return unreadable(error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'This is not TOML', {
      path,
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 1,
    });
  }
}

/** The sections of a file as configparser reads it; all values are text. */
export function iniValue(path: string, text: string): Value {
  const sections = new Map<string | number | boolean, Value>();
  for (const [key, place] of placesIn(path, text, ';')) {
    const at = key.lastIndexOf('.');
    const name = key.slice(0, at);
    const known = sections.get(name);
    const section =
      known?.kind === 'namespace' ? known : { kind: 'namespace' as const, entries: new Map<string, Value>(), missing };
    const line = text.split('\n')[place.line - 1] ?? '';
    section.entries.set(
      key.slice(at + 1).toLowerCase(),
      stringValue(line.slice(place.column - 1, place.endColumn - 1), { place, chain: [] }),
    );
    sections.set(name, section);
  }
  return { kind: 'dict', entries: sections };
}

const missing = '`%` is not set in this section';

function placesIn(path: string, text: string, comment: string): Places {
  const places = new Map<string, SourceRange>();
  let section = '';
  text.split(/\r?\n/).forEach((line, i) => {
    const head = heading.exec(line)?.[1];
    if (head !== undefined) {
      section = head.replace(/["'\s]/g, '');
      return;
    }
    const parts = assignment.exec(line);
    const [, indent = '', key = '', sign = '', rest = ''] = parts ?? [];
    if (!parts || indent.length > 0) return;
    const written = rest.replace(new RegExp(`\\s+[${comment}#].*$`), '').trimEnd();
    const column = indent.length + key.length + sign.length + 1;
    const place = { path, line: i + 1, column, endLine: i + 1, endColumn: column + written.length };
    places.set(`${section}.${key.replace(/["']/g, '')}`, place);
  });
  return places;
}

function tableValue(table: TomlTable, section: string, places: Places): Value {
  const entries = new Map<string | number | boolean, Value>();
  for (const [key, value] of Object.entries(table)) {
    const place = places.get(`${section}.${key}`);
    const name = section === '' ? key : `${section}.${key}`;
    entries.set(key, anyValue(value, name, place ? { place, chain: [] } : null, places));
  }
  return { kind: 'dict', entries };
}

function anyValue(value: unknown, name: string, origin: Origin | null, places: Places): Value {
  if (typeof value === 'number') return numberValue(value, Number.isInteger(value), origin);
  if (typeof value === 'bigint') return numberValue(Number(value), true, origin);
  if (typeof value === 'string') return stringValue(value, origin);
  if (typeof value === 'boolean') return booleanValue(value, origin);
  if (Array.isArray(value)) return listValue(value.map((item) => anyValue(item, name, origin, places)));
  return typeof value === 'object' && value !== null && !(value instanceof Date)
    ? tableValue(value as TomlTable, name, places)
    : unknown;
}
