import type { DataCache } from '../data/cache';
import type { LoadOptions } from '../data/load';
import type { Runtime } from '../engine/onnx/runtime';
import type { Twin } from '../engine/twin';
import type { DiagnoseEvent, DiagnoseParameters } from '../protocol/messages';
import type { Dataset } from '../records/dataset';
import type { PythonParser } from '../source/syntax/parser';
import type { Plan } from './plan';
import type { Bounds } from './training';

/** What a process that diagnoses holds for all of its runs. */
export interface Surroundings {
  readonly runtime: Runtime;
  readonly parser: PythonParser;
  /** Folder of the bundled tables. */
  readonly bundled: string;
  readonly cache: DataCache;
}

/** Hears what happens during a diagnosis. */
export type Emit = (event: DiagnoseEvent) => void;

/** One diagnosis under way. */
export interface Session {
  readonly parameters: DiagnoseParameters;
  readonly surroundings: Surroundings;
  readonly emit: Emit;
  readonly bounds: Bounds;
}

/** What was loaded, built and planned for it. */
export interface Prepared {
  readonly dataset: Dataset;
  readonly twin: Twin;
  readonly plan: Plan;
  readonly seed: number;
}

/** Memory that parsed data may take, in bytes; above it rows are sampled. */
const dataMemory = 512 * 1024 * 1024;

/** How data are loaded in this session, for the script and for its edited forms alike. */
export function loadOptions({ parameters, surroundings, bounds }: Session, seed: number): LoadOptions {
  const { folders, dataPath } = parameters.options;
  return {
    folders,
    ...(dataPath === undefined ? {} : { dataPath }),
    bundled: surroundings.bundled,
    maximumBytes: dataMemory,
    seed,
    cancel: bounds.cancel,
    cache: surroundings.cache,
  };
}
