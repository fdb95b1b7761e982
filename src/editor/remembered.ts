import * as vscode from 'vscode';
import { asValue, launchValue, readLaunches } from '../protocol/launchArguments';
import { acceptedWords, refusalOf, type Accepted, type GivenValue, type GivenValues } from '../records/given';
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

  /** What was picked for the units of a script, where it is one and the same. */
  dataPathOf(path: string): string | null {
    const units = this.memory.keys().filter((key) => key.slice(0, key.lastIndexOf('#')) === path);
    const [picked, ...others] = new Set(units.map((unit) => this.dataPath(unit)));
    return others.length === 0 ? (picked ?? null) : null;
  }

  async setDataPath(unit: string, path: string): Promise<void> {
    await this.memory.update(unit, path);
    await this.memory.update(standInKey(unit), undefined);
    this.emitter.fire();
  }

  /** Whether a unit is run on made-up data where its own cannot be loaded. */
  standIn(unit: string): boolean {
    return this.memory.get<boolean>(standInKey(unit)) ?? false;
  }

  async setStandIn(unit: string): Promise<void> {
    await this.memory.update(standInKey(unit), true);
  }

  /**
   * Asks for a value of a script's command line and keeps it; what the script would not take is refused in the box. The
   * first offer is what was given before, else what a launch configuration of the folder says. False when the person
   * gives none.
   */
  async ask(path: string, name: string, accepted: Accepted): Promise<boolean> {
    const offer = this.values(path)[name] ?? launchOffer(path, name);
    const text = await vscode.window.showInputBox({
      title: `Value of ${name}`,
      prompt: `The script takes ${acceptedWords(accepted)} from its command line. It is remembered for this workspace.`,
      value: offer === null ? '' : String(offer),
      ignoreFocusOut: true,
      validateInput: (value) => refusalOf(value, accepted),
    });
    if (text === undefined) return false;
    const value = accepted.type === 'text' || accepted.several ? text.trim() : asValue(text.trim());
    await this.memory.update(valuesKey(path), { ...this.values(path), [name]: value });
    this.emitter.fire();
    return true;
  }

  /** Takes what was given for scripts to their new paths; `follow` gives null for the path of a script that stays. */
  async move(follow: (path: string) => string | null): Promise<void> {
    for (const key of this.memory.keys()) {
      const { before, path, after } = partsOf(key);
      const now = follow(path);
      if (now === null) continue;
      await this.memory.update(`${before}${now}${after}`, this.memory.get(key));
      await this.memory.update(key, undefined);
    }
    this.emitter.fire();
  }

  dispose(): void {
    this.emitter.dispose();
  }
}

/** The path of a script within a key, and what stands around it. */
function partsOf(key: string): { readonly before: string; readonly path: string; readonly after: string } {
  const before = [standInKey(''), valuesKey('')].find((prefix) => key.startsWith(prefix)) ?? '';
  const rest = key.slice(before.length);
  const end = before === valuesKey('') || !rest.includes('#') ? rest.length : rest.lastIndexOf('#');
  return { before, path: rest.slice(0, end), after: rest.slice(end) };
}

function launchOffer(path: string, name: string): GivenValue | null {
  const configurations: unknown = vscode.workspace.getConfiguration('launch', uriOf(path)).get('configurations');
  return launchValue(readLaunches(configurations), path, name);
}
