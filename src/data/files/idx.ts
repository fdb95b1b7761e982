import type { CancelToken } from '../../base/cancel';
import { ok } from '../../base/result';
import { fault, type Outcome } from '../fault';
import { fittingRate, sampleRows } from '../sampling';
import { fileName, sizeOf } from '../values';
import { readChunks } from './bytes';
import type { Bound } from './csv';
import { RowCollector } from './rowCollector';
import type { ParsedNumbers } from './text';

/** Deflate makes at most so many bytes of one. */
const mostUnpacked = 1_032;

/** Reads an idx file of bytes (plain or .gz): images as floats 0…255, labels as integers. */
export async function readIdx(path: string, bound: Bound, cancel: CancelToken): Promise<Outcome<ParsedNumbers>> {
  let head: Buffer = Buffer.alloc(0);
  let shape: number[] | null = null;
  let rows: Int32Array = new Int32Array(0);
  let rate = 1;
  let collector: RowCollector | null = null;
  let valid = true;
  const mostBytes = bound.fileBytes * (/\.gz$/i.test(path) ? mostUnpacked : 1);
  const read = await readChunks(path, cancel, (chunk) => {
    if (collector) collector.push(chunk);
    else {
      head = Buffer.concat([head, chunk]);
      if (head.length < 4) return true;
      // Two zero bytes, the type (8: unsigned byte), the number of axes; then each size, big-endian.
      const axes = head[3] as number;
      valid = head[0] === 0 && head[1] === 0 && head[2] === 8 && axes > 0;
      if (!valid || head.length < 4 + 4 * axes) return valid;
      shape = Array.from({ length: axes }, (_, axis) => head.readUInt32BE(4 + 4 * axis));
      if (sizeOf(shape) > mostBytes) return false;
      const width = sizeOf(shape.slice(1));
      rate = Math.min(bound.rate, fittingRate(shape[0] as number, width * 4, bound.maximumBytes));
      rows = sampleRows(shape[0] as number, rate, bound.seed);
      collector = new RowCollector(width, rows);
      collector.push(head.subarray(4 + 4 * axes));
    }
    return !collector.complete;
  });
  if (!read.ok) return read;
  const sizes = shape as number[] | null;
  const collected = collector as RowCollector | null;
  if (!valid || !sizes || !collected?.complete) {
    const how = valid ? 'ends too early' : 'is no idx file of bytes';
    return fault(`${fileName(path)} ${how}; download it again.`, { file: { path } });
  }
  const values = sizes.length > 1 ? Float32Array.from(collected.bytes) : Int32Array.from(collected.bytes);
  const ofRows = sizes[0] as number;
  const kept = rows.length === ofRows ? 1 : rate;
  return ok({ shape: [rows.length, ...sizes.slice(1)], values, rows, ofRows, kept, notes: [], bytes: values.byteLength });
}
