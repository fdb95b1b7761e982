import * as vscode from 'vscode';
import { asValue, launchValue, readLaunches } from '../protocol/launchArguments';
import type { GivenValue, GivenValues } from '../records/given';
import { uriOf } from './convert';

const standInKey = (unit: string): string => `stand-in ${unit}`;
const valuesKey = (path: string): string => `values ${path}`;

/** What the person has given for scripts of this workspace: values of their command lines, and data files. */
export class Remembered implements vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<void>();
  readonly onChange = this.emitter.event;

  constructor(private readonly memory: vscode.Memento) {}

  /** Values of a script's command line. */
  values(path: string): GivenValues {
    return this.memory.get<GivenValues>(valuesKey(path)) ?? {};
  }

  /** The file or folder that takes the place of the paths of a unit, by its key. */
  dataPath(unit: string): string | null {
    return this.memory.get<string>(unit) ?? null;
  }

  async setDataPath(unit: string, path: string): Promise<void> {
    await this.memory.update(unit, path);
    await this.memory.update(standInKey(unit), undefined);
  }

  /** Whether a unit is run on made-up data where its own cannot be loaded. */
  standIn(unit: string): boolean {
    return this.memory.get<boolean>(standInKey(unit)) ?? false;
  }

  async setStandIn(unit: string): Promise<void> {
    await this.memory.update(standInKey(unit), true);
  }

  /**
   * Asks for a value of a script's command line and keeps it. The first offer is what was given before, else what a
   * launch configuration of the folder says. False when the person gives none.
   */
  async ask(path: string, name: string): Promise<boolean> {
    const offer = this.values(path)[name] ?? launchOffer(path, name);
    const text = await vscode.window.showInputBox({
      title: `Value of ${name}`,
      prompt: 'The script takes it from its command line. It is remembered for this workspace.',
      value: offer === null ? '' : String(offer),
      ignoreFocusOut: true,
      validateInput: (value) => (value.trim() === '' ? 'A value is needed.' : null),
    });
    if (text === undefined) return false;
    await this.memory.update(valuesKey(path), { ...this.values(path), [name]: asValue(text) });
    this.emitter.fire();
    return true;
  }

  dispose(): void {
    this.emitter.dispose();
  }
}

function launchOffer(path: string, name: string): GivenValue | null {
  const configurations: unknown = vscode.workspace.getConfiguration('launch', uriOf(path)).get('configurations');
  return launchValue(readLaunches(configurations), path, name);
}
