/** A property that every transport has to have. */
import type { Setting } from './setting.ts';

export interface TransportLaw {
  /** Short and stable; the title of its test begins with it. */
  readonly name: string;
  readonly says: string;
  readonly check: (setting: Setting) => Promise<void>;
}
