/** Does to the running group what the page asks for, and says what cannot be done now. */
import type { Cluster, ClusterFaults } from '../cluster/cluster.ts';
import type { Member } from '../engine/member.ts';
import type { Stage } from '../engine/stage.ts';
import { type Action, Refusal } from './action.ts';
import type { MemberAction, Message, RunAction } from './message.ts';
import { nameOf } from './names.ts';

/** Members at once: more would not be told apart. */
const MOST_MEMBERS = 8;

/** Partitions that the topic may grow to, and by how many it grows. */
const MOST_PARTITIONS = 48;
const GROWS_BY = 4;

/** Members at the beginning. */
const FIRST_MEMBERS = 3;

export interface ControllerOptions {
  readonly stage: Stage;
  readonly cluster: Cluster;
  /** Ends the run. */
  readonly stop: () => void;
}

export class Controller {
  readonly #options: ControllerOptions;
  readonly #colours = new Map<string, number>();
  #isRestarting = false;
  #isEnding = false;
  #pending: Promise<void> = Promise.resolve();

  constructor(options: ControllerOptions) {
    this.#options = options;
  }

  /** The first members join. */
  start(): void {
    for (let index = 0; index < FIRST_MEMBERS; index += 1) this.#join();
  }

  /** The number of a member's colour. */
  colourOf(member: string): number {
    return this.#colours.get(member) ?? 0;
  }

  /** By button: why it cannot be used now, or null. */
  refusals(): Message['refusals'] {
    const { cluster } = this.#options;
    const embedded =
      cluster.faults === null ? 'Only with the embedded broker: this is a real cluster.' : null;
    const restarting = this.#isRestarting ? 'The broker is restarting.' : null;
    const { members, lag } = this.#options.stage.snapshot();
    const present = members.filter(({ status }) => status === 'running' || status === 'leaving');
    const full = present.length >= MOST_MEMBERS ? `${MOST_MEMBERS} members are the most.` : null;
    const grown = lag.length >= MOST_PARTITIONS ? `${MOST_PARTITIONS} partitions are the most.` : null;
    const ending = this.#isEnding ? 'The run ends.' : null;
    return {
      add: ending ?? full,
      freeze: ending ?? embedded,
      'move-coordinator': ending ?? embedded ?? restarting,
      'restart-broker': ending ?? embedded ?? restarting,
      'grow-topic': ending ?? embedded ?? grown,
      'stop-run': ending,
    };
  }

  /** @throws Refusal what cannot be done now */
  async perform(action: Action): Promise<void> {
    if ('member' in action) this.#performOn(action.member, action.action);
    else await this.#performOnRun(action.action);
  }

  /** Nothing more is done from now on. Resolves when what was begun is done. */
  async end(): Promise<void> {
    this.#isEnding = true;
    await this.#pending;
  }

  async #performOnRun(action: RunAction): Promise<void> {
    const { stage, stop } = this.#options;
    const refusal = this.refusals()[action];
    if (refusal !== null) throw new Refusal(409, refusal);
    if (action === 'add') this.#join();
    else if (action === 'stop-run') stop();
    else if (action === 'move-coordinator') stage.moveCoordinator(this.#faults());
    else if (action === 'restart-broker') this.#restart();
    else await stage.growTopic(this.#faults(), stage.snapshot().lag.length + GROWS_BY);
  }

  #performOn(name: string, action: MemberAction): void {
    const { stage } = this.#options;
    if (this.#isEnding) throw new Refusal(409, 'The run ends.');
    const member = stage.runningMember(name);
    if (member === undefined) {
      throw new Refusal(409, `No member ${JSON.stringify(name.slice(0, 40))} is running.`);
    }
    this.#refuseUseless(member, action);
    const DEEDS: Readonly<Record<MemberAction, () => void>> = {
      stop: () => stage.leave(member),
      crash: () => stage.crash(member),
      freeze: () => stage.freeze(member, this.#faults()),
      thaw: () => stage.thaw(member),
      slow: () => stage.slow(member, true),
      quick: () => stage.slow(member, false),
      throw: () => stage.throwNext(member),
    };
    DEEDS[action]();
  }

  #refuseUseless({ character: { name }, isFrozen, isSlow }: Member, action: MemberAction): void {
    const is = (state: string) => new Refusal(409, `${name} is ${state}.`);
    if (action === 'stop' && isFrozen) throw is('frozen and hears nothing: thaw it first');
    if (action === 'freeze' && isFrozen) throw is('frozen already');
    if (action === 'thaw' && !isFrozen) throw is('not frozen');
    if (action === 'slow' && isSlow) throw is('slow already');
    if (action === 'quick' && !isSlow) throw is('not slow');
  }

  #faults(): ClusterFaults {
    const { faults } = this.#options.cluster;
    if (faults === null) throw new Refusal(409, this.refusals().freeze ?? '');
    return faults;
  }

  #join(): void {
    const index = this.#colours.size;
    const name = nameOf(index);
    this.#colours.set(name, index % MOST_MEMBERS);
    this.#options.stage.join({ name, trait: '', failures: 0 });
  }

  #restart(): void {
    this.#isRestarting = true;
    this.#pending = this.#options.stage.restartBrokers(this.#faults()).finally(() => {
      this.#isRestarting = false;
    });
  }
}
