import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LookPlaces } from '../data/look';
import { judge } from '../diagnosis/judge';
import { allRules } from '../diagnosis/registry';
import type { Evidence } from '../diagnosis/rule';
import { readSuppressions } from '../protocol/suppressions';
import type { Experiment } from '../records/experiment';
import type { RuleId } from '../records/finding';
import type { GivenValues } from '../records/given';
import type { ProjectFiles } from '../source/read';
import { loadPython, readScript } from '../source/read';
import type { StaticVerdict } from './model/findings';
import type { ScriptReading } from './model/scripts';

/** What a person gives for a script that the script does not say. */
export interface FromPerson {
  /** Values of its command line. */
  readonly given: GivenValues;
  /** The file or folder that takes the place of data that are not there. */
  readonly dataPath: string | null;
}

/** Reading and static rules: everything that needs neither data nor a run. */
export interface Analysis {
  /** Reads a script's whole text. `project` gives the texts of other files as the editor has them. */
  read(path: string, text: string, project: ProjectFiles, off: readonly RuleId[], person: FromPerson): ScriptReading;
  /** The page of a rule in Markdown. */
  documentationPage(rule: RuleId): string;
}

/** Loads the grammar from the folder that holds its two WebAssembly files. */
export async function openAnalysis(folder: string): Promise<Analysis> {
  const file = (name: string): Uint8Array => readFileSync(join(folder, name));
  const parser = await loadPython({ runtime: file('web-tree-sitter.wasm'), python: file('tree-sitter-python.wasm') });
  let places: LookPlaces = { folders: [] };
  const { openTables } = await import('./tables.js');
  const tables = openTables(() => places);
  return {
    read: (path, text, project, off, { given, dataPath }) => {
      const { folders } = project;
      places = dataPath === null ? { folders } : { folders, dataPath };
      const asked = { folders, read: (file: string) => project.read(file), tables };
      const reading = readScript(parser, path, text, asked, given);
      return {
        units: reading.experiments.map((experiment) => ({
          // Python would not run it either.
          experiment: { ...experiment, unread: [...reading.syntaxErrors.slice(0, 1), ...experiment.unread] },
          verdict: judgeText(experiment, text, project, off),
        })),
        suppressions: readSuppressions(path, text),
        commandLine: reading.commandLine,
        isBroken: reading.syntaxErrors.length > 0,
      };
    },
    documentationPage,
  };
}

function judgeText(experiment: Experiment, text: string, project: ProjectFiles, off: readonly RuleId[]): StaticVerdict {
  const texts: Record<string, string> = {};
  for (const file of experiment.files) texts[file] = file === experiment.unit.path ? text : (project.read(file) ?? '');
  const evidence: Evidence = {
    experiment,
    statistics: null,
    run: null,
    measurements: {},
    trials: new Map(),
    baseline: null,
    texts,
  };
  const { findings, passed } = judge(allRules, evidence, { off, maxTier: 0 });
  return { findings, decided: [...passed, ...findings.map(({ rule }) => rule)] };
}

function documentationPage(id: RuleId): string {
  const rule = allRules.find((one) => one.id === id);
  if (!rule) return `# ${id}\n\nThis version has no such check.\n`;
  const silence = `Silence it on a line with \`# descent-lens: ignore[${rule.id}] reason\`, change it with the setting \`descentLens.rules\`.`;
  return `# ${rule.id}\n\n**${rule.title}**\n\nSeverity: ${rule.severity}. ${silence}\n\n${rule.explanation}\n`;
}
