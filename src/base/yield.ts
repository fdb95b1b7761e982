/** Lets pending events (a cancel, say) be heard before going on. */
export const yieldToEvents = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
