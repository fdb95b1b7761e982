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

/** Before this much is done the pace says nothing: curvature is measured most often at the first steps. */
const tellingFraction = 0.1;

/**
 * How long a run will still take, to a person: `at most 40 s left`; empty while it is not known, or not worth a word. At
 * most, since the pace grows and most runs end before all trials that are planned for are used up.
 */
export function timeLeft(elapsedSeconds: number, fraction: number): string {
  if (fraction < tellingFraction || !takesLong(elapsedSeconds, fraction)) return '';
  const seconds = (elapsedSeconds * (1 - fraction)) / fraction;
  if (seconds < 90) return `at most ${Math.ceil(seconds / 10) * 10} s left`;
  const minutes = seconds / 60;
  return minutes < 90 ? `at most ${Math.ceil(minutes)} min left` : `at most ${Math.ceil(minutes / 60)} h left`;
}
