// A kafka-clients consumer as a child process: the foreign member of mixed-group tests.

import { JavaLines } from './java-lines.ts';
import {
  type MemberEvent,
  memberEvent,
  type RebalanceEvent,
  type RecordsEvent,
  type TopicPartition,
} from './member-events.ts';
import { type ResolvedJars, resolveKafka, resolveKafkaClients } from './resolve.ts';
import { CURRENT_KAFKA } from './versions.ts';

export type JavaAssignor = 'range' | 'roundrobin' | 'sticky' | 'cooperative-sticky';

export interface JavaMemberOptions {
  readonly bootstrap: readonly string[];
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly assignor: JavaAssignor;
  readonly groupInstanceId?: string;
  readonly rack?: string;
  /** kafka-clients version, default {@link CURRENT_KAFKA}; 2.4.1 and newer. */
  readonly clientVersion?: string;
  /** `batch` (default) commits after every poll that had records. */
  readonly commit?: 'batch' | 'none';
  /** Sleeps this long for each batch. */
  readonly handleMs?: number;
  /** More consumer properties, for instance `session.timeout.ms`. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** Commands a member understands; each is answered by a `done` event except `close`. */
export type MemberCommand = 'pause' | 'resume' | 'commit' | `stall ${number}`;

const DEFAULT_WAIT_MS = 30_000;
const CLOSE_MS = 20_000;

/** Starts a member; it joins the group by itself. */
export async function startJavaMember(options: JavaMemberOptions): Promise<JavaMember> {
  const member = new JavaMember();
  await member.launch(options);
  return member;
}

export class JavaMember {
  readonly #events: MemberEvent[] = [];
  readonly #watchers = new Set<() => void>();
  #lines: JavaLines | undefined;
  #ended = false;

  /** Everything told so far, oldest first. */
  get events(): readonly MemberEvent[] {
    return this.#events;
  }

  get pid(): number {
    return this.#started().process.pid;
  }

  /** Partitions held now. */
  get owned(): readonly TopicPartition[] {
    return this.#lastRebalance()?.owned ?? [];
  }

  /** Member id of the latest rebalance, null before the first and with kafka-clients before 2.5. */
  get memberId(): string | null {
    return this.#lastRebalance()?.memberId ?? null;
  }

  /** Generation of the latest rebalance, -1 where unknown. */
  get generation(): number {
    return this.#lastRebalance()?.generation ?? -1;
  }

  /** What was received, in order. */
  get records(): readonly RecordsEvent[] {
    return this.#events.filter((event) => event.event === 'records');
  }

  async launch(options: JavaMemberOptions): Promise<void> {
    const version = options.clientVersion ?? CURRENT_KAFKA;
    this.#lines = await JavaLines.start({
      program: 'clients',
      mainClass: 'KohortForeignMember',
      jars: await clientJars(version),
      args: memberArguments(options),
      onLine: (line) => {
        this.#events.push(memberEvent(line));
        this.#notify();
      },
    });
    void this.#lines.finished.then(() => {
      this.#ended = true;
      this.#notify();
    });
  }

  /**
   * Resolves when `holds` is true of this member; checked after every event.
   * @throws Error with the latest events and the member's log when time is over or the process has ended.
   */
  async until(what: string, holds: (member: this) => boolean, timeoutMs = DEFAULT_WAIT_MS): Promise<void> {
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      this.#notify();
    }, timeoutMs);
    try {
      while (!holds(this)) {
        if (timedOut || this.#ended) throw new Error(await this.#complaint(what, timedOut));
        await new Promise<void>((resolve) => this.#watchers.add(resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends a command and waits until it is carried out. */
  async command(command: MemberCommand, timeoutMs = DEFAULT_WAIT_MS): Promise<void> {
    const before = this.#done();
    this.#started().say(command);
    await this.until(`carry out '${command}'`, () => this.#done() > before, timeoutMs);
  }

  /** Leaves the group (a static member only goes) and ends; a process that does not is killed. */
  async close(): Promise<void> {
    const lines = this.#started();
    lines.say('close');
    const timer = setTimeout(() => lines.process.signal('SIGKILL'), CLOSE_MS);
    await lines.finished;
    clearTimeout(timer);
  }

  /** Crashes the member: the coordinator learns of it when the session expires. */
  async kill(): Promise<void> {
    const lines = this.#started();
    lines.process.signal('SIGKILL');
    await lines.finished;
  }

  /** Closes the member's standard input, as the end of its parent does: it ends without leaving the group. */
  async abandon(): Promise<void> {
    const lines = this.#started();
    lines.process.child.stdin?.end();
    const timer = setTimeout(() => lines.process.signal('SIGKILL'), CLOSE_MS);
    await lines.finished;
    clearTimeout(timer);
  }

  /** Freezes the whole process, its heartbeats included. */
  freeze(): void {
    this.#started().process.signal('SIGSTOP');
  }

  thaw(): void {
    this.#started().process.signal('SIGCONT');
  }

  #done(): number {
    return this.#events.filter((event) => event.event === 'done').length;
  }

  #lastRebalance(): RebalanceEvent | undefined {
    return this.#events.findLast(
      (event): event is RebalanceEvent =>
        event.event === 'assigned' || event.event === 'revoked' || event.event === 'lost',
    );
  }

  #notify(): void {
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    for (const resolve of watchers) resolve();
  }

  #started(): JavaLines {
    if (this.#lines === undefined) throw new Error('the Java member was not launched');
    return this.#lines;
  }

  async #complaint(what: string, timedOut: boolean): Promise<string> {
    const why = timedOut ? 'in time' : `because it ended with ${this.#started().process.exit}`;
    const events = this.#events.slice(-10).map((event) => JSON.stringify(event));
    return `the Java member did not ${what} ${why}; its latest events:\n${events.join('\n')}\nits log ends:\n${await this.#started().log()}`;
  }
}

function clientJars(version: string): Promise<ResolvedJars> {
  // The broker's jars contain the clients of the same version and are there already.
  return version === CURRENT_KAFKA ? resolveKafka(version) : resolveKafkaClients(version);
}

function memberArguments(options: JavaMemberOptions): readonly string[] {
  const properties = new Map(Object.entries(options.properties ?? {}));
  if (options.groupInstanceId !== undefined) properties.set('group.instance.id', options.groupInstanceId);
  if (options.rack !== undefined) properties.set('client.rack', options.rack);
  if (options.handleMs !== undefined) properties.set('member.handle.ms', String(options.handleMs));
  if (options.commit !== undefined) properties.set('member.commit', options.commit);
  return [
    options.bootstrap.join(','),
    options.groupId,
    options.topics.join(','),
    options.assignor,
    ...[...properties].map(([key, value]) => `${key}=${value}`),
  ];
}
