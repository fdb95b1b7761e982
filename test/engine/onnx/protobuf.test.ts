import { describe, expect, it } from 'vitest';
import { bytes, encode, float, integer, message, nested, string } from '../../../src/engine/onnx/protobuf';

const hex = (content: Parameters<typeof encode>[0]): string => Buffer.from(encode(content)).toString('hex');

// The first three are the examples of the protobuf encoding guide.
describe('protobuf', () => {
  it.each([
    ['an integer', integer(1, 150), '089601'],
    ['text', string(2, 'testing'), '120774657374696e67'],
    ['a nested message', nested(3, integer(1, 150)), '1a03089601'],
    ['a negative integer', integer(1, -2), '08feffffffffffffffff01'],
    ['an integer beyond 32 bits', integer(1, 2 ** 40), '08808080808020'],
    ['a float', float(2, 1), '150000803f'],
    ['bytes', bytes(9, Uint8Array.of(1, 2)), '4a020102'],
    ['an empty message', message(), ''],
    ['a high field number', integer(20, 7), 'a00107'],
  ])('writes %s', (_, content, expected) => {
    expect(hex(content)).toBe(expected);
  });
});
