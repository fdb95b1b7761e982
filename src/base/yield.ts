/** Lets pending events (a cancel, say) be heard before going on. */
export const yieldToEvents = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Milliseconds for which nothing need be heard. */
const longestSilence = 20;

/**
 * Lets pending events be heard whenever that has not been so for long: for loops of calls that each return at once, in which a cancel would
 * wait for the last.
 */
export class Breath {
  private heard = performance.now();

  /** To be awaited before each call; undefined where there is no need yet. */
  pause(): Promise<void> | undefined {
    if (performance.now() - this.heard < longestSilence) return undefined;
    return yieldToEvents().then(() => void (this.heard = performance.now()));
  }
}
