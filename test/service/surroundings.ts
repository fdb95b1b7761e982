import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { never } from '../../src/base/cancel';
import { DataCache } from '../../src/data/cache';
import { createRuntime } from '../../src/engine/onnx/backend';
import type { Surroundings } from '../../src/probe/session';
import { noProjectSettings } from '../../src/protocol/projectSettings';
import { checkScript, type FileReport } from '../../src/service/check';
import { openScript } from '../../src/service/scripts';
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

/** Checks one file as the command line does without options, or with a page to be written. */
export async function checkFile(
  path: string,
  surroundings: Surroundings,
  page: string | null = null,
  seed: number | null = null,
): Promise<FileReport> {
  const folder = resolve('.');
  const script = openScript(path, folder);
  if (!script.ok) throw new Error(script.error);
  const command = {
    kind: 'check',
    files: [],
    format: 'json',
    staticOnly: false,
    budget: null,
    seed,
    unit: null,
    data: null,
    report: page,
  } as const;
  const given = { script: script.value, command, folder, settings: noProjectSettings, surroundings };
  return checkScript({ ...given, cancel: never, onEvent: () => undefined });
}

/** What a script's own remarks say must be found: `line rule` for each line that ends with `# <- RULE`. Lines of a notebook are those of its program. */
export function expectedFindings(path: string): string[] {
  const script = openScript(path, resolve('.'));
  if (!script.ok) throw new Error(script.error);
  return script.value.text.split('\n').flatMap((line, i) => {
    const rule = /# <- ([a-z-]+)\s*$/.exec(line)?.[1];
    return rule ? [`${i + 1} ${rule}`] : [];
  });
}
