import type { Size } from '../../graph/size';
import { listValue, stringValue, unknown, type Value } from '../values/value';
import { listedItems } from './columnLists';

/** An entry or a part of a list; null where it is not known. */
export function listItem(list: Value & { readonly kind: 'list' }, index: Value): Value | null {
  if (index.kind === 'number') return Number.isInteger(index.value) ? (list.items.at(index.value) ?? null) : null;
  if (index.kind !== 'slice') return listedItems(list, index);
  const part = sliceNumbers(index);
  if (!part) return null;
  if (part.step === 1) return listValue(list.items.slice(part.start ?? 0, part.end ?? undefined), list.form);
  if (part.step === -1 && part.start === null && part.end === null) return listValue([...list.items].reverse(), list.form);
  return listValue(
    list.items.slice(part.start ?? 0, part.end ?? undefined).filter((_, i) => part.step > 0 && i % part.step === 0),
    list.form,
  );
}

/** A part of a text. */
export function stringSlice(text: string, index: Value): Value {
  const part = index.kind === 'slice' ? sliceNumbers(index) : null;
  return part && part.step === 1 ? stringValue(text.slice(part.start ?? 0, part.end ?? undefined)) : unknown;
}

/** A module, or some of them, of a `Sequential` or a list of modules. */
export function containerItem(container: Value & { readonly kind: 'container' }, index: Value): Value {
  if (index.kind === 'number') return container.items.at(index.value)?.value ?? unknown;
  if (index.kind === 'string') return container.items.find((i) => i.name === index.value)?.value ?? unknown;
  const part = index.kind === 'slice' ? sliceNumbers(index) : null;
  if (!part || part.step !== 1) return unknown;
  return { ...container, items: container.items.slice(part.start ?? 0, part.end ?? undefined) };
}

/** The plain numbers of a slice; null when one of them is not known. */
export function sliceNumbers(
  slice: Value & { readonly kind: 'slice' },
): { start: number | null; end: number | null; step: number } | null {
  const part = (v: Value): number | null | undefined => (v.kind === 'none' ? null : v.kind === 'number' ? v.value : undefined);
  const [start, end, step] = [part(slice.start), part(slice.stop), part(slice.step)];
  if (start === undefined || end === undefined || step === undefined) return null;
  return { start, end, step: step ?? 1 };
}

/** The size of an axis of which a part is taken; null where it is not known. */
export function slicedSize(size: Size | null, start: Size | null, end: Size | null, step: number): Size | null {
  const known = (s: Size | null): s is number => typeof s === 'number';
  if (known(size) && (start === null || known(start)) && (end === null || known(end))) {
    if (step < 0) {
      const last = start === null ? size - 1 : Math.min(start < 0 ? start + size : start, size - 1);
      const stop = end === null ? -1 : Math.max(end < 0 ? end + size : end, -1);
      return Math.max(0, Math.ceil((stop - last) / step));
    }
    const from = start === null ? 0 : start < 0 ? start + size : start;
    const to = end === null ? size : end < 0 ? end + size : Math.min(end, size);
    return Math.max(0, Math.ceil((to - from) / step));
  }
  return null;
}
