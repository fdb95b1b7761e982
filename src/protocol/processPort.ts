import type { Port } from './channel';

/** The word with which the program of the command line becomes the engine process of its parent. */
export const engineWord = 'serve-editor';

/** What a child process and the process it runs in have in common: Node's own message connection. */
export interface ProcessEnd {
  send?(message: unknown): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  off(event: 'message', listener: (message: unknown) => void): unknown;
}

/** The port over a forked process, from either end; throws on `post` once the connection is gone. */
export function processPort(end: ProcessEnd): Port {
  return {
    post: (message) => {
      if (!end.send) throw new Error('The process has no message connection.');
      end.send(message);
    },
    onMessage: (listener) => {
      end.on('message', listener);
      return () => end.off('message', listener);
    },
  };
}
