import type { BenchRow } from './row';

const number = (value: number | null | undefined): string =>
  value === null || value === undefined ? '-' : String(Number(value.toPrecision(3)));

/** Rows for people: value, floor, goal, verdict, spread, and what the value was made of. */
export function printTable(name: string, rows: readonly BenchRow[]): string {
  const lines = rows.map((row) => {
    const { target } = row;
    const floor =
      target === null ? '' : 'atLeast' in target ? `at least ${number(target.atLeast)}` : `at most ${number(target.atMost)}`;
    const verdict = row.met === null ? (row.reason ?? '') : row.met ? 'met' : 'NOT MET';
    const spread = row.spread ? `${number(row.spread[0])} … ${number(row.spread[1])}` : '';
    return [
      row.row,
      `${number(row.value)} ${row.unit}`,
      floor,
      row.goal === undefined ? '' : `goal ${number(row.goal)}`,
      verdict,
      spread,
      row.detail ?? '',
    ];
  });
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  const body = lines.map((line) => `  ${line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd());
  return `${name}\n${body.join('\n')}\n\n`;
}
