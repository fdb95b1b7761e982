import type { OptimizerKind, OptimizerSettings } from '../../records/optimizer';
import type { Sourced } from '../../records/source';
import type { Arithmetic } from './arithmetic';

/** An optimizer's settings as bare values, and whether Keras's formulas hold where they differ from PyTorch's. */
export type Values<K extends OptimizerKind> = {
  readonly [Name in keyof OptimizerSettings[K]]: OptimizerSettings[K][Name] extends Sourced<infer T> ? T : never;
} & { readonly keras: boolean };

/** State vectors by name, each as long as the flat vector of parameters. */
export type Vectors = Readonly<Record<string, Float32Array>>;

/** What one element of the flat vector has at a step. */
export interface Element<T> {
  readonly theta: T;
  /** What `backward` has left in the buffers, after clipping; negated for `maximize`. */
  readonly gradient: T;
  /** By state name. */
  readonly state: (name: string) => T;
  /** A number of the step and the parameter's group, by name. */
  readonly scalar: (name: string) => T;
}

/** What a step makes of an element. */
export interface Updated<T> {
  /** Change of theta. */
  readonly delta: T;
  /** By state name. */
  readonly state: Readonly<Record<string, T>>;
}

/** What is known of a step beside its elements. */
export interface StepNumbers {
  /** Number of the step, from 1. */
  readonly step: number;
  /** Learning rate of the group at this step. */
  readonly rate: number;
  readonly weightDecay: number;
}

/** An optimizer as PyTorch 2 defines it. */
export interface UpdateRule<K extends OptimizerKind> {
  /** Names of the state vectors. */
  readonly stateNames: (settings: Values<K>) => readonly string[];
  /** Value at which all elements of the state begin. */
  readonly firstState: (settings: Values<K>) => number;
  /** Numbers that the formula takes, in double precision. The names are the same at every step. */
  readonly scalars: (settings: Values<K>, numbers: StepNumbers) => Readonly<Record<string, number>>;
  /** The formula of one element. */
  readonly element: <T>(a: Arithmetic<T>, at: Element<T>, settings: Values<K>) => Updated<T>;
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

/** The gradient with the L2 term: gradient + weightDecay · theta. */
export function decayed<T>(a: Arithmetic<T>, { gradient, theta, scalar }: Element<T>): T {
  return a.add(gradient, a.mul(scalar('weightDecay'), theta));
}

/**
 * The gradient that the moments take, and the change with the decay's own part: weight decay is added to the
 * gradient (number `weightDecay`), or, decoupled, shrinks theta by itself (number `shrinkage`).
 */
export function gradientAndShrinkage<T>(
  a: Arithmetic<T>,
  at: Element<T>,
  decoupled: boolean,
): { readonly gradient: T; readonly shrunk: (delta: T) => T } {
  if (!decoupled) return { gradient: decayed(a, at), shrunk: (delta) => delta };
  return { gradient: at.gradient, shrunk: (delta) => a.add(a.mul(at.scalar('shrinkage'), at.theta), delta) };
}

/** √x + ε, or √(x + ε) as Keras has it in some optimizers. */
export function rootWithEpsilon<T>(a: Arithmetic<T>, x: T, epsilon: T, inside: boolean): T {
  return inside ? a.sqrt(a.add(x, epsilon)) : a.add(a.sqrt(x), epsilon);
}

export const beginsAtZero = (): number => 0;
