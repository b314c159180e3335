/** Each wrong option is refused with one message: which option, what was given, what is accepted. */
import { describe, expect, it } from 'vitest';
import { resolveConsumer, resolveManager } from '../../src/config/resolve.ts';
import { KohortError } from '../../src/errors/kohort-error.ts';
import { roundRobin } from '../../src/runtime/round-robin.ts';
import { cooperative, fine, system, transport, untyped } from './options.ts';

const longest = 2 ** 31 - 1;
const ms = `a whole number of milliseconds from 1 to ${longest}`;
const newer = (plugin: object) => ({ ...plugin, contractVersion: 2 });
const hook = { name: 'h', contractVersion: 1, onEvent: () => {} };

type Row = readonly [option: string, spoilt: Record<string, unknown>, given: string, accepted: string];

const durations = [
  'heartbeatInterval',
  'rebalanceTimeout',
  'metadataMaxAge',
  'maxProcessingTime',
  'closeTimeout',
  'requestTimeout',
  'commitInterval',
  'drainTimeout',
  'stallAfter',
].flatMap((option): Row[] => [
  [option, { [option]: 0 }, 'is 0;', ms],
  [option, { [option]: 1.5 }, 'is 1.5;', ms],
  [option, { [option]: '5000' }, 'is "5000";', ms],
  [option, { [option]: Number.NaN }, 'is NaN;', ms],
  [option, { [option]: longest + 1 }, `is ${longest + 1};`, ms],
]);

const callbacks = ['onAssigned', 'onRevoked', 'onLost'].map(
  (option): Row => [option, { [option]: 'log' }, 'is "log";', 'a function (context)'],
);

