/** LeaveGroup for any number of members, on brokers that take one at a time as well. */
import {
  type CallOptions,
  type Clock,
  type LeaveRequest,
  type LeaveResult,
  TransportError,
} from '@kohort/core/spi';
import { leaveGroupExchange } from './group-exchanges.ts';

type Run = (exchange: ReturnType<typeof leaveGroupExchange>, call: CallOptions) => Promise<LeaveResult>;

/**
 * All members in one request; where the broker knows no batches (below version 3), one request for each, in order, within
 * the same bounds. A single member's code is then the result's; of several, each member has its own.
 */
export async function leaveAll(
  request: LeaveRequest,
  call: CallOptions,
  clock: Clock,
  run: Run,
): Promise<LeaveResult> {
  const deadline = clock.monotonic() + call.timeoutMs;
  try {
    return await run(leaveGroupExchange(request), call);
  } catch (error) {
    const isOneByOne = error instanceof TransportError && error.kind === 'unsupportedVersion';
    if (!isOneByOne || request.members.length < 2) throw error;
  }
  const members: LeaveResult['members'][number][] = [];
  let throttleTimeMs = 0;
  for (const member of request.members) {
    const timeoutMs = deadline - clock.monotonic();
    const one = await run(leaveGroupExchange({ ...request, members: [member] }), { ...call, timeoutMs });
    members.push({ memberId: member.memberId, errorCode: one.errorCode });
    throttleTimeMs = Math.max(throttleTimeMs, one.throttleTimeMs);
  }
  return { throttleTimeMs, errorCode: 0, members };
}
