/**
 * The manager loop: one mailbox, one owner of the membership. Events go through the pure machine, its effects are carried
 * out here, and what comes of them returns as events. Nothing else ever changes the membership.
 */
import { jittered } from '../cluster/backoff.ts';
import { ClusterMetadata } from '../cluster/cluster-metadata.ts';
import type { GroupDescription } from '../contracts/description.ts';
import type { EventFields, EventName, HookLike, RebalanceTrigger } from '../contracts/hooks.ts';
import type { OwnershipCallbacks } from '../contracts/session.ts';
import type { TopicPartition } from '../contracts/topic-partition.ts';
import { ErrorCode, type TerminalClass } from '../errors/error-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';
import type { Effect } from '../membership/effect.ts';
import type { MembershipEvent } from '../membership/event.ts';
import { failureName } from '../membership/failure.ts';
import { type Failure, idleMembership, isLeader, type Membership, type Moment } from '../membership/state.ts';
import { step } from '../membership/step.ts';
import { CallbackQueue } from './callbacks.ts';
import { Closing } from './closing.ts';
import { Connection } from './connection.ts';
import type { ManagerContext } from './context.ts';
import { CoordinatorWait } from './coordinator-wait.ts';
import { CrashGuard } from './crash-guard.ts';
import { describeMember, identityOf } from './describe.ts';
import { failureOf } from './failure-of.ts';
import { GroupRequests } from './group-requests.ts';
import { Leader } from './leader.ts';
import { sendLeave } from './leave-request.ts';
import { Mailbox } from './mailbox.ts';
import { messageOf, Notifier } from './notifier.ts';
import { OffsetAccess } from './offset-access.ts';
import { type Ended, Outcome, terminalError } from './outcome.ts';
import { Lease, OwnershipTable } from './ownership.ts';
import { OwnershipEffects } from './ownership-effects.ts';
import { type ManagerSettings, membershipConfig } from './settings.ts';
import { seeTopics } from './startup.ts';
import { Subscription } from './subscription.ts';
import { NamedTimers } from './timers.ts';
import { TransportEvents } from './transport-events.ts';
import { judgeWith } from './verdict-override.ts';

/** How each effect is carried out. */
type Doers = {
  readonly [Type in Effect['type']]: (effect: Extract<Effect, { type: Type }>) => void;
};

/** Milliseconds that callbacks of an ending group may still take before `ended` resolves without them. */
const LAST_CALLBACKS_MS = 500;

export class Manager {
  readonly metadata: ClusterMetadata;
  readonly connection: Connection;
  readonly notifier: Notifier;
  readonly settings: ManagerSettings;
  readonly #outcome = new Outcome();
  readonly #life = new AbortController();
  readonly #timers: NamedTimers;
  readonly #mailbox: Mailbox<MembershipEvent>;
  readonly #callbacks: CallbackQueue;
  readonly #requests: GroupRequests;
  readonly #context: ManagerContext;
  readonly #ownership: OwnershipEffects;
  readonly #subscription: Subscription;
  readonly #leader: Leader;
  readonly #crashes: CrashGuard;
  readonly #coordinatorWait: CoordinatorWait;
  readonly #closing: Closing;
  readonly #transportEvents: TransportEvents;
  readonly #countAbandoned: () => number;
  #m: Membership;
  #started = false;
  #lastSideToken = 0;
  #lastFailure: unknown;

