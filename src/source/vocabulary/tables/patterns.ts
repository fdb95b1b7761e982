import { Arguments, type Handler } from '../../interpret/call';
import { dataStep } from '../../interpret/tensors';
import { stringValue, unreadable } from '../../values/value';
import type { FunctionTable } from '../functionTable';

/**
 * Patterns of characters and classes of them, as often as one likes: they mean the same in Python and here, take little time on any
 * text, and match something.
 */
export function isPlainPattern(pattern: string): boolean {
  const outside = pattern.replace(/\\./g, '').replace(/\[\^?\]?[^\]]*\]/g, '');
  if (/[()$]/.test(outside) || /\\[AZzGpPuUNkbB0-9]|\{,/.test(pattern)) return false;
  try {
    return !new RegExp(pattern).test('');
  } catch {
    return false;
  }
}

/** `re.sub(pattern, text, x)` of a text, or of each entry of a column that stands for its entries. */
const substituted: Handler = (call) => {
  const a = new Arguments(call, 'pattern repl string count flags');
  const [pattern, by, given] = [a.string('pattern', ''), a.string('repl', ''), a.value('string')];
  const isRead = !a.given('count') && !a.given('flags') && isPlainPattern(pattern) && !by.includes('\\');
  if (given?.kind === 'unknown') return given;
  if (isRead && a.problems.length === 0) {
    if (given?.kind === 'string') return stringValue(given.value.replace(new RegExp(pattern, 'g'), () => by));
    if (given?.kind === 'array' && call.machine.entrywise > 0)
      return dataStep(call.machine, 'textPart', { part: 'substituted', pattern, by }, [given], call.range);
  }
  return unreadable('This pattern is not read', call.range);
};

/** `re.escape(text)`: a pattern of the text as it stands. */
const escaped: Handler = (call) => {
  const text = new Arguments(call, 'pattern').value('pattern');
  if (text?.kind !== 'string') return text ?? unreadable('This pattern is not read', call.range);
  return stringValue(text.value.replace(/[\s()[\]{}?*+\-|^$\\.&~#]/g, (sign) => `\\${sign}`));
};

/** `tf.strings.regex_replace(x, pattern, text)` of a column of texts. */
const replacedInTexts: Handler = (call) => {
  const a = new Arguments(call, 'input pattern rewrite replace_global');
  const [given, pattern, by] = [a.value('input'), a.string('pattern', ''), a.string('rewrite', '')];
  if (given?.kind === 'unknown') return given;
  const isRead = a.boolean('replace_global', true) && isPlainPattern(pattern) && !by.includes('\\');
  if (given?.kind === 'array' && isRead && a.problems.length === 0)
    return dataStep(call.machine, 'textPart', { part: 'substituted', pattern, by }, [given], call.range, { shape: given.shape });
  return unreadable('This pattern is not read', call.range);
};

/** `tf.strings.lower(x)` and its like of a column of texts. */
const changedTexts =
  (change: 'lower' | 'upper' | 'strip'): Handler =>
  (call) => {
    const given = new Arguments(call, 'input encoding').value('input');
    if (given?.kind === 'array')
      return dataStep(call.machine, 'changeText', { change }, [given], call.range, { shape: given.shape });
    return given?.kind === 'unknown' ? given : unreadable('These texts could not be read', call.range);
  };

/** Functions of `re` and of `tf.strings`. */
export const patternFunctions: FunctionTable = {
  're.sub': substituted,
  're.escape': escaped,
  'tensorflow.strings.regex_replace': replacedInTexts,
  'tensorflow.strings.lower': changedTexts('lower'),
  'tensorflow.strings.upper': changedTexts('upper'),
  'tensorflow.strings.strip': changedTexts('strip'),
};
