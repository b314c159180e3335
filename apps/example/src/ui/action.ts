/** What the page may ask for, checked: anything else gets one sentence. */
import type { MemberAction, RunAction } from './message.ts';

export type Action =
  | { readonly action: RunAction }
  | { readonly action: MemberAction; readonly member: string };

/** Something was asked for that cannot be done. Its message says what, and what can. */
export class Refusal extends Error {
  /** As HTTP has it: 400 for nonsense, 409 for what is not possible now. */
  readonly status: 400 | 409;

  constructor(status: 400 | 409, message: string) {
    super(message);
    this.status = status;
  }
}

const RUN_ACTIONS: readonly RunAction[] = [
  'add',
  'move-coordinator',
  'restart-broker',
  'grow-topic',
  'stop-run',
];
const MEMBER_ACTIONS: readonly MemberAction[] = ['stop', 'crash', 'freeze', 'thaw', 'slow', 'quick', 'throw'];

/** What was given, short enough to be shown. */
function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 60);
}

/** @param body as it came: JSON in UTF-8 @throws Refusal 400 */
export function parseAction(body: string): Action {
  const value = parsed(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(400, `The body must be a JSON object with an action, not ${shown(value)}.`);
  }
  const { action, member, ...others }: Record<string, unknown> = { ...value };
  const [stranger] = Object.keys(others);
  if (stranger !== undefined) throw new Refusal(400, `There is no field ${shown(stranger)}.`);
  const onRun = RUN_ACTIONS.find((name) => name === action);
  if (onRun !== undefined) {
    if (member !== undefined) throw new Refusal(400, `The action ${onRun} takes no member.`);
    return { action: onRun };
  }
  const onMember = MEMBER_ACTIONS.find((name) => name === action);
  if (onMember === undefined) {
    const known = [...RUN_ACTIONS, ...MEMBER_ACTIONS].join(', ');
    throw new Refusal(400, `action must be one of ${known}, not ${shown(action)}.`);
  }
  if (typeof member !== 'string') {
    throw new Refusal(400, `The action ${onMember} needs the name of a member, not ${shown(member)}.`);
  }
  return { action: onMember, member };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Refusal(400, 'The body must be JSON.');
  }
}
