import type { Accepted, GivenValues } from '../../records/given';
import type { Assumption, Reason, SourceRange } from '../../records/source';
import type { TableLook } from '../../records/tableLook';
import type { Call } from './call';
import { callMethod, callValue } from './calls';
import type { Script } from '../syntax/ast';
import type { PythonParser } from '../syntax/parser';
import type { Array as DataArray } from '../values/dataValues';
import type { FunctionValue, ListValue, LoopContext, NamespaceValue, Value } from '../values/value';
import type { Rhythm } from '../values/rhythm';
import type { Scope } from '../values/scope';
import type { OptimizerValue, ScheduleValue } from '../values/training';
import { DataProgram } from './dataProgram';
import type { Event, EventKind } from './events';
import { Journal } from './journal';
import { noteReplayedStep } from './rates';
import { Trace } from './traceGraph';

/** Other files of the project, as far as they may be read. */
export interface ProjectFiles {
  /** Text of a file; null when there is none. */
  read(path: string): string | null;
  /** Folders in which imports are looked for after the script's own, absolute. */
  readonly folders: readonly string[];
  /** What small tables of the project hold; absent where none may be looked at. */
  readonly tables?: TableLook;
}

/** Rates that a pass of a loop sets by hand. */
export interface RateReplay {
  /** One for each group of parameters. */
  readonly rates: Map<OptimizerValue, readonly number[]>;
  /** The rates of each step in order. */
  readonly atSteps: { readonly optimizer: OptimizerValue; readonly rates: readonly number[] }[];
  /** Places of the inner loops that are gone through as well. */
  readonly inner: readonly SourceRange[];
  /** Set when a rate depends on what only the run knows. */
  failed: boolean;
  /** Set when there are more passes than are gone through. */
  endless: boolean;
  readonly startedAt: number;
}

/** Factors on the base rates, one for each group of parameters: pass by pass of `loop`, or step by step. */
export interface RateTable {
  readonly factors: readonly (readonly number[])[];
  readonly perStep: boolean;
  /** The rates go on changing in a way that was not followed. */
  readonly endless: boolean;
  readonly loop: LoopContext;
  readonly range: SourceRange;
}

/** Ends the interpretation from any depth when the bound is reached; caught in `runScript` alone. */
export class BoundReached extends Error {}

const maximumSteps = 150_000;
export const maximumDepth = 45;

/** The state of one symbolic run of a script. */
export class Machine {
  readonly program = new DataProgram();
  readonly trace = new Trace();
  readonly journal = new Journal();
  /** Attributes that the body of each open loop counts up, with the amount where it is fixed. */
  readonly counted: ReadonlyMap<string, number | null>[] = [];
  readonly events: Event[] = [];
  readonly schedules: ScheduleValue[] = [];
  readonly loops: LoopContext[] = [];
  readonly conditions: (Rhythm | null)[] = [];
  readonly assumptions: { readonly assumption: Assumption; /** Numbers of events before it. */ readonly at: number[] }[] = [];
  /** Project files by their path. */
  readonly files = new Map<string, Script>();
  readonly modules = new Map<string, Scope>();
  /** Folders that the script adds to those in which Python looks for modules. */
  readonly modulePath: string[] = [];
  /** Settings files that the script reads. */
  readonly settings = new Set<string>();
  /** Libraries' own named values by their full name (absl's FLAGS, wandb's config). */
  readonly registers = new Map<string, NamespaceValue>();
  /** What the command line takes, by the name under which the script reads it. */
  readonly commandLine = new Map<string, Accepted>();
  /** Functions that were entered, to find those that nobody calls. */
  readonly entered = new Set<unknown>();
  readonly callStack: FunctionValue[] = [];
  /** Values that `yield` gave, per generator call in progress. */
  readonly yields: Value[][] = [];
  /** How many loops were open when each of these calls began. */
  readonly yieldsFrom: number[] = [];
  /** While a loop is gone through pass by pass for its learning rates alone. */
  replay: RateReplay | null = null;
  readonly rateTables = new Map<OptimizerValue, RateTable>();
  /** Above 0 while a function of one entry is run on all entries together: conditions then choose entry by entry. */
  entrywise = 0;
  /** The ways of choices for each row that are being gone through, with what they append to lists. */
  readonly rowWays: { readonly mask: DataArray; readonly appended: Map<ListValue, readonly Value[]> }[] = [];
  /** While a loop that trains is entered: what it goes through are batches, where that is not known otherwise. */
  entersTraining = false;
  /** Depth of module calls: 0 outside every forward pass. */
  moduleDepth = 0;
  private gradientsOff = 0;
  /** How often gradients had been switched off when the outermost forward pass began. */
  private gradientsOffOutside = 0;
  /** Columns were made categories: their types are no longer those of their values. */
  categorised = false;
  steps = 0;
  seeds: { numpy: number | null; torch: number | null; python: number | null } = { numpy: null, torch: null, python: null };
  private loopNumber = 0;

