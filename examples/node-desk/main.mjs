// Runs the desk on a file beside it: `node main.mjs`. Two people are logged in, by the tokens that it prints.
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { Desk, KeyRing, Rulebook } from 'grievance';
import { rounds, serve } from './desk.mjs';

// A portal keeps its secret where it keeps its others. Without it no text opens.
if (!existsSync('desk.key')) writeFileSync('desk.key', randomBytes(32), { mode: 0o600 });
const keys = new KeyRing('desk', readFileSync('desk.key'));
const desk = await Desk.open('sqlite:///desk.sqlite', { tenant: 'haldia', keys });
const rulebook = Rulebook.fromObject({ extends: 'city-311', name: 'Haldia', zone: 'Asia/Kolkata' });
await desk.activate(rulebook, new Date());

// Who people are stays the same from one start to the next: else nobody would find their case again.
const person = () => `per_${randomUUID().replaceAll('-', '')}`;
if (!existsSync('people.json')) writeFileSync('people.json', JSON.stringify({ citizen: person(), officer: person() }));
const people = JSON.parse(readFileSync('people.json', 'utf8'));
const sessions = new Map([
  [randomUUID(), { person: people.citizen, role: 'complainant' }],
  [randomUUID(), { person: people.officer, role: 'cell_officer', unit: 'desk' }],
]);
for (const [token, { role }] of sessions) console.log(`${role}: authorization: Bearer ${token}`);

// A portal hands messages to its carrier, which must answer in the end: a round waits for it. This one says what it would send.
const carrier = ({ id, channel, written }) => {
  console.log(`${channel} ${id}: ${written.text}`);
  return null;
};
// What time has brought is recorded once a minute, and what waits to go out goes.
rounds(async () => {
  await desk.sweep(new Date());
  await desk.deliver(new Date(), carrier);
}, (round) => setTimeout(round, 60_000).unref());
const server = serve(desk, { sessions, zone: rulebook.zone }).listen(Number(process.env.PORT ?? 8311), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
