/** A layer or function that is called with tensors alone. */
export type NoArguments = Record<never, never>;
