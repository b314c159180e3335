import { describe, expect, it } from 'vitest';
import { javaStringHash, offsetsPartitionOf } from '../../src/group/java-string-hash.ts';

describe('javaStringHash', () => {
  it.each([
    ['', 0],
    ['a', 97],
    ['hello', 99162322],
    // Documented collisions of Java.
    ['Aa', 2112],
    ['BB', 2112],
    ['polygenelubricants', -2147483648],
    ['my-group', -1906497762],
    ['kohort-demo', -989857085],
  ])('%j is %i', (text, hash) => {
    expect(javaStringHash(text)).toBe(hash);
  });

  it('counts UTF-16 code units, not code points', () => {
    expect(javaStringHash('😀')).toBe(0xd83d * 31 + 0xde00);
  });
});

describe('offsetsPartitionOf', () => {
  it('is the absolute hash modulo 50', () => {
    expect(offsetsPartitionOf('hello')).toBe(22);
    expect(offsetsPartitionOf('hello', 7)).toBe(99162322 % 7);
  });

  it('counts the smallest int32 as 0', () => {
    expect(offsetsPartitionOf('polygenelubricants')).toBe(0);
  });

  it('takes a negative hash by its absolute value', () => {
    expect(offsetsPartitionOf('my-group')).toBe(12);
  });
});
