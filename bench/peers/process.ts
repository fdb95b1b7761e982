import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Timed } from '../row';

/** What a peer answers: the time of an iteration, and numbers of the task's own. */
export interface PeerAnswer extends Readonly<Record<string, number>> {
  readonly ms: number;
}

/** A process that times another library, one request at a time. */
export interface Peer {
  /** One request as it is, `iterations` included, with all that is answered. Rejects with the peer's own words. */
  ask(request: Readonly<Record<string, unknown>>): Promise<PeerAnswer>;
  /** Milliseconds an iteration of what `request` names; the peer's script says what there is. */
  timed(request: Readonly<Record<string, unknown>>): Timed;
  dispose(): void;
}

/** Talks to a peer's process: one line of JSON for a request, one for its answer. */
export function peerOf(child: ChildProcessWithoutNullStreams): Peer {
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (request: Readonly<Record<string, unknown>>): Promise<PeerAnswer> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const line = await lines.next();
    if (line.done === true) throw new Error(`the peer ended: ${errors}`);
    const answer = JSON.parse(String(line.value)) as PeerAnswer | { readonly error: string };
    if (typeof answer.error === 'string') throw new Error(answer.error);
    return answer as PeerAnswer;
  };
  return {
    ask,
    timed: (request) => async (iterations) => (await ask({ ...request, iterations })).ms,
    dispose: () => void child.kill(),
  };
}
