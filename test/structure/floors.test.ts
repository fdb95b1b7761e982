import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Floor of each folder; a folder imports only from folders on floors below it, and from itself. */
const floors: Readonly<Record<string, number>> = {
  'src/base': 0,
  'src/graph': 1,
  'src/records': 2,
  'src/protocol': 3,
  'src/source': 3,
  'src/data': 3,
  'src/diagnosis': 3,
  'src/engine': 4,
  'src/curvature': 5,
  'src/probe': 6,
  'src/service': 7,
  'src/editor': 7,
};

/** What the panel may see of the house. */
const webviewSees = ['src/records', 'src/protocol', 'src/base', 'src/graph'];

/** What of the panel's drawing the command line uses for its page: it is compiled without a browser's types, too. */
const drawnForPages = { from: /^src\/service\/formats\//, to: /^webview\/report\// };

/** Libraries that only one folder, or one file, may import. */
const confined: readonly { library: RegExp; to: RegExp }[] = [
  { library: /^vscode$/, to: /^(src\/editor\/|test\/host\/)/ },
  { library: /^onnxruntime-node/, to: /^src\/engine\/onnx\/native\.ts$/ },
  { library: /^onnxruntime-web/, to: /^src\/engine\/onnx\/web\.ts$/ },
  { library: /^chart\.js/, to: /^webview\/charts\// },
  { library: /^@vscode\/webview-ui-toolkit/, to: /^webview\/[a-z]+\.ts$/i },
  { library: /^web-tree-sitter/, to: /^src\/source\// },
  { library: /^papaparse/, to: /^src\/data\// },
];

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesUnder(path);
    return path.endsWith('.ts') ? [path.split(sep).join('/')] : [];
  });
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import|require\()\s*['"]([^'"]+)['"]/g)].map((match) => match[1] as string);
}

const roomOf = (path: string): string =>
  path
    .split('/')
    .slice(0, path.startsWith('src/') ? 2 : 1)
    .join('/');

const sources = ['src', 'webview'].flatMap(filesUnder);

describe('floors', () => {
  it('reads the sources', () => expect(sources.length).toBeGreaterThan(20));

  it('knows the floor of every room', () => {
    const rooms = new Set(sources.map(roomOf).filter((room) => room !== 'webview'));
    expect([...rooms].filter((room) => floors[room] === undefined)).toEqual([]);
  });

  it('imports only from floors below', () => {
    const broken = sources.flatMap((file) =>
      importsOf(file)
        .filter((target) => target.startsWith('.') && !target.endsWith('.json'))
        .map((target) =>
          normalize(join(dirname(file), target))
            .split(sep)
            .join('/'),
        )
        .filter((target) => !(drawnForPages.from.test(file) && drawnForPages.to.test(target)))
        .filter((target) => !allowed(roomOf(file), roomOf(target)))
        .map((target) => `${file} -> ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('keeps each library in its room', () => {
    const broken = sources.flatMap((file) =>
      importsOf(file).flatMap((target) =>
        confined.filter(({ library, to }) => library.test(target) && !to.test(file)).map(() => `${file} -> ${target}`),
      ),
    );
    expect(broken).toEqual([]);
  });

  it('lets one file alone import the native runtime and one the UI toolkit', () => {
    const importers = (library: RegExp): string[] =>
      sources.filter((file) => importsOf(file).some((target) => library.test(target)));
    expect(importers(/^onnxruntime-node/)).toHaveLength(1);
    expect(importers(/^onnxruntime-web/)).toHaveLength(1);
    expect(importers(/^@vscode\/webview-ui-toolkit/)).toHaveLength(1);
  });

  it('has neither barrel files nor default exports', () => {
    const broken = sources.filter((file) => file.endsWith('/index.ts') || /^export default/m.test(readFileSync(file, 'utf8')));
    expect(broken).toEqual([]);
  });
});

function allowed(from: string, to: string): boolean {
  if (from === to) return true;
  if (from === 'webview') return webviewSees.includes(to);
  const below = floors[to];
  const above = floors[from];
  return below !== undefined && above !== undefined && below < above;
}
