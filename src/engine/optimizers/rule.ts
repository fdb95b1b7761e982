import type { OptimizerKind, OptimizerSettings } from '../../records/optimizer';
import type { Sourced } from '../../records/source';

/** An optimizer's settings as bare values. */
export type Values<K extends OptimizerKind> = {
  readonly [Name in keyof OptimizerSettings[K]]: OptimizerSettings[K][Name] extends Sourced<infer T> ? T : never;
};

/** State vectors by name, each as long as the flat vector of parameters. */
export type Vectors = Readonly<Record<string, Float32Array>>;

/** The part of the flat vector that one update works on. */
export interface Span {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** Learning rate of its group at this step. */
  readonly rate: number;
  readonly weightDecay: number;
}

/** One step's gradient and place. */
export interface UpdateSite<K extends OptimizerKind> {
  readonly theta: Float32Array;
  /** What `backward` has left in the buffers, after clipping; negated already for `maximize`. */
  readonly gradient: Float32Array;
  /** Receives the change of theta. */
  readonly delta: Float32Array;
  readonly state: Vectors;
  readonly settings: Values<K>;
  /** Number of this step, from 1. */
  readonly step: number;
}

/** An optimizer as PyTorch 2 defines it, over spans of one flat vector. */
export interface UpdateRule<K extends OptimizerKind> {
  /** Names of the state vectors, which begin at 0. */
  readonly stateNames: (settings: Values<K>) => readonly string[];
  /** Sets state that does not begin at 0. */
  readonly begin: (state: Vectors, settings: Values<K>) => void;
  /** delta ← the change of theta over the span, and the state's update. */
  readonly update: (site: UpdateSite<K>, span: Span) => void;
  /**
   * out ← P after `step` steps, such that the step without momentum is rate · P⁻¹ gradient:
   * √v̂+ε for Adam without the (1-β1ᵗ) factor. Null for an optimizer that does not precondition.
   */
  readonly preconditioner: ((out: Float32Array, state: Vectors, settings: Values<K>, step: number) => void) | null;
}

/** State vector `name`. */
export function vectorOf(state: Vectors, name: string): Float32Array {
  const vector = state[name];
  if (vector === undefined) throw new Error(`The optimizer has no state '${name}'.`);
  return vector;
}

export const beginsAtZero = (): void => undefined;
