/** Heartbeat: its checks in order. What each state answers is in state-table.test.ts. */
import { describe, expect, it } from 'vitest';
import { heartbeatBody } from './support/bodies.ts';
import { Harness } from './support/harness.ts';

describe('Heartbeat: checks in order', () => {
  it('an empty group id is 24, a missing group 25', async () => {
    const { coordinator } = new Harness();
    expect((await coordinator.heartbeat(heartbeatBody('m', { groupId: '' }))).errorCode).toBe(24);
    expect((await coordinator.heartbeat(heartbeatBody('m'))).errorCode).toBe(25);
  });

  it('the member comes before the generation', async () => {
    const h = new Harness();
    const [member] = (await h.stable(1)) as [string];
    expect(await h.heartbeat('nobody', { generationId: 9 })).toBe(25);
    expect(await h.heartbeat(member, { generationId: 9 })).toBe(22);
    expect(await h.heartbeat(member, { generationId: 0 })).toBe(22);
    expect(await h.heartbeat(member)).toBe(0);
  });

  it('an instance is fenced by 82, an unknown one is 25, and a static member without its instance id is let through', async () => {
    const h = new Harness();
    const [first] = (await h.stableStatic(['one', 'two'])) as [string, string];
    expect(await h.heartbeat(first, { groupInstanceId: 'two' })).toBe(82);
    expect(await h.heartbeat(first, { groupInstanceId: 'three' })).toBe(25);
    expect(await h.heartbeat(first)).toBe(0);
  });

  it('a wrong one does not restart the session', async () => {
    const h = new Harness();
    const [member] = (await h.stable(1)) as [string];
    await h.advance(9_000);
    expect(await h.heartbeat(member, { generationId: 9 })).toBe(22);
    await h.advance(1_000);
    expect(h.snapshot().members).toEqual([]);
  });

  it('of a pending id is 25', async () => {
    const h = new Harness();
    const { memberId } = (await h.join()).now;
    expect(await h.heartbeat(memberId)).toBe(25);
  });
});
