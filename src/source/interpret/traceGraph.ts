import type { Size } from '../../graph/size';
import type { LayerKind, Layers } from '../../records/model';
import type { Reason, SourceRange } from '../../records/source';
import type { BatchOrigin, Layer, ParameterCell, RowSource, TraceNode } from '../values/trace';
import { nodeShape } from './shapes';

interface NodeOptions {
  readonly parameters?: Readonly<Record<string, ParameterCell>>;
  readonly call?: SourceRange;
  readonly places?: Readonly<Record<string, SourceRange>>;
  readonly layer?: Layer;
}

/** Makes the nodes of the traced computation, in the order in which the script makes them. */
export class Trace {
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
    return this.push({
      kind,
      arguments: args,
      inputs,
      parameters: options.parameters ?? {},
      shape: nodeShape(kind, args, inputs, options.parameters ?? {}),
      integer:
        kind === 'cast' ? (args as Layers['cast']).to === 'integer' : integerKinds.has(kind) && inputs.every((i) => i.integer),
      range,
      call: options.call ?? range,
      places: options.places ?? {},
      layer: options.layer ?? null,
      source: null,
      reason: null,
    });
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
    const trained = Object.keys(node.parameters).length > 0 || node.inputs.some((input) => input.trained);
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
]);
