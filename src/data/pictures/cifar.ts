import { readFile } from 'node:fs/promises';
import type { CancelToken } from '../../base/cancel';
import { ok } from '../../base/result';
import { cancelled, fault, type Outcome } from '../fault';
import type { Bound } from '../files/csv';
import { isCall, readPickle, type Pickled } from '../files/pickle';
import { fittingRate, sampleRows } from '../sampling';
import { fileName } from '../values';
import type { ParsedPictures } from './folder';

const side = 32;
const plane = side * side;

/** Reads CIFAR's batches of pickled pictures into channels-last order, as torchvision's `.data` has them. */
export async function readCifar(
  paths: readonly string[],
  labelKey: 'labels' | 'fine_labels',
  bound: Bound,
  cancel: CancelToken,
): Promise<Outcome<ParsedPictures>> {
  const batches: Batch[] = [];
  for (const path of paths) {
    if (cancel.cancelled) return cancelled();
    const batch = await readBatch(path, labelKey);
    if (!batch.ok) return batch;
    batches.push(batch.value);
  }
  const count = batches.reduce((sum, { labels }) => sum + labels.length, 0);
  const rate = Math.min(bound.rate, fittingRate(count, plane * 3 * 4, bound.maximumBytes));
  const rows = sampleRows(count, rate, bound.seed);
  const values = new Float32Array(rows.length * plane * 3);
  const labels = new Int32Array(rows.length);
  let batch = 0;
  let before = 0;
  for (const [at, row] of rows.entries()) {
    while (row - before >= (batches[batch]?.labels.length ?? Infinity)) before += batches[batch++]?.labels.length ?? 0;
    const { pixels, labels: own } = batches[batch] as Batch;
    channelsLast(pixels.subarray((row - before) * plane * 3), values.subarray(at * plane * 3));
    labels[at] = own[row - before] as number;
  }
  const kept = rows.length === count ? 1 : rate;
  const shape = [rows.length, side, side, 3];
  return ok({ shape, values, labels, rows, ofRows: count, kept, notes: [], bytes: values.byteLength });
}

interface Batch {
  readonly pixels: Uint8Array;
  readonly labels: readonly number[];
}

async function readBatch(path: string, labelKey: string): Promise<Outcome<Batch>> {
  const damaged = (why: string): Outcome<never> =>
    fault(`${fileName(path)} is not a batch of CIFAR (${why}); download the data set again.`, { file: { path } });
  try {
    const whole = readPickle(await readFile(path));
    const [pixels, labels] = [arrayBytes(entry(whole, 'data')), entry(whole, labelKey)];
    if (!pixels || !Array.isArray(labels)) return damaged(`it has no 'data' or no '${labelKey}'`);
    if (pixels.length !== labels.length * plane * 3) return damaged('its pictures and labels differ in number');
    return ok({ pixels, labels: labels.map(Number) });
  } catch (error) {
    return damaged(error instanceof Error ? error.message : String(error));
  }
}

/** A dictionary's entry; Python 2 wrote its keys as bytes. */
function entry(value: Pickled, name: string): Pickled | undefined {
  if (!(value instanceof Map)) return undefined;
  for (const [key, found] of value) {
    const text = key instanceof Uint8Array ? Buffer.from(key).toString('latin1') : key;
    if (text === name) return found;
  }
  return undefined;
}

/** The bytes of a pickled NumPy array: the last part of its state. */
function arrayBytes(value: Pickled | undefined): Uint8Array | null {
  const state = isCall(value) ? value.state : null;
  const bytes = Array.isArray(state) ? (state as readonly Pickled[]).at(-1) : null;
  return bytes instanceof Uint8Array ? bytes : null;
}

function channelsLast(from: Uint8Array, to: Float32Array): void {
  for (let at = 0; at < plane; at++) for (let c = 0; c < 3; c++) to[at * 3 + c] = from[c * plane + at] as number;
}
