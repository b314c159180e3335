/** One member of a group in a process of its own: the job is the argument, what happens goes to its log, SIGTERM closes it. */
import { LogWriter } from './handover/log-lines.ts';
import {
  type HandoverClient,
  isOrder,
  type MemberClient,
  type MemberJob,
} from './handover/members/member-job.ts';
import { Work } from './handover/members/work.ts';

/** Imported when needed, so that no process loads what it does not use. */
const CLIENTS: Readonly<Record<HandoverClient, () => Promise<MemberClient>>> = {
  kohort: async () => (await import('./handover/members/kohort.ts')).kohort,
  kafkajs: async () => (await import('./handover/members/kafkajs.ts')).kafkajs,
  platformatic: async () => (await import('./handover/members/platformatic.ts')).platformatic,
};

const job: MemberJob = JSON.parse(process.argv[2] ?? '');
const log = new LogWriter(job.logFile);
const work = new Work(log);

function end(code: number, reason: unknown): void {
  log.note(`ends: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`);
  process.exit(code);
}

// Ctrl+C reaches every process of the terminal; the parent decides what becomes of this one.
process.on('SIGINT', () => {});
// The parent has gone.
process.on('disconnect', () => process.exit(1));
process.on('uncaughtException', (error) => end(1, error));
process.on('message', (message) => {
  if (isOrder(message)) work.order(message);
});

const running = CLIENTS[job.client]().then((client) => client(job, log, work));
process.on('SIGTERM', () => {
  log.note('SIGTERM');
  running
    .then((member) => member.close())
    .then(
      () => end(0, 'closed'),
      (error: unknown) => end(1, error),
    );
});
running
  .then((member) => member.ended)
  .then(
    () => log.note('ended'),
    (error: unknown) => end(1, error),
  );
