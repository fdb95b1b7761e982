import type { Severity } from '../../records/finding';
import type { FileReport } from '../check';
import { lineWords, type Placing } from './places';

const commands: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
  hint: 'notice',
};

/** Workflow commands of GitHub Actions: each finding becomes an annotation on its line of the file. */
export function formatGithub(files: readonly FileReport[], placing: Placing): string {
  return files
    .flatMap(({ units }) => units.flatMap(({ findings }) => findings))
    .map(({ severity, range, rule, message }) => {
      const place = placing(range);
      const [line, endLine] = place.fileLines ?? [place.line, place.endLine];
      const hasColumns = !place.fileLines && line === endLine;
      const where = place.cell === undefined ? '' : `${lineWords(place)}: `;
      const properties = [
        `file=${property(place.path)}`,
        `line=${line}`,
        `endLine=${endLine}`,
        // GitHub takes columns only within one line, with the last one inclusive.
        ...(hasColumns ? [`col=${place.column}`, `endColumn=${Math.max(place.column, place.endColumn - 1)}`] : []),
        `title=${property(`descent-lens ${rule}`)}`,
      ];
      return `::${commands[severity]} ${properties.join(',')}::${data(where + message)}`;
    })
    .join('\n');
}

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
