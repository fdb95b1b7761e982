import { basename } from 'node:path';
import type { DataCache } from '../data/cache';
import type { LoadOptions } from '../data/load';
import type { Runtime } from '../engine/onnx/runtime';
import type { Twin } from '../engine/twin';
import type { DiagnoseEvent, DiagnoseParameters } from '../protocol/diagnosis';
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
export function loadOptions({ parameters, surroundings, bounds, emit }: Session, seed: number): LoadOptions {
  const { folders, dataPath } = parameters.options;
  return {
    folders,
    ...(dataPath === undefined ? {} : { dataPath }),
    bundled: surroundings.bundled,
    maximumBytes: dataMemory,
    seed,
    cancel: bounds.cancel,
    cache: surroundings.cache,
    onParse: (path, bytes) => {
      if (bytes > bigFile) emit({ kind: 'phase', phase: 'loading', fraction: 0.01, text: bigFileText(path, bytes) });
    },
  };
}

/** Files above this size are announced before they are read, in bytes. */
const bigFile = 50 * 1024 * 1024;

/** Bytes of text that are parsed in a second, for words of estimate only. */
const parsedPerSecond = 20e6;

function bigFileText(path: string, bytes: number): string {
  const size = bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;
  const seconds = Math.max(1, Math.round(bytes / parsedPerSecond));
  return `Reading ${basename(path)} (${size}, about ${seconds} s); rows beyond ${dataMemory / 2 ** 20} MB of memory are left out at random`;
}
