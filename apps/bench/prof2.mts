import { freshGroup, groupAfter, problemOf } from './src/assignors/group.ts';
import { assign } from './src/assignors/kohort.ts';
import { SHAPES } from './src/assignors/shapes.ts';
import { systemClock } from '@kohort/core/spi';
const shape = SHAPES.find((s) => s.name === (process.argv[2] ?? '20×6×6 uniform'))!.make();
const N = Number(process.argv[3] ?? 60000);
const fresh = freshGroup(shape);
const plan0 = await assign(problemOf(fresh), systemClock);
const { Session } = await import('node:inspector/promises');
for (const event of ['fresh', 'leave', 'join'] as const) {
const problem = problemOf(groupAfter(fresh, plan0, event));
for (let r = 0; r < N / 4; r++) assign(problem, systemClock);
const session = new Session(); session.connect();
await session.post('Profiler.enable'); await session.post('Profiler.start');
const c = process.cpuUsage();
for (let r = 0; r < N; r++) assign(problem, systemClock);
console.log(event, process.cpuUsage(c).user / N, 'us');
const { profile } = await session.post('Profiler.stop'); session.disconnect();
const self = new Map<string, number>();
const dt = profile.timeDeltas!; const ids = new Map(profile.nodes.map((n) => [n.id, n]));
let total = 0;
profile.samples!.forEach((id, i) => { const n = ids.get(id)!.callFrame; const k = n.functionName + ' ' + n.url.split('/').pop() + ':' + n.lineNumber; self.set(k, (self.get(k) ?? 0) + dt[i]!); total += dt[i]!; });
console.log([...self].sort((a, b) => b[1] - a[1]).slice(0, 16).map(([k, v]) => (100 * v / total).toFixed(1) + '% ' + k).join('\n'));
}