const rows: readonly Row[] = [
  ...durations,
  ...callbacks,
  ['groupId', { groupId: undefined }, 'is undefined;', 'a text of 1 to 32767 bytes'],
  ['groupId', { groupId: '' }, 'is "";', 'a text of 1 to 32767 bytes'],
  ['groupId', { groupId: 7 }, 'is 7;', 'a text of 1'],
  ['groupId', { groupId: 'ü'.repeat(20_000) }, '...";', 'a text of 1'],
  ['topics', { topics: undefined }, 'is undefined;', 'at least one topic name or pattern'],
  ['topics', { topics: [] }, 'is an empty list;', 'at least one'],
  ['topics', { topics: 'orders' }, 'is "orders";', 'a list'],
  ['topics', { topics: ['a', 'b', 'a'] }, 'holds a twice;', 'once'],
  ['topics', { topics: [/^a/g, /^a/] }, 'holds /^a/ twice;', 'once'],
  ['topics[1]', { topics: ['a', ''] }, 'is "";', '1 to 249 characters'],
  ['topics[0]', { topics: ['.'] }, 'is ".";', 'not "." or ".."'],
  ['topics[0]', { topics: ['..'] }, 'is "..";', 'not "." or ".."'],
  ['topics[0]', { topics: ['a'.repeat(250)] }, '...";', '1 to 249'],
  ['topics[0]', { topics: ['a/b'] }, 'is "a/b";', 'a-z'],
  ['topics[0]', { topics: [null] }, 'is null;', 'a pattern, or a name'],
  ['transport', { transport: undefined }, 'is undefined;', 'kafkajsTransport'],
  [
    'transport',
    { transport: { brokers: ['b:1'], sasl: { password: 'secret' } } },
    'is an object;',
    'a transport factory',
  ],
  [
    'transport',
    { transport: newer(transport) },
    'is "test" of contract version 2;',
    'version 1: update @kohort/core',
  ],
  [
    'transport',
    { transport: { ...transport, contractVersion: undefined } },
    'of contract version undefined;',
    'version 1',
  ],
  ['assignors', { assignors: [] }, 'is an empty list;', 'at least one assignor'],
  ['assignors', { assignors: roundRobin() }, 'is an object;', 'a list'],
  ['assignors', { assignors: [() => new Map(), () => new Map()] }, 'holds 2 plain functions', 'at most one'],
  ['assignors[1]', { assignors: [roundRobin(), 'range'] }, 'is "range";', 'roundRobin()'],
  ['assignors[0]', { assignors: [newer(cooperative)] }, 'is "coop" of contract version 2;', 'version 1'],
  ['assignors[0]', { assignors: [{ ...cooperative, name: '' }] }, 'is an object;', 'an assignor'],
  ['sessionTimeout', { sessionTimeout: 5 }, 'is 5;', 'milliseconds from 6'],
  ['sessionTimeout', { sessionTimeout: null }, 'is null;', 'milliseconds'],
  ['sessionTimeoutPadding', { sessionTimeoutPadding: -1 }, 'is -1;', 'milliseconds from 0'],
  ['groupInstanceId', { groupInstanceId: 'a b' }, 'is "a b";', '1 to 249 characters'],
  ['groupInstanceId', { groupInstanceId: '..' }, 'is "..";', '1 to 249 characters'],
  [
    'groupProtocol',
    { groupProtocol: 'consumer' },
    'is "consumer" (KIP-848), which is not supported yet;',
    '"classic"',
  ],
  ['groupProtocol', { groupProtocol: 'share' }, 'is "share";', '"classic"'],
  ['clientId', { clientId: 5n }, 'is 5n;', 'a text'],
  ['rack', { rack: '' }, 'is "";', 'a text of 1'],
  ['retryBackoff', { retryBackoff: 100 }, 'is 100;', 'an object of initial, max, jitter'],
  ['retryBackoff.max', { retryBackoff: { max: 0 } }, 'is 0;', ms],
  ['retryBackoff.initial', { retryBackoff: { initial: '1' } }, 'is "1";', ms],
  ['retryBackoff.jitter', { retryBackoff: { jitter: 1.1 } }, 'is 1.1;', 'a number from 0 to 1'],
  [
    'retryBackoff.max',
    { retryBackoff: { max: 5_001 } },
    'is 5001, with a sessionTimeout of 30000;',
    'at most a sixth',
  ],
  [
    'retryBackoff.initial',
    { retryBackoff: { initial: 500, max: 400 } },
    'is 500, with a max of 400;',
    'at most retryBackoff.max',
  ],
  ['crashLoop', { crashLoop: [] }, 'is an empty list;', 'an object of max, within'],
  ['crashLoop.max', { crashLoop: { max: 0 } }, 'is 0;', 'a whole number from 1'],
  ['crashLoop.within', { crashLoop: { within: -5 } }, 'is -5;', ms],
  ['verdicts', { verdicts: {} }, 'is an object;', 'a function (question)'],
  ['lease', { lease: true }, 'is true;', '"strict" or "off"'],
  ['hooks', { hooks: hook }, 'is an object;', 'a list of hooks'],
  ['hooks[0]', { hooks: [{ name: 'x' }] }, 'is an object;', 'a hook'],
  ['hooks[1]', { hooks: [hook, newer(hook)] }, 'is "h" of contract version 2;', 'version 1'],
  ['clock', { clock: { monotonic: () => 0 } }, 'is an object;', 'monotonic(), wall() and setTimer()'],
  ['random', { random: 4 }, 'is 4;', 'a function'],
  [
    'heartbeatInterval',
    { heartbeatInterval: 30_000 },
    'is 30000, with a sessionTimeout of 30000;',
    'less than the sessionTimeout',
  ],
  ['autoOffsetReset', { autoOffsetReset: 'beginning' }, 'is "beginning";', '"earliest", "latest", "none"'],
  ['autoOffsetReset', { autoOffsetReset: new Date(Number.NaN) }, 'is a date;', 'a valid Date'],
  ['autoOffsetReset', { autoOffsetReset: { ago: -1 } }, 'is an object;', '{ ago: milliseconds }'],
  ['autoOffsetReset', { autoOffsetReset: { ago: 1, at: 2 } }, 'is an object;', '{ ago: milliseconds }'],
  ['newPartitions', { newPartitions: 'latest' }, 'is "latest";', '"earliest" or "policy"'],
  ['isolationLevel', { isolationLevel: 1 }, 'is 1;', '"read_uncommitted" or "read_committed"'],
  ['commitThreshold', { commitThreshold: 0 }, 'is 0;', 'a whole number from 1'],
  ['concurrency', { concurrency: 4 }, 'is 4;', 'an object of total, perPartition, ordering, window'],
  ['concurrency.total', { concurrency: { total: 0 } }, 'is 0;', 'a whole number from 1'],
  [
    'concurrency.ordering',
    { concurrency: { ordering: 'any' } },
    'is "any";',
    '"partition" or "key" or "none"',
  ],
  [
    'concurrency.perPartition',
    { concurrency: { perPartition: 2 } },
    'with an ordering of "partition";',
    '"key" or "none"',
  ],
  [
    'concurrency.perPartition',
    { concurrency: { perPartition: 3, total: 2, ordering: 'key' } },
    'with a total of 2;',
    'at most concurrency.total',
  ],
  [
    'concurrency.window',
    { concurrency: { perPartition: 3, window: 2, ordering: 'none' } },
    'with a perPartition of 3;',
    'at least',
  ],
  [
    'fetchMaxWait',
    { fetchMaxWait: 1_000, requestTimeout: 1_000 },
    'with a requestTimeout of 1000;',
    'less than the requestTimeout',
  ],
  ['fetchMaxWait', { fetchMaxWait: -1 }, 'is -1;', 'milliseconds from 0'],
  ['fetchMinBytes', { fetchMinBytes: -1 }, 'is -1;', 'a whole number from 0'],
  [
    'fetchMinBytes',
    { fetchMinBytes: 10, fetchMaxBytes: 5 },
    'with a fetchMaxBytes of 5;',
    'at most fetchMaxBytes',
  ],
  ['fetchMaxBytes', { fetchMaxBytes: longest + 1 }, `is ${longest + 1};`, 'a whole number'],
  ['maxBytesPerPartition', { maxBytesPerPartition: 0 }, 'is 0;', 'a whole number from 1'],
  [
    'maxBufferedBytes',
    { maxBufferedBytes: Number.POSITIVE_INFINITY },
    'is Infinity;',
    'a whole number from 1',
  ],
  ['maxBatchRecords', { maxBatchRecords: 0 }, 'is 0;', 'a whole number from 1'],
  ['onHandlerError', { onHandlerError: 'skip' }, 'is "skip";', 'a function (error, record, context)'],
  ['offsets', { offsets: { store: () => {} } }, 'is an object;', 'an object with load()'],
  ['offsets', { offsets: { load: () => {}, store: true } }, 'is an object;', 'an object with load()'],
  ['offsets', { offsets: { load: () => {}, mirror: 'yes' } }, 'is an object;', 'an object with load()'],
];

