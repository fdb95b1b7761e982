import type { PanelState } from '../../src/protocol/panel';
import { element, setShown, setText } from '../dom';
import { post } from '../host';
import { icon } from '../icons';
import { makeButton } from '../toolkit';
import { describePhase, describeRun, isAsked, isOnlyRead, isRunning } from '../words';

/** Head of the panel: which unit, how it stands, run and cancel, progress, the line of trust. */
export interface Header {
  /** The head itself, which stays in view, and the lines below it. */
  readonly parts: readonly HTMLElement[];
  update(state: PanelState): void;
}

const compareWords = { offered: 'Compare with PyTorch', again: 'Compare again', running: 'Comparing …' } as const;

/** Makes the head; its heights do not change while a run goes on. */
export function makeHeader(): Header {
  const name = element('h1', { class: 'unit-name' });
  const about = element('span', { class: 'unit-about' });
  const badge = element('span', {
    class: 'badge',
    text: 'on stand-in data',
    attributes: { title: 'The data are made up in the shape that the model takes: verdicts rest on the text alone' },
  });
  const phase = element('span', { class: 'phase', attributes: { role: 'status' } });
  const run = makeButton('Run', 'primary', () => post({ kind: 'run' }));
  const cancel = makeButton('Cancel', 'secondary', () => post({ kind: 'cancel' }));
  const bar = element('div', { class: 'progress-bar' });
  const progress = element(
    'div',
    {
      class: 'progress',
      attributes: {
        role: 'progressbar',
        'aria-label': 'Progress of the diagnosis',
        'aria-valuemin': '0',
        'aria-valuemax': '100',
      },
    },
    [bar],
  );
  const text = element('p', { class: 'phase-text' });
  const lines = element('div', { class: 'head-lines' });
  const trust = element('span');
  const compare = element('button', { class: 'link', attributes: { type: 'button' }, onClick: () => post({ kind: 'compare' }) });
  const trustLine = element('p', { class: 'trust', attributes: { 'aria-label': 'What this rests on' } }, [
    icon('trust'),
    element('span', {}, [trust, ' ', compare]),
  ]);
  const summary = element('p', { class: 'run-summary' });

  const update = (state: PanelState): void => {
    const running = isRunning(state.phase);
    setText(name, state.unit?.name ?? 'Descent Lens');
    setText(about, state.unit ? `${state.unit.framework} · ${state.unit.optimizer}` : 'no training unit chosen');
    setShown(badge, state.report?.standIn === true);
    setText(phase, describePhase(state));
    phase.className = `phase phase-${state.stale && !running ? 'stale' : isOnlyRead(state) ? 'idle' : state.phase}`;
    setText(run, state.phase === 'idle' || isOnlyRead(state) ? 'Run' : 'Run again');
    run.toggleAttribute('disabled', state.unit === null);
    setShown(run, !isAsked(state.phase));
    setShown(cancel, isAsked(state.phase));
    const percent = Math.round(100 * Math.min(1, Math.max(0, state.fraction)));
    // A new run begins at nothing: the bar does not run backwards.
    bar.classList.toggle('progress-anew', percent < Number(progress.getAttribute('aria-valuenow')));
    bar.style.transform = `scaleX(${percent / 100})`;
    progress.classList.toggle('progress-on', running);
    progress.setAttribute('aria-valuenow', String(percent));
    setText(text, state.text);
    // What goes on and what was run take turns in one line: nothing below moves when a run begins or ends.
    lines.classList.toggle('head-lines-running', running && state.text !== '');
    text.classList.toggle('failed', state.phase === 'failed');
    setText(trust, state.trust);
    setText(compare, compareWords[state.comparing ?? 'offered']);
    compare.toggleAttribute('disabled', state.comparing === 'running');
    setShown(compare, state.comparing !== undefined);
    setShown(trustLine, state.trust !== '');
    setText(summary, state.report?.run ? describeRun(state.report.run).join(' · ') : '');
  };
  const title = element('div', { class: 'head-title' }, [name, about, badge]);
  const controls = element('div', { class: 'head-controls' }, [phase, element('div', { class: 'head-buttons' }, [run, cancel])]);
  const head = element('header', { class: 'head' }, [element('div', { class: 'head-row' }, [title, controls]), progress]);
  lines.append(text, summary, trustLine);
  return { parts: [head, lines], update };
}
