import { basename, dirname, join } from 'node:path';
import { ok } from '../../base/result';
import type { DataCache } from '../cache';
import { fault, type Outcome } from '../fault';
import { examine, locate, searchFolders, type Located, type Places } from './locate';

/** A parsed source, with what the cache and the row bound must know. */
export interface Parsed {
  readonly ofRows: number;
  /** Share of the rows that was kept. */
  readonly kept: number;
  /** Memory it takes, in bytes, about. */
  readonly bytes: number;
}

/** Finds files, reads each version of a file once, and keeps sources of equal row counts cut alike. */
export class FileAccess {
  /** Files that were read. */
  readonly files = new Map<string, { path: string; size: number; modified: number }>();
  /** Places where a file was looked for and was not. */
  readonly missed = new Set<string>();
  /** Lowest kept share of all sources with this number of rows. */
  private readonly cuts = new Map<number, number>();
  /** Kept shares used so far in this execution. */
  private used = new Map<number, number>();

  constructor(
    private readonly places: Places,
    /** Takes the place of a file that is not there. */
    private readonly replacement: string | undefined,
    private readonly cache: DataCache | undefined,
    /** Told of each file before it is parsed, with its size in bytes. */
    private readonly onParse: (path: string, bytes: number) => void = () => undefined,
  ) {}

  /** Begins an execution of the recipe anew, with the cuts known by now. */
  restart(): void {
    this.used = new Map();
  }

  /** True when sources of equal length were cut differently, so that the execution must begin anew. */
  get mismatched(): boolean {
    return [...this.used].some(([rows, rate]) => rate > (this.cuts.get(rows) ?? 1));
  }

  /** The file behind the script's `path`; `assume` is told which one it is. */
  async find(path: string, assume: (text: string) => void): Promise<Outcome<Located>> {
    if (/^[a-z]+:\/\//i.test(path)) {
      const text = `${path} is on the network and is not fetched. Download it beside the script and read it from there.`;
      return (await this.replaced(path, assume)) ?? fault(text, { notFound: true, file: { path } });
    }
    const found = await locate(path, this.places, this.missed);
    if (found) {
      if (found.place) assume(`'${path}' is taken from ${found.place}`);
      return ok(found);
    }
    const replaced = await this.replaced(path, assume);
    if (replaced) return replaced;
    const isFull = /^([a-z]:)?[\\/]/i.test(path);
    const where = isFull ? 'Put the file there' : `Looked in ${this.searched}. Put the file in one of these places`;
    return fault(`'${path}' is not there. ${where}, correct the path, or pick a data file.`, {
      notFound: true,
      file: { path },
    });
  }

  /** The first of several spellings that is there, also under the replacement's folder; null when none is. */
  async findFirst(paths: readonly string[], assume: (text: string) => void): Promise<Located | null> {
    for (const path of paths) {
      const found = await locate(path, this.places, this.missed);
      if (found?.place) assume(`'${path}' is taken from ${found.place}`);
      if (found) return found;
    }
    if (this.replacement === undefined) return null;
    const given = await examine(this.replacement, null);
    if (!given) return null;
    const folder = given.isFolder ? given.path : dirname(given.path);
    for (const path of paths.flatMap((path) => tails(path))) {
      const found = await examine(join(folder, path), null);
      if (found) assume(`'${paths[0]}' is not there; ${found.path} is read in its place`);
      if (found) return found;
    }
    return null;
  }

  /** The folders in which relative paths are looked for, in words. */
  get searched(): string {
    return searchFolders(this.places)
      .map(({ words }) => words)
      .join(', ');
  }

  /** Names a file whose change makes the data stale. */
  note({ path, size, modified }: Located): void {
    this.files.set(path, { path, size, modified });
  }

  /** Parses the file once per version, options and kept share. */
  async parse<T extends Parsed>(
    file: Located,
    options: unknown,
    read: (rate: number) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    this.note(file);
    let parsed = await this.parseAt(file, options, 1, read);
    if (!parsed.ok) return parsed;
    const rows = parsed.value.ofRows;
    const rate = Math.min(parsed.value.kept, this.cuts.get(rows) ?? 1);
    if (rate < parsed.value.kept) {
      parsed = await this.parseAt(file, options, rate, read);
      if (!parsed.ok) return parsed;
    }
    this.cuts.set(rows, rate);
    this.used.set(rows, Math.max(rate, this.used.get(rows) ?? 0));
    return parsed;
  }

  private async parseAt<T extends Parsed>(
    file: Located,
    options: unknown,
    rate: number,
    read: (rate: number) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    const key = JSON.stringify([file.path, file.size, file.modified, rate, options]);
    const known = this.cache?.get(key) as T | undefined;
    if (known) return ok(known);
    this.onParse(file.path, file.size);
    const parsed = await read(rate);
    if (parsed.ok) this.cache?.set(key, parsed.value, parsed.value.bytes);
    return parsed;
  }

  private async replaced(path: string, assume: (text: string) => void): Promise<Outcome<Located> | null> {
    if (this.replacement === undefined) return null;
    const given = await examine(this.replacement, null);
    const found = given?.isFolder ? await examine(join(given.path, basename(path.replaceAll('\\', '/'))), null) : given;
    if (!found) return null;
    assume(`'${path}' is not there; ${found.path} is read in its place`);
    return ok(found);
  }
}

/** `a/b/c` and its ends: `b/c`, `c`. */
function tails(path: string): string[] {
  const parts = path.split(/[\\/]/).filter((part) => part !== '');
  return parts.map((_, at) => parts.slice(at).join('/'));
}
