/** The table of owners: partitions as columns, members as rows. Pure. */
import type { MemberView, Snapshot } from '../engine/snapshot.ts';
import type { Style } from './style.ts';
import { grouped } from './text.ts';

const NAME_WIDTH = 12;
const STATE_WIDTH = 15;
const RATE_WIDTH = 7;
const LAG_WIDTH = 7;

/** Cells: at work; owned while a rebalance goes on; orphaned by a crash; somebody else's. Two characters each. */
const CELLS = { working: '██', moving: '▒▒', orphaned: '░░', none: ' ·' };

function cellsOf(member: MemberView, partitions: number, style: Style): string {
  const none = isHere(member) ? style.dim(CELLS.none) : '  ';
  const cells = Array.from({ length: partitions }, (_, partition) => {
    if (!member.partitions.includes(partition)) return none;
    if (member.status === 'crashed') return style.member(member.name, CELLS.orphaned);
    return style.member(member.name, member.state === 'stable' ? CELLS.working : CELLS.moving);
  });
  return cells.join(' ');
}

function isHere({ status }: MemberView): boolean {
  return status === 'running' || status === 'leaving';
}

function stateOf({ status, state, isLeader }: MemberView): string {
  if (status === 'running') return isLeader && state === 'stable' ? 'stable, leader' : state;
  return status === 'leaving' && state !== 'closed' ? state : status;
}

function row(member: MemberView, partitions: number, style: Style): string {
  const { name, trait, status, perSecond, lag } = member;
  const here = isHere(member);
  const label = style.member(name, name) + style.dim(` ${trait}`.padEnd(NAME_WIDTH - name.length));
  const rate = (here ? String(Math.round(perSecond)) : '').padStart(RATE_WIDTH);
  const behind = (here || lag > 0 ? grouped(lag) : '').padStart(LAG_WIDTH);
  const state = stateOf(member).padEnd(STATE_WIDTH);
  const worded =
    status === 'crashed' || status === 'failed' ? style.bad(state) : here ? state : style.dim(state);
  return ` ${label}${cellsOf(member, partitions, style)}  ${worded}${rate}${behind}`;
}

/** Lag of single partitions under their columns: `99+` beyond two digits. */
function lagRow(lag: readonly number[], style: Style): string {
  const cells = lag.map((behind) => (behind > 99 ? '99+' : String(behind).padStart(2).padEnd(3)));
  return ` ${style.dim('lag'.padEnd(NAME_WIDTH))}${style.dim(cells.join(''))}`.trimEnd();
}

/** Lines of at most 79 columns: a heading, one line for each member, and the lag of each partition. */
export function ownershipTable({ members, lag }: Snapshot, style: Style): string[] {
  const numbers = lag.map((_, partition) => String(partition).padStart(2)).join(' ');
  const heading = `${''.padEnd(NAME_WIDTH)}${numbers}  ${'state'.padEnd(STATE_WIDTH)}${'rec/s'.padStart(RATE_WIDTH)}${'lag'.padStart(LAG_WIDTH)}`;
  return [
    ` ${style.dim(heading)}`,
    ...members.map((member) => row(member, lag.length, style)),
    lagRow(lag, style),
  ];
}
