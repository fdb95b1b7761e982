const infinity = /^\s*([+-]?)inf(?:inity)?\s*$/i;
const otherBase = /^\s*[+-]?0[xob]/i;
const wholeNumber = /^\s*[+-]?\d+\s*$/;

/** The number that `text` spells, as pandas' and NumPy's readers take it (spaces around allowed, no other bases); null when it is none. */
export function parseNumber(text: string): number | null {
  const value = Number(text);
  if (!Number.isNaN(value)) return text.trim() === '' || otherBase.test(text) ? null : value;
  const match = infinity.exec(text);
  return match ? (match[1] === '-' ? -Infinity : Infinity) : null;
}

/** True when `text` spells an integer: digits alone. */
export const isWholeNumber = (text: string): boolean => wholeNumber.test(text);
