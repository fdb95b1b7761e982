/** The panel as it is shipped, with the streams, as texts. */
export interface Bundle {
  readonly script: string;
  readonly style: string;
  readonly streams: string;
}
export function bundlePanel(): Promise<Bundle>;
