import { expect, test } from 'vitest';
import { UsageError } from '../../src/cli/usage-error.ts';
import { HOOKS_HELP, MODES, parseHooksOptions } from '../../src/hooks/options.ts';

test('without flags: every way to consume, without hooks, with an empty one and with all sinks', () => {
  expect(parseHooksOptions([])).toEqual({
    records: 1_000_000,
    rounds: 7,
    size: 100,
    partitions: 12,
    brokers: 'auto',
    modes: MODES,
    sets: ['none', 'empty', 'all'],
    name: 'hooks',
    cpuProf: undefined,
    help: false,
  });
});

test('there is always a run without hooks to compare with, once', () => {
  expect(parseHooksOptions(['--sets', 'log,none,prometheus']).sets).toEqual(['none', 'log', 'prometheus']);
});

test.each([
  [['--sets', 'datadog'], '--sets must be one of none, empty, prometheus'],
  [['--modes', 'kafkajs-batch'], '--modes must be one of kohort-batch, kohort-record'],
  [['--size', '4'], '--size must be a whole number from 5'],
  [['--brokers', 'nowhere'], "--brokers needs host:port, kafka or embedded, not 'nowhere'"],
  [['--fast'], "Unknown option '--fast'"],
])('%j is refused', (args, message) => {
  expect(() => parseHooksOptions(args)).toThrow(UsageError);
  expect(() => parseHooksOptions(args)).toThrow(message);
});

test('the help has every flag', () => {
  for (const flag of [
    'records',
    'rounds',
    'size',
    'partitions',
    'brokers',
    'modes',
    'sets',
    'name',
    'cpu-prof',
  ])
    expect(HOOKS_HELP).toContain(`--${flag} `);
});
