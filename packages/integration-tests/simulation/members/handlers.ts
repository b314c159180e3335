/** The handlers of a simulated user: every beginning and end is written into the trace. */
import type { ConsumerRecord, HandlerContext, RunOptions } from '@kohort/core';
import type { World } from '../world.ts';
import type { SimulatedMember } from './member.ts';

export class Handlers {
  readonly #member: SimulatedMember;
  readonly #world: World;
  #dead = false;

  constructor(member: SimulatedMember, world: World) {
    this.#member = member;
    this.#world = world;
  }

  get run(): RunOptions {
    return this.#world.plan.handlers.kind === 'record'
      ? { eachRecord: (record, context) => this.#handle([record], context) }
      : { eachBatch: (batch, context) => this.#handle(batch.records, context) };
  }

  /** What is under way never ends. */
  die(): void {
    this.#dead = true;
  }

  /** Handles one after the other, settling each; a failure leaves that one and those behind it to the next attempt. */
  async #handle(records: readonly ConsumerRecord[], context: HandlerContext): Promise<void> {
    const { plan, random } = this.#world;
    const { audit, moods } = this.#member;
    for (const [i, record] of records.entries()) {
      if (i > 0 && !context.owned) return;
      if (this.#dead) await never();
      audit.begins(record);
      const ms = i === 0 ? Math.floor(random() * plan.handlers.maxMs) + moods.slowMs : 0;
      await this.#work(ms);
      if (moods.closesInHandler) this.#close(context);
      if (random() < plan.handlers.failures + moods.failures) {
        audit.ends(record, 'error');
        throw new Error('simulated: the handler throws');
      }
      audit.ends(record, 'ok');
      context.settle(record);
    }
  }

  async #work(ms: number): Promise<void> {
    const { clock, moods } = this.#member;
    const hang = moods.hangMs;
    moods.hangMs = 0;
    if (hang > 0) await this.#hang(hang);
    else if (ms > 0) await new Promise<void>((resolve) => clock.setUserTimer(resolve, ms));
    if (this.#dead) await never();
  }

  /** Longer than anybody waits for, but not for ever: healing ends it. */
  #hang(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#world.during(ms, () => () => this.#member.whenRuns(resolve));
    });
  }

  #close(context: HandlerContext): void {
    this.#member.moods.closesInHandler = false;
    this.#member.isLeaving = true;
    context.close();
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
