import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands, panelType } from '../../src/editor/names';
import { ruleLevels } from '../../src/protocol/projectSettings';
import { ruleIds } from '../../src/records/finding';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly engines: { readonly vscode: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { readonly properties?: Readonly<Record<string, { readonly enum: readonly string[] }>> }>
      >;
    };
  };
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

describe('package.json', () => {
  it('declares the commands that exist', () => {
    expect(manifest.contributes.commands.map(({ command }) => command).sort()).toEqual(Object.values(commands).sort());
  });

  it('has a walkthrough whose code is seen whole beside its steps', () => {
    const folder = 'media/walkthrough';
    const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));
    const code = pages.flatMap((name) =>
      [...readFileSync(`${folder}/${name}`, 'utf8').matchAll(/```\w*\n([^`]*)```/g)].flatMap(([, text = '']) => text.split('\n')),
    );
    expect(code.length).toBeGreaterThan(3);
    // In a window of 1400 pixels with its side bar, 51 characters fit.
    for (const line of code) expect(line.length, line).toBeLessThanOrEqual(50);
  });

  it('has a setting for every rule', () => {
    const rules = manifest.contributes.configuration.properties['descentLens.rules']?.properties ?? {};
    expect(Object.keys(rules)).toEqual([...ruleIds]);
    for (const rule of Object.values(rules)) expect(rule.enum).toEqual([...ruleLevels]);
  });

  it('wakes for scripts, notebooks and the panel, and asks for the editor that its types describe', () => {
    expect(manifest.activationEvents).toEqual([
      'onLanguage:python',
      'onNotebook:jupyter-notebook',
      `onWebviewPanel:${panelType}`,
    ]);
    expect(manifest.engines.vscode).toBe(`^${manifest.devDependencies['@types/vscode']}`);
  });
});
