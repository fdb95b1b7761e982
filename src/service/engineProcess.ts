import { CancelSource } from '../base/cancel';
import { diagnose } from '../probe/diagnose';
import { inspect } from '../probe/inspect/inspect';
import { UnitBench } from '../probe/inspect/unitBench';
import type { Surroundings } from '../probe/session';
import { serve } from '../protocol/channel';
import { protocolVersion, type EngineRequests } from '../protocol/messages';
import { processPort } from '../protocol/processPort';
import { compareUnit, pythonFolder } from './comparison/compare';
import { findPython, pythonCandidates } from './comparison/python';
import { openSurroundings } from './surroundings';

/**
 * The engine process: one per window, forked by the extension host. It loads its parts at once, so that the first
 * run finds them warm, answers requests, and ends when its parent goes.
 */
let surroundings: Promise<Surroundings> | null = null;
const open = (): Promise<Surroundings> => (surroundings ??= openSurroundings(__dirname, __filename));

/** The unit that was inspected last stands ready for the next look. */
const bench = new UnitBench();

/** Answers the requests of the parent of this process, and ends with it. */
export function serveHost(): void {
  const gone = new CancelSource();
  process.on('disconnect', () => {
    gone.cancel();
    process.exit(0);
  });

  serve<EngineRequests>(processPort(process), protocolVersion, {
    hello: async () => {
      const { backend, note } = (await open()).runtime;
      return { version: protocolVersion, backend, note };
    },
    diagnose: async (parameters, emit, cancel) => diagnose(parameters, await open(), emit, cancel),
    inspect: async (parameters, emit, cancel) => inspect(parameters, await open(), bench, emit, cancel),
    findPython: async ({ path }) => {
      const found = await findPython(pythonCandidates(path, process.env), pythonFolder(await open()));
      return found.ok ? { found: true, interpreter: found.value } : { found: false, text: found.error };
    },
    compare: async (parameters, emit, cancel) => compareUnit(parameters, await open(), emit, cancel),
  });
}
