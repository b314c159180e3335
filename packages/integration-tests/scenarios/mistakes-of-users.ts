/** Hooks of the user that throw: the default takes their place, and what went wrong is told. */
import { expect } from 'vitest';
import type { Scenario } from './scenario.ts';
import { partitionsOf } from './world.ts';

const MISTAKE = 'the user made a mistake';

function mistake(): never {
  throw new Error(MISTAKE);
}

const policyThrows: Scenario = {
  title:
    'S26 P5 onHandlerError throws: that is told, and the record is tried again by the default policy, one retry at a time',
  async run(world) {
    const topic = await world.topic(1);
    await world.produce(topic, 5);
    const attempts: number[] = [];
    const m1 = world.consumer('m1', [topic], {
      onHandlerError: mistake,
      handle: ({ offset }, { attempt }) => {
        if (offset !== 2n) return;
        attempts.push(attempt);
        if (attempt < 4) throw new Error('not yet');
      },
    });
    await world.untilAllHandled();
    expect(attempts).toEqual([1, 2, 3, 4]);
    expect(m1.eventsOf('callback.error')).toMatchObject(
      Array.from({ length: 3 }, () => ({ callback: 'onHandlerError', message: MISTAKE })),
    );
    const { initial, max } = world.times.retryBackoff;
    const delays = m1.eventsOf('handler.error').map(({ action, delayMs }) => [action, delayMs] as const);
    expect(delays.map(([action]) => action)).toEqual(['retry', 'retry', 'retry']);
    for (const [, delayMs] of delays) expect(delayMs).toBeGreaterThanOrEqual(initial * 0.8);
    for (const [, delayMs] of delays) expect(delayMs).toBeLessThanOrEqual(max * 1.2);
    await world.untilCommitted(topic, [5n]);
    expect(m1.joins).toBe(2);
  },
};

const verdictsThrow: Scenario = {
  title: 'S26 P5 the verdicts option throws: that is told, and the error tables decide',
  needs: ['faults'],
  async run(world) {
    const topic = await world.topic(2);
    const m1 = world.consumer('m1', [topic], { verdicts: mistake });
    await world.untilShared([m1], partitionsOf(topic, 2));
    const { memberId, generationId } = m1.description;
    world.broker.faults.onRequest({ api: 'Heartbeat', clientId: 'm1', error: 22, times: 1 });
    await world.until('it has rejoined', () => m1.isStable && m1.description.generationId > generationId);
    // By the tables an old generation costs what is owned, and not the member id.
    expect(m1.description.memberId).toBe(memberId);
    expect(m1.eventsOf('partitions.lost')).toMatchObject([{ reason: 'illegal-generation' }]);
    expect(m1.eventsOf('callback.error').at(-1)).toMatchObject({ callback: 'verdicts', message: MISTAKE });
    await world.produce(topic, 10, { partitions: 2 });
    await world.untilAllHandled();
  },
};

const deadLetterFails: Scenario = {
  title:
    'S66 P3 P5 the dead-letter producer fails: the poison record is not committed, its partition waits and says why',
  async run(world) {
    const topic = await world.topic(2);
    await world.produce(topic, 10, { partitions: 2 });
    const letters = { sent: 0, refused: 0, isDown: true };
    const m1 = world.consumer('m1', [topic], {
      onHandlerError: async () => {
        await world.sleep(1);
        if (letters.isDown) {
          letters.refused += 1;
          throw new Error('the dead letters cannot be written');
        }
        letters.sent += 1;
        return 'skip' as const;
      },
      handle: ({ partition, offset }) => {
        if (partition === 0 && offset === 2n) throw new Error('poison');
      },
    });
    await world.until('it was refused a few times', () => letters.refused >= 3 && m1.handled.length === 7);
    await world.untilCommitted(topic, [2n, 5n]);
    expect(m1.eventsOf('callback.error')[0]).toMatchObject({ message: 'the dead letters cannot be written' });
    const told = m1.eventsOf('handler.error').filter(({ action }) => action === 'retry');
    expect(told[0]).toMatchObject({ topic, partition: 0, offset: '2', message: 'poison' });
    expect(told[0]?.delayMs).toBeGreaterThan(0);
    expect(world.trace.count({ type: 'commit', partition: 0, offset: 3n })).toBe(0);
    letters.isDown = false;
    await world.untilCommitted(topic, [5n, 5n]);
    expect([letters.sent, m1.handled.length, m1.joins]).toEqual([1, 9, 2]);
  },
};

export const mistakesOfUsers: readonly Scenario[] = [policyThrows, verdictsThrow, deadLetterFails];
