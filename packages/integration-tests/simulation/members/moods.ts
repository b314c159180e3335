/** How the user's code of one member behaves at the moment: faults change it. */

/** What a callback of ownership does besides being told. */
export type CallbackAction = 'nothing' | 'throw' | 'commit' | 'close' | 'seek' | 'pause';
export type AssignorMood = 'works' | 'slow' | 'throws' | 'lies';

export interface Moods {
  /** The next handler takes so long; 0 for none. It settles at the latest when the group is healed. */
  hangMs: number;
  /** Handlers take so many milliseconds more. */
  slowMs: number;
  /** Share of handlers that throw, besides those of the plan. */
  failures: number;
  callbackMs: number;
  callbackDoes: CallbackAction;
  assignor: AssignorMood;
  /** The next handler closes the group. */
  closesInHandler: boolean;
}

export function goodMood(): Moods {
  return {
    hangMs: 0,
    slowMs: 0,
    failures: 0,
    callbackMs: 0,
    callbackDoes: 'nothing',
    assignor: 'works',
    closesInHandler: false,
  };
}
