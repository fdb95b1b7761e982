/** Least time between two redraws, in milliseconds: faster than that an eye does not read. */
const pause = 100;

/**
 * Returns a function that asks for `work` to be done: in the next animation frame, at most every 100 ms, and never for
 * more than about an eighth of the time, so that a long run leaves the machine to the training.
 */
export function throttled(work: () => void): () => void {
  let asked = false;
  let earliest = 0;
  const frame = (): void => {
    asked = false;
    const start = performance.now();
    work();
    const end = performance.now();
    earliest = start + Math.max(pause, 8 * (end - start));
  };
  return () => {
    if (asked) return;
    asked = true;
    const wait = earliest - performance.now();
    if (wait <= 0) requestAnimationFrame(frame);
    else setTimeout(() => requestAnimationFrame(frame), wait);
  };
}
