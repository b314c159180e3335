/** The error tables with the user's `verdicts` option on top. An override that throws changes nothing and is told. */
import type { VerdictOverride } from '../contracts/verdict.ts';
import { type VerdictFor, verdictFor } from '../membership/verdicts.ts';
import { messageOf } from './notifier.ts';

export function judgeWith(
  override: VerdictOverride | undefined,
  onError: (message: string) => void,
): VerdictFor {
  if (!override) return verdictFor;
  return (api, failure, state) => {
    const verdict = verdictFor(api, failure, state);
    try {
      return override({ api, failure, state, verdict }) ?? verdict;
    } catch (error) {
      onError(messageOf(error));
      return verdict;
    }
  };
}
