import { isOp, sizeOf, type Tensor } from '../../../graph/operations';
import { pairOf } from '../../../graph/shapes';
import { ancestors } from '../../../graph/traverse';
import type { CompiledLoop, LoopCall, LoopMemory, LoopProgram, Port } from '../../onnx/runtime';
import { emitElementwise } from './elementwise';
import { emitKernel, type EmittedKernel } from './graphKernel';
import { KernelMemory, type Slot, type SlotView } from './kernelMemory';
import { isWithin, type Stored } from './place';

type Elements = Float32Array | Int32Array;

/** Rows of a constant that a per-step input lists, as one input of the function. */
interface TakenRows extends Port {
  /** Ports of the constant and of the row numbers. */
  readonly from: string;
  readonly by: string;
}

/** A loop whose step is one WebAssembly function: where steps are so small that the runtime's own work is most of theirs. Null for others. */
export function compileKernelLoop(program: LoopProgram): CompiledLoop | null {
  const taken = rowsTaken(program);
  const states: readonly Port[] = program.state.map(({ name, current }) => ({ name, tensor: current }));
  const inputs = [...states, ...program.perStep, ...program.constants, ...taken];
  const next: readonly Port[] = program.state.map(({ name, next: tensor }) => ({ name, tensor }));
  const emitted = emitKernel({ inputs, outputs: [...next, ...program.outputs] });
  if (emitted === null) return null;
  const { finals, outputs } = moveOn(emitted, next.length);
  return new KernelLoop(program, taken, new KernelMemory(emitted.code, emitted.layout.bytes, emitted.slots.constants), {
    inputs: emitted.slots.inputs,
    finals,
    outputs,
  });
}

/** The batches: rows of a constant, chosen by numbers given at each step. */
function rowsTaken({ state, perStep, constants, outputs }: LoopProgram): TakenRows[] {
  const portOf = (ports: readonly Port[], tensor: Tensor): Port | undefined => ports.find((port) => port.tensor === tensor);
  const results = [...state.map(({ next }) => next), ...outputs.map(({ tensor }) => tensor)];
  return ancestors(results).flatMap((node) => {
    if (!isOp(node, 'gather') || node.attributes.axis !== 0) return [];
    const [from, by] = pairOf(node.inputs);
    const [constant, rows] = [portOf(constants, from), portOf(perStep, by)];
    return constant && rows ? [{ name: `rows of ${constant.name}`, tensor: node, from: constant.name, by: rows.name }] : [];
  });
}

/**
 * Emits that the next states, the first `count` results, replace those that they come from. Gives where the states lie then, and the
 * other results.
 */
function moveOn(
  { code, layout, slots }: EmittedKernel,
  count: number,
): { readonly finals: readonly Slot[]; readonly outputs: readonly Slot[] } {
  const liveOf = ({ name }: Slot): Slot | undefined => slots.inputs.find((input) => input.name === name);
  const live = slots.outputs.slice(0, count).flatMap((slot) => liveOf(slot) ?? []);
  // What lies in a state that is about to be replaced is copied first.
  const safe = (place: Stored): Stored => (live.some((slot) => isWithin(place, slot.place)) ? layout.copied(place, code) : place);
  const results = slots.outputs.map((slot) => ({ ...slot, place: safe(slot.place) }));
  const finals = results.slice(0, count).map((slot) => {
    const target = liveOf(slot);
    if (target) emitElementwise(code, { emit: () => undefined, inputs: [slot.place] }, target.place);
    return target ?? slot;
  });
  return { finals, outputs: results.slice(count) };
}

class KernelLoop implements CompiledLoop {
  constructor(
    private readonly program: LoopProgram,
    private readonly taken: readonly TakenRows[],
    private readonly memory: KernelMemory,
    private readonly slots: Readonly<Record<'inputs' | 'finals' | 'outputs', readonly Slot[]>>,
  ) {}

  bind(bound: LoopMemory): LoopCall {
    const { maxSteps } = this.program;
    const states = this.pairs(this.program.state, bound.state);
    const finals = this.pairs(this.program.state, bound.state, this.slots.finals);
    const constants = this.pairs(this.program.constants, bound.constants);
    const numbers = this.pairs(this.program.perStep, bound.perStep);
    const results = this.pairs(this.program.outputs, bound.outputs, this.slots.outputs);
    const batches = this.taken.flatMap((rows) => this.batchOf(rows, bound));
    const { go } = this.memory;
    return {
      run: (steps) => {
        if (steps < 1 || steps > maxSteps) throw new RangeError(`${steps} steps of a loop of at most ${maxSteps}`);
        for (const { view, data } of [...states, ...constants]) view.set(data);
        for (let step = 0; step < steps; step++) {
          for (const { view, data } of numbers) copyEntry(data, step, view);
          for (const take of batches) take(step);
          go();
          for (const { view, data } of results) storeEntry(view, data, step);
        }
        for (const { view, data } of finals) data.set(view);
        return undefined;
      },
    };
  }

  dispose(): void {
    // Its memory goes with it.
  }

  /** What fills the room of a batch before a step. */
  private batchOf({ name, from, by, tensor }: TakenRows, { constants, perStep }: LoopMemory): ((step: number) => void)[] {
    const slot = this.slots.inputs.find((input) => input.name === name);
    if (slot === undefined) return [];
    const [values, rows, view] = [elements(constants[from], from), elements(perStep[by], by), this.memory.view(slot)];
    const count = tensor.shape[0] ?? 1;
    const width = sizeOf(tensor.shape) / count;
    return [
      (step) => {
        for (let i = 0, at = 0; i < count; i++) {
          const first = (rows[step * count + i] as number) * width;
          for (let k = 0; k < width; k++) view[at++] = values[first + k] as number;
        }
      },
    ];
  }

  private pairs(ports: readonly { readonly name: string }[], values: LoopMemory['state'], slots = this.slots.inputs): Pair[] {
    return ports.flatMap(({ name }) => {
      const slot = slots.find((each) => each.name === name);
      if (slot === undefined || (slots === this.slots.outputs && values[name] === undefined)) return [];
      const [view, data] = [this.memory.view(slot), elements(values[name], name)];
      if (data.length < view.length) throw new RangeError(`${data.length} elements for ${name}, which has ${view.length}`);
      return [{ view, data }];
    });
  }
}

interface Pair {
  readonly view: SlotView;
  readonly data: Elements;
}

function elements(data: LoopMemory['state'][string] | undefined, name: string): Elements {
  if (data instanceof Float32Array || data instanceof Int32Array) return data;
  throw new RangeError(`no memory for ${name}`);
}

/** view ← entry `step` of the stacked `data`. */
function copyEntry(data: Elements, step: number, view: SlotView): void {
  const { length } = view;
  for (let i = 0, from = step * length; i < length; i++) view[i] = data[from + i] as number;
}

/** Entry `step` of the stacked `data` ← view. */
function storeEntry(view: SlotView, data: Elements, step: number): void {
  if (view.length === 1) data[step] = view[0] as number;
  else data.set(view, step * view.length);
}
