import { fc } from '../support/property';
import { describe, expect, it } from 'vitest';
import { RecordSplitter, withoutLast } from '../../src/data/files/records';
import { RowCollector } from '../../src/data/files/rowCollector';

const comma = 44;

/** The records of a text that arrives in pieces, with the lines they begin on. */
function recordsOf(pieces: readonly Buffer[]): { text: string; line: number }[] {
  const records: { text: string; line: number }[] = [];
  const splitter = new RecordSplitter(
    (bytes, start, end, line) => records.push({ text: bytes.toString('utf8', start, end), line }) > 0,
    comma,
  );
  for (const piece of pieces) splitter.push(piece);
  splitter.finish();
  return records;
}

function cut(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}

describe('cutting a text into records', () => {
  it('gives the fields back whatever they hold, in pieces of any size', () => {
    const field = fc.string({ unit: fc.constantFrom('a', ' ', '"', ',', '\n', 'ö'), maxLength: 6 });
    const size = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(
        fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
        size,
        (rows, pieceSize) => {
          const written = rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(','));
          const records = recordsOf(cut(Buffer.from(written.join('\n') + '\n'), pieceSize));
          expect(records.map(({ text }) => text)).toEqual(written);
          let line = 1;
          for (const [at, record] of records.entries()) {
            expect(record.line).toBe(line);
            line += (written[at] ?? '').split('\n').length;
          }
        },
      ),
      { seed: 1 },
    );
  });

  it('takes a quote within a bare field as it is', () => {
    expect(recordsOf([Buffer.from('5" pipe,x\nnext,"y"\r\nlast')])).toEqual([
      { text: '5" pipe,x', line: 1 },
      { text: 'next,"y"', line: 2 },
      { text: 'last', line: 3 },
    ]);
  });

  it('knows carriage returns alone as line ends', () => {
    expect(recordsOf([Buffer.from('a\rb\rc')]).map(({ text }) => text)).toEqual(['a', 'b', 'c']);
  });
});

describe('collecting rows of equal size', () => {
  it('gives the chosen ones, in pieces of any size', () => {
    const chosen = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 10 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), chosen, fc.integer({ min: 1, max: 40 }), (rowBytes, rows, pieceSize) => {
        const order = Int32Array.from(rows).sort();
        const bytes = Buffer.from(Array.from({ length: 31 * rowBytes }, (_, at) => at % 251));
        const collector = new RowCollector(rowBytes, order);
        for (const piece of cut(bytes, pieceSize)) collector.push(piece);
        expect(collector.complete).toBe(true);
        expect([...collector.bytes]).toEqual(
          [...order].flatMap((row) => [...bytes.subarray(row * rowBytes, (row + 1) * rowBytes)]),
        );
      }),
      { seed: 1 },
    );
  });
});

describe('lines left out at the end', () => {
  // As pandas has it: blank lines count, the end of the last line does not.
  it.each([
    ['a,b\n1,2\n3,4\n\nsource: x\n', 2, ['a,b', '1,2', '3,4']],
    ['a,b\n1,2\n3,4\n\nsource: x', 1, ['a,b', '1,2', '3,4', '']],
    ['a,b\n1,2\n3,4\n5,6\n\n', 1, ['a,b', '1,2', '3,4', '5,6']],
    ['a,b\n1,2\n', 0, ['a,b', '1,2']],
    ['a,b\n1,2\n', 5, []],
  ])('%j without %i', (text, count, expected) => {
    for (let size = 1; size < 8; size++) {
      const records: string[] = [];
      const take = withoutLast(count, (bytes, start, end) => records.push(bytes.toString('utf8', start, end)) > 0);
      const splitter = new RecordSplitter(take, comma);
      for (const piece of cut(Buffer.from(text), size)) splitter.push(piece);
      splitter.finish();
      expect(records).toEqual(expected);
    }
  });
});
