import type { Size } from '../../graph/size';
import type { Argument, Call } from '../interpret/call';
import type { Reason, SourceRange, Sourced } from '../../records/source';
import type { ClassNode, Expression, FunctionNode, Parameter, Statement } from '../syntax/ast';
import type { Array, Dataset, Encoder, Loader, Outside, Scaler } from './dataValues';
import type { Estimator, KerasLayer, KerasModel, KerasTensor, TrainerValue } from './estimators';
import type { Scope } from './scope';
import type { Rhythm } from './rhythm';
import type { Layer, ParameterCell, TraceNode } from './trace';
import type { OptimizerValue, ScheduleValue } from './training';

/** Where a plain value comes from: the literal that set it, and the places it passed on its way. */
export interface Origin {
  readonly place: SourceRange;
  readonly chain: readonly SourceRange[];
  readonly sweep?: readonly Value[];
}

export interface NumberValue {
  readonly kind: 'number';
  readonly value: number;
  readonly integer: boolean;
  readonly origin: Origin | null;
  /** The numbers it was computed from. */
  readonly from?: readonly NumberValue[];
}

export interface BooleanValue {
  readonly kind: 'boolean';
  readonly value: boolean;
  readonly origin: Origin | null;
}

export interface StringValue {
  readonly kind: 'string';
  readonly value: string;
  readonly origin: Origin | null;
}

/** A whole number that only the data decide. */
export interface SizeValue {
  readonly kind: 'size';
  readonly size: Size;
}

/** `scale * i + offset` in the i-th pass of a loop that is run once on symbols. */
export interface ProgressValue {
  readonly kind: 'progress';
  readonly loop: LoopContext;
  readonly scale: number;
  readonly offset: number;
  /** Set after `% modulus`. */
  readonly modulus: number | null;
  /** Where the scale was written: the batch size of hand-made batches. */
  readonly scaleValue: NumberValue | null;
  /** It goes on from one run of its loop to the next. */
  readonly continues?: boolean;
}

/** What is not known, with the reason when there is one worth telling. */
export interface UnknownValue {
  readonly kind: 'unknown';
  readonly reason: Reason | null;
  /** For a condition that holds every n-th pass. */
  readonly every?: Rhythm;
  /** For a condition that fails every n-th pass. */
  readonly exceptEvery?: Rhythm;
  /** For a condition that holds from the pass of this number on. */
  readonly from?: { readonly loop: LoopContext; readonly pass: number };
  /** For a condition that holds in the last pass of this loop. */
  readonly lastOf?: LoopContext;
  /** A counter's first value, when a loop further in counts it up. */
  readonly counter?: number;
  /** The share of its loop's passes that a pass has behind it: `i / len(loader)`. */
  readonly share?: { readonly loop: LoopContext; readonly of: Size };
  /** Passes of an outer loop with the share of the present one: `epoch + i / len(loader)`. */
  readonly epochs?: { readonly epoch: ProgressValue; readonly batches: Size };
  /** The tensor of the graph that is this number. */
  readonly itemOf?: TraceNode;
  /** What a number that changes from pass to pass is in the first one. */
  readonly first?: NumberValue;
  /** Whether a condition on the number of a pass holds in the first one. */
  readonly holdsAtFirst?: boolean;
  /** It comes from a file that the script saved itself (`torch.load`). */
  readonly saved?: true;
  /** It comes from outside of what is read: rows of data, where a model or a loss takes it. */
  readonly outside?: Outside;
}

export interface ListValue {
  readonly kind: 'list';
  items: Value[];
  /** `Tuple`s do not change; sets hold each value once. */
  readonly form: 'list' | 'tuple' | 'set';
  /** The loop in each of whose passes its one item is appended. */
  each?: number;
  /** Rows that earlier loops added, which stand before its items. */
  before?: readonly Array[];
  /** A loop that is run once for all its passes appends to it: what stands in it in a pass is not known. */
  grows?: boolean;
  /** Names of its items, where a library's result has them. */
  readonly names?: readonly string[];
  /** Its items stand in a random order. */
  shuffled?: boolean;
  /** The loop in which the script makes it, null outside of loops; absent for what a library gives. */
  madeIn?: number | null;
  /** A loop that is run once for all its passes adds entries: there are more than stand here. */
  open?: boolean;
  /** Where the literal stands. */
  readonly range: SourceRange | null;
  /** Names of columns, which are compared one by one. */
  readonly ofColumns?: true;
  /** Why items behind its end are not known. */
  readonly beyond?: string;
}

