/** What a trial changes, in words for the line of progress: a setting and its value, or the rule whose fix is tried. */
export function trialWords(key: string): string {
  const seed = /@seed\d+$/.exec(key);
  const label = seed ? key.slice(0, seed.index) : key;
  return `${changeWords(label)}${seed && !seed[0].endsWith('@seed0') ? ' on another seed' : ''}`;
}

function changeWords(label: string): string {
  if (label === 'unchanged') return 'the script as it stands';
  const rule = /^([a-z-]+):/.exec(label)?.[1];
  return rule ? `a fix for ${rule}` : label.replace(/=/g, ' = ').replace(/,/g, ', ');
}