  constructor(
    readonly parser: PythonParser,
    readonly project: ProjectFiles,
    readonly mainPath: string,
    /** What the command line is taken to give. */
    readonly given: GivenValues = {},
  ) {}

  /** How often gradients are switched off around the present place. */
  get noGradDepth(): number {
    return this.gradientsOff;
  }

  set noGradDepth(depth: number) {
    this.gradientsOff = depth;
    this.trace.stops = this.moduleDepth > 0 && depth > this.gradientsOffOutside;
  }

  /** Runs a forward pass, perhaps inside another one. */
  inForwardPass<T>(run: () => T): T {
    if (this.moduleDepth === 0) this.gradientsOffOutside = this.gradientsOff;
    this.moduleDepth++;
    const result = run();
    this.moduleDepth--;
    return result;
  }

  /** Counts one step of work. Throws `BoundReached` when there were too many. */
  tick(): void {
    if (++this.steps > maximumSteps) throw new BoundReached();
  }

  record(range: SourceRange, event: EventKind): void {
    if (this.replay) {
      if (event.kind === 'step') noteReplayedStep(this, this.replay, event.optimizer);
      return;
    }
    this.events.push({ ...event, range, loops: [...this.loops], conditions: [...this.conditions] });
  }

  /**
   * The seed of a selection of rows that takes its numbers from a library's own stream. The next one is another
   * selection; setting the seed again gives the first one again.
   */
  drawSeed(library: 'numpy' | 'torch' | 'python'): number | null {
    const seed = this.seeds[library];
    if (seed !== null) this.seeds[library] = (seed + 1_000_003) % 2 ** 31;
    return seed;
  }

  openLoop(range: SourceRange, count: Value | null, head: SourceRange = range): LoopContext {
    const loop: LoopContext = { id: ++this.loopNumber, range, head, count, firstStep: this.program.steps.length, batches: false };
    this.loops.push(loop);
    return loop;
  }

  closeLoop(loop: LoopContext): void {
    while (this.loops.length > 0 && this.loops.pop() !== loop);
  }

  assume(text: string, range: SourceRange): void {
    const known = this.assumptions.find(({ assumption: a }) => a.text === text && a.range.line === range.line);
    if (known) known.at.push(this.events.length);
    else this.assumptions.push({ assumption: { text, range }, at: [this.events.length] });
  }

  /** Calls `callee` without arguments. */
  invoke(callee: Value, call: Call): Value {
    return callValue(this, callee, { ...call, positional: [], keywords: new Map() });
  }

  invokeMethod(receiver: Value, name: string, call: Call): Value {
    return callMethod(receiver, name, { ...call, positional: [], keywords: new Map() });
  }

  get currentLoop(): LoopContext | null {
    return this.loops[this.loops.length - 1] ?? null;
  }
}

export const notKnown = (what: string, range: SourceRange): Reason => ({
  text: `\`${what}\` is not known to this reader`,
  range,
});
