/** All laws of the kit, in the order in which they are tried: a plan that is not lawful breaks most of the later ones. */
import type { Assignor } from '@kohort/core/spi';
import type { Law } from './law.ts';
import { balanceLaws } from './laws/balance.ts';
import { cooperativeLaws } from './laws/cooperative.ts';
import { formulaLaws } from './laws/formula.ts';
import { invarianceLaws } from './laws/invariance.ts';
import { peerLaws } from './laws/peers.ts';
import { processLaws } from './laws/processes.ts';
import { purityLaws } from './laws/purity.ts';
import { rackLaws } from './laws/racks.ts';
import { spreadLaws } from './laws/spread.ts';
import { stickinessLaws } from './laws/stickiness.ts';
import { terminationLaws } from './laws/termination.ts';
import { validityLaws } from './laws/validity.ts';
import type { KitSettings } from './options.ts';

export const LAWS: readonly Law[] = [
  ...validityLaws,
  ...terminationLaws,
  ...purityLaws,
  ...invarianceLaws,
  ...formulaLaws,
  ...balanceLaws,
  ...spreadLaws,
  ...stickinessLaws,
  ...rackLaws,
  ...cooperativeLaws,
  ...peerLaws,
  ...processLaws,
];

/** The laws that this assignor, with these promises, has to keep. */
export function lawsFor(settings: KitSettings, assignor: Assignor): Law[] {
  return LAWS.filter(({ binds }) => binds?.(settings, assignor) ?? true);
}
