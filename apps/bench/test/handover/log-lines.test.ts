import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { now } from '../../src/handover/clock.ts';
import { ack, LogWriter, memberEvent } from '../../src/handover/log-lines.ts';
import { LogTail } from '../../src/handover/log-tail.ts';

const folder = mkdtempSync(join(tmpdir(), 'kohort-handover-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('what is written is read again, with its time', () => {
  const file = join(folder, 'written.log');
  const log = new LogWriter(file);
  const before = now();
  log.assigned([3, 4]);
  log.assigned([]);
  log.began(3, '17');
  log.finished(3, 17);
  log.note('a word\nand another');
  log.acked(4, '100', 10);
  const lines = new LogTail(file).lines();
  const at = expect.toSatisfy((time: number) => time >= before && time <= now());
  expect(lines.map(memberEvent)).toEqual([
    { kind: 'assigned', at, partitions: [3, 4] },
    { kind: 'assigned', at, partitions: [] },
    { kind: 'began', at, partition: 3, offset: 17 },
    { kind: 'finished', at, partition: 3, offset: 17 },
    undefined,
    undefined,
  ]);
  expect(lines.flatMap((line) => ack(line) ?? [])).toEqual([{ at, partition: 4, offset: 100, count: 10 }]);
});

test('a line is read once, and when it is whole', () => {
  const file = join(folder, 'growing.log');
  const tail = new LogTail(file);
  expect(tail.lines()).toEqual([]);
  appendFileSync(file, 'b 1 2 3\nb 2');
  expect(tail.lines()).toEqual(['b 1 2 3']);
  appendFileSync(file, ' 2 4\n');
  expect(tail.lines()).toEqual(['b 2 2 4']);
});
