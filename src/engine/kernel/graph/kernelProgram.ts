import { sizeOf, type TensorData } from '../../../graph/operations';
import type { Call, Compiled, Values } from '../../onnx/runtime';
import type { Stored } from './place';

const bytesPerPage = 65536;

/** A port and where it lies in the function's memory, dense. */
export interface Slot {
  readonly name: string;
  readonly place: Stored;
}

/** What a function's memory holds. */
export interface KernelSlots {
  readonly inputs: readonly Slot[];
  readonly outputs: readonly Slot[];
  readonly constants: readonly { readonly data: TensorData; readonly place: Stored }[];
}

/** A module's function `run` with a memory of its own, as a compiled program. What a call reads is copied in, what it yields out. */
export class KernelProgram implements Compiled {
  private readonly memory: { readonly buffer: ArrayBuffer };
  private readonly go: (() => void) | undefined;
  /** The call whose kept inputs lie in the memory. */
  private keeps: Call | null = null;

  constructor(
    module: Uint8Array,
    bytes: number,
    private readonly slots: KernelSlots,
  ) {
    // A page more than is needed: vectors read beyond the last tensor.
    const pages = 1 + Math.ceil(bytes / bytesPerPage);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.memory = memory;
    this.go = new WebAssembly.Instance(new WebAssembly.Module(module), { engine: { memory } }).exports['run'];
    for (const { data, place } of slots.constants) this.viewOf(place).set(data);
  }

  run(inputs: Values): Promise<Record<string, TensorData>> {
    const results = this.slots.outputs.map(({ name, place }) => [name, new Float32Array(sizeOf(place.shape))] as const);
    const outputs = Object.fromEntries(results);
    void this.bind(inputs, outputs).run();
    return Promise.resolve(outputs);
  }

  bind(inputs: Values, outputs: Values, kept: ReadonlySet<string> = new Set()): Call {
    const { slots, go } = this;
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
        go?.();
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

  private pairs(slots: readonly Slot[], values: Values): readonly { readonly view: Float32Array; readonly data: TensorData }[] {
    return slots.flatMap(({ name, place }) => {
      const data = values[name];
      if (data === undefined) return [];
      const view = this.viewOf(place);
      if (data.length !== view.length) throw new RangeError(`${data.length} elements for ${name}, which has ${view.length}`);
      return [{ view, data }];
    });
  }

  private viewOf({ address, shape }: Stored): Float32Array {
    return new Float32Array(this.memory.buffer, address, sizeOf(shape));
  }
}
