import type { Experiment } from '../../records/experiment';

/** Names of the values that only the command line of a script gives, each once. */
export function missingValues(experiment: Experiment): string[] {
  const names = experiment.unread.flatMap(({ missing }) => (missing?.kind === 'value' ? [missing.name] : []));
  return [...new Set(names)];
}
