/** Runs shorter than this are told of in the status bar alone. */
const patienceSeconds = 3;

/** What is worth a notification must take at least this much longer. */
const worthSeconds = 4;

/** Whether a run that has got to `fraction` (0…1) after some seconds will still take long enough to be worth a notification. */
export function takesLong(elapsedSeconds: number, fraction: number): boolean {
  if (elapsedSeconds < patienceSeconds) return false;
  if (fraction <= 0) return elapsedSeconds >= patienceSeconds + worthSeconds;
  return (elapsedSeconds * (1 - fraction)) / fraction >= worthSeconds;
}
