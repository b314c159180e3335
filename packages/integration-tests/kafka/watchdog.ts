// Keeps the promise that no broker outlives the process that started it. A tiny shell in its own session
// holds the read end of a pipe whose write end only this process has: however this process ends (return,
// signal, kill -9), the pipe closes and the shell kills what is still registered and removes its directories.

import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';

/** Every temporary directory the watchdog may remove has this in its name. */
export const WORK_DIRECTORY_PREFIX = 'kohort-kafka-';

const SCRIPT = `
trap '' INT TERM HUP
newline='
'
pids=' '
dirs=
while read -r op arg; do
  case "$op" in
    +pid) pids="$pids$arg " ;;
    -pid) left=' '; for p in $pids; do [ "$p" = "$arg" ] || left="$left$p "; done; pids="$left" ;;
    +dir) dirs="$dirs$arg$newline" ;;
  esac
done
for p in $pids; do kill -KILL "$p" 2>/dev/null; done
IFS="$newline"
for d in $dirs; do
  case "$d" in */${WORK_DIRECTORY_PREFIX}*) rm -rf "$d" || { sleep 1; rm -rf "$d"; } ;; esac
done
`;

let shell: ChildProcess | undefined;

/** Kills `pid` when this process ends, unless {@link releaseProcess} comes first. */
export function guardProcess(pid: number): void {
  tell(`+pid ${pid}`);
}

/** To be called as soon as a guarded process has ended, because its id may be given to another one. */
export function releaseProcess(pid: number): void {
  tell(`-pid ${pid}`);
}

/** Removes a directory made with {@link WORK_DIRECTORY_PREFIX} when this process ends. */
export function guardDirectory(path: string): void {
  tell(`+dir ${path}`);
}

function tell(line: string): void {
  shell ??= startShell();
  shell.stdin?.write(`${line}\n`);
}

function startShell(): ChildProcess {
  const child = spawn('sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.unref();
  // The pipe must not keep this process alive: its end is exactly what the shell waits for.
  if (child.stdin instanceof Socket) child.stdin.unref();
  return child;
}
