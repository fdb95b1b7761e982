import type { SourceRange } from '../../records/source';
import type { TraceNode } from '../values/trace';
import type { Value } from '../values/value';
import type { Scope } from '../values/scope';
import type { Machine } from './machine';

/** What a loop finds when it begins. */
export interface LoopStart {
  readonly nodes: number;
  /** Names that hold None: variables, and attributes of objects as `name.attribute`. */
  readonly empty: ReadonlySet<string>;
}

/** Notes what is there before the first pass. */
export function loopStart(m: Machine, scope: Scope): LoopStart {
  const empty = [...named(scope)].flatMap(([name, value]) => (isEmpty(value) ? [name] : []));
  return { nodes: m.trace.nodes.length, empty: new Set(empty) };
}

/**
 * A loop is run once on symbols, so that a recurrent net's state that one pass leaves to the next would look like the zeros of
 * the first pass. Where a state ends up in what was None before, or comes from before the loop, its layers are marked unread.
 */
export function markCarriedStates(m: Machine, scope: Scope, start: LoopStart, range: SourceRange): void {
  const made = m.trace.nodes.slice(start.nodes).filter(isRecurrent);
  if (made.length === 0) return;
  const isLeft = [...named(scope)].some(([name, value]) => start.empty.has(name) && holdsState(value));
  const isTaken = made.some(({ inputs }) => inputs.slice(1).some((state) => state.id < start.nodes && isState(state)));
  if (!isLeft && !isTaken) return;
  const fault = {
    text: 'A state that this loop carries from batch to batch is not read: here each batch starts from zero',
    range,
  };
  for (const node of made) node.fault ??= fault;
}

function* named(scope: Scope): Generator<readonly [string, Value]> {
  for (const [name, value] of scope.variables) {
    yield [name, value];
    if (value.kind === 'instance') for (const [field, inner] of value.fields) yield [`${name}.${field}`, inner];
  }
}

const isEmpty = (value: Value): boolean =>
  value.kind === 'none' || (value.kind === 'list' && value.items.length > 0 && value.items.every(isEmpty));

const holdsState = (value: Value): boolean =>
  value.kind === 'tensor' ? isState(value.node) : value.kind === 'list' && value.items.some(holdsState);

const isRecurrent = ({ kind }: TraceNode): boolean => kind === 'rnn' || kind === 'lstm' || kind === 'gru';

/** Whether a tensor is a layer's end state, perhaps detached, squeezed or put together with others. */
function isState(node: TraceNode, depth = 0): boolean {
  if (isRecurrent(node)) return 'result' in node.arguments && node.arguments.result !== 'sequence';
  const passes =
    node.kind === 'opaque' ||
    node.kind === 'stopGradient' ||
    node.kind === 'concatenate' ||
    node.kind === 'squeeze' ||
    node.kind === 'slice';
  return passes && depth < 8 && node.inputs.some((input) => isState(input, depth + 1));
}
