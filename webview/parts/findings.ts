import type { PanelState } from '../../src/protocol/panel';
import type { Evidence, Finding, Fix } from '../../src/records/finding';
import { element, setText } from '../dom';
import { count, formatNumber } from '../format';
import { post } from '../host';
import { icon } from '../icons';
import { makeButton } from '../toolkit';
import { bySeverity, describeFindings, describeEvidence, describePlace, describeTrial, isRunning, showsChange } from '../words';

/** The list of findings. */
export interface FindingsList {
  readonly root: HTMLElement;
  update(state: PanelState): void;
}

/** Makes the list; it is built anew only when the findings change, so that the focus stays while numbers stream. */
export function makeFindingsList(): FindingsList {
  const summary = element('span', { class: 'section-count' });
  const list = element('ul', { class: 'findings' });
  const note = element('p', { class: 'section-note' });
  let drawn = '';

  const update: FindingsList['update'] = (state) => {
    const findings = bySeverity(state.report?.findings ?? []);
    setText(summary, describeFindings(findings));
    setText(note, noteFor(state, findings.length));
    note.classList.toggle('stale-note', state.stale);
    list.classList.toggle('stale', state.stale);
    const key = JSON.stringify([findings, state.unit]);
    if (key === drawn) return;
    drawn = key;
    list.replaceChildren(...findings.map((finding) => makeFinding(finding, state.unit)));
  };
  const head = element('h2', { class: 'section-head' }, ['Findings', summary]);
  const root = element('section', { class: 'section', attributes: { 'aria-label': 'Findings' } }, [head, note, list]);
  return { root, update };
}

function noteFor(state: PanelState, findings: number): string {
  if (state.stale) return 'The script or its data changed since this run: what is said here may no longer hold.';
  if (findings > 0) return '';
  if (state.unit === null) return 'No script at hand? The command “Descent Lens: Open the Examples” opens one with a fault.';
  if (isRunning(state.phase)) return 'Nothing found so far.';
  if (state.phase === 'done' && state.report) {
    if (!state.report.run) return `${count(state.report.passed.length, 'check')} of the text passed; the others need a run.`;
    return `Nothing found: ${count(state.report.passed.length, 'check')} passed, ${state.report.undecided.length} undecided.`;
  }
  return 'What is wrong with this training, and what helps, will stand here after a run.';
}

function makeFinding(finding: Finding, unit: PanelState['unit']): HTMLElement {
  const reveal = (): void => post({ kind: 'reveal', range: finding.range });
  const place = element('button', { class: 'finding-head', attributes: { type: 'button' }, onClick: reveal }, [
    icon(finding.severity, finding.severity),
    element('span', { class: 'finding-rule', text: finding.rule }),
    element('span', { class: 'finding-place', text: describePlace(finding.range, unit) }),
  ]);
  const message = element('p', { class: 'finding-message', text: finding.message, onClick: reveal });
  const causes =
    finding.causes.length > 0
      ? [element('p', { class: 'finding-causes', text: `Comes from ${finding.causes.join(', ')}.` })]
      : [];
  return element('li', { class: `finding finding-${finding.severity}` }, [
    place,
    message,
    ...causes,
    ...makeEvidence(finding.evidence),
    ...finding.fixes.map((fix, index) => makeFix(finding, fix, index)),
    makeLinks(finding, unit),
  ]);
}

function makeEvidence(evidence: readonly Evidence[]): HTMLElement[] {
  if (evidence.length === 0) return [];
  const items = evidence.map((one) => {
    const within = one.error === undefined ? '' : ` ± ${formatNumber(Number(one.error.toPrecision(2)))}`;
    const { before, after } = describeEvidence(one);
    return element('li', { attributes: { title: one.unit } }, [
      `${before} `,
      element('strong', { text: `${formatNumber(one.value)}${within}` }),
      after,
    ]);
  });
  return [element('ul', { class: 'evidence', attributes: { 'aria-label': 'Evidence' } }, items)];
}

function makeFix(finding: Finding, fix: Fix, index: number): HTMLElement {
  const button = makeButton(fix.title, index === 0 && fix.verified?.helped === true ? 'primary' : 'secondary', () =>
    post({ kind: 'fix', finding, fix: index }),
  );
  const tried = fix.verified;
  const result = tried ? `${tried.helped ? 'tried' : 'tried, did not help'}: ${describeTrial(tried)}` : 'not tried';
  const isBetter = tried?.helped === true && showsChange(tried);
  const words = element('span', { class: isBetter ? 'fix-result fix-helped' : 'fix-result', text: result });
  return element('div', { class: 'fix' }, [button, words]);
}

function makeLinks(finding: Finding, unit: PanelState['unit']): HTMLElement {
  const link = (text: string, onClick: () => void, title = ''): HTMLElement =>
    element('button', { class: 'link', text, attributes: { type: 'button', ...(title ? { title } : {}) }, onClick });
  const explain = link('Explain', () => post({ kind: 'explain', rule: finding.rule }));
  const related = finding.related.map((place) =>
    link(`${place.message} (${describePlace(place, unit)})`, () => post({ kind: 'reveal', range: rangeOf(place) })),
  );
  return element('div', { class: 'finding-links' }, [explain, ...related]);
}

function rangeOf({ path, line, column, endLine, endColumn }: Finding['related'][number]): Finding['range'] {
  return { path, line, column, endLine, endColumn };
}
