import manifest from '../../package.json';

/** The extension's version. */
export const version: string = manifest.version;
