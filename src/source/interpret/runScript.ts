import type { GivenValues } from '../../records/given';
import type { FunctionNode, Script, Statement } from '../syntax/ast';
import type { PythonParser } from '../syntax/parser';
import { unreadable, type Value } from '../values/value';
import { Scope } from '../values/scope';
import type { Argument } from './call';
import { callFunction } from './calls';
import { BoundReached, Machine, type ProjectFiles } from './machine';
import { runBlock } from './statements';
import { trains } from './training';

/** Runs a script on symbols: its module level, then functions that train and that nobody called. */
export function runScript(
  parser: PythonParser,
  project: ProjectFiles,
  script: Script,
  given: GivenValues = {},
): { readonly machine: Machine; readonly bounded: boolean } {
  const machine = new Machine(parser, project, script.path, given);
  machine.files.set(script.path, script);
  const scope = new Scope(null, script.path);
  machine.modules.set(script.path, scope);
  const bounded = !finishes(machine, () => {
    runBlock(machine, scope, script.body, []);
    callUnused(machine, scope, script);
  });
  return { machine, bounded };
}

/** False when the bound was reached, or the nesting was deeper than the stack. */
function finishes(machine: Machine, run: () => void): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof BoundReached || error instanceof RangeError) {
      machine.loops.length = 0;
      return false;
    }
    throw error;
  }
}

/** A function that makes an optimizer and is never called is read with its defaults. */
function callUnused(m: Machine, scope: Scope, script: Script): void {
  for (const node of functionsOf(script.body)) {
    const value = scope.variables.get(node.name);
    if (value?.kind !== 'function' || m.entered.has(node) || !trains(m, scope, node.body)) continue;
    const range = node.range;
    const missing: Value = unreadable(`Nothing in the script calls \`${node.name}\``, range);
    const required = node.parameters.filter((p) => p.star === '' && !p.default);
    const call = { machine: m, scope, range, name: range, positional: [], keywords: new Map<string, Argument>(), unclear: null };
    if (value.command) {
      // A command of a group: its options have their defaults.
      const ways = required.filter((p) => !value.command?.named.has(p.name)).slice(value.command.positional.length);
      callFunction(value, { ...call, keywords: new Map(ways.map((p) => [p.name, { value: missing, range }])) });
    } else callFunction(value, { ...call, positional: required.map(() => ({ value: missing, range })) });
  }
}

const functionsOf = (body: readonly Statement[]): FunctionNode[] =>
  body.filter((s): s is FunctionNode & Statement => s.kind === 'function');
