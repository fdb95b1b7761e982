import { joinPath } from '../../interpret/operators';
import { normalPath } from '../../configs/settingsFile';
import type { Call, Handler } from '../../interpret/call';
import { none, stringValue, unknown, type StringValue, type Value } from '../../values/value';
import type { FunctionTable, MethodTable } from '../functionTable';

const first = (call: Call): Value => call.positional[0]?.value ?? unknown;

/**
 * The folder of a path. Paths are relative to the script's folder, whose own name is not known:
 * above it stands `..`.
 */
export function folderOf(path: string): string {
  if (path === '' || path === '.') return '..';
  if (path === '..' || path.endsWith('/..')) return `${path}/..`;
  const at = path.lastIndexOf('/');
  return at < 0 ? '' : at === 0 ? '/' : path.slice(0, at);
}

const fileOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The name without its last ending. */
const stemOf = (path: string): string => {
  const name = fileOf(path);
  const at = name.lastIndexOf('.');
  return at <= 0 ? name : name.slice(0, at);
};

const suffixOf = (path: string): string => fileOf(path).slice(stemOf(path).length);

const withName = (path: string, name: string): string => {
  const at = path.lastIndexOf('/');
  return at < 0 ? name : `${path.slice(0, at + 1)}${name}`;
};

/** Joins the paths of a call; unknown when one of them is. */
const joined: Handler = (call) => {
  const strings = call.positional.map((a) => a.value);
  if (!strings.every((s) => s.kind === 'string')) return strings.find((s) => s.kind === 'unknown') ?? unknown;
  return stringValue(strings.map((s) => s.value).reduce(joinPath, ''), { place: call.range, chain: [] });
};

const changed =
  (change: (path: string) => string): Handler =>
  (call) => {
    const value = first(call);
    return value.kind === 'string' ? stringValue(change(value.value), value.origin) : value.kind === 'unknown' ? value : unknown;
  };

/** `sys.path.insert(0, folder)` and `sys.path.append(folder)`: modules are looked for there too. */
const looksIn =
  (position: number): Handler =>
  (call) => {
    const folder = call.positional[position]?.value;
    const { mainPath, modulePath } = call.machine;
    const own = mainPath.slice(0, Math.max(0, mainPath.lastIndexOf('/')));
    if (folder?.kind === 'string' && modulePath.length < 20) modulePath.push(normalPath(joinPath(own, folder.value)));
    return none;
  };

/** Functions on paths. */
export const pathTable: FunctionTable = {
  'sys.path.insert': looksIn(1),
  'sys.path.append': looksIn(0),
  'os.path.join': joined,
  'os.path.dirname': changed(folderOf),
  'os.path.basename': changed(fileOf),
  'os.path.abspath': first,
  'os.path.realpath': first,
  'os.path.normpath': first,
  'os.path.expanduser': first,
  'os.path.expandvars': first,
  'os.fspath': first,
  'os.path.exists': () => unknown,
  'os.path.isfile': () => unknown,
  'os.path.isdir': () => unknown,
  'os.getcwd': () => stringValue(''),
  'pathlib.Path': joined,
  'pathlib.PurePath': joined,
  'pathlib.Path.cwd': () => stringValue(''),
};

/** Attributes of a path; null when text has none of that name. */
export function pathAttribute(path: StringValue, name: string): Value | null {
  switch (name) {
    case 'parent':
      return stringValue(folderOf(path.value), path.origin);
    case 'name':
      return stringValue(fileOf(path.value), path.origin);
    case 'stem':
      return stringValue(stemOf(path.value), path.origin);
    case 'suffix':
      return stringValue(suffixOf(path.value), path.origin);
    case 'parents':
      return {
        kind: 'list',
        form: 'tuple',
        range: null,
        items: parentsOf(path.value).map((folder) => stringValue(folder, path.origin)),
      };
    default:
      return null;
  }
}

function parentsOf(path: string): string[] {
  const folders = [folderOf(path)];
  while (folders.length < 6) folders.push(folderOf(folders[folders.length - 1] ?? ''));
  return folders;
}

/** Methods of a path. */
export const pathMethods: MethodTable<StringValue> = {
  joinpath: (path, call) =>
    call.positional.every((a) => a.value.kind === 'string')
      ? stringValue(
          call.positional.reduce((whole, a) => (a.value.kind === 'string' ? joinPath(whole, a.value.value) : whole), path.value),
          path.origin,
        )
      : unknown,
  with_suffix: (path, call) => {
    const ending = first(call);
    return ending.kind === 'string' ? stringValue(withName(path.value, stemOf(path.value) + ending.value), path.origin) : unknown;
  },
  with_name: (path, call) => {
    const name = first(call);
    return name.kind === 'string' ? stringValue(withName(path.value, name.value), path.origin) : unknown;
  },
  open: (path) => ({ kind: 'file', path }),
  read_text: (path) => ({ kind: 'file', path, whole: true }),
  read_bytes: (path) => ({ kind: 'file', path, whole: true }),
  resolve: (path) => path,
  absolute: (path) => path,
  expanduser: (path) => path,
  as_posix: (path) => path,
  exists: () => unknown,
  is_file: () => unknown,
  is_dir: () => unknown,
};
