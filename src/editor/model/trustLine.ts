import type { UnitReport } from '../../records/report';
import { counted } from './format';

/** One permanent line on how far the verdict can be trusted: what was read, assumed, run and compared. */
export function trustLine(report: UnitReport): string {
  const { parts, assumptions, run } = report;
  const said = [
    ...(report.standIn === true ? ['On stand-in data: verdicts rest on the text alone'] : []),
    `Read ${parts.read} of ${counted(parts.total, 'part')} of the script`,
  ];
  said.push(assumptions.length === 0 ? 'nothing assumed' : `${counted(assumptions.length, 'thing')} assumed`);
  if (run) {
    const cut = run.stoppedBy === 'budget' ? ', cut by the budget' : '';
    said.push(`${run.steps.toLocaleString('en-US')} of ${counted(run.ofSteps, 'step')} run${cut}, seed ${run.seed}`);
    if (run.rows < run.ofRows) said.push(`${run.rows.toLocaleString('en-US')} of ${counted(run.ofRows, 'row')}`);
  } else {
    said.push('not run');
  }
  return `${said.join(' · ')} · not compared with PyTorch`;
}
