import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { judge } from '../diagnosis/judge';
import type { Rule } from '../diagnosis/rule';
import { readSuppressions } from '../protocol/suppressions';
import type { Experiment } from '../records/experiment';
import type { RuleId } from '../records/finding';
import type { ProjectFiles, readScript } from '../source/read';
import type { PythonParser } from '../source/syntax/parser';
import type { ScriptReading } from './model/scripts';

/** Reading and static rules: everything that needs neither data nor a run. */
export interface Analysis {
  /** Reads a script's whole text. `project` gives the texts of other files as the editor has them. */
  read(path: string, text: string, project: ProjectFiles, off: readonly RuleId[]): ScriptReading;
  /** The page of a rule in Markdown. */
  documentationPage(rule: RuleId): string;
}

interface Rooms {
  readonly parser: PythonParser;
  readonly readScript: typeof readScript;
  readonly judge: typeof judge;
  readonly rules: readonly Rule[];
}

let loading: Promise<Analysis> | null = null;

/** Loads the parser and the rules once, at the first need: they are no part of the activation. */
export function loadAnalysis(): Promise<Analysis> {
  loading ??= open();
  return loading;
}

async function open(): Promise<Analysis> {
  const [syntax, source, judging, registry] = await Promise.all([
    import('../source/syntax/parser'),
    import('../source/read'),
    import('../diagnosis/judge'),
    import('../diagnosis/registry'),
  ]);
  // The bundle and both grammars' files lie side by side.
  const file = (name: string): Uint8Array => readFileSync(join(__dirname, name));
  const parser = await syntax.loadPython({ runtime: file('web-tree-sitter.wasm'), python: file('tree-sitter-python.wasm') });
  const rooms: Rooms = { parser, readScript: source.readScript, judge: judging.judge, rules: registry.allRules };
  return {
    read: (path, text, project, off) => read(rooms, path, text, project, off),
    documentationPage: (rule) => documentationPage(rooms.rules, rule),
  };
}

function read(rooms: Rooms, path: string, text: string, project: ProjectFiles, off: readonly RuleId[]): ScriptReading {
  const reading = rooms.readScript(rooms.parser, path, text, project);
  return {
    units: reading.experiments.map((experiment) => ({ experiment, verdict: judgeText(rooms, experiment, text, project, off) })),
    suppressions: readSuppressions(path, text),
    isBroken: reading.syntaxErrors.length > 0,
  };
}

function judgeText(
  rooms: Rooms,
  experiment: Experiment,
  text: string,
  project: ProjectFiles,
  off: readonly RuleId[],
): ScriptReading['units'][number]['verdict'] {
  const texts: Record<string, string> = {};
  for (const file of experiment.files) texts[file] = file === experiment.unit.path ? text : (project.read(file) ?? '');
  const evidence = { experiment, statistics: null, run: null, measurements: {}, trials: new Map(), baseline: null, texts };
  const { findings, passed } = rooms.judge(rooms.rules, evidence, { off, maxTier: 0 });
  return { findings, decided: [...passed, ...findings.map(({ rule }) => rule)] };
}

function documentationPage(rules: readonly Rule[], id: RuleId): string {
  const rule = rules.find((one) => one.id === id);
  if (!rule) return `# ${id}\n\nThis version has no such check.\n`;
  return `# ${rule.id}\n\n**${rule.title}**\n\nSeverity: ${rule.severity}. Silence it on a line with \`# descent-lens: ignore[${rule.id}] reason\`, change it with the setting \`descentLens.rules\`.\n\n${rule.explanation}\n`;
}
