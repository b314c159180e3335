/** One JoinGroup on its way through the checks. */
import type { JoinGroupRequest, JoinGroupResponse, RequestContext } from './messages.ts';
import type { Parked } from './parked.ts';

export interface Join {
  readonly request: JoinGroupRequest;
  readonly context: RequestContext;
  readonly answer: Parked<JoinGroupResponse>;
}
