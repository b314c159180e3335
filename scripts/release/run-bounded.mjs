/** Runs a command to its end, within a bound: what it started is ended with it. */
import { spawn } from 'node:child_process';

/**
 * @typedef {object} BoundedOptions
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} [env] all of the environment; that of this process by default
 * @property {number} [timeout] milliseconds, two minutes by default
 */

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {BoundedOptions} options
 * @returns {Promise<string>} its standard output
 * @throws Error with both outputs, when the command fails or takes too long
 */
export function runBounded(command, args, { cwd, env = process.env, timeout = 120_000 }) {
  return new Promise((resolve, reject) => {
    // A process group of its own, so that package managers do not leave children behind.
    const child = spawn(command, [...args], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, timeout);
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      if (code === 0) return resolve(stdout);
      const how = late ? `did not end within ${timeout} ms` : `ended with ${code}`;
      reject(new Error(`${command} ${args.join(' ')} ${how}\n${stdout}${stderr}`.trim()));
    });
  });
}
