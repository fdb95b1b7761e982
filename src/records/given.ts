/** A value that a script would get on its command line. */
export type GivenValue = number | string | boolean;

/** Values that the person or the project gives, by the name under which the script reads them (`learning_rate` of `--learning-rate`). */
export type GivenValues = Readonly<Record<string, GivenValue>>;

/** What a script's command line takes for one of its values. `any`: nothing that could be checked is said. */
export interface Accepted {
  readonly type: 'int' | 'float' | 'text' | 'any';
  /** The only values that are taken. */
  readonly choices?: readonly (string | number)[];
  /** Several values, with spaces between them. */
  readonly several?: boolean;
}

/** What each value of a script's command line has to be, by its name. */
export type AcceptedValues = Readonly<Record<string, Accepted>>;

/** What Python's `int` and `float` make a number of. */
const forms = {
  int: /^[+-]?\d+(_\d+)*$/,
  float: /^[+-]?((\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?|inf(inity)?|nan)$/i,
} as const;

/** Why a command line would not take a text; null when it would. */
export function refusalOf(text: string, accepted: Accepted): string | null {
  const words = accepted.several ? text.trim().split(/\s+/) : [text.trim()];
  for (const word of words) {
    const refusal = refusalOfWord(word, accepted);
    if (refusal !== null) return refusal;
  }
  return null;
}

function refusalOfWord(word: string, { type, choices }: Accepted): string | null {
  if (word === '') return 'A value is needed.';
  if (type === 'int' && !forms.int.test(word)) return `A whole number is needed: '${word}' is none.`;
  if (type === 'float' && !forms.float.test(word)) return `A number is needed: '${word}' is none.`;
  const isNumber = type === 'int' || type === 'float';
  const isChoice = choices?.some((one) => (isNumber ? Number(one) === Number(word.replace(/_/g, '')) : String(one) === word));
  return isChoice === false ? `One of ${choices?.join(', ')} is needed: '${word}' is none of them.` : null;
}

/** What is to be given, for a person: `a number`, `one of a, b`. */
export function acceptedWords({ type, choices, several }: Accepted): string {
  if (choices) return `${several ? 'some' : 'one'} of ${choices.join(', ')}`;
  if (several)
    return { int: 'whole numbers', float: 'numbers', text: 'words', any: 'values' }[type] + ' with spaces between them';
  return { int: 'a whole number', float: 'a number', text: 'a text', any: 'a value' }[type];
}
