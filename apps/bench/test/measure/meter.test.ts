import { expect, test } from 'vitest';
import { Meter } from '../../src/measure/meter.ts';
import { fingerprint, recordKey, recordValue } from '../../src/workload/records.ts';

const taken = (meter: Meter, n: number) => meter.take(recordKey(n), recordValue(n, 100));

test('measures from the start to the last record, and sums what it was given', async () => {
  const meter = new Meter(2);
  meter.start();
  taken(meter, 1);
  taken(meter, 2);
  const measurement = await meter.done;
  const sum = [1, 2].reduce((total, n) => total + fingerprint(recordKey(n), recordValue(n, 100)), 0);
  expect(measurement).toMatchObject({ records: 2, checksum: sum });
  expect(measurement.wallMs).toBeGreaterThan(0);
  expect(measurement.peakRssBytes).toBeGreaterThan(10_000_000);
  expect(measurement.maxLoopDelayMs).toBeGreaterThanOrEqual(0);
});

test('a second join does not start the clock again', async () => {
  const meter = new Meter(1);
  meter.start();
  const until = performance.now() + 20;
  while (performance.now() < until) meter.start();
  taken(meter, 1);
  expect((await meter.done).wallMs).toBeGreaterThanOrEqual(20);
});

test('records before the start are no measurement', async () => {
  const meter = new Meter(1);
  taken(meter, 1);
  await expect(meter.done).rejects.toThrow('before the group was joined');
});

test('a client that gives up', async () => {
  const meter = new Meter(1);
  meter.fail(new Error('crashed'));
  await expect(meter.done).rejects.toThrow('crashed');
});
