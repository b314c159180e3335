/** All faults that a simulation knows. */
import { answerFaults } from './answers.ts';
import { clientProcessFaults } from './client-process.ts';
import { coordinatorFaults } from './coordinator.ts';
import { dataFaults } from './data.ts';
import type { Fault } from './fault.ts';
import { groupProtocolFaults } from './group-protocol.ts';
import { networkFaults } from './network.ts';
import { securityFaults } from './security.ts';

export const catalogue: readonly Fault[] = [
  ...networkFaults,
  ...answerFaults,
  ...coordinatorFaults,
  ...groupProtocolFaults,
  ...dataFaults,
  ...securityFaults,
  ...clientProcessFaults,
];

const byName = new Map(catalogue.map((fault) => [fault.name, fault]));

/** @throws Error for a name that no fault has */
export function faultNamed(name: string): Fault {
  const fault = byName.get(name);
  if (fault === undefined) throw new Error(`there is no fault "${name}"`);
  return fault;
}
