import { createHash } from 'node:crypto';
import { sizeOf, type DType, type TensorData } from '../../../graph/operations';
import { moduleBytes, type FunctionCode } from '../assembler';
import type { Stored } from './place';

const bytesPerPage = 65536;

/** Compiled modules that are kept. */
const mostModules = 64;

/** Modules by their bytes, those used last come last: one that is used again is compiled already, and as fast as it gets. */
const modules = new Map<string, object>();

function moduleOf(bytes: Uint8Array): object {
  const key = createHash('sha256').update(bytes).digest('base64');
  const module = modules.get(key) ?? new WebAssembly.Module(bytes);
  modules.delete(key);
  modules.set(key, module);
  for (const oldest of modules.keys()) {
    if (modules.size <= mostModules) break;
    modules.delete(oldest);
  }
  return module;
}

/** A port and where it lies in the function's memory, dense. */
export interface Slot {
  readonly name: string;
  readonly dtype: DType;
  readonly place: Stored;
}

/** What a function's memory holds. */
export interface KernelSlots {
  readonly inputs: readonly Slot[];
  readonly outputs: readonly Slot[];
  readonly constants: readonly { readonly data: TensorData; readonly place: Stored }[];
}

/** Numbers or integers in a function's memory. */
export type SlotView = Float32Array | Int32Array;

/** A function with a memory of its own. */
export class KernelMemory {
  /** Runs the function. */
  readonly go: () => void;
  private readonly memory: { readonly buffer: ArrayBuffer };

  /** `bytes`: what the function's tensors take. */
  constructor(code: FunctionCode, bytes: number, constants: KernelSlots['constants']) {
    // A page more than is needed: vectors read beyond the last tensor.
    const pages = 1 + Math.ceil(bytes / bytesPerPage);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.memory = memory;
    this.go = new WebAssembly.Instance(moduleOf(moduleBytes({ run: code })), { engine: { memory } }).exports['run'] as () => void;
    for (const { data, place } of constants) this.view({ dtype: 'float32', place }).set(data);
  }

  /** The elements of a slot, live. */
  view({ dtype, place: { address, shape } }: Pick<Slot, 'dtype' | 'place'>): SlotView {
    const { buffer } = this.memory;
    return dtype === 'int32' ? new Int32Array(buffer, address, sizeOf(shape)) : new Float32Array(buffer, address, sizeOf(shape));
  }
}
