// A portal's own row and a grievance in one transaction, on the portal's own connection.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { KeyRing } from 'grievance';
import { citizen, folder, NOW, officer, postgres, refusal, town } from './common.mjs';

const require = createRequire(import.meta.url);
const REQUESTS = 50;
const all = (make) => Promise.all(Array.from({ length: REQUESTS }, (_, at) => make(at)));
const person = (at) => ({ person: `per_${String(at + 1).padStart(32, '0')}`, role: 'complainant' });
const command = (at) => ({ command: `cmd_${String(at + 1).padStart(32, '7')}` });

/** A driver, or why there is none. */
function driver(name, works) {
  try {
    works(require(name));
    return false;
  } catch {
    return `${name} is not installed here`;
  }
}

/** What the guide shows, as a module. */
async function shown(t) {
  const guide = readFileSync(join(process.env.GRIEVANCE_ROOT, 'docs', 'guide', 'node.md'), 'utf8');
  const [, block] = /```ts\n(.*?)```/s.exec(guide);
  const { ModuleKind, ScriptTarget, transpile } = require('typescript');
  const path = fileURLToPath(new URL(`../shown-${process.pid}-${Math.random()}.mjs`, import.meta.url));
  t.after(() => rmSync(path));
  writeFileSync(path, transpile(block, { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 }));
  return import(path);
}

/** A desk on a database of its own, and a portal's pool of connections to it; null where the server forgets. */
async function onPostgres(t) {
  const { default: pg } = await import('pg');
  const { host, user, database } = postgres.at();
  const name = `grievance_portal_${process.pid}`;
  const server = new pg.Pool({ host, user, database });
  await server.query(`DROP DATABASE IF EXISTS ${name}`);
  await server.query(`CREATE DATABASE ${name}`);
  const desk = await town(postgres.url(name), { tenant: 'haldia', keys: KeyRing.forTests() }).catch((problem) => problem);
  const pool = new pg.Pool({ host, user, database: name, max: 10 });
  t.after(async () => {
    await pool.end();
    await desk.close?.();
    await server.query(`DROP DATABASE ${name}`);
    await server.end();
  });
  if (desk.code === 'not_durable') return null;
  assert(!(desk instanceof Error), desk);
  await pool.query('CREATE TABLE form (form TEXT PRIMARY KEY CHECK (length(form) < 20), case_id TEXT NOT NULL)');
  const count = async (table) => Number((await pool.query(`SELECT count(*) AS n FROM ${table}`)).rows[0].n);
  return { desk, pool, count };
}

const noServer = postgres.skip || driver('pg', () => {});

test('fifty requests at once store their form and their case on PostgreSQL, each once', { skip: noServer }, async (t) => {
  const own = await onPostgres(t);
  if (own === null) return t.skip(postgres.forgets);
  const { desk, pool, count } = own;
  const { lodge, store } = await shown(t);
  const ask = (at) => lodge(pool, desk.by(person(at), NOW, command(at)), `f-${at}`, `No water at pump ${at}.`);
  // Each page is sent twice at once: the form of it is stored by one of the two.
  const [first, again] = await Promise.all([all(ask), all(ask)]);
  assert.deepEqual(again, first);
  assert.equal(new Set(first.map(({ number }) => number)).size, REQUESTS);
  assert.deepEqual([await count('form'), await count('grievance')], [REQUESTS, REQUESTS]);
  const { rows } = await pool.query('SELECT form, case_id FROM form');
  for (const { form, case_id } of rows) assert.equal(case_id, first[form.slice(2)].case);
  const [word] = await desk.by(person(7), NOW).words(first[7].case, { purpose: 'handling', fields: ['narrative'] });
  assert.equal(word.words, 'No water at pump 7.');

  // All of them on one case: whoever is beaten prepares again, and nothing is lost.
  const [{ case: id }] = first;
  const before = (await desk.storedHistory(id)).events.length;
  await all((at) => store(pool, `c-${at}`, () => desk.by(officer, NOW, command(100 + at)).prepare({ action: 'comment', text: `Note ${at}.` }, id)));
  const { events } = await desk.storedHistory(id);
  assert.deepEqual(events.map(({ version }) => version), Array.from(events, (_, at) => at + 1));
  assert.deepEqual([events.length, await count('form')], [before + REQUESTS, 2 * REQUESTS]);

  // What the portal's own row may not be, the case is not either.
  const refused = await refusal(() => lodge(pool, desk.by(person(0), NOW, command(999)), 'a form with much too long a name', 'No light.'));
  assert.match(refused.message, /form_form_check/);
  assert.deepEqual([await count('form'), await count('grievance')], [2 * REQUESTS, REQUESTS]);
});