function refusal(attempt: () => unknown): KohortError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof KohortError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a wrong value', () => {
  it.each(rows)('of %s is refused: %o', (option, spoilt, given, accepted) => {
    const error = refusal(() => resolveConsumer(untyped({ ...fine, ...spoilt }), system));
    expect(error.code).toBe('KOHORT_CONFIG');
    expect(error.message.startsWith(`Option "${option}" `)).toBe(true);
    expect(error.message).toContain(given);
    expect(error.message.slice(error.message.indexOf('accepted is '))).toContain(accepted);
    expect(error.message).toMatch(/[.]$/);
  });

  it('never shows what an object holds', () => {
    const spoilt = { ...fine, transport: { sasl: { password: 'secret' } }, clock: { password: 'secret' } };
    expect(refusal(() => resolveConsumer(untyped(spoilt), system)).message).not.toContain('secret');
  });

  it.each([[undefined], [null], ['x'], [[]], [7]])('for all options, %o, is refused', (options) => {
    const error = refusal(() => resolveManager(untyped(options), system));
    expect(error).toMatchObject({
      code: 'KOHORT_CONFIG',
      message: expect.stringContaining('accepted is an object.'),
    });
  });

  it.each([
    ['two of one name', [roundRobin(), roundRobin()], 'two are named "roundrobin"'],
    [
      'nothing in common',
      [roundRobin(), { ...cooperative, protocols: ['cooperative'] }],
      'share no rebalance protocol',
    ],
  ])('for assignors with %s is refused', (_, assignors, message) => {
    const error = refusal(() => resolveConsumer(untyped({ ...fine, assignors }), system));
    expect(error).toMatchObject({ code: 'KOHORT_CONFIG', message: expect.stringContaining(message) });
  });
});

describe('an unknown option', () => {
  it.each([
    ['sessionTimout', 'Did you mean sessionTimeout?'],
    ['sessionTimeoutMs', 'Did you mean sessionTimeout?'],
    ['session.timeout.ms', 'Did you mean sessionTimeout?'],
    ['groupID', 'Did you mean groupId?'],
    ['group.instance.id', 'Did you mean groupInstanceId?'],
    ['assignor', 'Did you mean assignors?'],
    ['brokers', 'Did you mean transport?'],
    ['topic', 'Did you mean topics?'],
    ['fromBeginning', "Did you mean autoOffsetReset: 'earliest'?"],
    ['maxWaitTimeInMs', 'Did you mean fetchMaxWait?'],
    ['onHandlerErrors', 'Did you mean onHandlerError?'],
    ['quantumFlux', 'Known are groupId, topics, transport, '],
  ])('%s is refused: %s', (name, remedy) => {
    const { message } = refusal(() => resolveConsumer(untyped({ ...fine, [name]: 1 }), system));
    expect(message).toContain(`There is no option "${name}". ${remedy}`);
  });

  it('is refused inside an option, too', () => {
    const error = refusal(() =>
      resolveConsumer(untyped({ ...fine, concurrency: { perPartitions: 2 } }), system),
    );
    expect(error.message).toBe('There is no option "concurrency.perPartitions". Did you mean perPartition?');
  });

  it('is what a consumer option is to a manager', () => {
    const error = refusal(() => resolveManager(untyped({ ...fine, commitInterval: 5 }), system));
    expect(error.message).toContain('There is no option "commitInterval".');
  });

  it.each(['__proto__', 'constructor', 'toString'])('may have the name %s', (name) => {
    const options = { ...fine };
    Object.defineProperty(options, name, { value: 1, enumerable: true });
    expect(refusal(() => resolveConsumer(options, system)).message).toContain(
      `There is no option "${name}".`,
    );
  });
});
