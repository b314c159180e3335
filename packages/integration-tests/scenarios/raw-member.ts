/** A member of some other make: it joins with whatever bytes it is given, takes what it gets, and commits nothing. */
import type { BrokerAddress, GroupTransport, JoinResult } from '@kohort/core/spi';
import type { World } from './world.ts';

const PROTOCOL_TYPE = 'consumer';
const REBALANCE_IN_PROGRESS = 27;
const MEMBER_ID_REQUIRED = 79;

export interface RawMemberOptions {
  /** Name of the assignor that it offers. */
  readonly protocol: string;
  readonly metadata: Uint8Array;
}

export class RawMember {
  readonly #world: World;
  readonly #transport: GroupTransport;
  readonly #options: RawMemberOptions;
  readonly #life = new AbortController();
  #coordinator: BrokerAddress | null = null;
  #running: Promise<void> = Promise.resolve();
  memberId = '';
  /** Bytes of its last assignment; null until it has one. */
  assignment: Uint8Array | null = null;
  /** Why it stopped, if it was not told to. */
  failure: unknown = null;

  constructor(world: World, options: RawMemberOptions) {
    this.#world = world;
    this.#options = options;
    this.#transport = world.backend.transport().create({
      clientId: 'foreign',
      groupId: world.groupId,
      clock: world.backend.clock,
      signal: this.#life.signal,
    });
  }

  start(): this {
    this.#running = this.#live().catch((error: unknown) => {
      if (!this.#life.signal.aborted) this.failure = error;
    });
    return this;
  }

  /** Leaves the group and ends. */
  async leave(): Promise<void> {
    this.#life.abort();
    await this.#world.backend.settled(this.#leave());
  }

  async #leave(): Promise<void> {
    await this.#running;
    if (this.#coordinator !== null) {
      const members = [{ memberId: this.memberId }];
      await this.#transport.leaveGroup(
        this.#coordinator,
        { groupId: this.#world.groupId, members },
        this.#call(),
      );
    }
    await this.#transport.close();
  }

  async #live(): Promise<void> {
    await this.#transport.connect(this.#call());
    const { coordinator } = await this.#transport.findCoordinator(this.#world.groupId, this.#call());
    if (coordinator === null) throw new Error('the group has no coordinator');
    this.#coordinator = coordinator;
    while (!this.#life.signal.aborted) await this.#generation(coordinator);
  }

  /** From one join to the call for the next. */
  async #generation(coordinator: BrokerAddress): Promise<void> {
    const { groupId } = this.#world;
    const { generationId, protocolName } = await this.#join(coordinator);
    const identity = { groupId, generationId, memberId: this.memberId };
    const synced = await this.#transport.syncGroup(
      coordinator,
      { ...identity, protocolType: PROTOCOL_TYPE, protocolName: protocolName ?? '', assignments: [] },
      this.#call(),
    );
    if (synced.errorCode === REBALANCE_IN_PROGRESS) return;
    expectSuccess('SyncGroup', synced.errorCode);
    this.assignment = synced.assignment;
    while (!this.#life.signal.aborted) {
      await this.#world.sleep(this.#world.times.heartbeatInterval);
      const { errorCode } = await this.#transport.heartbeat(coordinator, identity, this.#call());
      if (errorCode === REBALANCE_IN_PROGRESS) return;
      expectSuccess('Heartbeat', errorCode);
    }
  }

  async #join(coordinator: BrokerAddress): Promise<JoinResult> {
    const { sessionTimeout, rebalanceTimeout } = this.#world.times;
    const { protocol, metadata } = this.#options;
    const request = {
      groupId: this.#world.groupId,
      sessionTimeoutMs: sessionTimeout,
      rebalanceTimeoutMs: rebalanceTimeout,
      protocolType: PROTOCOL_TYPE,
      protocols: [{ name: protocol, metadata }],
    };
    const result = await this.#transport.joinGroup(
      coordinator,
      { ...request, memberId: this.memberId },
      this.#call(),
    );
    this.memberId = result.memberId;
    if (result.errorCode === MEMBER_ID_REQUIRED) return this.#join(coordinator);
    expectSuccess('JoinGroup', result.errorCode);
    if (result.leaderId === this.memberId)
      throw new Error('it is not to lead: start it after another member');
    return result;
  }

  #call() {
    return { timeoutMs: this.#world.times.rebalanceTimeout * 2 };
  }
}

function expectSuccess(api: string, errorCode: number): void {
  if (errorCode !== 0) throw new Error(`${api} answered ${errorCode}`);
}
