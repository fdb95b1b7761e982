import { element } from '../dom';

/** Views of which one is shown. */
export interface Tabs<Id extends string> {
  readonly root: HTMLElement;
  update(chosen: Id): void;
  /** Takes the keyboard to a tab. */
  focus(id: Id): void;
}

/** A row of tabs; `panels` are the elements that they show. Arrow keys go from one to the next. */
export function makeTabs<Id extends string>(
  label: string,
  names: readonly (readonly [Id, string])[],
  panels: Readonly<Record<Id, HTMLElement>>,
  onChoose: (id: Id) => void,
): Tabs<Id> {
  const tabs = names.map(([id, text]) => {
    const attributes = { type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': `view-${id}` };
    const tab = element('button', { class: 'tab', text, attributes, onClick: () => onChoose(id) });
    const panel = panels[id];
    panel.id = `view-${id}`;
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-labelledby', `tab-${id}`);
    return { id, tab, panel };
  });
  const root = element(
    'div',
    { class: 'tabs', attributes: { role: 'tablist', 'aria-label': label } },
    tabs.map(({ tab }) => tab),
  );
  root.addEventListener('keydown', (event) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const at = tabs.findIndex(({ tab }) => tab.getAttribute('aria-selected') === 'true');
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (by === 0 || !next) return;
    onChoose(next.id);
    next.tab.focus();
    event.preventDefault();
  });
  const update = (chosen: Id): void => {
    for (const { id, tab, panel } of tabs) {
      tab.setAttribute('aria-selected', String(id === chosen));
      tab.tabIndex = id === chosen ? 0 : -1;
      panel.hidden = id !== chosen;
    }
  };
  const focus = (wanted: Id): void => tabs.find(({ id }) => id === wanted)?.tab.focus();
  return { root, update, focus };
}
