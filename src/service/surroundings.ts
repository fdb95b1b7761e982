import { readFileSync } from 'node:fs';
import { DataCache } from '../data/cache';
import { openRuntime } from '../engine/onnx/backend';
import type { Surroundings } from '../probe/session';
import { loadPython } from '../source/syntax/parser';
import { chosenBackend, tryGraphics } from './graphics';
import { resources } from './resources';

/**
 * Loads what every diagnosis needs: the parser, the numerical runtime, an empty cache of parsed data. `program` is the
 * running bundle, by which the graphics processor is tried where it is asked for.
 */
export async function openSurroundings(folder: string, program: string): Promise<Surroundings> {
  const files = resources(folder);
  const parser = await loadPython({ runtime: readFileSync(files.runtime), python: readFileSync(files.python) });
  const runtime = await openRuntime(chosenBackend(process.env), () => tryGraphics(program));
  return { parser, runtime, bundled: files.bundled, cache: new DataCache(1024 * 1024 * 1024) };
}
