import type { TensorData } from '../graph/operations';
import type { ModelGraph } from '../records/model/graph';
import type { LayerInput } from './twin';

/** Linear layers before the loss with the node that each reads. */
export function weighingInputs({ nodes, lossStart }: ModelGraph): { readonly name: string; readonly input: number }[] {
  return nodes.slice(0, lossStart).flatMap(({ kind, name, inputs }) => {
    const [input] = inputs;
    return kind === 'linear' && input !== undefined ? [{ name, input }] : [];
  });
}

/** Vectors that are kept of each layer. */
const mostVectors = 4096;

/** Gathers the vectors that go into layers, chunk by chunk. */
export class LayerInputs {
  private readonly vectors = new Map<string, Float32Array[]>();

  /** Adds a chunk's values: vectors of `width` numbers, one after another. */
  add(name: string, values: TensorData | undefined, width: number): void {
    if (!(values instanceof Float32Array) || width === 0) return;
    const known = this.vectors.get(name) ?? [];
    this.vectors.set(name, known);
    for (let from = 0; from < values.length && known.length < mostVectors; from += width)
      known.push(values.slice(from, from + width));
  }

  /** Everything that was added, by layer. */
  result(): LayerInput[] {
    return [...this.vectors].map(([name, vectors]) => ({ name, vectors }));
  }
}
