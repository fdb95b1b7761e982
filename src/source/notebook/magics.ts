import { lineRoles, linesOf } from './lines';

/** Cell magics whose body is Python that runs in the notebook. All others hand their cell to something else. */
const pythonCells = new Set(['time', 'timeit', 'capture', 'prun', 'memit', 'mprun', 'lprun', 'snakeviz', 'wandb', 'debug']);

/** Line magics that run the statement behind them, each with a head of the same length that Python understands. */
const runningMagics: Readonly<Record<string, string>> = { '%time': 'if 1:', '%prun': 'if 1:' };

/** A whole line for IPython: `%magic`, `!command`, `?name`, `name?`. */
const foreignLine = /^\s*(?:[%!?]|[\w.]+\?{1,2}\s*$)/;

/** `names = !command` and `value = %magic`. */
const foreignValue = /^(\s*[\w, .]+=\s*)[!%](?!=)/;

const cellMagic = /^\s*%%(\w+)/;

/**
 * A notebook cell as plain Python with as many lines: what is meant for IPython is taken out and what stays keeps its
 * line and column. A cell that hands its text to another program (`%%bash`, `%%html`) is empty.
 */
export function withoutMagics(cell: string): string[] {
  const lines = linesOf(cell);
  const first = lines.findIndex((line) => line.trim() !== '');
  const magic = cellMagic.exec(lines[first] ?? '')?.[1];
  if (magic !== undefined && !pythonCells.has(magic)) return lines.map(() => '');
  const roles = lineRoles(lines, (line) => foreignLine.test(line) || foreignValue.test(line));
  return lines.map((line, at) => {
    if (roles[at] !== 'foreign') return line;
    if (at === first && magic !== undefined) return '';
    if (at > 0 && roles[at - 1] === 'foreign' && (lines[at - 1] ?? '').trimEnd().endsWith('\\')) return '';
    // What IPython itself makes of such a line; nothing is known of its value.
    return foreignValue.test(line) ? line.replace(foreignValue, '$1get_ipython()  # ') : pythonFor(line);
  });
}

/** `pass`, so that a block does not get empty; or the statement that a magic runs. */
function pythonFor(line: string): string {
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  const head = runningMagics[/^%\w+/.exec(line.trim())?.[0] ?? ''];
  const rest = line.slice(indent.length);
  if (head !== undefined && rest.slice(head.length).trim() !== '') return indent + head + rest.slice(head.length);
  return `${indent}pass`;
}
