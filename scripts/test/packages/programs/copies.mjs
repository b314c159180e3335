/** Two copies of every class in one process: ES modules and CommonJS, and another version of core beside them. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { roundRobin } from '@kohort/assignors';
import { embeddedBroker } from '@kohort/broker-embedded';
import * as esm from '@kohort/core';
import * as spi from '@kohort/core/spi';
import * as other from 'core-of-another-version';

const require = createRequire(import.meta.url);
const cjs = require('@kohort/core');
const copies = { esm, spi, cjs, cjsSpi: require('@kohort/core/spi'), other };

const classes = new Set(Object.values(copies).map(({ KohortError }) => KohortError));
assert.equal(
  classes.size,
  4,
  'ESM entries share one class; both CommonJS entries and the other version have theirs',
);
let recognised = 0;
for (const [maker, { KohortError, TransportError, ErrorCode }] of Object.entries(copies)) {
  const plain = new KohortError(ErrorCode.config, 'made by one copy');
  const failure = new TransportError('made by one copy', { kind: 'timeout', sent: 'maybe' });
  for (const [judge, copy] of Object.entries(copies)) {
    assert.ok(plain instanceof copy.KohortError, `${judge} knows a KohortError of ${maker}`);
    assert.ok(
      failure instanceof copy.KohortError,
      `${judge} knows a TransportError of ${maker} as a KohortError`,
    );
    assert.ok(failure instanceof copy.TransportError, `${judge} knows a TransportError of ${maker}`);
    assert.ok(!(plain instanceof copy.TransportError), `${judge} tells the two of ${maker} apart`);
    assert.ok(!(new Error('foreign') instanceof copy.KohortError), `${judge} claims nothing foreign`);
    recognised += 1;
  }
}

/** What a group of `core` says about a plugin of a later contract. */
function refusalOf(core, options) {
  try {
    core.createConsumerGroup({ groupId: 'g', topics: ['t'], transport, ...options });
  } catch (error) {
    assert.ok(error instanceof esm.KohortError);
    return error.message;
  }
  throw new Error('a plugin of a later contract was accepted');
}

const broker = embeddedBroker();
const transport = { ...broker.transport(), name: 'house-transport' };
const later = (plugin) => ({ ...plugin, contractVersion: plugin.contractVersion + 1 });
const hook = { name: 'house-hook', contractVersion: 1, onEvent: () => {} };
for (const core of [esm, cjs, other]) {
  assert.match(
    refusalOf(core, { transport: later(transport) }),
    /"house-transport" of contract version 2.*@kohort\/core/,
  );
  assert.match(
    refusalOf(core, { assignors: [later(roundRobin())] }),
    /"roundrobin" of contract version 2.*@kohort\/core/,
  );
  assert.match(
    refusalOf(core, { hooks: [later(hook)] }),
    /"house-hook" of contract version 2.*@kohort\/core/,
  );
  const { groupId } = core
    .createConsumerGroup({ groupId: 'g', topics: ['t'], transport, hooks: [hook] })
    .describe();
  assert.equal(groupId, 'g');
}
await broker.close();
console.log(`${recognised} pairs of copies`);
