/** Makes an assignor out of its parts, and refuses parts that could not work in a group. */
import { ASSIGNOR_CONTRACT_VERSION, type Assignor, type RebalanceProtocol } from '../contracts/assignor.ts';
import { ErrorCode } from '../errors/error-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';

/** What an author writes; the version of the contract is filled in. */
export type AssignorDefinition = Omit<Assignor, 'contractVersion'>;

const PROTOCOLS: readonly RebalanceProtocol[] = ['eager', 'cooperative'];

/**
 * An assignor for the `assignors` option. One instance belongs to one group: make a new one for each.
 *
 * @throws KohortError `KOHORT_CONFIG` for a name, protocol list or function that cannot be used
 */
export function defineAssignor(definition: AssignorDefinition): Assignor {
  const { name, protocols, assign, userData } = definition;
  if (typeof name !== 'string' || name === '' || name.length > 249) {
    refuse(`name is ${JSON.stringify(name)}; accepted is a text of 1 to 249 characters`);
  }
  if (!Array.isArray(protocols) || protocols.length === 0 || !protocols.every((p) => PROTOCOLS.includes(p))) {
    refuse(
      `protocols of "${name}" is ${JSON.stringify(protocols)}; accepted are "eager", "cooperative", or both`,
    );
  }
  if (typeof assign !== 'function') refuse(`assign of "${name}" is not a function`);
  if (
    userData !== undefined &&
    (typeof userData.write !== 'function' || typeof userData.read !== 'function')
  ) {
    refuse(`userData of "${name}" lacks a function: it needs both write and read`);
  }
  return Object.freeze({ ...definition, contractVersion: ASSIGNOR_CONTRACT_VERSION });
}

function refuse(what: string): never {
  throw new KohortError(ErrorCode.config, `defineAssignor: ${what}.`);
}
