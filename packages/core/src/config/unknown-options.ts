/** Names that are no option: refused, with the name that was probably meant. */
import { ErrorCode } from '../errors/error-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';

/** What others call an option, from kafkajs and from Kafka's own configuration. */
const ELSEWHERE = new Map([
  ['brokers', 'transport'],
  ['kafka', 'transport'],
  ['topic', 'topics'],
  ['fromBeginning', "autoOffsetReset: 'earliest'"],
  ['partitionAssigners', 'assignors'],
  ['partitionAssignmentCallback', 'assignors'],
  ['autoCommitInterval', 'commitInterval'],
  ['autoCommitThreshold', 'commitThreshold'],
  ['maxWaitTimeInMs', 'fetchMaxWait'],
  ['minBytes', 'fetchMinBytes'],
  ['maxBytes', 'fetchMaxBytes'],
  ['readUncommitted', 'isolationLevel'],
  ['rackId', 'rack'],
  ['partitionsConsumedConcurrently', 'concurrency'],
  ['maxPollInterval', 'maxProcessingTime'],
  ['retry', 'retryBackoff'],
]);

/**
 * @param within name of the option that the object is the value of; empty for the options themselves
 * @throws KohortError `KOHORT_CONFIG` for the first name that is not known
 */
export function refuseUnknown(names: readonly string[], known: readonly string[], within = ''): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const meant = (within === '' ? ELSEWHERE.get(unknown) : undefined) ?? nearest(unknown, known);
  const path = within === '' ? unknown : `${within}.${unknown}`;
  const remedy = meant === undefined ? `Known are ${known.join(', ')}.` : `Did you mean ${meant}?`;
  throw new KohortError(ErrorCode.config, `There is no option "${path}". ${remedy}`);
}

/** The known name with the fewest edits, if they are few for its length. `session.timeout.ms` counts as `sessionTimeout`. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const plain = normalised(name);
  const [best] = known
    .map((candidate) => ({ candidate, edits: editDistance(plain, normalised(candidate)) }))
    .filter(({ candidate, edits }) => edits <= Math.max(1, Math.floor(candidate.length / 4)))
    .sort((a, b) => a.edits - b.edits);
  return best?.candidate;
}

function normalised(name: string): string {
  return name
    .slice(0, 64)
    .toLowerCase()
    .replace(/[._-]/g, '')
    .replace(/(in)?ms$/, '');
}

/** Levenshtein. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
