import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/cli/usage-error.ts';
import { HANDOVER_CLIENTS } from '../../src/handover/members/member-job.ts';
import { HANDOVER_HELP, parseHandoverOptions } from '../../src/handover/options.ts';
import { SCENARIOS } from '../../src/handover/scenarios/all.ts';

function parse(...args: readonly string[]) {
  const { scenarios, ...options } = parseHandoverOptions(args);
  return { ...options, scenarios: scenarios.map(({ name }) => name) };
}

test('without flags: everything', () => {
  expect(parse()).toEqual({
    scenarios: SCENARIOS.map(({ name }) => name),
    clients: HANDOVER_CLIENTS,
    sessionTimeout: undefined,
    logs: undefined,
    name: 'handover',
    help: false,
  });
});

test('only some scenarios, only some clients, or both', () => {
  expect(parse('--only', 'scale,kohort')).toMatchObject({ scenarios: ['scale'], clients: ['kohort'] });
  expect(parse('--only=kafkajs').scenarios).toHaveLength(SCENARIOS.length);
  expect(parse('--only=brokers-gone,kill-member')).toMatchObject({
    scenarios: ['kill-member', 'brokers-gone'],
    clients: HANDOVER_CLIENTS,
  });
});

test('every other flag', () => {
  expect(parse('--session', '30', '--logs', 'there', '--name', 'mine', '--help')).toMatchObject({
    sessionTimeout: 30_000,
    logs: 'there',
    name: 'mine',
    help: true,
  });
});

describe('one clear error for', () => {
  test.each([
    [['--only', 'restart'], "not 'restart'"],
    [['--only', ''], '--only needs values'],
    [['--only', 'scale,scale'], "--only names 'scale' twice"],
    [['--session', '5'], '--session must be a whole number from 6 to 300'],
    [['--session', '6s'], "not '6s'"],
    [['--name', '../x'], '--name'],
    [['--unknown'], '--unknown'],
    [['extra'], 'extra'],
  ])('%j', (args, message) => {
    expect(() => parseHandoverOptions(args)).toThrow(UsageError);
    expect(() => parseHandoverOptions(args)).toThrow(message);
  });
});

test('the help names every scenario, every client and every flag', () => {
  const flags = ['--only', '--session', '--logs', '--name', '--help'];
  for (const word of [...SCENARIOS.map(({ name }) => name), ...HANDOVER_CLIENTS, ...flags])
    expect(HANDOVER_HELP).toContain(word);
});
