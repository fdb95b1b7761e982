import type { Machine } from '../../interpret/machine';
import type { Layer, ParameterCell } from '../../values/trace';
import type { Value } from '../../values/value';

const counts = new WeakMap<Machine, number>();

/** A parameter of the same shape that starts with the same numbers; `copyOf` maps the weight that a bias's bounds come from. */
export function copiedCell(m: Machine, cell: ParameterCell, copyOf: (cell: ParameterCell) => ParameterCell): ParameterCell {
  if (cell.stream === undefined) {
    const count = (counts.get(m) ?? 0) + 1;
    counts.set(m, count);
    cell.stream = `copy ${count}`;
  }
  const { initializer } = cell;
  if (initializer.kind !== 'biasUniform') return { ...cell };
  return { ...cell, initializer: { ...initializer, weight: copyOf(initializer.weight) } };
}

/** copy.deepcopy of a module: layers and parameters of its own, with the same first numbers. Other values are shared. */
export function copiedModule(m: Machine, value: Value): Value {
  return copied(m, value, new Map(), new Map());
}

function copied(m: Machine, value: Value, modules: Map<Value, Value>, cells: Map<ParameterCell, ParameterCell>): Value {
  m.tick();
  const known = modules.get(value);
  if (known) return known;
  const cellOf = (cell: ParameterCell): ParameterCell => {
    const made = cells.get(cell) ?? copiedCell(m, cell, (other) => cells.get(other) ?? other);
    cells.set(cell, made);
    return made;
  };
  switch (value.kind) {
    case 'layer': {
      const parameters = Object.fromEntries(Object.entries(value.parameters).map(([role, cell]) => [role, cellOf(cell)]));
      const made: Layer = { ...value, parameters };
      modules.set(value, made);
      return made;
    }
    case 'container': {
      const made = { ...value, items: [] as { name: string; value: Value }[] };
      modules.set(value, made);
      made.items.push(...value.items.map((item) => ({ name: item.name, value: copied(m, item.value, modules, cells) })));
      return made;
    }
    case 'instance': {
      const made = { ...value, fields: new Map<string, Value>(), buffers: new Set(value.buffers) };
      modules.set(value, made);
      for (const [name, field] of value.fields) made.fields.set(name, copied(m, field, modules, cells));
      return made;
    }
    case 'tensor': {
      const cell = value.node.kind === 'parameter' ? value.node.parameters['value'] : undefined;
      return cell ? { kind: 'tensor', node: m.trace.parameter(cellOf(cell), cell.range) } : value;
    }
    case 'list':
      return { ...value, items: value.items.map((item) => copied(m, item, modules, cells)) };
    default:
      return value;
  }
}
