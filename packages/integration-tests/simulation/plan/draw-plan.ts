/** Draws a plan from its seed: timeouts around their bounds, and a swarm of faults of which each seed has only some kinds. */
import { catalogue, faultNamed } from '../faults/catalogue.ts';
import { Dice } from './dice.ts';
import type { HandlerPlan, Happening, Plan, TimeoutPlan } from './plan.ts';

const FAULT_MS = 60_000;
const MOST_HAPPENINGS = 20;

export function planOf(seed: number): Plan {
  const dice = new Dice(seed);
  const graceful = dice.chance(0.2);
  const partitions = Array.from({ length: dice.times(3) }, () => dice.times(12));
  const handlers = drawHandlers(dice, graceful);
  const timeouts = drawTimeouts(dice);
  const total = partitions.reduce((sum, count) => sum + count, 0);
  const members = 1 + dice.below(5);
  const nodes = 1 + dice.below(3);
  const plan: Omit<Plan, 'happenings'> = {
    seed,
    nodes,
    partitions,
    initialDelay: dice.chance(0.3) ? 3_000 : 0,
    latency: dice.pick([0, 0, 2, 40]),
    members,
    staticEvery: dice.pick([0, 0, 0, 1, 2]),
    assignors: dice.pick(['eager', 'range', 'sticky', 'cooperative', 'cooperative', 'upgrading']),
    timeouts: graceful ? roomy(timeouts) : timeouts,
    handlers,
    backlog: dice.chance(0.5) ? 0 : total * Math.min(20, Math.ceil(10_000 / Math.max(1, handlers.maxMs / 2))),
    graceful,
    isQuiet: false,
    faultMs: FAULT_MS,
  };
  if (dice.chance(0.06)) return quietRestarts(dice, plan);
  return { ...plan, happenings: drawHappenings(dice, plan) };
}

/** Nothing but restarts of static members within their sessions: nobody else may notice. */
function quietRestarts(dice: Dice, drawn: Omit<Plan, 'happenings'>): Plan {
  const plan: Omit<Plan, 'happenings'> = {
    ...drawn,
    staticEvery: 1,
    assignors: dice.pick(['eager', 'sticky', 'cooperative']),
    timeouts: {
      ...drawn.timeouts,
      session: 15_000,
      heartbeat: 3_000,
      rebalance: 30_000,
      maxProcessing: 60_000,
    },
    handlers: { ...drawn.handlers, maxMs: Math.min(400, drawn.handlers.maxMs), failures: 0 },
  };
  const restart = faultNamed('static-member-restarts');
  const happenings = Array.from({ length: 1 + dice.below(4) }, (_, i) => ({
    at: 20_000 + i * 9_000,
    fault: restart.name,
    with: restart.draw(dice, plan),
  }));
  return { ...plan, isQuiet: true, happenings };
}

function drawTimeouts(dice: Dice): TimeoutPlan {
  const session = dice.pick([6_000, 10_000, 10_000, 15_000]);
  return {
    session,
    heartbeat: Math.floor(session / dice.pick([3, 3, 5])),
    rebalance: session * dice.pick([1, 2, 3]),
    maxProcessing: dice.pick([8_000, 20_000, 60_000]),
    commitInterval: dice.pick([500, 2_000, 5_000]),
    fetchMaxWait: dice.pick([500, 2_500, 4_500]),
  };
}

/** Long enough for every drain to end: then nothing is handled twice. */
function roomy(timeouts: TimeoutPlan): TimeoutPlan {
  return { ...timeouts, session: 15_000, heartbeat: 3_000, rebalance: 45_000, maxProcessing: 60_000 };
}

function drawHandlers(dice: Dice, graceful: boolean): HandlerPlan {
  return {
    kind: dice.chance(0.5) ? 'record' : 'batch',
    maxMs: dice.pick([0, 0, 20, 400, 3_000]),
    failures: graceful ? 0 : dice.pick([0, 0, 0.05]),
    perPartition: dice.pick([1, 1, 1, 4]),
  };
}

/** Swarm: few kinds many times find other things than many kinds once. */
function drawHappenings(dice: Dice, plan: Omit<Plan, 'happenings'>): Happening[] {
  const possible = catalogue.filter(({ isGraceful }) => !plan.graceful || isGraceful === true);
  const on = dice.pick([0.03, 0.1, 0.5]);
  const kinds = possible.filter(() => dice.chance(on));
  const [first = faultNamed('member-joins'), ...others] = kinds;
  const count = dice.below(1 + Math.min(plan.graceful ? 6 : MOST_HAPPENINGS, kinds.length * 6));
  return Array.from({ length: count }, (): Happening => {
    const fault = dice.pick([first, ...others]);
    return { at: dice.below(plan.faultMs), fault: fault.name, with: fault.draw(dice, plan) };
  }).sort((a, b) => a.at - b.at);
}
