import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/cli/usage-error.ts';
import { CLIENT_IDS } from '../../src/clients/client.ts';
import { CONSUME_HELP, parseConsumeOptions } from '../../src/consume/options.ts';

test('without flags: all clients, 100 and 1000 bytes, whichever broker there is', () => {
  expect(parseConsumeOptions([])).toEqual({
    records: undefined,
    rounds: 5,
    sizes: [100, 1000],
    compression: 'none',
    partitions: 12,
    brokers: 'auto',
    clients: CLIENT_IDS,
    name: 'consume',
    cpuProf: undefined,
    help: false,
  });
});

test('every flag', () => {
  const args = [
    '--records=1_000',
    ...['--rounds', '2', '--sizes', '64,1000', '--compression', 'gzip', '--partitions', '3'],
    ...['--brokers', 'one:9092,two:9093', '--only', 'kohort-batch,kafkajs-batch', '--name', 'quick-1.2'],
    ...['--cpu-prof', 'profiles', '--help'],
  ];
  expect(parseConsumeOptions(args)).toEqual({
    records: 1000,
    rounds: 2,
    sizes: [64, 1000],
    compression: 'gzip',
    partitions: 3,
    brokers: ['one:9092', 'two:9093'],
    clients: ['kohort-batch', 'kafkajs-batch'],
    name: 'quick-1.2',
    cpuProf: 'profiles',
    help: true,
  });
});

describe('one clear error for', () => {
  test.each([
    [['--records', '0'], '--records must be a whole number from 1 to 100000000'],
    [['--records', '1e6'], "not '1e6'"],
    [['--rounds', '-1'], '--rounds'],
    [['--rounds=101'], '--rounds must be a whole number from 1 to 100'],
    [['--sizes', '4'], '--sizes must be a whole number from 5'],
    [['--sizes', '100,,200'], '--sizes needs values separated by commas'],
    [['--sizes', '100,100'], "--sizes names '100' twice"],
    [['--compression', 'lz4'], "--compression must be one of none, gzip, not 'lz4'"],
    [['--partitions', 'many'], "--partitions must be a whole number from 1 to 1000, not 'many'"],
    [['--brokers', 'localhost'], "--brokers needs host:port, kafka or embedded, not 'localhost'"],
    [['--only', 'kohort'], "not 'kohort'"],
    [['--only', ''], '--only needs values'],
    [['--name', '../elsewhere'], '--name'],
    [['--name', ''], '--name'],
    [['--unknown'], '--unknown'],
    [['extra'], 'extra'],
    [['--rounds'], '--rounds'],
  ])('%j', (args, message) => {
    expect(() => parseConsumeOptions(args)).toThrow(UsageError);
    expect(() => parseConsumeOptions(args)).toThrow(message);
  });
});

test('the help names every flag and every client', () => {
  for (const word of ['--records', '--rounds', '--sizes', '--compression', '--partitions', '--brokers']) {
    expect(CONSUME_HELP).toContain(word);
  }
  for (const id of CLIENT_IDS) expect(CONSUME_HELP).toContain(id);
});
