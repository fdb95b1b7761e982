import { Language, Parser, type Tree } from 'web-tree-sitter';
import type { Script, Statement } from './ast';
import { Conversion } from './cursor';
import { editBetween } from './edits';
import { shifted } from './shift';
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
  const memory = new Memory();
  return {
    parse: (path, text) => parse(parser, memory, path, text),
    dispose: () => {
      memory.clear();
      parser.delete();
    },
  };
}

function exactBuffer(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  return copy;
}

type TreeNode = Tree['rootNode'];

/** A file as it was parsed last. Statements are kept by their text: an edit converts only what it changed. */
interface Parsed {
  readonly text: string;
  readonly tree: Tree;
  readonly script: Script;
  readonly converted: ReadonlyMap<string, Converted>;
}

interface Converted {
  readonly line: number;
  readonly statements: readonly Statement[];
}

/** The files that were parsed last; owns their native trees. */
class Memory {
  private readonly files = new Map<string, Parsed>();

  get(path: string): Parsed | null {
    return this.files.get(path) ?? null;
  }

  keep(path: string, parsed: Parsed): void {
    const before = this.files.get(path);
    if (before && before.tree !== parsed.tree) before.tree.delete();
    this.files.delete(path);
    this.files.set(path, parsed);
    const [oldest] = this.files;
    if (this.files.size <= 32 || !oldest) return;
    oldest[1].tree.delete();
    this.files.delete(oldest[0]);
  }

  clear(): void {
    for (const { tree } of this.files.values()) tree.delete();
    this.files.clear();
  }
}

function parse(parser: Parser, memory: Memory, path: string, text: string): Script {
  const before = memory.get(path);
  const edit = before ? editBetween(before.text, text) : null;
  if (before && !edit) return before.script;
  if (before && edit) before.tree.edit(edit);
  const tree = parser.parse(text, before?.tree);
  if (!tree) return { path, body: [], errors: [] };
  const conversion = new Conversion(path, text);
  const converted = new Map<string, Converted>();
  const body = tree.rootNode.children.flatMap((node) => topLevel(conversion, node, before?.converted ?? new Map(), converted));
  if (tree.rootNode.hasError && conversion.errors.length === 0) noteErrors(conversion, tree.rootNode, 0);
  const script: Script = { path, body, errors: conversion.errors };
  memory.keep(path, { text, tree, script, converted });
  return script;
}

/** The statements of one node of the file, from those known before when their text is the same. */
function topLevel(
  c: Conversion,
  node: TreeNode,
  known: ReadonlyMap<string, Converted>,
  next: Map<string, Converted>,
): readonly Statement[] {
  const line = node.startPosition.row + 1;
  const key = c.textOf(node);
  const kept = known.get(key);
  if (kept) {
    const reused = line === kept.line ? kept : { line, statements: shifted(kept.statements, line - kept.line) };
    next.set(key, reused);
    return reused.statements;
  }
  const errors = c.errors.length;
  const made = statements(c, [node]);
  if (c.errors.length === errors && !node.hasError && node.startPosition.column === 0) next.set(key, { line, statements: made });
  return made;
}

/** Errors inside expressions, which the conversion steps over. */
function noteErrors(conversion: Conversion, node: TreeNode, depth: number): void {
  if (depth > 200 || conversion.errors.length > 50) return;
  if (node.isError || node.isMissing) conversion.errors.push(conversion.range(node));
  else if (node.hasError) for (const child of node.children) noteErrors(conversion, child, depth + 1);
}
