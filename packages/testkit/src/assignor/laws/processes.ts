/** Where a plan is made has no influence on it: the leader may be any process, on any machine. */
import { type Law, LawBroken } from '../law.ts';
import { OtherProcess } from '../other-process.ts';
import { settled } from '../steps.ts';
import { sortedPlan } from '../subject.ts';

export const processLaws: readonly Law[] = [
  {
    name: 'two processes',
    says: 'another process, with another locale and time zone, comes to the same plan',
    claims: 'exclusive',
    share: 0.3,
    // In dictionaries of some languages ä comes after z.
    vectors: ['o:2 "ö":2 z:2 | a{o,"ö",z} | "ä"{o,"ö",z} | z{o,"ö",z}', '"ö":1 z:1 | "ä"{"ö",z} | z{"ö",z}'],
    binds: ({ module }) => module !== undefined,
    async setUp(subject) {
      const { module } = subject.settings;
      if (module === undefined) return () => {};
      const started = await OtherProcess.start(module);
      subject.otherProcess = started;
      return () => {
        subject.otherProcess = undefined;
        started.stop();
      };
    },
    *check(spec, subject) {
      const { otherProcess, make, settings } = subject;
      if (otherProcess === undefined) throw new Error('there is no other process');
      const run = yield* subject.run(spec);
      const { deadlineMs } = settings;
      const answer = yield* settled(
        otherProcess.plan(spec, subject.build(spec), make, deadlineMs),
        deadlineMs,
      );
      if (answer === 'late')
        throw new LawBroken(`the other process has no plan within ${deadlineMs} ms`, spec);
      if ('error' in answer) throw answer.error;
      if ('failure' in answer.value)
        throw new LawBroken(`in the other process: ${answer.value.failure}`, spec);
      const there = answer.value.lists.map((flatIds) => flatIds.sort((a, b) => a - b));
      if (JSON.stringify(there) === JSON.stringify(sortedPlan(run))) return;
      throw subject.broken(run, `another process gives flat ids ${JSON.stringify(there)}`);
    },
  },
];
