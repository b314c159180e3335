/** Goes through every state of the small world that can be reached with some perturbations, depth first. */
import { canonical } from './canonical.ts';
import { calmMovesOf, type Move, movesOf } from './moves.ts';
import { perturbationsOf } from './perturbations.ts';
import { checkWorld, Violation } from './rules.ts';
import { Visited } from './visited.ts';
import { ALL, copyOf, newWorld, type Protocol, type World } from './world.ts';

export interface Exploration {
  readonly states: number;
  readonly steps: number;
  readonly seconds: number;
  /** Steps of the longest way from a state to a stable group. */
  readonly longestHealing: number;
}

/** How a state was reached. */
interface Path {
  readonly move: string;
  readonly before: Path | null;
}

interface Open {
  readonly world: World;
  readonly used: number;
  readonly path: Path | null;
}

/** Steps without a perturbation after which the group must be stable. */
const HEALING_LIMIT = 400;

export interface ExplorationOptions {
  readonly protocol: Protocol;
  readonly perturbations: number;
  /** `all`: whatever may happen happens in every order. `one`: in one order, with perturbations at every place of it. */
  readonly interleavings: 'all' | 'one';
}

/** @throws Violation with all that led to it */
export function explore(options: ExplorationOptions): Exploration {
  return new Explorer(options).run();
}

class Explorer {
  readonly #options: ExplorationOptions;
  readonly #visited = new Visited();
  /** From here the group becomes stable by itself. */
  readonly #healthy = new Visited();
  #steps = 0;
  #longestHealing = 0;

  constructor(options: ExplorationOptions) {
    this.#options = options;
  }

  run(): Exploration {
    const began = performance.now();
    const world = newWorld(this.#options.protocol);
    const open: Open[] = [{ world, used: 0, path: null }];
    this.#visited.improve(canonical(world), 0);
    for (let next = open.pop(); next; next = open.pop()) this.#visit(next, open);
    return {
      states: this.#visited.size,
      steps: this.#steps,
      seconds: (performance.now() - began) / 1_000,
      longestHealing: this.#longestHealing,
    };
  }

  #visit(state: Open, open: Open[]): void {
    this.#heal(state);
    // What goes wrong is pushed first, so that it is looked at last: most states are reached with as little as possible.
    const { perturbations, interleavings } = this.#options;
    const moves = interleavings === 'all' ? movesOf(state.world) : calmMovesOf(state.world);
    if (state.used < perturbations)
      for (const move of perturbationsOf(state.world, moves)) this.#push(state, move, state.used + 1, open);
    for (const move of moves) this.#push(state, move, state.used, open);
  }

  #push(from: Open, move: Move, used: number, open: Open[]): void {
    const path = { move: used > from.used ? `! ${move.name}` : `  ${move.name}`, before: from.path };
    const world = this.#next(from.world, move, path);
    if (this.#visited.improve(canonical(world), used)) open.push({ world, used, path });
  }

  #next(from: World, move: Move, path: Path): World {
    const world = copyOf(from);
    this.#steps += 1;
    try {
      move.run(world);
      checkWorld(world);
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      throw new Violation(`${error.message}\n${textOf(path)}`);
    }
    return world;
  }

  /** L1: with nothing going wrong any more, the group becomes stable. */
  #heal({ world: from, path: reached }: Open): void {
    const passed: string[] = [];
    let world = from;
    let path = reached;
    for (let turn = 0; ; turn++) {
      const text = canonical(world);
      if (this.#healthy.has(text)) break;
      passed.push(text);
      if (isStable(world)) break;
      const [move] = movesOf(world, (turn >> 1) & 1); // a heartbeat and its answer, then the other member
      path = { move: `~ ${move?.name}`, before: path };
      if (!move || turn === HEALING_LIMIT)
        throw new Violation(`L1, converge after healing is broken: ${text}\n${textOf(path)}`);
      world = this.#next(world, move, path);
    }
    this.#longestHealing = Math.max(this.#longestHealing, passed.length);
    for (const text of passed) this.#healthy.improve(text, 0);
  }
}

/** Nothing is under way, everybody who lives is stable, and every partition has its owner. */
function isStable({ members, group, net }: World): boolean {
  if (net.length > 0) return false;
  const living = members.filter(({ alive }) => alive);
  if (group.pendingJoin.length > 0 || group.members.length !== living.length) return false;
  if (living.length === 0) return true;
  if (group.state !== 'Stable') return false;
  let owned = 0;
  for (const { m, jobs, owned: own } of living) {
    const known = group.members.find(({ id }) => id === m.triple.memberId);
    if (m.state !== 'stable' || jobs.length > 0 || known?.assignment !== own) return false;
    if (m.triple.generationId !== group.generationId || m.deferred) return false;
    owned |= own;
  }
  return owned === ALL;
}

function textOf(path: Path | null): string {
  const moves: string[] = [];
  for (let step = path; step; step = step.before) moves.push(step.move);
  return moves.reverse().join('\n');
}
