/** The parts of the WebAssembly global that the engine uses; Node's types name it without its constructors. */
declare const WebAssembly: {
  readonly Memory: new (limits: { readonly initial: number; readonly maximum: number }) => { readonly buffer: ArrayBuffer };
};
