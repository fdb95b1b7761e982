import type { TensorData } from '../../graph/operations';
import type { LoopModel } from './loop';
import type { LoopCall, LoopMemory, Values } from './runtime';
import type { Session, Views } from './session';
import { viewsOf } from './views';

/** Fixes the memory of a loop's calls. */
export function bindLoop(maxSteps: number, model: LoopModel, session: Session, memory: LoopMemory): LoopCall {
  const count = BigInt64Array.of(0n);
  const feeds: Views = {
    [model.steps]: { dtype: 'int64', shape: [], data: count },
    ...viewsOf(
      model.state.map(({ port, input }) => ({ port, value: input })),
      memory.state,
    ),
    ...viewsOf(model.perStep, memory.perStep),
    ...viewsOf(model.constants, memory.constants),
  };
  // What a loop recorded may share the memory of its first state: the last one must not be written there.
  const finals: Values = Object.fromEntries(model.state.map(({ port }) => [port, likeOf(memory.state[port])]));
  const overwriteState = (): void => {
    for (const { port } of model.state) memory.state[port]?.set(finals[port] ?? []);
  };
  const finalViews = viewsOf(
    model.state.map(({ port, output }) => ({ port, value: output })),
    finals,
  );
  const recorded = model.outputs.filter(({ port }) => port in memory.outputs);
  const calls = new Map<number, () => Promise<void> | undefined>();
  const callOf = (steps: number): (() => Promise<void> | undefined) => {
    const made = calls.get(steps) ?? session.bind(feeds, { ...finalViews, ...viewsOf(recorded, memory.outputs, steps) });
    calls.set(steps, made);
    return made;
  };
  return {
    run(steps) {
      if (steps < 1 || steps > maxSteps) throw new RangeError(`${steps} steps of a loop of at most ${maxSteps}`);
      count[0] = BigInt(steps);
      const pending = callOf(steps)();
      if (pending !== undefined) return pending.then(overwriteState);
      overwriteState();
      return undefined;
    },
  };
}

function likeOf(data: TensorData | undefined): TensorData {
  return data?.slice() ?? new Float32Array();
}
