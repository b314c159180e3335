/** Faults of the process that a member runs in, of its clocks, and of its user's code. */
import type { SimulatedMember } from '../members/member.ts';
import type { CallbackAction, Moods } from '../members/moods.ts';
import type { World } from '../world.ts';
import { anyMember, type Fault, faultsOf } from './fault.ts';

const fault = faultsOf('client process');

/** For a while the user's code of a member behaves in some way. */
function mood(name: string, does: string, change: Partial<Moods>, good: Partial<Moods>): Fault {
  return fault({
    name,
    does,
    draw: (dice, setting) => ({ member: anyMember(dice, setting), ms: dice.ms(1_000, 30_000) }),
    apply(world, { member, ms }) {
      const moods = world.member(member)?.moods;
      if (moods === undefined) return;
      world.during(ms, () => {
        Object.assign(moods, change);
        return () => Object.assign(moods, good);
      });
    },
  });
}

function callback(name: string, does: string, callbackDoes: CallbackAction): Fault {
  return mood(name, does, { callbackDoes }, { callbackDoes: 'nothing' });
}

/** Something that happens to one member at one moment. */
function event(
  name: string,
  does: string,
  happens: (member: SimulatedMember, world: World) => void,
  isGraceful?: true,
): Fault {
  return fault({
    name,
    does,
    ...(isGraceful === undefined ? {} : { isGraceful }),
    draw: (dice, setting) => ({ member: anyMember(dice, setting) }),
    apply(world, { member }) {
      const found = world.member(member);
      if (found !== undefined) happens(found, world);
    },
  });
}

/** Closes a static member without leaving, and starts it again within its session. */
async function restart(member: SimulatedMember, world: World, pause: number): Promise<void> {
  if (member.instance === null) return;
  await member.leave(undefined, false);
  world.after(pause, () => world.join(member.instance));
}

