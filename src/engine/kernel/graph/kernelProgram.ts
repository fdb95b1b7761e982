import { sizeOf, type TensorData } from '../../../graph/operations';
import type { Call, Compiled, Values } from '../../onnx/runtime';
import type { KernelMemory, KernelSlots, Slot, SlotView } from './kernelMemory';

/** A function as a compiled program. What a call reads is copied in, what it yields out. */
export class KernelProgram implements Compiled {
  /** The call whose kept inputs lie in the memory. */
  private keeps: Call | null = null;

  constructor(
    private readonly memory: KernelMemory,
    private readonly slots: KernelSlots,
  ) {}

  run(inputs: Values): Promise<Record<string, TensorData>> {
    const results = this.slots.outputs.map(({ name, place }) => [name, new Float32Array(sizeOf(place.shape))] as const);
    const outputs = Object.fromEntries(results);
    void this.bind(inputs, outputs).run();
    return Promise.resolve(outputs);
  }

  bind(inputs: Values, outputs: Values, kept: ReadonlySet<string> = new Set()): Call {
    const { slots, memory } = this;
    for (const { name } of slots.inputs) if (inputs[name] === undefined) throw new RangeError(`no memory for ${name}`);
    const still = this.pairs(
      slots.inputs.filter(({ name }) => kept.has(name)),
      inputs,
    );
    const read = this.pairs(
      slots.inputs.filter(({ name }) => !kept.has(name)),
      inputs,
    );
    const written = this.pairs(slots.outputs, outputs);
    const call: Call = {
      run: () => {
        if (this.keeps !== call) {
          for (const { view, data } of still) view.set(data);
          this.keeps = call;
        }
        for (const { view, data } of read) view.set(data);
        memory.go();
        for (const { view, data } of written) data.set(view);
        return undefined;
      },
      keptChanged: () => {
        if (this.keeps === call) this.keeps = null;
      },
    };
    return call;
  }

  dispose(): void {
    // Its memory goes with it.
  }

  private pairs(slots: readonly Slot[], values: Values): readonly { readonly view: SlotView; readonly data: TensorData }[] {
    return slots.flatMap((slot) => {
      const data = values[slot.name];
      if (data === undefined) return [];
      const view = this.memory.view(slot);
      if (data.length !== view.length) throw new RangeError(`${data.length} elements for ${slot.name}, which has ${view.length}`);
      return [{ view, data }];
    });
  }
}
