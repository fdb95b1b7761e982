/** What the measuring module inside the extension host hands over: one JSON object; times in milliseconds. */
export interface HostMeasured {
  /** Processor time of the extension host while the extension was activated: loading the bundle and running it. */
  readonly activationWork: number;
  /** The same as a person waits for it, with the messages to the window. */
  readonly activation: number;
  /** Reading a script and judging its text, after each of some edits, by script. */
  readonly squiggles: readonly { readonly script: string; readonly lines: number; readonly times: readonly number[] }[];
  /** From a key stroke to the squiggle, the pause in typing included. */
  readonly strokes: readonly number[];
  /** Delay of the host's event loop during diagnoses. */
  readonly delay: { readonly p99: number; readonly max: number; readonly idleP99: number };
  /** Longest stretch of the host's thread in which our code was on the stack without a break, with its functions. */
  readonly longest: { readonly milliseconds: number; readonly functions: readonly string[] };
  /** From a save to the first measured finding, and to the whole verdict. */
  readonly saves: readonly { readonly finding: number; readonly verdict: number }[];
  /** Whether the run after one whose engine was killed ended with a verdict. */
  readonly survives: boolean;
}

/** File in the workspace in which they are left; `error` instead where measuring failed. */
export const resultFile = 'bench-host.json';
