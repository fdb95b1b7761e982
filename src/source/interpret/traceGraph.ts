import type { Size } from '../../graph/size';
import type { LayerKind, Layers } from '../../records/model/layers';
import type { Reason, SourceRange } from '../../records/source';
import type { BatchOrigin, Layer, ParameterCell, RowSource, TraceNode } from '../values/trace';
import { nodeShape } from './tensorShapes';

interface NodeOptions {
  readonly parameters?: Readonly<Record<string, ParameterCell>>;
  readonly call?: SourceRange;
  readonly places?: Readonly<Record<string, SourceRange>>;
  readonly layer?: Layer;
}

/** Makes the nodes of the traced computation, in the order in which the script makes them. */
export class Trace {
  /** True inside a forward pass that switches gradients off: what is made then passes its value and no gradient. */
  stops = false;
  readonly nodes: TraceNode[] = [];
  private readonly sources = new Map<string, TraceNode>();
  private readonly values = new Map<ParameterCell, TraceNode>();

  add<K extends LayerKind>(
    kind: K,
    args: Layers[K],
    inputs: readonly TraceNode[],
    range: SourceRange,
    options: NodeOptions = {},
  ): TraceNode {
    const made = this.push({
      kind,
      arguments: args,
      inputs,
      parameters: options.parameters ?? {},
      shape: nodeShape(kind, args, inputs, options.parameters ?? {}),
      integer: isInteger(kind, args, inputs),
      range,
      call: options.call ?? range,
      places: options.places ?? {},
      layer: options.layer ?? null,
      source: null,
      reason: null,
    });
    return this.stops && made.trained ? this.stopped(made, range) : made;
  }

  /** The same value, through which no gradient goes. */
  stopped(node: TraceNode, range: SourceRange): TraceNode {
    if (!node.trained) return node;
    return this.push({ ...blank, kind: 'stopGradient', inputs: [node], range, call: range, shape: node.shape });
  }

  /** An operation that is followed by name only; a loss or model over it is not read. */
  opaque(name: string, inputs: readonly TraceNode[], range: SourceRange, reason: Reason | null = null): TraceNode {
    const why = reason ?? { text: `\`${name}\` is not an operation this reader can train through`, range };
    return this.push({ ...blank, kind: 'opaque', arguments: { name }, inputs, range, call: range, reason: why });
  }

  /** Rows of a data step; the same rows give the same node. */
  source(
    step: number,
    batch: BatchOrigin | null,
    shape: readonly (Size | null)[] | null,
    integer: boolean,
    range: SourceRange,
  ): TraceNode {
    const key = `${step} ${batch ? `${batch.range.path}:${batch.range.line}:${batch.range.column}:${batch.loop?.id ?? 0}` : 'full'}`;
    const known = this.sources.get(key);
    if (known) return known;
    const rows: readonly (Size | null)[] | null = shape && shape.length > 0 ? [{ symbol: 'rows' }, ...shape.slice(1)] : shape;
    const source: RowSource = { step, batch, range };
    const node = this.push({ ...blank, kind: 'source', inputs: [], range, call: range, shape: rows, integer, source });
    this.sources.set(key, node);
    return node;
  }

  constant(value: number, range: SourceRange): TraceNode {
    return this.push({ ...blank, kind: 'constant', arguments: { value }, inputs: [], range, call: range, shape: [] });
  }

  /** A raw parameter as a tensor; one node for each. */
  parameter(cell: ParameterCell, range: SourceRange): TraceNode {
    const known = this.values.get(cell);
    if (known) return known;
    const node = this.push({
      ...blank,
      kind: 'parameter',
      inputs: [],
      parameters: { value: cell },
      range,
      call: range,
      shape: cell.shape,
    });
    this.values.set(cell, node);
    return node;
  }

  private push(node: Omit<TraceNode, 'id' | 'trained' | 'fault'>): TraceNode {
    const trained =
      node.kind !== 'stopGradient' && (Object.keys(node.parameters).length > 0 || node.inputs.some((input) => input.trained));
    const made: TraceNode = { ...node, id: this.nodes.length, trained, fault: null };
    this.nodes.push(made);
    return made;
  }
}

const blank = {
  arguments: {},
  parameters: {},
  shape: null,
  integer: false,
  places: {},
  layer: null,
  source: null,
  reason: null,
} as const;

const integerKinds: ReadonlySet<string> = new Set([
  'reshape',
  'flatten',
  'squeeze',
  'unsqueeze',
  'permute',
  'slice',
  'concatenate',
  'expand',
  'repeat',
  'flip',
  'roll',
  'unflatten',
  'triangle',
  'gather',
]);

const placeKinds: ReadonlySet<string> = new Set(['argMax', 'argMin', 'maxPoolPlaces1d', 'maxPoolPlaces2d']);

/** Whether a kind's result holds whole numbers. */
function isInteger<K extends LayerKind>(kind: K, args: Layers[K], inputs: readonly TraceNode[]): boolean {
  if (kind === 'cast') return (args as Layers['cast']).to === 'integer';
  if (kind === 'values') return (args as Layers['values']).type === 'integer';
  if (kind === 'largest') return (args as Layers['largest']).part === 'places';
  if (placeKinds.has(kind)) return true;
  if (kind === 'take') return inputs[0]?.integer ?? false;
  return integerKinds.has(kind) && inputs.every((input) => input.integer);
}
