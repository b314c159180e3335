/** LeaveGroup: best effort, one attempt. */
import { KafkaCode } from '../errors/kafka-codes.ts';
import { ignore, type VerdictRow } from './verdict-row.ts';

export const leaveGroupRows: readonly VerdictRow[] = [
  { on: [KafkaCode.unknownMemberId], verdict: ignore, why: 'already gone: as good as left' },
  { on: ['any'], verdict: ignore, why: 'the session timer removes the member if this did not' },
];
