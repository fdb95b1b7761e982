import type { Graph } from '../../graph/graph';
import { sizeOf, type Tensor } from '../../graph/operations';
import { floatInput, LoweringError, type LowerTable } from './lowering';

/** A tensor whose axes carry letters. */
interface Lettered {
  readonly letters: readonly string[];
  readonly tensor: Tensor;
}

/** Einstein's sums: pairs of factors from left to right, each as one batched matrix product. */
export const einsum: LowerTable<'einsum'> = {
  einsum: (site) => {
    const { graph } = site.context;
    const [left = '', right = ''] = site.node.arguments.equation.split('->');
    const terms = left.split(',');
    if (terms.length !== site.inputs.length)
      throw new LoweringError(`'${site.node.name}' names ${terms.length} factors and gets ${site.inputs.length}.`);
    const factors = terms.map((term, k): Lettered => {
      const tensor = floatInput(site, k);
      if (term.length !== tensor.shape.length)
        throw new LoweringError(`'${site.node.name}' names the axes '${term}' of a tensor [${tensor.shape.join(', ')}].`);
      return withoutRepeats(graph, { letters: [...term], tensor });
    });
    const result = factors.reduce((a, b, k) => product(graph, a, b, new Set([...right, ...terms.slice(k + 1).join('')])));
    const whole = summedTo(graph, result, new Set(right));
    return graph.transpose(
      whole.tensor,
      [...right].map((letter) => whole.letters.indexOf(letter)),
    );
  },
};

/** A letter that stands twice takes the diagonal. */
function withoutRepeats(graph: Graph, { letters, tensor }: Lettered): Lettered {
  const again = letters.findIndex((letter, at) => letters.indexOf(letter) < at);
  const letter = letters[again];
  if (letter === undefined) return { letters, tensor };
  const first = letters.indexOf(letter);
  const size = tensor.shape[first] ?? 1;
  const places = graph.range(size);
  const along = (axis: number): Tensor =>
    graph.reshape(
      places,
      tensor.shape.map((_, at) => (at === axis ? size : 1)),
    );
  const diagonal = graph.equal(graph.broadcast(along(first), tensor.shape), graph.broadcast(along(again), tensor.shape));
  const kept = graph.sum(graph.where(diagonal, tensor, graph.zerosLike(tensor)), [again]);
  return withoutRepeats(graph, { letters: letters.filter((_, at) => at !== again), tensor: kept });
}

/** Sums the axes away that nothing needs. */
function summedTo(graph: Graph, { letters, tensor }: Lettered, needed: ReadonlySet<string>): Lettered {
  const gone = letters.flatMap((letter, axis) => (needed.has(letter) ? [] : [axis]));
  return gone.length === 0
    ? { letters, tensor }
    : { letters: letters.filter((letter) => needed.has(letter)), tensor: graph.sum(tensor, gone) };
}

/** a b, summed over the letters that both have and nothing further `needed`. */
function product(graph: Graph, a: Lettered, b: Lettered, needed: ReadonlySet<string>): Lettered {
  const left = summedTo(graph, a, new Set([...needed, ...b.letters]));
  const right = summedTo(graph, b, new Set([...needed, ...a.letters]));
  const shared = left.letters.filter((letter) => right.letters.includes(letter));
  const batch = shared.filter((letter) => needed.has(letter));
  const inner = shared.filter((letter) => !needed.has(letter));
  const rows = left.letters.filter((letter) => !shared.includes(letter));
  const columns = right.letters.filter((letter) => !shared.includes(letter));
  const sizes = (x: Lettered, wanted: readonly string[]): number[] =>
    wanted.map((letter) => x.tensor.shape[x.letters.indexOf(letter)] ?? 1);
  const folded = (x: Lettered, first: readonly string[], second: readonly string[]): Tensor => {
    const order = [...batch, ...first, ...second].map((letter) => x.letters.indexOf(letter));
    return graph.reshape(graph.transpose(x.tensor, order), [
      sizeOf(sizes(x, batch)),
      sizeOf(sizes(x, first)),
      sizeOf(sizes(x, second)),
    ]);
  };
  const multiplied = graph.matmul(folded(left, rows, inner), folded(right, inner, columns));
  const shape = [...sizes(left, batch), ...sizes(left, rows), ...sizes(right, columns)];
  return { letters: [...batch, ...rows, ...columns], tensor: graph.reshape(multiplied, shape) };
}
