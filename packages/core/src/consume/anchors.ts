/** Commits positions that no commit stands for yet, before anything is dispatched from them; together, and until it works. */
import { backoffDelay, pause } from '../cluster/backoff.ts';
import type { Committer } from '../commit/committer.ts';
import { failureLabel } from '../commit/failure-label.ts';
import type { Pump } from './pump.ts';
import type { ConsumerHost, ConsumerSettings } from './settings.ts';

export class Anchors {
  readonly #host: ConsumerHost;
  readonly #settings: ConsumerSettings;
  readonly #committer: Committer;
  readonly #signal: AbortSignal;
  readonly #onAnchored: (pump: Pump) => void;
  readonly #open = new Set<Pump>();
  #running = false;

  constructor(
    host: ConsumerHost,
    settings: ConsumerSettings,
    committer: Committer,
    signal: AbortSignal,
    onAnchored: (pump: Pump) => void,
  ) {
    this.#host = host;
    this.#settings = settings;
    this.#committer = committer;
    this.#signal = signal;
    this.#onAnchored = onAnchored;
  }

  add(pump: Pump): void {
    this.#open.add(pump);
    if (this.#running) return;
    this.#running = true;
    // Positions that become known in the same moment go in one commit.
    queueMicrotask(() => {
      const done = () => {
        this.#running = false;
      };
      this.#run().then(done, done);
    });
  }

  async #run(): Promise<void> {
    const { clock, random } = this.#host;
    const { requestTimeout, retryBackoff } = this.#settings;
    for (let attempt = 1; this.#open.size > 0 && !this.#signal.aborted; ) {
      const round = [...this.#open];
      const failure = await this.#committer.commit('interval', requestTimeout, round).then(
        () => null,
        (error: unknown) => failureLabel(error),
      );
      let progress = false;
      for (const pump of round) {
        if (!pump.sealed && pump.pending() !== null) continue;
        this.#open.delete(pump);
        progress = true;
        if (pump.sealed || !pump.owned || pump.mark === null) continue;
        pump.anchored = true;
        this.#onAnchored(pump);
      }
      if (this.#open.size === 0) return;
      attempt = progress ? 1 : attempt + 1;
      const delayMs = backoffDelay(retryBackoff, attempt, random);
      if (failure) {
        this.#host.emit('retry.scheduled', { operation: 'OffsetCommit', attempt, delayMs, error: failure });
      }
      await pause(clock, delayMs, this.#signal);
    }
  }
}
