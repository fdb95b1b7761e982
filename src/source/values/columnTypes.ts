import type { ColumnFacts } from '../../records/tableLook';
import type { Value } from './value';

type ColumnType = ColumnFacts['type'];

const prefix = 'numpy.dtype.';
const typeNames: Readonly<Record<ColumnType, string>> = { text: 'object', float: 'float64', integer: 'int64', boolean: 'bool' };

/** The type of a column as a value. */
export const typeValue = (type: ColumnType): Value => ({ kind: 'external', path: `${prefix}${typeNames[type]}` });

/** The type that a value is, as pandas names it; null for other values. */
export const typeName = (value: Value): string | null =>
  value.kind === 'external' && value.path.startsWith(prefix) ? value.path.slice(prefix.length) : null;

const families: Readonly<Record<string, readonly ColumnType[]>> = {
  object: ['text'],
  object_: ['text'],
  O: ['text'],
  number: ['float', 'integer'],
  numeric: ['float', 'integer'],
  float: ['float'],
  float64: ['float'],
  double: ['float'],
  floating: ['float'],
  int: ['integer'],
  int64: ['integer'],
  int_: ['integer'],
  integer: ['integer'],
  bool: ['boolean'],
  bool_: ['boolean'],
  float32: [],
  float16: [],
  int32: [],
  int16: [],
  int8: [],
  uint8: [],
  category: [],
  datetime64: [],
  datetime: [],
  'datetime64[ns]': [],
  timedelta: [],
};

/** Whether a column of `type` (or a type as a value) is what `wanted` names; null when `wanted` is not known. */
export function matchesType(type: ColumnType | Value, wanted: Value): boolean | null {
  const other = typeName(wanted);
  const name =
    wanted.kind === 'string' ? wanted.value : wanted.kind === 'external' ? (other ?? wanted.path.split('.').pop()) : null;
  const family = name === null || name === undefined || !Object.hasOwn(families, name) ? null : families[name];
  if (!family) return null;
  const own = typeof type === 'string' ? typeNames[type] : typeName(type);
  return family.some((one) => typeNames[one] === own);
}
