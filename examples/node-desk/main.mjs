// Runs the desk on a file beside it: `node main.mjs`. Two people are logged in, by the tokens that it prints.
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { Desk, KeyRing, Rulebook } from 'grievance';
import { serve } from './desk.mjs';

// A portal keeps its secret where it keeps its others. Without it no text opens.
if (!existsSync('desk.key')) writeFileSync('desk.key', randomBytes(32), { mode: 0o600 });
const keys = new KeyRing('desk', readFileSync('desk.key'));
const desk = await Desk.open('sqlite:///desk.sqlite', { tenant: 'haldia', keys });
await desk.activate(Rulebook.fromObject({ extends: 'city-311', name: 'Haldia', zone: 'Asia/Kolkata' }), new Date());

const person = () => `per_${randomUUID().replaceAll('-', '')}`;
const sessions = new Map([
  [randomUUID(), { person: person(), role: 'complainant' }],
  [randomUUID(), { person: person(), role: 'cell_officer', unit: 'desk' }],
]);
for (const [token, { role }] of sessions) console.log(`${role}: authorization: Bearer ${token}`);

// What time has brought is recorded once a minute.
setInterval(() => desk.sweep(new Date()).catch((problem) => console.error(problem.code, problem.message)), 60_000).unref();
const server = serve(desk, { sessions }).listen(Number(process.env.PORT ?? 8311), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
