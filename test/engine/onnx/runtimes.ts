import { createRuntime, createWebRuntime } from '../../../src/engine/onnx/backend';
import type { Runtime, RuntimeOptions } from '../../../src/engine/onnx/runtime';

/** Both libraries that can run the engine: everything holds for each. */
export const libraries = ['onnxruntime-node', 'onnxruntime-web'] as const;

export type LibraryName = (typeof libraries)[number];

export const runtimeOn = (library: LibraryName, options?: RuntimeOptions): Runtime =>
  library === 'onnxruntime-node' ? createRuntime(options) : createWebRuntime(options);
