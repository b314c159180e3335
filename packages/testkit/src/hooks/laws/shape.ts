/** Laws about what a hook is. */
import { deepEqual, ok } from 'node:assert/strict';
import { HOOK_CONTRACT_VERSION } from '@kohort/core/spi';
import type { ContractLaw } from '../../conformance.ts';
import type { HookUnderTest } from '../conformance.ts';
import { EVENT_NAMES } from '../samples.ts';

const shape: ContractLaw<HookUnderTest> = {
  name: 'shape',
  says: 'it is a function, or has a name, a contract version that the core knows, and onEvent',
  check({ hook }) {
    if (typeof hook === 'function') return;
    ok(typeof hook.name === 'string' && hook.name !== '', `its name is ${String(hook.name)}`);
    const { contractVersion } = hook;
    const known = Number.isInteger(contractVersion) && contractVersion >= 1;
    ok(known && contractVersion <= HOOK_CONTRACT_VERSION, `its contract version is ${contractVersion}`);
    ok(typeof hook.onEvent === 'function', 'it has no onEvent');
  },
};

const events: ContractLaw<HookUnderTest> = {
  name: 'events',
  says: 'the events that it asks for exist, and it asks for some',
  check({ hook }) {
    if (typeof hook === 'function' || hook.events === undefined) return;
    ok(hook.events.length > 0, 'it asks for no event');
    deepEqual(
      hook.events.filter((name) => !EVENT_NAMES.includes(name)),
      [],
      'names that no event has',
    );
  },
};

export const shapeLaws = [shape, events];
