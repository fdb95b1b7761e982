/** What a path in the settings may speak of. */
export interface PathSurroundings {
  /** Folder of the workspace that the script is in; null when it is in none. */
  readonly folder: string | null;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What the Python extension has where nobody set anything: no choice of an interpreter. */
const unset = ['', 'python'];

/**
 * The interpreter that the settings name: the extension's own setting, else the Python extension's. Null when neither says
 * one. `~`, `${workspaceFolder}` and `${env:NAME}` are put in; a path with a separator counts from the workspace folder.
 */
export function interpreterPath(own: string, theirs: string, surroundings: PathSurroundings): string | null {
  const said = own.trim() !== '' ? own.trim() : unset.includes(theirs.trim()) ? null : theirs.trim();
  if (said === null) return null;
  const { folder, home, environment } = surroundings;
  const path = said
    .replace(/^~(?=[\\/])/, () => home)
    .replace(/\$\{(workspaceFolder|workspaceRoot)\}/g, () => folder ?? '')
    .replace(/\$\{env:(\w+)\}/g, (_, name: string) => environment[name] ?? '');
  const isRelative = /[\\/]/.test(path) && !/^([\\/]|[A-Za-z]:)/.test(path);
  return isRelative && folder !== null ? `${folder}/${path}` : path;
}
