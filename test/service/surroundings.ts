import { resolve } from 'node:path';
import { readFileSync } from 'node:fs';
import { DataCache } from '../../src/data/cache';
import { createRuntime } from '../../src/engine/onnx/backend';
import type { Surroundings } from '../../src/probe/session';
import { loadPython } from '../../src/source/read';

/** What the service opens beside its bundles, taken from the packages instead. */
export async function testSurroundings(): Promise<Surroundings> {
  return {
    parser: await loadPython({
      runtime: readFileSync('node_modules/web-tree-sitter/web-tree-sitter.wasm'),
      python: readFileSync('node_modules/tree-sitter-python/tree-sitter-python.wasm'),
    }),
    runtime: createRuntime(),
    bundled: resolve('media/datasets'),
    cache: new DataCache(256 * 1024 * 1024),
  };
}
