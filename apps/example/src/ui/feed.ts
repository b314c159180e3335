/** Watches the running group: keeps timeline, events and audit up to date, and answers the message for the page. */
import type { Cluster } from '../cluster/cluster.ts';
import type { Happening } from '../engine/happening.ts';
import type { Outcome, Stage } from '../engine/stage.ts';
import { inWords } from '../view/words.ts';
import { auditMessage, messageOf } from './compose.ts';
import type { Controller } from './controller.ts';
import type { AuditMessage, EventMessage, Message } from './message.ts';
import { Timeline } from './timeline.ts';

/** Milliseconds between two looks at who owns what, and between two audits. */
const LOOK_EVERY = 100;
const AUDIT_EVERY = 500;

/** What is to be said of records that nobody has handled while the run goes on. */
const AWAITED = 'wait for a handler';

/** Events that the page shows. */
const SHOWN_EVENTS = 40;

export interface FeedOptions {
  readonly stage: Stage;
  readonly cluster: Cluster;
  readonly controller: Controller;
}

export class Feed {
  readonly #options: FeedOptions;
  readonly #timeline = new Timeline();
  readonly #goneSince = new Map<string, number>();
  readonly #looking: NodeJS.Timeout;
  readonly #auditing: NodeJS.Timeout;
  #events: EventMessage[] = [];
  #told = 0;
  #lastAudit: AuditMessage = { isGood: true, words: 'The audit begins.', rows: [] };
  #audit = this.#lastAudit;
  #audits: Promise<void> = Promise.resolve();
  #isAuditing = false;
  #phase: Message['phase'] = 'running';

  constructor(options: FeedOptions) {
    this.#options = options;
    options.stage.onHappening((happening) => this.#onHappening(happening));
    this.#looking = setInterval(() => this.#look(), LOOK_EVERY);
    this.#auditing = setInterval(() => this.#startAudit(), AUDIT_EVERY);
  }

  message(): Message {
    const { stage, cluster, controller } = this.#options;
    return messageOf({
      cluster,
      phase: this.#phase,
      snapshot: stage.snapshot(),
      events: this.#events,
      goneSince: this.#goneSince,
      colourOf: (member) => controller.colourOf(member),
      timeline: this.#timeline,
      audit: this.#audit,
      refusals: controller.refusals(),
    });
  }

  /** The group finishes what it can. */
  ending(): void {
    this.#phase = 'ending';
  }

  /** Stops watching. Resolves when no audit is under way. */
  async stop(): Promise<void> {
    clearInterval(this.#looking);
    clearInterval(this.#auditing);
    await this.#audits;
  }

  /** The last word. */
  ended({ audit, failures }: Outcome): void {
    this.#audit = auditMessage(audit, failures);
    this.#phase = 'ended';
  }

  #look(): void {
    const { stage, controller } = this.#options;
    const snapshot = stage.snapshot();
    this.#timeline.observe(snapshot, (member) => controller.colourOf(member));
    for (const { name, status } of snapshot.members) {
      const isGone = status !== 'running' && status !== 'leaving';
      if (isGone && !this.#goneSince.has(name)) this.#goneSince.set(name, snapshot.elapsedMs);
    }
  }

  #startAudit(): void {
    if (!this.#isAuditing) this.#audits = this.#auditNow();
  }

  /** Offsets that cannot be read just now are read the next time; the page says so meanwhile. */
  async #auditNow(): Promise<void> {
    const { stage } = this.#options;
    this.#isAuditing = true;
    try {
      this.#audit = this.#lastAudit = auditMessage(await stage.audit(false), stage.failures, AWAITED);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const { words } = this.#lastAudit;
      this.#audit = { ...this.#lastAudit, words: `${words} (Offsets cannot be read just now: ${why}.)` };
    } finally {
      this.#isAuditing = false;
    }
  }

  #onHappening(happening: Happening): void {
    const { type, at } = happening;
    const isBad = type === 'crashes' || type === 'member-failed' || type === 'freezes';
    const event = { number: this.#told, at, words: inWords(happening), isBad };
    this.#told += 1;
    this.#events = [event, ...this.#events].slice(0, SHOWN_EVENTS);
  }
}
