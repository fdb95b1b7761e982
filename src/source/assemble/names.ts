import type { Machine } from '../interpret/machine';
import type { Layer, ParameterCell } from '../values/trace';
import type { Value } from '../values/value';
import { allModules, allParameters, type ModuleLike } from '../vocabulary/layers/modules';

/** Names of layers and parameters as they stand in the state_dict. */
export interface Names {
  readonly layers: ReadonlyMap<Layer, string>;
  /** All parameters of the models in their order. */
  readonly parameters: readonly { readonly name: string; readonly cell: ParameterCell }[];
}

/** Names over one model, or over several with the variable's name before each. */
export function namesOf(m: Machine, roots: readonly ModuleLike[]): Names {
  const layers = new Map<Layer, string>();
  const parameters: { name: string; cell: ParameterCell }[] = [];
  const seen = new Set<ParameterCell>();
  for (const root of roots) {
    const prefix = roots.length > 1 ? `${variableOf(m, root) ?? `model${roots.indexOf(root) + 1}`}.` : '';
    for (const { name, module } of allModules(root))
      if (module.kind === 'layer' && !layers.has(module)) layers.set(module, `${prefix}${name}`.replace(/\.$/, ''));
    for (const { name, cell } of allParameters(root)) {
      if (seen.has(cell)) continue;
      seen.add(cell);
      parameters.push({ name: `${prefix}${name}`, cell });
    }
  }
  return { layers, parameters };
}

function variableOf(m: Machine, root: Value): string | null {
  for (const scope of m.modules.values()) for (const [name, value] of scope.variables) if (value === root) return name;
  return null;
}
