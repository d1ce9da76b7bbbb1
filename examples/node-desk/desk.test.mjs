// Drives the desk over loopback, as a page would.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { Desk, KeyRing, Rulebook } from 'grievance';
import { rounds, serve } from './desk.mjs';

const START = new Date('2026-11-23T04:30:00Z');
const person = (digit) => `per_${digit.padStart(32, '0')}`;
const sessions = new Map([
  ['asha', { person: person('1'), role: 'complainant' }],
  ['ravi', { person: person('2'), role: 'complainant' }],
  ['cell', { person: person('3'), role: 'cell_officer', unit: 'desk' }],
]);

async function portal(t) {
  const folder = mkdtempSync(join(tmpdir(), 'node-desk-'));
  const desk = await Desk.open(`sqlite:///${folder}/desk.sqlite`, { keys: KeyRing.forTests() });
  await desk.activate(Rulebook.fromObject({ extends: 'city-311', name: 'Haldia', zone: 'Asia/Kolkata' }), START);
  let now = START;
  const server = serve(desk, { sessions, zone: 'Asia/Kolkata', now: () => now });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => { server.close(resolve); });
    await desk.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const at = `http://127.0.0.1:${server.address().port}`;
  const ask = async (who, path, body, headers = {}) => {
    now = new Date(now.getTime() + 60_000);
    const method = body === undefined ? 'GET' : 'POST';
    const own = { authorization: `Bearer ${who}`, ...headers };
    const response = await fetch(at + path, { method, headers: own, body: typeof body === 'object' ? JSON.stringify(body) : body });
    const text = await response.text();
    return [response.status, response.headers.get('content-type') === 'application/json' ? JSON.parse(text) : text];
  };
  return ask;
}

test('a grievance is lodged, tracked, judged and disposed of', async (t) => {
  const ask = await portal(t);
  const [lodged, done] = await ask('asha', '/grievances', { narrative: 'The street light has been dark for a week.' });
  assert.deepEqual([lodged, done.number], [201, 'CITY-2026-000001']);
  const own = `/grievances/${done.case}`;
  assert.equal((await ask('asha', own))[1].progress.phase, 'registered');
  const [, { options }] = await ask('cell', own);
  assert(options.some(({ action, allowed }) => action === 'dispose' && allowed));

  // This city's desk asks by telephone before it closes.
  assert.equal((await ask('cell', `${own}/feedback`, { outcome: 'satisfied', rating: 5 }))[0], 200);
  assert.equal((await ask('asha', `${own}/feedback`, { outcome: 'satisfied' }))[1].code, 'action_not_offered');
  const evidence = { date: '2026-11-23', reference: 'EL/17' };
  const closing = { remarks: 'Lamp replaced.', reason: 'benefit_provided', evidence };
  assert.equal((await ask('cell', `${own}/dispose`, closing))[0], 200);
  assert.equal((await ask('asha', own))[1].progress.phase, 'disposed');
  assert.deepEqual((await ask('cell', '/grievances'))[1].cases.map((row) => [row.id, row.feedback]), [[done.case, 'satisfied']]);

  const [, statement] = await ask('cell', '/statement?as_of=2026-11-30');
  assert.deepEqual([statement.received, statement.disposed, statement.pending], [1, 1, 0]);
  const [status, page] = await ask('cell', '/statement?as_of=2026-11-30', undefined, { accept: 'text/html' });
  assert.equal(status, 200);
  assert.match(page, /^<!doctype html>[\s\S]*Weekly statement/i);
});

test('what is not theirs is not there', async (t) => {
  const ask = await portal(t);
  const [, done] = await ask('asha', '/grievances', { narrative: 'No water.' });
  const [status, told] = await ask('ravi', `/grievances/${done.case}`);
  assert.deepEqual([status, told.code], [404, 'not_found']);
  assert.equal((await ask('nobody', '/grievances'))[0], 401);
});