  /** @param countAbandoned at the end: how many partitions still have work in flight, in a layer above that has any */
  constructor(
    settings: ManagerSettings,
    callbacks: OwnershipCallbacks,
    countAbandoned: () => number = () => 0,
  ) {
    const { clock } = settings;
    this.settings = settings;
    this.#countAbandoned = countAbandoned;
    this.notifier = new Notifier(clock, () => identityOf(this.#m, settings), settings.hooks);
    const judge = judgeWith(settings.verdicts, (message) =>
      this.#say('callback.error', { callback: 'verdicts', message }),
    );
    this.#m = idleMembership({ ...membershipConfig(settings), verdictFor: judge });
    this.#closing = new Closing(clock, this.notifier);
    this.connection = new Connection(settings, this.#life.signal);
    this.#transportEvents = new TransportEvents(this.connection.transport, this.notifier);
    this.metadata = this.#newMetadata();
    this.#context = {
      settings,
      connection: this.connection,
      metadata: this.metadata,
      notifier: this.notifier,
      judge,
      signal: this.#life.signal,
      member: () => this.#m,
      post: (event) => this.#post(event),
      noteFailure: (error) => {
        this.#lastFailure = error;
      },
    };
    this.#subscription = new Subscription(this.metadata, settings.topics);
    this.#timers = new NamedTimers(clock, (name) => this.#post({ type: 'timer', name }));
    this.#crashes = new CrashGuard(clock, settings.crashLoop);
    this.#coordinatorWait = new CoordinatorWait(clock);
    this.#callbacks = new CallbackQueue(clock, this.notifier);
    this.#leader = new Leader(this.#context);
    this.#requests = new GroupRequests(this.#context, this.#leader, (error) => this.fail(error));
    this.#ownership = this.#newOwnership(callbacks);
    this.#mailbox = new Mailbox((event) => this.#handle(event));
    this.metadata.onRefresh(() => this.#onMetadata());
  }

  #newMetadata(): ClusterMetadata {
    const { clock, random, metadataMaxAge: maxAge, requestTimeout, retryBackoff: backoff } = this.settings;
    return new ClusterMetadata({
      transport: this.connection.transport,
      clock,
      random,
      maxAge,
      requestTimeout,
      backoff,
      signal: this.#life.signal,
      onError: (error, attempt, delayMs) => {
        this.#lastFailure = error;
        const name = failureName(failureOf(error));
        this.#say('retry.scheduled', { operation: 'Metadata', attempt, delayMs, error: name });
      },
    });
  }

  #newOwnership(callbacks: OwnershipCallbacks): OwnershipEffects {
    const { clock, sessionTimeout, lease: mode } = this.settings;
    const lease = new Lease(clock, sessionTimeout, mode === 'strict');
    return new OwnershipEffects({
      context: this.#context,
      table: new OwnershipTable(lease),
      lease,
      queue: this.#callbacks,
      access: new OffsetAccess(this.#context, this.#coordinatorWait),
      callbacks,
      stepOut: (stuck, until) => this.#stepOut(stuck, until),
      fail: (error) => this.fail(error),
    });
  }

  /** Resolves when everything is over; never rejects. */
  get ended(): Promise<Ended> {
    return this.#outcome.ended;
  }

  /** The member as it is now. */
  describe(): GroupDescription {
    return describeMember(this.#m, this.settings);
  }

  /** Joins the group. @throws KohortError `KOHORT_STATE` when called twice, or after `close` */
  start(): Promise<void> {
    if (this.#started || this.#m.state !== 'idle') {
      throw new KohortError(
        ErrorCode.state,
        'A group is used once: it has been started or closed before. Create a new one.',
      );
    }
    this.#started = true;
    if (this.#subscription.hasPatterns) this.#launch(this.#startWhenSeen());
    else {
      this.#post({ type: 'start', topics: this.#subscription.resolve() });
      this.connection.open().then(
        () => this.metadata.invalidate(),
        () => undefined, // the machine connects as well, and judges what is wrong
      );
    }
    return this.#outcome.assigned;
  }

  /** Asks for a rebalance. */
  rejoin(trigger: RebalanceTrigger, reason: string): void {
    this.#post({ type: 'rejoin', trigger, reason });
  }

  setTopics(topics: readonly (string | RegExp)[]): void {
    this.#subscription.set(topics);
    this.#onMetadata();
    this.metadata.invalidate();
  }

  subscribe(hook: HookLike): () => void {
    const unsubscribe = this.notifier.subscribe(hook);
    this.#transportEvents.update();
    return () => {
      unsubscribe();
      this.#transportEvents.update();
    };
  }

  /** Gives back what is owned, leaves, and ends. @param options.timeoutMs milliseconds; a shorter one of a later call wins */
  close(options: {
    readonly timeoutMs: number;
    readonly leave: boolean;
    readonly reason: string;
  }): Promise<Ended> {
    if (this.#m.state !== 'closed' && this.#m.state !== 'terminal') this.#closing.begin(options.reason);
    this.#post({ type: 'close', ...options });
    return this.#outcome.ended;
  }

  /** Ends the group with an error of the layer above, giving back what is owned first. */
  fail(error: KohortError): void {
    const terminalClass: TerminalClass = error.terminalClass ?? 'configuration';
    this.#post({
      type: 'fail',
      failure: { terminalClass, message: error.message, kafkaCode: error.kafkaCode ?? null, cause: error },
      timeoutMs: this.settings.closeTimeout,
    });
  }

  #post(event: MembershipEvent): void {
    this.#mailbox.post(event);
  }

  #now(): Moment {
    return { mono: this.settings.clock.monotonic(), wall: this.settings.clock.wall() };
  }

  #handle(event: MembershipEvent): void {
    try {
      const { state, effects } = step(this.#m, event, this.#now());
      this.#m = state;
      for (const effect of effects) this.#attempt(effect);
    } catch (error) {
      this.#survive(error);
    }
    if (this.#m.coordinator) this.#coordinatorWait.found();
    if (this.#m.state === 'stable') this.#outcome.noteAssigned();
  }

  /** A failure of Kohort's own work: told and counted. The member starts over, or ends when there are too many. */
  #survive(error: unknown): void {
    this.#say('callback.error', { callback: 'internal', message: messageOf(error) });
    if (!this.#crashes.note()) {
      this.#post({ type: 'crashed' });
      return;
    }
    const message = `Kohort failed too often: ${messageOf(error)}. Please report this.`;
    const failure: Failure = { terminalClass: 'crash-loop', message, kafkaCode: null, cause: error };
    this.#mailbox.post({ type: 'abandon', failure });
  }

  readonly #doers: Doers = {
    'find-coordinator': (effect) => this.#launch(this.#requests.findCoordinator(effect)),
    join: (effect) => this.#launch(this.#requests.join(effect)),
    plan: (effect) => this.#launch(this.#leader.plan(effect)),
    watch: (effect) => this.#launch(this.#leader.watch(effect)),
    'cancel-plan': () => this.#leader.cancel(),
    sync: (effect) => this.#launch(this.#requests.sync(effect)),
    heartbeat: (effect) => this.#launch(this.#requests.heartbeat(effect)),
    assign: (effect) => this.#ownership.assign(effect),
    revoke: (effect) => this.#ownership.revoke(effect),
    lose: (effect) => this.#ownership.lose(effect),
    lease: (effect) => this.#ownership.renew(effect),
    leave: (effect) => this.#launch(this.#leave(effect)),
    'abandon-request': ({ coordinator, reason }) =>
      this.connection.transport.resetLane(coordinator, 'group', new Error(reason)),
    'drop-coordinator': ({ coordinator, reason }) =>
      this.connection.transport.resetLane(coordinator, 'group', new Error(reason)),
    arm: (effect) => this.#arm(effect),
    cancel: ({ name }) => this.#timers.cancel(name),
    emit: ({ event }) => this.notifier.emit(event.name, event.fields),
    end: ({ failure }) => this.#launch(this.#end(failure)),
  };

  /** One effect that fails does not take the others of its step along. */
  #attempt(effect: Effect): void {
    try {
      this.#run(effect);
    } catch (error) {
      this.#survive(error);
    }
  }

