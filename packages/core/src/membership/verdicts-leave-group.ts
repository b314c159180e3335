/** LeaveGroup: best effort, one attempt. */
import * as KafkaCode from '../errors/kafka-code.ts';
import { ignore, type VerdictRow } from './verdict-row.ts';

export const leaveGroupRows: readonly VerdictRow[] = [
  // Already gone: as good as left.
  { on: [KafkaCode.unknownMemberId], verdict: ignore },
  // The session timer removes the member if this did not.
  { on: ['any'], verdict: ignore },
];
