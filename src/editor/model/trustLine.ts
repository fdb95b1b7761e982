import type { UnitReport } from '../../records/report';
import { agrees, comparisonWords } from '../../protocol/comparison';
import type { Comparison } from '../../records/comparison';
import { counted } from './format';

/** One permanent line on how far the verdict can be trusted: what was read, assumed, run and compared. `saysStandIn` false: a badge says it. */
export function trustLine(report: UnitReport, compared: Compared | null = null, saysStandIn = true): string {
  const { parts, assumptions, run } = report;
  const said = [
    ...(report.standIn === true && saysStandIn ? ['On stand-in data: verdicts rest on the text alone'] : []),
    `Read ${parts.read} of ${counted(parts.total, 'part')} of the script`,
  ];
  said.push(assumptions.length === 0 ? 'nothing assumed' : `${counted(assumptions.length, 'thing')} assumed`);
  if (run) {
    const cut = run.stoppedBy === 'budget' ? ', cut by the budget' : '';
    said.push(`${run.steps.toLocaleString('en-US')} of ${counted(run.ofSteps, 'step')} run${cut}, seed ${run.seed}`);
    if (run.rows < run.ofRows) said.push(`trained on ${run.rows.toLocaleString('en-US')} of ${counted(run.ofRows, 'row')}`);
  } else {
    said.push('not run');
  }
  return [...said, comparedWords(compared)].join(' · ');
}

/** A comparison with PyTorch, and whether the script or its data have changed since. */
export interface Compared {
  readonly comparison: Comparison;
  readonly stale: boolean;
}

/** The clause on PyTorch in the line of trust. */
export function comparedWords(compared: Compared | null): string {
  if (!compared) return 'not compared with PyTorch';
  const { comparison, stale } = compared;
  const log = agrees(comparison) && comparison.notes.length === 0 ? '' : ': see log';
  return `${comparisonWords(comparison)}${log}${stale ? ' (stale: the script or its data changed since)' : ''}`;
}
