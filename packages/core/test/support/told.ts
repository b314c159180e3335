/** Callbacks that write down what the user is told. */
import type { AssignedContext, LostContext, RevokedContext } from '../../src/contracts/session.ts';

export class Told {
  readonly log: string[] = [];
  readonly callbacks = {
    onAssigned: ({ partitions }: AssignedContext) => void this.log.push(`assigned ${names(partitions)}`),
    onRevoked: ({ partitions }: RevokedContext) => void this.log.push(`revoked ${names(partitions)}`),
    onLost: ({ partitions, reason }: LostContext) =>
      void this.log.push(`lost ${names(partitions)} ${reason}`),
  };
}

function names(partitions: readonly { readonly partition: number }[]): string {
  return partitions.map(({ partition }) => partition).join();
}
