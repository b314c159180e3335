/** A transport that dies from outside, as that of a killed process. */
import { embeddedBroker } from '@kohort/broker-embedded';
import { systemClock } from '@kohort/core/spi';
import { expect, it, onTestFinished } from 'vitest';
import { severable } from '../../src/cluster/severable.ts';

it('answers until it is cut, and never again', async () => {
  const broker = embeddedBroker();
  onTestFinished(() => broker.close());
  const { factory, cut } = severable(broker.transport());
  const { signal } = new AbortController();
  const transport = factory.create({ clientId: 'c', groupId: 'g', clock: systemClock, signal });
  await transport.connect({ timeoutMs: 1000 });
  await expect(transport.findCoordinator('g', { timeoutMs: 1000 })).resolves.toMatchObject({ errorCode: 0 });
  cut();
  await expect(transport.findCoordinator('g', { timeoutMs: 1000 })).rejects.toThrow();
  await expect(transport.connect({ timeoutMs: 1000 })).rejects.toThrow();
});

it('brings along what the transport under it brings', () => {
  const inner = embeddedBroker().transport();
  const { factory } = severable(inner);
  expect(factory.clock).toBe(inner.clock);
  expect(factory.name).toBe(inner.name);
});
