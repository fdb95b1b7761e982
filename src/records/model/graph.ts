import type { Size } from '../../graph/size';
import type { SourceRange } from '../source';
import type { Initializer } from './initializer';
import type { LayerKind, Layers } from './layers';

/** Role of a parameter in its layer, PyTorch's attribute name: `weight`, `bias`. */
export type ParameterRole = string;

/** One call of a layer or function, in the order in which the forward pass makes them. */
export interface ModelNodeOf<K extends LayerKind> {
  readonly kind: K;
  readonly arguments: Layers[K];
  /** Indices of the nodes that come in, in argument order. */
  readonly inputs: readonly number[];
  /** Role to index into `ModelGraph.parameters`. */
  readonly parameters: Readonly<Record<ParameterRole, number>>;
  /** The module's name in the state_dict (`net.0`), or `kind` and a number for a function call. Unique. */
  readonly name: string;
  /** The layer's constructor call, or the function call: the place of findings about the layer. */
  readonly range: SourceRange;
  /** Where the forward pass calls it, if elsewhere. */
  readonly call: SourceRange;
  /** Places of single arguments, by their name in `Layers` (`p`, `out`, `shape`). */
  readonly places: Readonly<Record<string, SourceRange>>;
}

export type ModelNode = { [K in LayerKind]: ModelNodeOf<K> }[LayerKind];

export interface ParameterSpec {
  /** Name in the state_dict. */
  readonly name: string;
  readonly shape: readonly Size[];
  readonly initializer: Initializer;
  /** The init call when the script has one, else the layer. */
  readonly range: SourceRange;
  /** True when the framework's default initialisation holds. */
  readonly isDefault: boolean;
  /** False after `requires_grad = False`. */
  readonly trainable: boolean;
  /** Parameters of one name here start with the same random numbers (`deepcopy`); their own name when it is not said. */
  readonly stream?: string;
}

/** Forward pass and loss as one graph of calls; `nodes` are in topological order. */
export interface ModelGraph {
  readonly nodes: readonly ModelNode[];
  readonly parameters: readonly ParameterSpec[];
  /** What the model returns: the nodes before the loss. */
  readonly outputs: readonly number[];
  /** The scalar that `backward` is called on; null when the loss could not be read. */
  readonly loss: number | null;
  /** The loss call itself (`criterion(out, y)`) and the loss's constructor, for findings on it. */
  readonly lossCall: SourceRange | null;
  readonly lossRange: SourceRange | null;
  /** First index in `nodes` that belongs to the loss and not to the model. */
  readonly lossStart: number;
  /** How right answers are counted: `argmax` of a row, or `threshold` at 0 for logits and 0.5 for probabilities. */
  readonly accuracy: { readonly kind: 'argmax' | 'threshold'; readonly node: number; readonly at: number } | null;
}
