import { resolve } from 'node:path';
import { writeFileSync } from 'node:fs';
import { CancelSource } from '../base/cancel';
import type { Surroundings } from '../probe/session';
import { readArguments, usage, type CheckCommand, type CompareCommand, type TraceCommand } from './arguments';
import { agrees } from '../protocol/comparison';
import { checkScript, type FileReport } from './check';
import { compareScript } from './comparison/command';
import { comparisonJson, comparisonText } from './formats/comparison';
import { formatGithub } from './formats/github';
import { formatHtml } from './formats/html';
import { formatJson } from './formats/json';
import { placesOf, type Placing } from './formats/places';
import { formatSarif } from './formats/sarif';
import { formatText } from './formats/text';
import { Progress } from './progress';
import { openScript } from './scripts';
import { openSurroundings } from './surroundings';
import { teamSettings } from './teamSettings';
import { writeTrace } from './trace';
import { version } from './version';

/** Exit statuses of the contract; a bad input outranks findings. */
const exits = { clean: 0, findings: 1, badInput: 2, interrupted: 130 } as const;

const complain = (text: string): void => void process.stderr.write(`descent-lens: ${text}\n`);

async function main(): Promise<number> {
  const parsed = readArguments(process.argv.slice(2));
  if (!parsed.ok) {
    complain(`${parsed.error}\n\n${usage}`);
    return exits.badInput;
  }
  const command = parsed.value;
  switch (command.kind) {
    case 'help':
      process.stdout.write(`${usage}\n`);
      return exits.clean;
    case 'version':
      process.stdout.write(`${version}\n`);
      return exits.clean;
    case 'check':
      return check(command);
    case 'trace':
      return trace(command);
    case 'compare':
      return compare(command);
  }
}

/** A cancellation that Control+C fires. */
function interruption(): CancelSource {
  const source = new CancelSource();
  process.once('SIGINT', () => source.cancel());
  return source;
}

async function openedSurroundings(): Promise<Surroundings> {
  const surroundings = await openSurroundings(__dirname, __filename);
  if (surroundings.runtime.note !== null) complain(surroundings.runtime.note);
  return surroundings;
}

async function check(command: CheckCommand): Promise<number> {
  const { token } = interruption();
  const folder = process.cwd();
  const surroundings = await openedSurroundings();
  const progress = new Progress(process.stderr);
  const reports: FileReport[] = [];
  let badInput = false;
  for (const given of command.files) {
    if (token.cancelled) break;
    const script = openScript(given, folder);
    if (!script.ok) {
      complain(script.error);
      badInput = true;
      continue;
    }
    const settings = teamSettings(script.value.path, folder);
    if (!settings.ok) {
      complain(settings.error);
      badInput = true;
      continue;
    }
    const onEvent = progress.listener(given);
    const input = { script: script.value, command, folder, settings: settings.value, surroundings, cancel: token, onEvent };
    reports.push(await checkScript(input));
  }
  progress.clear();
  process.stdout.write(`${render(reports, command, folder)}\n`);
  if (command.report !== null && !writeReport(command.report, reports, placesOf(reports, folder))) badInput = true;
  if (command.unit !== null && !reports.some(({ units }) => units.length > 0)) {
    complain(`no training unit is named '${command.unit}'`);
    badInput = true;
  }
  if (token.cancelled) return exits.interrupted;
  if (badInput) return exits.badInput;
  return reports.some(hasWarning) ? exits.findings : exits.clean;
}

const hasWarning = ({ units }: FileReport): boolean =>
  units.some(({ findings }) => findings.some(({ severity }) => severity === 'error' || severity === 'warning'));

function render(reports: readonly FileReport[], command: CheckCommand, folder: string): string {
  const placing = placesOf(reports, folder);
  switch (command.format) {
    case 'json':
      return formatJson(reports, placing);
    case 'sarif':
      return formatSarif(reports, placing);
    case 'github':
      return formatGithub(reports, placing);
    case 'text':
      return formatText(reports, placing, process.stdout.isTTY && !process.env['NO_COLOR']);
  }
}

function writeReport(path: string, reports: readonly FileReport[], placing: Placing): boolean {
  try {
    writeFileSync(resolve(path), formatHtml(reports, placing));
    return true;
  } catch (error) {
    complain(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

async function trace(command: TraceCommand): Promise<number> {
  const { token } = interruption();
  const script = openScript(command.file, process.cwd());
  if (!script.ok) {
    complain(script.error);
    return exits.badInput;
  }
  const written = await writeTrace(command, script.value, process.cwd(), await openedSurroundings(), token);
  if (!written.ok) complain(written.error);
  if (token.cancelled) return exits.interrupted;
  return written.ok ? exits.clean : exits.badInput;
}

async function compare(command: CompareCommand): Promise<number> {
  const { token } = interruption();
  const script = openScript(command.file, process.cwd());
  if (!script.ok) {
    complain(script.error);
    return exits.badInput;
  }
  const progress = new Progress(process.stderr);
  const told = (text: string): void => progress.tell(`${command.file}: ${text}`);
  const compared = await compareScript(command, script.value, process.cwd(), await openedSurroundings(), told, token);
  progress.clear();
  if (token.cancelled) return exits.interrupted;
  if (!compared.ok) {
    complain(compared.error);
    return exits.badInput;
  }
  const { unit, comparison } = compared.value;
  const format = command.format === 'json' ? comparisonJson : comparisonText;
  process.stdout.write(`${format(script.value.given, unit, comparison)}\n`);
  return agrees(comparison) ? exits.clean : exits.findings;
}

/** Runs the command line of this process, and ends the process with its status. */
export function runCommandLine(): void {
  main().then(
    (status) => {
      // Native sessions may keep the process alive: end it once everything is written.
      process.stdout.write('', () => process.exit(status));
    },
    (error: unknown) => {
      complain(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      process.exit(exits.badInput);
    },
  );
}
