/** The testkit's clock for core's own tests. By path, since a development dependency from core on the testkit would be a cycle of packages. */
// biome-ignore lint/style/noRestrictedImports: the one place where core's tests reach into the testkit
export { type VirtualClock, virtualClock } from '../../../testkit/src/virtual-clock.ts';
