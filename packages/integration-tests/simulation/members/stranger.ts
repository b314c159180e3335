/** A process in the group that is no Kohort: it sends whatever a fault wants, through a transport of its own. */
import type { BrokerAddress, CallOptions, GroupTransport, JoinResult } from '@kohort/core/spi';
import { KafkaCode } from '@kohort/core/spi';
import { GROUP } from '../plan/plan.ts';
import type { World } from '../world.ts';

export interface StrangerOptions {
  /** The only assignor that it offers. */
  readonly protocol: string;
  readonly metadata: Uint8Array;
  readonly syncs: boolean;
}

const CALL: CallOptions = { timeoutMs: 5_000 };

export class Stranger {
  readonly #world: World;
  readonly #options: StrangerOptions;
  readonly #transport: GroupTransport;
  #memberId = '';
  #gone = false;

  constructor(world: World, options: StrangerOptions) {
    this.#world = world;
    this.#options = options;
    const { clock } = world.broker;
    const signal = new AbortController().signal;
    this.#transport = world.broker
      .transport()
      .create({ clientId: 'stranger', groupId: GROUP, clock, signal });
  }

  /** Joins and, while it stays, joins again. What goes wrong ends the visit: it is not the one that is tested. */
  async join(): Promise<void> {
    await this.#quietly(async () => {
      await this.#transport.connect(CALL);
      while (!this.#gone) {
        const joined = await this.#joinOnce();
        if (joined.errorCode !== 0) return;
        if (!this.#options.syncs) return;
        if (!(await this.#stay(joined))) return;
      }
    });
  }

  async #joinOnce(): Promise<JoinResult> {
    const { protocol, metadata } = this.#options;
    const send = async () =>
      this.#transport.joinGroup(
        await this.#coordinator(),
        {
          groupId: GROUP,
          memberId: this.#memberId,
          protocolType: 'consumer',
          protocols: [{ name: protocol, metadata }],
          sessionTimeoutMs: this.#world.plan.timeouts.session,
          rebalanceTimeoutMs: this.#world.plan.timeouts.rebalance,
        },
        { timeoutMs: 60_000 },
      );
    const first = await send();
    this.#memberId = first.memberId;
    return first.errorCode === KafkaCode.memberIdRequired ? send() : first;
  }

  /** @returns whether to join again. A leader of this kind gives nothing to anybody. */
  async #stay({ generationId, memberId, protocolName, members }: JoinResult): Promise<boolean> {
    const coordinator = await this.#coordinator();
    const id = { groupId: GROUP, generationId, memberId };
    const assignments = members.map((member) => ({
      memberId: member.memberId,
      assignment: new Uint8Array(),
    }));
    const protocol = { protocolType: 'consumer', protocolName: protocolName ?? '' };
    const synced = await this.#transport.syncGroup(
      coordinator,
      { ...id, ...protocol, assignments },
      { timeoutMs: 60_000 },
    );
    if (synced.errorCode === KafkaCode.rebalanceInProgress) return true;
    if (synced.errorCode !== 0) return false;
    while (!this.#gone) {
      await this.#pause(this.#world.plan.timeouts.heartbeat);
      const { errorCode } = await this.#transport.heartbeat(await this.#coordinator(), id, CALL);
      if (errorCode === KafkaCode.rebalanceInProgress) return true;
      if (errorCode !== 0) return false;
    }
    return false;
  }

  async leave(): Promise<void> {
    this.#gone = true;
    await this.#quietly(async () => {
      const members = [{ memberId: this.#memberId }];
      if (this.#memberId !== '')
        await this.#transport.leaveGroup(await this.#coordinator(), { groupId: GROUP, members }, CALL);
    });
    await this.#transport.close();
  }

  async #coordinator(): Promise<BrokerAddress> {
    const { coordinator } = await this.#transport.findCoordinator(GROUP, CALL);
    if (coordinator === null) throw new Error('no coordinator');
    return coordinator;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#world.after(ms, resolve));
  }

  /** A stranger gives up where anything fails; the trace says so. */
  async #quietly(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#world.auditor.trace.record('stranger', 'gives up', { message });
    }
  }

  /** LeaveGroup in the name of another one, as an administrator sends it. */
  static async remove(world: World, memberId: string): Promise<void> {
    const admin = new Stranger(world, { protocol: '', metadata: new Uint8Array(), syncs: false });
    await admin.#quietly(async () => {
      await admin.#transport.connect(CALL);
      admin.#memberId = memberId;
    });
    await admin.leave();
  }

  /** The first half of a join. */
  static async ghost(world: World, protocol: string): Promise<void> {
    const ghost = new Stranger(world, { protocol, metadata: new Uint8Array(2), syncs: false });
    await ghost.#quietly(async () => {
      await ghost.#transport.connect(CALL);
      const request = {
        groupId: GROUP,
        memberId: '',
        protocolType: 'consumer',
        protocols: [{ name: protocol, metadata: new Uint8Array(2) }],
        sessionTimeoutMs: 6_000,
        rebalanceTimeoutMs: 6_000,
      };
      await ghost.#transport.joinGroup(await ghost.#coordinator(), request, CALL);
    });
    await ghost.#transport.close();
  }
}
