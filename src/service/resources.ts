import { join } from 'node:path';

/** Files that ship beside the bundles in `dist/`. `folder` is that folder. */
export const resources = (folder: string): { readonly runtime: string; readonly python: string; readonly bundled: string } => ({
  runtime: join(folder, 'web-tree-sitter.wasm'),
  python: join(folder, 'tree-sitter-python.wasm'),
  bundled: join(folder, '..', 'media', 'datasets'),
});
