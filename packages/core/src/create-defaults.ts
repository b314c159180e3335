/** `createDefaults`: options that are set once for the process. */
import { checkDefaults, withConsumerDefaults, withManagerDefaults } from './config/merge-defaults.ts';
import type { ConsumerGroup, GroupManager } from './contracts/group.ts';
import type { ConsumerGroupOptions, DefaultOptions, GroupManagerOptions } from './contracts/options.ts';
import { createConsumerGroup } from './create-consumer-group.ts';
import { createGroupManager } from './create-group-manager.ts';

/** Options of which those may be left out that the defaults have. */
export type WithDefaults<Options, Defaults> = Omit<Options, keyof Defaults> &
  Partial<Pick<Options, Extract<keyof Defaults, keyof Options>>>;

/** The two factories, with defaults filled in. */
export interface Factories<Defaults extends DefaultOptions> {
  createConsumerGroup(options: WithDefaults<ConsumerGroupOptions, Defaults>): ConsumerGroup;
  createGroupManager(options: WithDefaults<GroupManagerOptions, Defaults>): GroupManager;
}

/**
 * Defaults for all groups of a process. A group's own value wins; values are taken whole, not merged.
 *
 * @throws KohortError `KOHORT_CONFIG` for a wrong default
 */
export function createDefaults<const Defaults extends DefaultOptions>(
  defaults: Defaults,
): Factories<Defaults> {
  const checked = checkDefaults(defaults);
  return {
    createConsumerGroup: (options) => createConsumerGroup(withConsumerDefaults(checked, options)),
    createGroupManager: (options) => createGroupManager(withManagerDefaults(checked, options)),
  };
}
