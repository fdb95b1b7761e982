import { readFileSync } from 'node:fs';
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
