import type { Severity } from '../../records/finding';
import type { FileReport } from '../check';

const commands: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
  hint: 'notice',
};

/** Workflow commands of GitHub Actions: each finding becomes an annotation on its line. */
export function formatGithub(files: readonly FileReport[], writePath: (path: string) => string): string {
  return files
    .flatMap(({ units }) => units.flatMap(({ findings }) => findings))
    .map(({ severity, range, rule, message }) => {
      const oneLine = range.line === range.endLine;
      const properties = [
        `file=${property(writePath(range.path))}`,
        `line=${range.line}`,
        `endLine=${range.endLine}`,
        // GitHub takes columns only within one line, with the last one inclusive.
        ...(oneLine ? [`col=${range.column}`, `endColumn=${Math.max(range.column, range.endColumn - 1)}`] : []),
        `title=${property(`descent-lens ${rule}`)}`,
      ];
      return `::${commands[severity]} ${properties.join(',')}::${data(message)}`;
    })
    .join('\n');
}

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