export interface DictValue {
  readonly kind: 'dict';
  readonly entries: Map<string | number | boolean, Value>;
  /** What is called for a key that is not there (`defaultdict`). */
  readonly factory?: Value;
  /** As in a list. */
  madeIn?: number | null;
  /** As in a list; also when a key is not known. */
  open?: boolean;
}

export interface RangeValue {
  readonly kind: 'range';
  readonly start: Value;
  readonly stop: Value;
  readonly step: Value;
}

export interface FunctionValue {
  readonly kind: 'function';
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[] | Expression;
  readonly scope: Scope;
  readonly node: FunctionNode | null;
  /** Values of default parameters, evaluated at the definition. */
  readonly defaults: ReadonlyMap<string, Value>;
  readonly self: Value | null;
  /** The class whose body defines it, for `super()`. */
  readonly owner: ClassValue | null;
  /** What a command line gives it when the script calls it without arguments. */
  readonly command?: CommandValue;
}

/** A decorator that calls its function with values of its own (click's options, hydra's configuration). */
export interface CommandValue {
  readonly kind: 'command';
  readonly named: ReadonlyMap<string, Argument>;
  readonly positional: readonly Argument[];
}

/** An opened file, or its whole text. */
export interface FileValue {
  readonly kind: 'file';
  readonly path: Value;
  /** Its text in small letters. */
  readonly lower?: true;
  /** It stands for the text and not for the opened file. */
  readonly whole?: true;
  /** Lines of the opened file that are taken already. */
  skipped?: number;
}

export interface ClassValue {
  readonly kind: 'class';
  readonly name: string;
  readonly node: ClassNode;
  readonly scope: Scope;
  readonly bases: readonly Value[];
  readonly members: Map<string, Value>;
  /** Field order of a dataclass, or null. */
  readonly fields: readonly string[] | null;
}

export interface InstanceValue {
  readonly kind: 'instance';
  readonly type: ClassValue;
  readonly fields: Map<string, Value>;
  /** Where it was made. */
  readonly range: SourceRange;
  training: boolean;
  /** Lists made by calls on a module (`register_buffer`). */
  readonly buffers: Set<string>;
}

/** A module, class or function of a library, by its full dotted name. */
export interface ExternalValue {
  readonly kind: 'external';
  readonly path: string;
}

/** A method of a library value, not called yet. */
export interface BoundValue {
  readonly kind: 'bound';
  readonly receiver: Value;
  readonly name: string;
}

/** `super()` inside a method. */
export interface SuperValue {
  readonly kind: 'super';
  readonly instance: Value;
  readonly after: ClassValue;
}

/** nn.Sequential, nn.ModuleList or nn.ModuleDict. */
export interface ContainerValue {
  readonly kind: 'container';
  readonly form: 'sequential' | 'list' | 'dict';
  readonly items: { name: string; value: Value }[];
  readonly range: SourceRange;
  training: boolean;
  /** As in a list. */
  madeIn?: number | null;
  /** As in a list. */
  open?: boolean;
}

/** A file of the project, imported. */
export interface ModuleValue {
  readonly kind: 'module';
  readonly scope: Scope;
  readonly path: string;
}

export interface TensorValue {
  readonly kind: 'tensor';
  /** Another one after a change in place. */
  node: TraceNode;
}

/** The command-line parser and what it holds. */
export interface ParserValue {
  readonly kind: 'parser';
  readonly arguments: Map<string, Value>;
  /** `--lr` to the name and type of its argument. */
  readonly flags: Map<string, { readonly name: string; readonly type: Value | null; readonly takesValue: boolean }>;
  /** Subcommands with their own parsers. */
  readonly commands: { readonly name: string; readonly parser: ParserValue; readonly range: SourceRange }[];
  /** Where the chosen command's name is kept. */
  command: string | null;
}

/** Named values: argparse's namespace, SimpleNamespace, an easydict. */
export interface NamespaceValue {
  readonly kind: 'namespace';
  readonly entries: Map<string, Value>;
  /** Text for attributes that are not there. */
  readonly missing: string;
  /** The call that made it, for library objects that are read when they are used. */
  readonly call?: Call;
}

/** A library value that matters to no reader (a device, a writer); its methods give further ones. */
export interface InertValue {
  readonly kind: 'inert';
  readonly path: string;
}

/** `rate * factor * p.grad`. The rate is the first number that it is multiplied by. */
export interface GradientValue {
  readonly kind: 'gradient';
  readonly cell: ParameterCell;
  readonly rate: NumberValue | null;
  readonly factor: number;
  /** The rate is another one in later passes. */
  readonly varies?: boolean;
  /** False when something takes part that is not a known number. */
  readonly known: boolean;
}