  #run<Type extends Effect['type']>(effect: Extract<Effect, { type: Type }>): void {
    this.#doers[effect.type as Type](effect);
  }

  /** Work that answers by an event. That it rejects is a failure of Kohort's own. */
  #launch(work: Promise<void>): void {
    work.catch((error) => this.#survive(error));
  }

  #arm({ name, delayMs, jitter }: Extract<Effect, { type: 'arm' }>): void {
    const { retryBackoff, random } = this.settings;
    this.#timers.arm(name, jitter ? jittered(retryBackoff, delayMs, random) : delayMs);
  }

  async #leave({ token, memberId, reason, timeoutMs }: Extract<Effect, { type: 'leave' }>): Promise<void> {
    const { clock } = this.settings;
    const startedAt = clock.monotonic();
    const { coordinator } = this.#m;
    const { left, error } = await sendLeave(this.#context, { memberId, reason, coordinator, timeoutMs });
    if (left) this.#outcome.noteLeft();
    const durationMs = clock.monotonic() - startedAt;
    this.#say('leave.end', { durationMs, outcome: left ? 'ok' : 'error', error, reason });
    this.#post({ type: 'left', token });
  }

  async #startWhenSeen(): Promise<void> {
    const refusal = await seeTopics(this.connection, this.metadata, this.settings, this.#life.signal);
    if (refusal) this.fail(refusal);
    else this.#post({ type: 'start', topics: this.#subscription.resolve() });
  }

  #onMetadata(): void {
    if (this.#m.state === 'idle') return;
    const before = this.#m.topics;
    const topics = this.#subscription.resolve();
    const added = topics.filter((topic) => !before.includes(topic));
    const removed = before.filter((topic) => !topics.includes(topic));
    if (added.length > 0 || removed.length > 0) {
      this.#say('subscription.changed', { added, removed });
      this.#post({ type: 'subscription', topics });
    }
    const moved = isLeader(this.#m) ? this.#leader.movedSince() : null;
    if (moved) this.#post({ type: 'rejoin', trigger: 'metadata', reason: moved });
  }

  #stepOut(stuck: readonly TopicPartition[], until: Promise<unknown>): void {
    this.#lastSideToken += 1;
    const token = this.#lastSideToken;
    this.#post({ type: 'step-out', token, stuck });
    const stepIn = () => this.#post({ type: 'step-in', token });
    until.then(stepIn, stepIn);
  }

  async #end(failure: Failure | null): Promise<void> {
    const { groupId } = this.settings;
    const { memberId, generationId } = this.#m.triple;
    const error = failure && terminalError(failure, { groupId, memberId, generationId }, this.#lastFailure);
    this.#timers.cancelAll();
    this.#leader.cancel();
    await this.#callbacks.whenIdle(LAST_CALLBACKS_MS);
    this.#life.abort();
    await this.connection.transport.close();
    this.#transportEvents.end();
    this.#closing.end(this.#countAbandoned(), this.#outcome.left);
    this.#outcome.end(error);
  }

  #say<Name extends EventName>(name: Name, fields: EventFields[Name]): void {
    this.notifier.emit(name, fields);
  }

  /** Why the cluster could not be reached the last time it could not. */
  get lastFailure(): unknown {
    return this.#lastFailure;
  }
}