const noSqlite = driver('better-sqlite3', (Database) => new Database(':memory:').close());

/** A desk on a file, and a process that stores on it. */
async function onSqlite(t) {
  const path = `${folder(t)}/portal.sqlite`;
  const desk = await town(`sqlite:///${path}`, { keys: KeyRing.forTests(), seed: 7 });
  const worker = fork(fileURLToPath(new URL('./portal-worker.mjs', import.meta.url)), [path], { serialization: 'advanced' });
  const waiting = new Map();
  worker.on('message', ({ id, ...told }) => waiting.get(id)(told));
  const ask = (work) => new Promise((resolve) => {
    const id = waiting.size;
    waiting.set(id, resolve);
    worker.send({ id, ...work });
  });
  t.after(async () => {
    const gone = new Promise((resolve) => { worker.once('exit', resolve); });
    worker.disconnect();
    await gone;
    await desk.close();
  });
  const store = (form, ward, { done, statements }) => ask({ form, ward, done, statements });
  return { desk, ask, store };
}

test('on SQLite another process stores them, and both rows are there, or neither', { skip: noSqlite }, async (t) => {
  const { desk, ask, store } = await onSqlite(t);
  const acting = desk.by(citizen, NOW, command(0));
  const lodge = { action: 'lodge', narrative: 'No water since Monday.', name: 'Asha Devi' };

  const dropped = await acting.prepare(lodge);
  assert.equal(dropped.ready, true);
  assert.match((await store('f-1', 'a ward with much too long a name', dropped)).problem, /CHECK/);
  assert.equal((await refusal(() => acting.case(dropped.done.case))).code, 'not_found');
  assert.equal((await ask({})).forms, 0);

  const kept = await acting.prepare(lodge);
  assert.equal((await store('f-1', 'ward 7', kept)).forms, 1);
  assert.equal((await acting.case(kept.done.case)).row.number, kept.done.number);
  const words = await acting.words(kept.done.case, { purpose: 'handling', fields: ['narrative'] });
  assert.equal(words[0].words, lodge.narrative);

  // The answer was lost, and the form comes again.
  const again = await acting.prepare(lodge);
  assert.deepEqual([again.ready, again.done.case, again.statements.length], [false, kept.done.case, 0]);
});

test('who comes second is told by the statements, and prepares again', { skip: noSqlite }, async (t) => {
  const { desk, ask } = await onSqlite(t);
  const { case: id } = await desk.by(citizen, NOW).lodge({ narrative: 'No water.' });
  const late = await desk.by(citizen, NOW).prepare({ action: 'comment', text: 'Still none.' }, id);
  await desk.by(citizen, NOW).comment(id, { text: 'None at all.' });
  assert.match((await ask({ statements: late.statements })).problem, /first|UNIQUE/);
  const before = (await desk.storedHistory(id)).events.length;
  const second = await desk.by(citizen, NOW).prepare({ action: 'comment', text: 'Still none.' }, id);
  assert.equal((await ask({ statements: second.statements })).whole, 'ok');
  assert.equal((await desk.storedHistory(id)).events.length, before + 1);
});

test('the file stays whole under fifty requests, half of them by the desk itself', { skip: noSqlite }, async (t) => {
  const { desk, ask, store } = await onSqlite(t);
  await all(async (at) => {
    const acting = desk.by(person(at), NOW, command(at));
    if (at % 2 === 0) return acting.lodge({ narrative: 'No water.' });
    const told = await store(`f-${at}`, 'ward 7', await acting.prepare({ action: 'lodge', narrative: 'No water.' }));
    return assert.equal(told.problem, undefined);
  });
  assert.deepEqual(await ask({}), { forms: REQUESTS / 2, whole: 'ok' });
  assert.equal((await desk.by(officer, NOW).search({ limit: 1_000 })).cases.length, REQUESTS);
});

test('a desk in memory has no statements', async () => {
  const desk = await town();
  const problem = await refusal(() => desk.by(citizen, NOW).prepare({ action: 'lodge', narrative: 'No water.' }));
  assert.deepEqual([problem.code, problem.where], ['invalid_command', 'desk']);
});
