import type { ImportedName, Statement } from '../syntax/ast';
import type { Value } from '../values/value';
import type { Scope } from '../values/scope';
import { unreadable } from '../values/value';
import { Scope as NewScope } from '../values/scope';
import { libraryNames } from '../vocabulary/library';
import { externalValue } from './attributes';
import type { Machine } from './machine';
import { runBlock } from './statements';

const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'), 0));

/** `import a.b as c`. */
export function importNames(m: Machine, scope: Scope, names: readonly ImportedName[]): void {
  for (const { name, alias } of names) {
    const own = projectModule(m, scope.path, 0, name);
    if (own && (alias !== null || !name.includes('.'))) scope.set(alias ?? name, own);
    else if (own) scope.set(name.split('.')[0] ?? name, nestedModule(name, own, scope.path));
    else if (alias !== null) scope.set(alias, { kind: 'external', path: name });
    else scope.set(name.split('.')[0] ?? name, { kind: 'external', path: name.split('.')[0] ?? name });
  }
}

/** `import package.module` binds `package`; the module hangs below it. */
function nestedModule(name: string, inner: Value, path: string): Value {
  const [, ...rest] = name.split('.');
  return rest.reverse().reduce<Value>((value, part) => {
    const scope = new NewScope(null, path);
    scope.variables.set(part, value);
    return { kind: 'module', scope, path };
  }, inner);
}

/** `from a import b`. */
export function importFrom(m: Machine, scope: Scope, node: Statement & { readonly kind: 'importFrom' }): void {
  const own = projectModule(m, scope.path, node.level, node.module);
  if (node.all) {
    if (own?.kind === 'module') for (const name of publicNames(own.scope)) copyName(own.scope, scope, name);
    else if (node.level === 0) importAll(scope, node.module);
    return;
  }
  for (const { name, alias } of node.names) {
    const inner = projectModule(m, scope.path, node.level, node.module === '' ? name : `${node.module}.${name}`);
    const found = own?.kind === 'module' ? own.scope.variables.get(name) : undefined;
    let value: Value;
    if (found) value = found;
    else if (inner) value = inner;
    else if (own || node.level > 0)
      value = unreadable(`\`${name}\` was not found in ${node.module || 'the package'}`, node.range);
    else value = externalValue(m, `${node.module}.${name}`);
    scope.set(alias ?? name, value);
  }
}

/** What `import *` brings of a module of the project: the names in its `__all__`, else those without a leading underscore. */
function publicNames(scope: Scope): readonly string[] {
  const listed = scope.variables.get('__all__');
  if (listed?.kind === 'list' && !listed.open && listed.items.every((item) => item.kind === 'string'))
    return listed.items.map((item) => item.value);
  return [...scope.variables.keys()].filter((name) => !name.startsWith('_'));
}

function copyName(from: Scope, to: Scope, name: string): void {
  const value = from.variables.get(name);
  if (value) to.variables.set(name, value);
}

const starNames: Readonly<Record<string, readonly string[]>> = {
  math: ['pi', 'sqrt', 'exp', 'log', 'sin', 'cos', 'floor', 'ceil'],
  numpy: ['array', 'zeros', 'ones', 'linspace', 'arange', 'random', 'exp', 'sqrt', 'sin', 'cos'],
};

/** Modules of which `import *` brings all that this reader knows. */
const wholeModules = /^(torch\.nn|(tensorflow\.(python\.)?)?keras|sklearn)(\.|$)/;

function importAll(scope: Scope, module: string): void {
  const names = starNames[module] ?? (wholeModules.test(module) ? libraryNames(module) : []);
  for (const name of names) scope.variables.set(name, { kind: 'external', path: `${module}.${name}` });
}

/**
 * The module that a text names (`importlib.import_module`). `from` is the file in whose folder a name with leading dots is looked
 * for; what the project does not have is a library's.
 */
export function moduleNamed(m: Machine, from: string, name: string): Value {
  const level = /^\.*/.exec(name)?.[0].length ?? 0;
  return projectModule(m, from, level, name.slice(level)) ?? { kind: 'external', path: name };
}

/** A module of the project, run on symbols when it is first imported; null when the project has none of that name. */
function projectModule(m: Machine, from: string, level: number, module: string): Value | null {
  const tail = module.split('.').join('/');
  const bases: string[] = [];
  let folder = folderOf(from);
  for (let i = 1; i < level; i++) folder = folderOf(folder);
  bases.push(folder);
  // A package that is installed for work on it lies in `src`.
  if (level === 0)
    bases.push(folderOf(m.mainPath), ...m.modulePath, ...m.project.folders, ...m.project.folders.map((f) => `${f}/src`));
  for (const base of new Set(bases)) {
    const stem = base === '' ? tail : `${base}/${tail}`;
    for (const path of [`${stem}.py`, `${stem}/__init__.py`]) {
      const value = load(m, path.replace('//', '/'));
      if (value) return value;
    }
  }
  return null;
}

function load(m: Machine, path: string): Value | null {
  const known = m.modules.get(path);
  if (known) return { kind: 'module', scope: known, path };
  m.tick();
  const text = m.files.size < 60 ? m.project.read(path) : null;
  if (text === null) return null;
  const script = m.parser.parse(path, text);
  const scope = new NewScope(null, path);
  m.files.set(path, script);
  m.modules.set(path, scope);
  runBlock(m, scope, script.body, []);
  return { kind: 'module', scope, path };
}
