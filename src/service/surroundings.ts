import { readFileSync } from 'node:fs';
import { DataCache } from '../data/cache';
import { openRuntime } from '../engine/onnx/backend';
import type { Surroundings } from '../probe/session';
import { loadPython } from '../source/syntax/parser';
import { resources } from './resources';

/** Loads what every diagnosis needs: the parser, the numerical runtime, an empty cache of parsed data. */
export async function openSurroundings(folder: string): Promise<Surroundings> {
  const files = resources(folder);
  const parser = await loadPython({ runtime: readFileSync(files.runtime), python: readFileSync(files.python) });
  return { parser, runtime: await openRuntime(), bundled: files.bundled, cache: new DataCache(1024 * 1024 * 1024) };
}
