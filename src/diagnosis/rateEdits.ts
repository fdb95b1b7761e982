import type { OptimizerKind, OptimizerOf } from '../records/optimizer';
import type { SourceRange, TextEdit } from '../records/source';
import { numberLike, setValue } from './edits';
import { place } from './finding';
import type { Texts } from './text';
import { editAt, lineBreak, textAt } from './text';

/** Keras's classes of the optimizers that it also knows by a string. */
const kerasClasses: { readonly [K in OptimizerKind]?: string } = {
  sgd: 'SGD',
  adam: 'Adam',
  adamw: 'AdamW',
  rmsprop: 'RMSprop',
  adagrad: 'Adagrad',
  adadelta: 'Adadelta',
  adamax: 'Adamax',
  nadam: 'Nadam',
};

/** Names under which a file has Keras at hand. */
const kerasNames: readonly (readonly [imported: RegExp, name: string])[] = [
  [/^\s*(import\s+(tf_)?keras\b(?!\s+as|\.)|from\s+tensorflow\s+import\s+(\w+\s*,\s*)*keras\b)/m, 'keras'],
  [/^\s*import\s+tensorflow\s+as\s+tf\b/m, 'tf.keras'],
  [/^\s*import\s+tensorflow\s*$/m, 'tensorflow.keras'],
];

/**
 * Edits that give the learning rate another value under the name that the script's library has for it. A string such as
 * Keras's `'adam'` becomes an object. Empty when the text does not allow it, or when the script cannot set the rate.
 */
export function rateEdits(texts: Texts, optimizer: OptimizerOf<OptimizerKind>, rate: number): readonly TextEdit[] {
  const { learningRate, rateName = 'lr', rateCall } = optimizer;
  if (rateName === null) return [];
  const written = textAt(texts, optimizer.name);
  if (learningRate.isDefault && written !== null && /^['"]/.test(written)) return objectForString(texts, optimizer, rate);
  return setValue(texts, learningRate, rateCall ?? optimizer.call, rateName, rate);
}

/** Edits that give plain descent another momentum; empty where the script's call takes none. */
export function momentumEdits(texts: Texts, optimizer: OptimizerOf<'sgd'>, momentum: number): readonly TextEdit[] {
  const { rateName = 'lr', rateCall } = optimizer;
  const takesMomentum = rateName === 'lr' || rateName === 'learning_rate_init' || rateCall !== undefined;
  if (!takesMomentum) return [];
  return setValue(texts, optimizer.settings.momentum, rateCall ?? optimizer.call, 'momentum', momentum);
}

function objectForString(texts: Texts, optimizer: OptimizerOf<OptimizerKind>, rate: number): readonly TextEdit[] {
  const name = kerasClasses[optimizer.kind];
  const text = texts[optimizer.call.path];
  // A string that stands elsewhere may have other readers.
  if (name === undefined || text === undefined || !isInside(optimizer.name, optimizer.call)) return [];
  const keras = kerasNames.find(([imported]) => imported.test(text))?.[1];
  const callee = keras === undefined ? name : `${keras}.optimizers.${name}`;
  const object = { ...place(optimizer.name), newText: `${callee}(learning_rate=${numberLike('', rate)})` };
  if (keras !== undefined) return [object];
  const imported = importedClass(optimizer.call.path, text, name);
  return imported === null ? [] : [object, ...imported];
}

/** The import of an optimizer's class before the other imports from Keras; empty where it is imported already, null where none is. */
function importedClass(path: string, text: string, name: string): readonly TextEdit[] | null {
  const had = new RegExp(`^from\\s+[\\w.]*keras\\.optimizers\\s+import\\b[^\\n]*\\b${name}\\b(?!\\s+as\\b)`, 'm');
  if (had.test(text)) return [];
  const first = /^from\s+((?:tensorflow\.|tf_)?keras)(?:\.[\w.]+)?\s+import\b/m.exec(text);
  if (first?.[1] === undefined) return null;
  return [editAt(path, text, first.index, first.index, `from ${first[1]}.optimizers import ${name}${lineBreak(text)}`)];
}

const isInside = (inner: SourceRange, outer: SourceRange): boolean =>
  inner.path === outer.path && inner.line >= outer.line && inner.endLine <= outer.endLine;
