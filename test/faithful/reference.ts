import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Exchanged } from './trace';

/** A tensor after the last step in PyTorch. */
export interface ReferenceTensor {
  readonly norm: number;
  /** Norm of the difference between PyTorch's float32 and float64 results. */
  readonly float32: number;
  readonly sketch: readonly number[];
}

/** A script's run in PyTorch in float64, and how far its float32 run is from it; see replay_script.py for the fields. */
export interface Reference {
  readonly steps: number;
  readonly loss: readonly number[];
  readonly lossGaps: readonly number[];
  readonly rates: readonly (readonly number[])[];
  readonly norms: Readonly<Record<string, readonly number[]>>;
  readonly normGaps: readonly number[];
  readonly tensors: Readonly<Record<string, ReferenceTensor>>;
  readonly checks: {
    /** Whether our parameter names are those of the module's state_dict. */
    readonly names: boolean;
    /** Largest difference of the script's own data from ours, relative to the largest value; null where they were exchanged. */
    readonly x: number | null;
    readonly y: number | null;
    readonly substituted: readonly string[];
    /** Whether the script's loader makes batches of our sizes, and the same ones where it keeps the order. */
    readonly batches: boolean;
  };
  readonly initial: Readonly<Record<string, { readonly mean: number; readonly deviation: number }>>;
}

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

/** JSON in which numbers that are not finite are text. */
export const parseNumbers = (text: string): unknown =>
  JSON.parse(text, (_, value: unknown) =>
    typeof value === 'string' && /^(NaN|-?Infinity)$/.test(value) ? Number(value) : value,
  );

const written = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