test('a page that is sent twice lodges once', async (t) => {
  const ask = await portal(t);
  const page = { narrative: 'No water.' };
  const key = { 'idempotency-key': `cmd_${'5'.repeat(32)}` };
  const [[, first], [, second]] = [await ask('asha', '/grievances', page, key), await ask('asha', '/grievances', page, key)];
  assert.equal(first.case, second.case);
  assert.equal((await ask('asha', '/grievances', { narrative: 'No light.' }, key))[1].code, 'command_reused');
});

test('what a page sends wrongly is named, and nothing of it is repeated', async (t) => {
  const ask = await portal(t);
  const wrong = [
    [{ narative: 'No water.' }, 422, 'narative'],
    [{ narrative: null }, 422, 'narrative'],
    [{ narrative: 'No water.', category: 'no_such_thing' }, 422, 'category'],
    [{ narrative: 'No water.', received_at: '2026-11-23T10:00:00' }, 422, 'received_at'],
    ['[]', 422, 'lodge'],
    ['{', 400, undefined],
    ['x'.repeat(70_000), 413, undefined],
  ];
  for (const [body, status, where] of wrong) {
    const [found, told] = await ask('asha', '/grievances', body);
    assert.deepEqual([found, told.where], [status, where], JSON.stringify(told));
    assert(!JSON.stringify(told).includes('No water'));
  }
  for (const path of ['/', '/grievances/x/y/z', '/grievances/x/constructor', '/statement?as_of=2026-02-30']) {
    const [status] = await ask('asha', path, path.includes('constructor') ? {} : undefined);
    assert([404, 422].includes(status), `${path}: ${status}`);
  }
});

test('rounds come one after the other, however long one takes', async () => {
  const [begun, told, waiting] = [[], [], []];
  const work = () => new Promise((resolve, reject) => { begun.push({ resolve, reject }); });
  rounds(work, (round) => waiting.push(round), (problem) => told.push(problem.message));
  const settled = () => new Promise((resolve) => { setImmediate(resolve); });
  assert.deepEqual([begun.length, waiting.length], [0, 1]);
  waiting[0]();
  await settled();
  assert.deepEqual([begun.length, waiting.length], [1, 1], 'nothing begins another while it takes');
  begun[0].reject(new Error('the carrier is down'));
  await settled();
  assert.deepEqual([told, waiting.length], [['the carrier is down'], 2], 'the next comes all the same');
  waiting[1]();
  begun[1].resolve();
  await settled();
  assert.deepEqual([begun.length, told.length, waiting.length], [2, 1, 3]);
});

test('the program starts, keeps its people, and lets nobody in without a token', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'node-desk-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const started = () => new Promise((resolve, reject) => {
    const program = spawn(process.execPath, [fileURLToPath(new URL('main.mjs', import.meta.url))], {
      cwd: folder, env: { ...process.env, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    program.once('error', reject).once('exit', (code) => reject(new Error(`ended with ${code}: ${said}`)));
    program.stdout.on('data', (part) => {
      said += part;
      const [, at] = /^(http:\S+)$/m.exec(said) ?? [];
      if (at !== undefined) resolve({ program, at, token: /complainant.*Bearer (\S+)/.exec(said)[1] });
    });
  });
  const ended = ({ program }) => new Promise((resolve) => { program.once('exit', resolve).kill(); });

  const first = await started();
  assert.equal((await fetch(`${first.at}/grievances`)).status, 401);
  const headers = { authorization: `Bearer ${first.token}` };
  const body = JSON.stringify({ narrative: 'The lamp at the ferry is dark.' });
  const { number } = await (await fetch(`${first.at}/grievances`, { method: 'POST', headers, body })).json();
  await ended(first);
  // Whoever lodged it finds it after the program was started again.
  const second = await started();
  const found = await fetch(`${second.at}/grievances`, { headers: { authorization: `Bearer ${second.token}` } });
  assert.deepEqual((await found.json()).cases.map((row) => row.number), [number]);
  await ended(second);
});
