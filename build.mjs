// Builds everything with esbuild: `node build.mjs` (development), `--production` (minified, for the package).
import * as esbuild from 'esbuild';
import { cp, mkdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';

const production = process.argv.includes('--production');
const tests = process.argv.includes('--tests');

const shared = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: 'warning',
  legalComments: 'none',
};

const node = {
  ...shared,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // `vscode` is the host's; onnxruntime holds libraries of its own and is shipped as it is.
  external: ['vscode', 'onnxruntime-node', 'onnxruntime-web'],
  // The ESM build of web-tree-sitter asks for import.meta.url, which CommonJS does not have.
  alias: { 'web-tree-sitter': resolve('node_modules/web-tree-sitter/web-tree-sitter.cjs') },
};

const bundles = [
  // Reading and rules are a bundle of their own, loaded at the first need: activation stays short.
  {
    ...node,
    external: [...node.external, './analysis.js'],
    entryPoints: { extension: 'src/editor/extension.ts' },
    outdir: 'dist',
  },
  {
    ...node,
    external: [...node.external, './tables.js'],
    entryPoints: { analysis: 'src/editor/analysis.ts' },
    outdir: 'dist',
  },
  { ...node, entryPoints: { tables: 'src/editor/tables.ts' }, outdir: 'dist' },
  // The engine process and the command line: one program.
  { ...node, entryPoints: { cli: 'src/service/main.ts' }, outdir: 'dist', banner: { js: '#!/usr/bin/env node' } },
  {
    ...shared,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    entryPoints: { webview: 'webview/main.ts' },
    outdir: 'dist',
  },
];
if (tests)
  bundles.push({
    ...node,
    minify: false,
    external: [...node.external, 'mocha'],
    entryPoints: { host: 'test/host/index.ts' },
    outdir: 'dist/test',
  });

await rm('dist', { recursive: true, force: true });
await mkdir('dist', { recursive: true });
await Promise.all(bundles.map((options) => esbuild.build(options)));
await cp('node_modules/web-tree-sitter/web-tree-sitter.wasm', 'dist/web-tree-sitter.wasm');
await cp('node_modules/tree-sitter-python/tree-sitter-python.wasm', 'dist/tree-sitter-python.wasm');
