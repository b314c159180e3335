/** Which rebalance protocol a list of assignors amounts to (KIP-429). */
import type { Assignor, RebalanceProtocol } from '../contracts/assignor.ts';
import { ErrorCode } from '../errors/error-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';

/**
 * The highest protocol that all assignors support, fixed for the life of a group: a member that offers an eager and a
 * cooperative assignor runs eager until the eager one is removed, since the group may choose either.
 *
 * @throws KohortError `KOHORT_CONFIG` for an empty list, two assignors of one name, or no protocol in common
 */
export function selectRebalanceProtocol(assignors: readonly Assignor[]): RebalanceProtocol {
  const names = assignors.map(({ name }) => name);
  if (names.length === 0) refuse('the list is empty; accepted is at least one assignor');
  const double = names.find((name, i) => names.indexOf(name) !== i);
  if (double !== undefined) refuse(`two are named "${double}"; accepted is one assignor for each name`);
  for (const protocol of ['cooperative', 'eager'] as const) {
    if (assignors.every(({ protocols }) => protocols.includes(protocol))) return protocol;
  }
  return refuse(
    `${names.join(' and ')} share no rebalance protocol; accepted are assignors with one in common`,
  );
}

function refuse(what: string): never {
  throw new KohortError(ErrorCode.config, `assignors: ${what}.`);
}
