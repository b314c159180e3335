/** All exhibits, by theme. */
import type { Exhibit } from './exhibit.ts';
import { COMMIT_BUGS } from './exhibits/commits.ts';
import { CONSUMING_BUGS } from './exhibits/consuming.ts';
import { HANDOVER_BUGS } from './exhibits/handover.ts';
import { LEASE_BUGS } from './exhibits/lease.ts';
import { MEMBERSHIP_BUGS } from './exhibits/membership.ts';

export const EXHIBITS: readonly Exhibit[] = [
  ...MEMBERSHIP_BUGS,
  ...LEASE_BUGS,
  ...HANDOVER_BUGS,
  ...COMMIT_BUGS,
  ...CONSUMING_BUGS,
];
