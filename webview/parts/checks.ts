import type { PanelState } from '../../src/protocol/panel';
import type { Reason } from '../../src/records/source';
import { element, setShown, setText } from '../dom';
import { groupThousands } from '../format';
import { post } from '../host';
import { icon } from '../icons';
import { makeButton } from '../toolkit';
import { describePlace, groupByNeeds } from '../words';

/** The folded lists below the findings: checks passed, checks undecided, assumptions, and what could not be read. */
export interface ChecksList {
  readonly root: HTMLElement;
  update(state: PanelState): void;
}

/** `open`: sections folded open; `onToggle` gets each change. */
export function makeChecksList(open: readonly string[], onToggle: (section: string, open: boolean) => void): ChecksList {
  const make = (id: string, title: string): Fold => makeFold(id, title, open.includes(id), onToggle);
  const passed = make('passed', 'Checks passed');
  const undecided = make('undecided', 'Undecided');
  undecided.root.classList.add('fold-wide');
  const assumptions = make('assumptions', 'Assumptions');
  const reason = element('div', { class: 'reason' });
  const update = (state: PanelState): void => {
    const { report } = state;
    const { unit } = state;
    passed.update((report?.passed ?? []).map((rule) => ({ key: rule, make: () => [icon('passed'), explainLink(rule)] })));
    undecided.update(
      groupByNeeds(report?.undecided ?? []).map(({ needs, rules }) => ({
        key: `${rules.join(' ')}: ${needs}`,
        make: () => [icon('undecided'), element('span', {}, needing(needs, rules))],
      })),
      report?.undecided.length,
    );
    assumptions.update(
      (report?.assumptions ?? []).map(({ text, range }) => ({
        key: JSON.stringify([text, range, unit?.cells]),
        make: () => [
          icon('assumption'),
          element(
            'button',
            { class: 'link-row', attributes: { type: 'button' }, onClick: () => post({ kind: 'reveal', range }) },
            [element('span', { text }), element('span', { class: 'finding-place', text: describePlace(range, unit) })],
          ),
        ],
      })),
    );
    for (const fold of [passed, undecided, assumptions]) setShown(fold.root, report !== null);
    updateReason(reason, state);
  };
  const root = element('div', { class: 'checks' }, [reason, passed.root, undecided.root, assumptions.root]);
  return { root, update };
}

/** The rules as links, and once for all of them what they wait for. */
function needing(needs: string, rules: readonly string[]): (Node | string)[] {
  const links = rules.flatMap((rule, i) => {
    const link = explainLink(rule);
    // A button may be parted from what follows it: the comma goes with it.
    return i < rules.length - 1 ? [element('span', { class: 'unbroken' }, [link, ',']), ' '] : [link];
  });
  const verb = rules.length === 1 ? 'needs' : 'need';
  return [...links, element('span', { class: 'needs', text: ` ${verb} ${needs}` })];
}

function explainLink(rule: string): HTMLElement {
  return element('button', {
    class: 'link rule',
    text: rule,
    attributes: { type: 'button' },
    onClick: () => post({ kind: 'explain', rule }),
  });
}

/** Why the unit was only read, or not even that. */
function updateReason(target: HTMLElement, { report, unit }: PanelState): void {
  const reason = report?.reason ?? null;
  setShown(target, reason !== null);
  if (reason === null) return;
  const isUnread = report?.status === 'unread';
  const kept = isUnread ? 'Not read whole, so not run: ' : report?.standIn === true ? '' : 'Only read, not run: ';
  const said = `${kept}${reason.text}`;
  const place = describePlace(reason.range, unit);
  const isMadeUp = report?.standIn === true;
  const key = JSON.stringify([said, place, reason, isMadeUp]);
  if (target.dataset['shown'] === key) return;
  target.dataset['shown'] = key;
  const row = element(
    'button',
    { class: 'link-row', attributes: { type: 'button' }, onClick: () => post({ kind: 'reveal', range: reason.range }) },
    [element('span', { text: said }), element('span', { class: 'finding-place', text: place })],
  );
  target.replaceChildren(
    icon('information'),
    element('div', { class: 'reason-words' }, [row, ...givingButtons(reason, isMadeUp)]),
  );
}

/** What the person can do about a reason, as buttons. */
function givingButtons({ missing }: Reason, isMadeUp: boolean): HTMLElement[] {
  const give = (text: string, what: 'data' | 'standIn' | 'value'): HTMLElement =>
    makeButton(text, 'secondary', () => post({ kind: 'give', what }));
  const standIn = isMadeUp ? [] : [give('Run on stand-in data', 'standIn')];
  switch (missing?.kind) {
    case 'data':
      return [element('div', { class: 'fix' }, [give('Pick the data file …', 'data'), ...standIn])];
    case 'rows':
      return standIn.length > 0 ? [element('div', { class: 'fix' }, standIn)] : [];
    case 'value':
      return [element('div', { class: 'fix' }, [give(`Give ${missing.name} …`, 'value')])];
    default:
      return [];
  }
}

interface FoldItem {
  readonly key: string;
  make(): (Node | string)[];
}

interface Fold {
  readonly root: HTMLElement;
  /** `total`: how many there are, where an item stands for several. */
  update(items: readonly FoldItem[], total?: number): void;
}

function makeFold(id: string, title: string, open: boolean, onToggle: (section: string, open: boolean) => void): Fold {
  const number = element('span', { class: 'section-count' });
  const list = element('ul', { class: 'fold-list' });
  const root = element('details', { class: 'fold' }, [element('summary', { class: 'section-head' }, [title, number]), list]);
  root.open = open;
  root.addEventListener('toggle', () => onToggle(id, root.open));
  let drawn = '';
  const update: Fold['update'] = (items, total = items.length) => {
    setText(number, groupThousands(total));
    root.classList.toggle('fold-empty', items.length === 0);
    const key = JSON.stringify(items.map((item) => item.key));
    if (key === drawn) return;
    drawn = key;
    list.replaceChildren(...items.map((item) => element('li', {}, item.make())));
  };
  return { root, update };
}