/** Rows cut into equal batches: `x.split(20)`, a list of slices. */
export interface PiecesValue {
  readonly kind: 'pieces';
  readonly components: readonly Array[];
  readonly batchSize: Sourced<number>;
  /** One batch is a bare tensor and not a tuple. */
  readonly bare: boolean;
  readonly range: SourceRange;
}

/** None; the reason says what a command line would give in its place. */
export interface NoneValue {
  readonly kind: 'none';
  readonly reason?: Reason;
}

export type Value =
  | NoneValue
  | CommandValue
  | FileValue
  | PiecesValue
  | NumberValue
  | BooleanValue
  | StringValue
  | SizeValue
  | ProgressValue
  | UnknownValue
  | ListValue
  | DictValue
  | RangeValue
  | FunctionValue
  | ClassValue
  | InstanceValue
  | ExternalValue
  | BoundValue
  | SuperValue
  | ContainerValue
  | ModuleValue
  | TensorValue
  | ParserValue
  | NamespaceValue
  | InertValue
  | GradientValue
  | KerasLayer
  | KerasTensor
  | KerasModel
  | Estimator
  | TrainerValue
  | Layer
  | Array
  | Dataset
  | Loader
  | Scaler
  | Encoder
  | OptimizerValue
  | ScheduleValue
  /** Batches that a function of the script yields. */
  | { readonly kind: 'batches'; readonly item: Value }
  | { readonly kind: 'indexer'; readonly array: Array; readonly by: 'position' | 'label' }
  | { readonly kind: 'slice'; readonly start: Value; readonly stop: Value; readonly step: Value }
  | { readonly kind: 'group'; readonly optimizer: OptimizerValue; readonly index: number }
  | { readonly kind: 'groups'; readonly optimizer: OptimizerValue }
  | {
      readonly kind: 'iterator';
      readonly of: Value;
      readonly wrap: 'plain' | 'enumerate' | 'zip' | 'items';
      /** Each value of the column that it goes through comes once, in this order. */
      readonly distinct?: 'appearance' | 'sorted' | 'any';
      readonly others: readonly Value[];
      readonly start: number;
      /** The loop whose pass made it, for `iter(...)`. */
      readonly madeIn?: number | null;
    }
  | { readonly kind: 'shape'; readonly of: Value; readonly sizes: readonly (Size | null)[] };

/** A loop that is run once on symbols, in which a training step may lie. */
export interface LoopContext {
  readonly id: number;
  /** The whole `for` or `while` statement. */
  readonly range: SourceRange;
  /** Its head, up to the colon. */
  readonly head: SourceRange;
  /** How many passes; null when that is unknown. */
  count: Value | null;
  /** Number of data steps when it began: steps from here on are made in it. */
  readonly firstStep: number;
  /** Set when its passes are batches of rows. */
  batches: boolean;
  /** The loader whose batches it goes over. */
  loader?: Loader;
  /** Set when it makes a row of data in each of its passes, and takes no steps. */
  makes?: true;
  /** What a pass adds to lists and writes into arrays: the step that makes the row. */
  made?: { readonly holder: ListValue | Array; readonly before: number; readonly step: number }[];
  /** Set when some of its passes end in a way that is not followed. */
  unclear?: true;
  /** Whether steps of an optimizer are taken in it; absent where that was not asked. */
  trains?: boolean;
  /** Set when its body draws the batches itself (`next(batches)`): its passes are then counted steps. */
  drawn?: boolean;
}

export const none: Value = { kind: 'none' };
/** Not known, and not worth a word. */
export const unknown: UnknownValue = { kind: 'unknown', reason: null };
export const unreadable = (text: string, range: SourceRange): UnknownValue => ({ kind: 'unknown', reason: { text, range } });
export const numberValue = (value: number, integer = Number.isInteger(value), origin: Origin | null = null): NumberValue => ({
  kind: 'number',
  value,
  integer,
  origin,
});
export const booleanValue = (value: boolean, origin: Origin | null = null): BooleanValue => ({ kind: 'boolean', value, origin });
export const stringValue = (value: string, origin: Origin | null = null): StringValue => ({ kind: 'string', value, origin });
export const listValue = (items: Value[], form: ListValue['form'] = 'list', range: SourceRange | null = null): ListValue => ({
  kind: 'list',
  items,
  form,
  range,
});
export const tensorValue = (node: TraceNode): TensorValue => ({ kind: 'tensor', node });

/** The parameter behind a tensor that is nothing but a parameter; null for others. */
export const parameterOf = (value: Value): ParameterCell | null =>
  value.kind === 'tensor' && value.node.kind === 'parameter' ? (value.node.parameters['value'] ?? null) : null;