export const clientProcessFaults: readonly Fault[] = [
  fault({
    name: 'member-joins',
    does: 'A member joins.',
    isGraceful: true,
    draw: () => ({}),
    apply(world) {
      world.join();
    },
  }),
  event('member-leaves', 'A member closes.', (member, world) => world.later(member.leave()), true),
  fault({
    name: 'member-closes-in-haste',
    does: 'A member closes with hardly any time for it.',
    draw: (dice, setting) => ({ member: anyMember(dice, setting), timeout: dice.ms(1, 3_000) }),
    apply(world, { member, timeout }) {
      const found = world.member(member);
      if (found !== undefined) world.later(found.leave(timeout));
    },
  }),
  event(
    'member-closes-twice',
    'A user calls close() twice, the second time with less time.',
    (member, world) => {
      world.later(member.leave());
      world.after(50, () => world.later(member.group.close({ timeout: 10_000 })));
    },
  ),
  event('handler-closes', 'A handler closes the group.', (member) => {
    member.moods.closesInHandler = true;
  }),
  fault({
    name: 'joins-and-closes',
    does: 'A member is closed while it joins.',
    isGraceful: true,
    draw: (dice) => ({ after: dice.ms(1, 4_000) }),
    apply(world, { after }) {
      const member = world.join();
      world.after(after, () => world.later(member.leave()));
    },
  }),
  event('member-killed', 'A process is killed.', (member) => member.crash()),
  fault({
    name: 'member-killed-and-restarted',
    does: 'A process is killed and started again; a static member keeps its instance id.',
    draw: (dice, setting) => ({ member: anyMember(dice, setting), after: dice.ms(10, 10_000) }),
    apply(world, { member, after }) {
      const found = world.member(member);
      if (found === undefined) return;
      found.crash();
      world.after(after, () => world.join(found.instance));
    },
  }),
  fault({
    name: 'all-members-killed',
    does: 'All processes are killed at once; one is started later.',
    draw: (dice) => ({ after: dice.ms(10, 20_000) }),
    apply(world, { after }) {
      for (const member of world.members) if (member.alive) member.crash();
      world.after(after, () => world.join());
    },
  }),
  fault({
    name: 'static-member-restarts',
    does: 'A static member closes without leaving and is back within its session timeout.',
    isGraceful: true,
    draw: (dice, setting) => ({ member: anyMember(dice, setting), pause: dice.ms(10, 1_500) }),
    apply(world, { member, pause }) {
      const found = world.member(member);
      if (found !== undefined) world.later(restart(found, world, pause));
    },
  }),
  fault({
    name: 'process-stopped',
    does: 'A process stands still for 0.5 to 3 session timeouts (SIGSTOP): then everything happens at once.',
    draw: (dice, setting) => ({
      member: anyMember(dice, setting),
      ms: Math.round(setting.timeouts.session * dice.pick([0.5, 0.9, 1.1, 3])),
    }),
    apply(world, { member, ms }) {
      world.member(member)?.standStill('stopped', ms);
    },
  }),
  fault({
    name: 'machine-suspended',
    does: 'A machine sleeps for 0.5 to 3 session timeouts: its monotonic clock stands still as well.',
    draw: (dice, setting) => ({
      member: anyMember(dice, setting),
      ms: Math.round(setting.timeouts.session * dice.pick([0.5, 0.9, 1.1, 3])),
    }),
    apply(world, { member, ms }) {
      world.member(member)?.standStill('suspended', ms);
    },
  }),
  fault({
    name: 'event-loop-blocked',
    does: 'The event loop is blocked, from 100 ms to two session timeouts.',
    draw: (dice, setting) => ({
      member: anyMember(dice, setting),
      ms: dice.ms(100, setting.timeouts.session * 2),
    }),
    apply(world, { member, ms }) {
      world.member(member)?.standStill('stopped', ms);
    },
  }),
  fault({
    name: 'gc-pauses',
    does: 'The event loop is blocked for a short time, again and again.',
    draw: (dice, setting) => ({
      member: anyMember(dice, setting),
      ms: dice.ms(20, 800),
      times: 2 + dice.below(8),
    }),
    apply(world, { member, ms, times }) {
      for (let i = 0; i < times; i++)
        world.after(i * ms * 2, () => world.member(member)?.standStill('stopped', ms));
    },
  }),
  fault({
    name: 'clock-drifts',
    does: 'The clocks of a process run up to 4.9 % fast or slow.',
    draw: (dice, setting) => ({ member: anyMember(dice, setting), rate: 1 + (dice.random() - 0.5) * 0.098 }),
    apply(world, { member, rate }) {
      world.member(member)?.clock.setRate(rate);
    },
  }),
  fault({
    name: 'wall-clock-set',
    does: 'Somebody sets the wall clock of a process, by up to an hour forward or back.',
    draw: (dice, setting) => ({
      member: anyMember(dice, setting),
      by: dice.ms(1_000, 3_600_000) * dice.pick([1, -1]),
    }),
    apply(world, { member, by }) {
      // Set back in a sleep, a wall clock would hide the sleep: then nothing on the machine can tell.
      const clock = world.member(member)?.clock;
      if (clock !== undefined && (by > 0 || clock.suspendedMs === 0)) clock.shiftWall(by);
    },
  }),
  fault({
    name: 'handler-hangs',
    does: 'A handler takes 1.1 to 5 processing deadlines.',
    draw: (dice, setting) => ({
      member: anyMember(dice, setting),
      hangMs: dice.ms(setting.timeouts.maxProcessing * 1.1, setting.timeouts.maxProcessing * 5),
    }),
    apply(world, { member, hangMs }) {
      const moods = world.member(member)?.moods;
      if (moods !== undefined) moods.hangMs = hangMs;
    },
  }),
  fault({
    name: 'handler-outlives-its-term',
    does: 'A handler takes longer than a drain, and settles after the revoke.',
    draw: (dice, setting) => ({
      member: anyMember(dice, setting),
      hangMs: dice.ms(setting.timeouts.rebalance / 3, setting.timeouts.rebalance),
    }),
    apply(world, { member, hangMs }) {
      const moods = world.member(member)?.moods;
      if (moods === undefined) return;
      moods.hangMs = hangMs;
      world.after(200, () => world.join());
    },
  }),
  mood('handlers-slow', 'Handlers take longer for a while.', { slowMs: 1_500 }, { slowMs: 0 }),
  mood('handlers-throw', 'Two handlers of three throw for a while.', { failures: 0.6 }, { failures: 0 }),
  mood('callbacks-slow', 'The callbacks of ownership take 1.2 s.', { callbackMs: 1_200 }, { callbackMs: 0 }),
  mood(
    'callbacks-very-slow',
    'The callbacks of ownership take as long as they may.',
    { callbackMs: 6_000 },
    { callbackMs: 0 },
  ),
  callback('callbacks-throw', 'The callbacks of ownership throw.', 'throw'),
  callback('callbacks-commit', 'The callbacks of ownership call commit().', 'commit'),
  callback('callbacks-close', 'The callbacks of ownership call close().', 'close'),
  callback('callbacks-seek', 'The callbacks of ownership call seek().', 'seek'),
  callback('callbacks-pause', 'The callbacks of ownership pause what they are told of.', 'pause'),
  event('user-commits', 'The user calls commit().', (member) => member.try(member.group.commit())),
  event('user-seeks', 'The user seeks back in everything that is owned.', (member) => {
    for (const partition of member.group.describe().assignments) member.seekBack(partition, 2);
  }),
  event('user-pauses', 'The user pauses everything for three seconds.', (member) => {
    member.pauseFor(member.group.describe().assignments, 3_000);
  }),
  fault({
    name: 'subscription-changes',
    does: 'A member subscribes to fewer topics, and to all of them later.',
    draw: (dice, setting) => ({
      member: anyMember(dice, setting),
      topic: dice.below(3),
      ms: dice.ms(10, 20_000),
    }),
    apply(world, { member, topic, ms }) {
      const found = world.member(member);
      if (found === undefined) return;
      world.during(ms, () => {
        found.subscribe([world.topic(topic)]);
        return () => {
          if (found.alive) found.subscribe(world.topics);
        };
      });
    },
  }),
];
