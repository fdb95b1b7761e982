import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseNumbers, type Reference } from '../../src/service/comparison/reference';
import type { Exchanged } from './trace';

/** A reference as it is committed, with what it depends on. */
export type Committed = Reference & { readonly exchanged: Exchanged };

const folder = new URL('reference/', import.meta.url);
const place = (name: string): URL => new URL(`${name}.json`, folder);

/** Names of all committed references. */
export const committedNames = (): string[] => readdirSync(fileURLToPath(folder)).map((file) => file.replace(/\.json$/, ''));

/** The committed reference of a unit; null when there is none. */
export const committed = (name: string): Committed | null =>
  existsSync(place(name)) ? (parseNumbers(readFileSync(place(name), 'utf8')) as Committed) : null;

/** Writes a reference, one field a line. */
export function commit(name: string, reference: Reference, exchanged: Exchanged): void {
  const fields = Object.entries({ exchanged, ...reference });
  const lines = fields.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value, written)}`);
  writeFileSync(place(name), `{\n${lines.join(',\n')}\n}\n`);
}

const written = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
