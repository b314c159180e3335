/**
 * Partition assignors for the `assignors` option of a group.
 *
 * @example
 * ```ts
 * import { range } from '@kohort/assignors';
 *
 * range().name; // 'range': all members of a group must offer an assignor of that name
 * ```
 *
 * @packageDocumentation
 */
export { type RoundRobinOptions, roundRobin } from '@kohort/core/spi';
export { type ExplainOptions, explain } from './explain.ts';
export { range } from './range/range.ts';
export type { RackPolicy } from './sticky/racks.ts';
export { cooperativeSticky, type StickyOptions, sticky } from './sticky/sticky.ts';
export { type WeightedOptions, weighted } from './weighted/weighted.ts';
