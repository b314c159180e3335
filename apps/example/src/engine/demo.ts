/** The demo: the story played on a stage, from the first join to the audit. Knows nothing of terminals. */
import type { Happening } from './happening.ts';
import { pause } from './pause.ts';
import type { Snapshot } from './snapshot.ts';
import { type Outcome, Stage, type StageOptions } from './stage.ts';
import { CAST, STORY, type Step } from './story.ts';

export interface DemoOptions extends StageOptions {
  /** Milliseconds of production. */
  readonly durationMs: number;
}

/** Milliseconds that the group may take to finish what was produced: when the story has ended, and when it was cut short. */
const CATCH_UP = { complete: 8000, interrupted: 1500 };

export class Demo {
  readonly #stage: Stage;
  readonly #durationMs: number;

  constructor(options: DemoOptions) {
    this.#stage = new Stage(options);
    this.#durationMs = options.durationMs;
  }

  /** Tells of everything that happens from now on. */
  onHappening(listener: (happening: Happening) => void): void {
    this.#stage.onHappening(listener);
  }

  /** The demo as it is now. */
  snapshot(): Snapshot {
    return { ...this.#stage.snapshot(), durationMs: this.#durationMs };
  }

  /** Plays the story, or as much of it as there is until the signal aborts. Used once. */
  async run(interruption: AbortSignal): Promise<Outcome> {
    const stage = this.#stage;
    const stop = AbortSignal.any([interruption, stage.productionEnded]);
    stage.startProduction();
    await this.#play(stop);
    await this.#until(this.#durationMs, stop);
    const isComplete = !stop.aborted;
    await stage.endProduction(!isComplete);
    await stage.catchUp(isComplete ? CATCH_UP.complete : CATCH_UP.interrupted);
    await stage.end();
    return { audit: await stage.audit(isComplete), failures: stage.failures };
  }

  async #play(stop: AbortSignal): Promise<void> {
    for (const step of STORY) {
      await this.#until(step.at * this.#durationMs, stop);
      if (stop.aborted) return;
      this.#perform(step);
    }
  }

  #perform({ does, member: name }: Step): void {
    const character = CAST.find((one) => one.name === name);
    const member = this.#stage.runningMember(name);
    if (does === 'join' && character !== undefined) this.#stage.join(character);
    if (member === undefined) return;
    if (does === 'crash') this.#stage.crash(member);
    if (does === 'leave') this.#stage.leave(member);
  }

  #until(ms: number, stop: AbortSignal): Promise<void> {
    return pause(ms - this.#stage.elapsedMs, stop);
  }
}
