import {
  Button,
  Checkbox,
  Dropdown,
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
} from '@vscode/webview-ui-toolkit';

// The toolkit takes its colours when the window loads: this must run before, so it is imported statically.
provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeDropdown(), vsCodeOption());

/** A push button. `icon`: flat, for tools beside a title. */
export function makeButton(text: string, look: 'primary' | 'secondary' | 'icon', onPress: () => void): HTMLElement {
  const button = document.createElement('vscode-button');
  // The toolkit would call a flat button “Icon Button”.
  if (look === 'icon') button.setAttribute('aria-label', text);
  if (button instanceof Button) button.appearance = look;
  button.textContent = text;
  button.addEventListener('click', onPress);
  return button;
}

/** A box with its caption; `onChange` gets the new state. */
export function makeCheckbox(text: string, checked: boolean, onChange: (checked: boolean) => void): HTMLElement {
  const box = document.createElement('vscode-checkbox');
  box.textContent = text;
  if (box instanceof Checkbox) {
    box.checked = checked;
    box.addEventListener('change', () => onChange(box.checked));
  }
  return box;
}

/** A choice of one out of several; `onChange` gets the value chosen. */
export function makeSelect(
  label: string,
  options: readonly { readonly value: string; readonly text: string }[],
  chosen: string,
  onChange: (value: string) => void,
): HTMLElement {
  const select = document.createElement('vscode-dropdown');
  select.setAttribute('aria-label', label);
  for (const { value, text } of options) {
    const option = document.createElement('vscode-option');
    option.setAttribute('value', value);
    option.textContent = text;
    if (value === chosen) option.setAttribute('selected', '');
    select.append(option);
  }
  if (select instanceof Dropdown) select.addEventListener('change', () => onChange(select.value));
  return select;
}
