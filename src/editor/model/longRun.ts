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

/** How long a run will still take, to a person: `about 40 s left`; empty while it is not known, or not worth a word. */
export function timeLeft(elapsedSeconds: number, fraction: number): string {
  if (fraction <= 0 || !takesLong(elapsedSeconds, fraction)) return '';
  const seconds = (elapsedSeconds * (1 - fraction)) / fraction;
  if (seconds < 90) return `about ${Math.ceil(seconds / 10) * 10} s left`;
  const minutes = seconds / 60;
  return minutes < 90 ? `about ${Math.round(minutes)} min left` : `about ${Math.round(minutes / 60)} h left`;
}
