import { linesOf } from './lines';
import { withoutMagics } from './magics';

/** The line that begins a cell of a plain file: `# %%`, with or without a title. */
const marker = /^#\s*%%/;

/** A line that only IPython understands. */
const foreign = /^\s*[%!]/m;

/**
 * A file that is worked through cell by cell as Python text of the same lines and columns: what its cells say to IPython
 * (`%matplotlib inline`, `!pip install`) is blanked. Any other text stays as it is.
 */
export function markedCellsText(text: string): string {
  const lines = linesOf(text);
  if (!foreign.test(text) || !lines.some((line) => marker.test(line))) return text;
  const starts = lines.flatMap((line, at) => (marker.test(line) ? [at] : []));
  const cells = starts.map((start, i) => lines.slice(start + 1, starts[i + 1] ?? lines.length));
  const first = starts[0] ?? 0;
  const blanked = cells.flatMap((cell, i) => [lines[starts[i] ?? 0] ?? '', ...withoutMagics(cell.join('\n'))]);
  return [...lines.slice(0, first), ...blanked].join('\n');
}
