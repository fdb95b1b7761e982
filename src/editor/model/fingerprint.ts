import { createHash } from 'node:crypto';
import type { Experiment } from '../../records/experiment';

/**
 * A key of what the Experiment says, whatever its places in the text: equal keys mean that running again
 * would measure the same. Ranges, assumptions' wording and the count of parts are left out.
 */
export function fingerprint(experiment: Experiment): string {
  const said = { ...experiment, assumptions: undefined, parts: undefined, files: undefined };
  const text = JSON.stringify(said, (_key, value: unknown) => (isSourceRange(value) ? undefined : value));
  return createHash('sha1').update(text).digest('hex');
}

function isSourceRange(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'endLine' in value && 'endColumn' in value && 'path' in value;
}
