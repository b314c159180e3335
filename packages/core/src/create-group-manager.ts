/** `createGroupManager`: membership alone. */
import { checkCloseOptions } from './config/call-options.ts';
import { resolveManager } from './config/resolve.ts';
import { checkTopics } from './config/topic-list.ts';
import type { CloseOptions, CloseResult } from './contracts/consumer.ts';
import type { GroupDescription } from './contracts/description.ts';
import type { GroupManager } from './contracts/group.ts';
import type { HookLike } from './contracts/hooks.ts';
import type { GroupManagerOptions } from './contracts/options.ts';
import { Manager } from './runtime/manager.ts';
import { systemDefaults } from './runtime/system-clock.ts';
import { tellWarnings } from './runtime/warnings.ts';

/**
 * Makes a member of a consumer group that consumes nothing: it joins, is assigned partitions, and tells by callbacks.
 *
 * @throws KohortError `KOHORT_CONFIG` for a wrong option, naming it, what was given, and what is accepted
 */
export function createGroupManager(options: GroupManagerOptions): GroupManager {
  const { settings, callbacks, warnings } = resolveManager(options, systemDefaults);
  const manager = new Manager(settings, callbacks);
  tellWarnings(warnings, manager.notifier);
  return new ManagedGroup(manager);
}

class ManagedGroup implements GroupManager {
  readonly ended: Promise<void>;
  readonly #manager: Manager;

  constructor(manager: Manager) {
    this.#manager = manager;
    this.ended = manager.ended.then(({ error }) => {
      if (error) throw error;
    });
    this.ended.catch(() => undefined); // `start` rejects as well; who wants the end of a started group awaits `ended`
  }

  async start(): Promise<void> {
    await this.#manager.start();
  }

  describe(): GroupDescription {
    return this.#manager.describe();
  }

  rejoin(reason: string): void {
    this.#manager.rejoin('manual', reason);
  }

  setTopics(topics: readonly (string | RegExp)[]): void {
    this.#manager.setTopics(checkTopics(topics));
  }

  subscribe(hook: HookLike): () => void {
    return this.#manager.subscribe(hook);
  }

  async close(options?: CloseOptions): Promise<CloseResult> {
    const { timeout = this.#manager.settings.closeTimeout, leave = false } = checkCloseOptions(options);
    const { left } = await this.#manager.close({
      timeoutMs: timeout,
      leave,
      reason: 'closed by the application',
    });
    return { drained: true, abandoned: [], left };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
