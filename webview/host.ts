import type { FromPanel, ToPanel } from '../src/protocol/panel';

interface EditorApi {
  postMessage(message: FromPanel): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorApi;

const editor = acquireVsCodeApi();

/** Sends a message to the extension host. */
export function post(message: FromPanel): void {
  editor.postMessage(message);
}

/** What was stored for this panel before it was hidden or reloaded. */
export function storedState(): unknown {
  return editor.getState();
}

/** Stores what shall survive hiding: choices of the person, never data of the run. */
export function storeState(state: object): void {
  editor.setState(state);
}

/** Calls `listener` with each message of the host. */
export function onMessage(listener: (message: ToPanel) => void): void {
  window.addEventListener('message', (event: MessageEvent<ToPanel>) => listener(event.data));
}
