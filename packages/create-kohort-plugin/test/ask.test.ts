/** Questions on a stream: answers may come before they are asked for, and may end. */
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { askOn } from '../src/ask.ts';

it('gives each question its line, without spaces around it, and null at the end', async () => {
  const input = new PassThrough();
  const output = new PassThrough();
  const { ask, close } = askOn(input, output);
  input.write(' first \nsecond\n');
  expect(await ask('one? ')).toBe('first');
  expect(await ask('two? ')).toBe('second');
  input.end();
  expect(await ask('three? ')).toBeNull();
  expect(String(output.read())).toBe('one? two? three? ');
  close();
});
