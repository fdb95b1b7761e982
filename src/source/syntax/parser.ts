import { Language, Parser } from 'web-tree-sitter';
import type { Script } from './ast';
import { Conversion } from './cursor';
import { statements } from './statements';

/** Where the two WebAssembly files are: their bytes, or their paths. */
export interface ParserFiles {
  readonly runtime: Uint8Array | string;
  readonly python: Uint8Array | string;
}

/** Turns Python text into our own syntax tree. Made by `loadPython`; holds native memory until `dispose`. */
export interface PythonParser {
  /** Never throws: what is not Python is listed in `errors` and the rest is there. */
  parse(path: string, text: string): Script;
  dispose(): void;
}

/** Loads the grammar. Rejects when a file is missing or not WebAssembly. */
export async function loadPython(files: ParserFiles): Promise<PythonParser> {
  const { runtime } = files;
  await Parser.init(typeof runtime === 'string' ? { locateFile: () => runtime } : { wasmBinary: exactBuffer(runtime) });
  const language = await Language.load(files.python);
  const parser = new Parser();
  parser.setLanguage(language);
  return {
    parse: (path, text) => parse(parser, path, text),
    dispose: () => parser.delete(),
  };
}

function exactBuffer(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  return copy;
}

function parse(parser: Parser, path: string, text: string): Script {
  const tree = parser.parse(text);
  if (!tree) return { path, body: [], errors: [] };
  const conversion = new Conversion(path, text);
  const body = statements(conversion, tree.rootNode);
  if (tree.rootNode.hasError && conversion.errors.length === 0) noteErrors(conversion, tree.rootNode, 0);
  tree.delete();
  return { path, body, errors: conversion.errors };
}

type TreeNode = NonNullable<ReturnType<Parser['parse']>>['rootNode'];

/** Errors inside expressions, which the conversion steps over. */
function noteErrors(conversion: Conversion, node: TreeNode, depth: number): void {
  if (depth > 200 || conversion.errors.length > 50) return;
  if (node.isError || node.isMissing) conversion.errors.push(conversion.range(node));
  else if (node.hasError) for (const child of node.children) noteErrors(conversion, child, depth + 1);
}
