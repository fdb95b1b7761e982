import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type Scalar } from 'yaml';
import type { SourceRange } from '../../records/source';
import type { Machine } from '../interpret/machine';
import { booleanValue, listValue, none, numberValue, stringValue, unknown, unreadable, type Value } from '../values/value';

/** Whose reading of plain text holds: PyYAML's takes `1e-3` for text, the others take it for a number. */
export type YamlRules = 'pyyaml' | 'core';

/** Numbers as PyYAML knows them: a float has a point, and a sign in its exponent. */
const pyyamlFloat = /^[-+]?(?:\d[\d_]*\.[\d_]*(?:[eE][-+]\d+)?|\.\d[\d_]*(?:[eE][-+]\d+)?|\.(?:inf|Inf|INF))$/;

const deepest = 24;
/** Brackets within brackets at most: the parser's memory grows with their square. */
const mostBrackets = 1_000;

interface Reading {
  readonly m: Machine;
  readonly path: string;
  readonly lines: LineCounter;
  readonly document: Document;
  readonly rules: YamlRules;
}

/** The value of a YAML or JSON text; every plain value carries its place in that file. Never throws on any text. */
export function yamlValue(m: Machine, path: string, text: string, rules: YamlRules): Value {
  const whole = { path, line: 1, column: 1, endLine: 1, endColumn: 1 };
  if (bracketsIn(text) > mostBrackets) return unreadable(`${nameOf(path)} is nested too deeply to be read`, whole);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    version: rules === 'pyyaml' ? '1.1' : '1.2',
    merge: true,
    logLevel: 'silent',
    strict: false,
    uniqueKeys: false,
  });
  const [error] = document.errors;
  if (error && document.contents === null) return unreadable(`${nameOf(path)} could not be read: ${error.message}`, whole);
  return nodeValue({ m, path, lines, document, rules }, document.contents, 0);
}

/** How deep brackets stand within one another, those in texts counted too. */
function bracketsIn(text: string): number {
  let [depth, most] = [0, 0];
  for (const letter of text) {
    if (letter === '[' || letter === '{') most = Math.max(most, ++depth);
    else if ((letter === ']' || letter === '}') && depth > 0) depth--;
  }
  return most;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function nodeValue(r: Reading, node: Node | null, depth: number): Value {
  r.m.tick();
  if (node === null) return none;
  if (depth > deepest) return unknown;
  if (isAlias(node)) return nodeValue(r, node.resolve(r.document) ?? null, depth + 1);
  if (isScalar(node)) return scalarValue(r, node);
  if (isSeq(node))
    return listValue(
      node.items.map((item) => nodeValue(r, item as Node | null, depth + 1)),
      'list',
      rangeOf(r, node),
    );
  if (!isMap(node)) return unknown;
  const entries = new Map<string | number | boolean, Value>();
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue;
    const held = nodeValue(r, value as Node | null, depth + 1);
    if (isMerge(key)) mergeInto(entries, held);
    else if (typeof key.value === 'string' || typeof key.value === 'number' || typeof key.value === 'boolean')
      entries.set(key.value, held);
  }
  return { kind: 'dict', entries };
}

const isMerge = (key: Scalar): boolean => key.value === '<<' || (typeof key.value === 'symbol' && key.source === '<<');

/** `<<: *defaults`: what the map itself says goes before. */
function mergeInto(entries: Map<string | number | boolean, Value>, held: Value): void {
  const maps = held.kind === 'list' ? held.items : [held];
  for (const map of maps)
    if (map.kind === 'dict') for (const [key, value] of map.entries) if (!entries.has(key)) entries.set(key, value);
}

function scalarValue(r: Reading, node: Scalar): Value {
  const origin = { place: rangeOf(r, node), chain: [] };
  const { value } = node;
  if (typeof value === 'boolean') return booleanValue(value, origin);
  if (typeof value === 'string') return stringValue(value, origin);
  if (value === null || value === undefined) return none;
  if (typeof value !== 'number') return typeof node.source === 'string' ? stringValue(node.source, origin) : unknown;
  const written = node.source ?? String(value);
  const integer = /^[-+]?\d[\d_]*$/.test(written);
  if (r.rules === 'pyyaml' && !integer && Number.isFinite(value) && !pyyamlFloat.test(written) && /[eE.]/.test(written))
    return stringValue(written, origin);
  return numberValue(value, integer, origin);
}

function rangeOf(r: Reading, node: Node): SourceRange {
  const [start, end] = node.range ?? [0, 0];
  const from = r.lines.linePos(start);
  const to = r.lines.linePos(end);
  return { path: r.path, line: from.line, column: from.col, endLine: to.line, endColumn: to.col };
}
