// A portal's own row and a grievance in one transaction, on the portal's own connection.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';

import { KeyRing } from 'grievance';
import { citizen, folder, NOW, refusal, town } from './common.mjs';

/** The driver, or why there is none. */
function driver() {
  try {
    const Database = createRequire(import.meta.url)('better-sqlite3');
    new Database(':memory:').close();
    return { Database, skip: false };
  } catch {
    return { skip: 'better-sqlite3 was not built here' };
  }
}
const { Database, skip } = driver();
const COMMAND = `cmd_${'7'.repeat(32)}`;

/** Runs the statements of a commit; with another number of rows than one says, somebody was first. */
function run(db, statements) {
  for (const { sql, values, expect_rows } of statements) {
    const { changes } = db.prepare(sql).run(...values);
    if (expect_rows !== null && changes !== expect_rows) throw new Error('somebody was first');
  }
}

async function portal(t) {
  const path = `${folder(t)}/portal.sqlite`;
  const desk = await town(`sqlite:///${path}`, { keys: KeyRing.forTests(), seed: 7 });
  const db = new Database(path);
  db.exec('CREATE TABLE form (form TEXT PRIMARY KEY, ward TEXT NOT NULL CHECK (length(ward) < 20), case_id TEXT NOT NULL)');
  const store = db.transaction((form, ward, { done, statements }) => {
    run(db, statements);
    db.prepare('INSERT INTO form VALUES (?, ?, ?)').run(form, ward, done.case);
  });
  t.after(async () => {
    db.close();
    await desk.close();
  });
  return { desk, db, store };
}

test('both rows are there, or neither', { skip }, async (t) => {
  const { desk, db, store } = await portal(t);
  const acting = desk.by(citizen, NOW, { command: COMMAND });
  const lodge = { action: 'lodge', narrative: 'No water since Monday.', name: 'Asha Devi' };

  const dropped = await acting.prepare(lodge);
  assert.equal(dropped.ready, true);
  assert.throws(() => store('f-1', 'a ward with much too long a name', dropped), /CHECK/);
  assert.equal((await refusal(() => acting.case(dropped.done.case))).code, 'not_found');
  assert.equal(db.prepare('SELECT count(*) AS n FROM form').get().n, 0);

  const kept = await acting.prepare(lodge);
  store('f-1', 'ward 7', kept);
  assert.equal((await acting.case(kept.done.case)).row.number, kept.done.number);
  const words = await acting.words(kept.done.case, { purpose: 'handling', fields: ['narrative'] });
  assert.equal(words[0].words, lodge.narrative);

  // The answer was lost, and the form comes again.
  const again = await acting.prepare(lodge);
  assert.deepEqual([again.ready, again.done.case, again.statements.length], [false, kept.done.case, 0]);
});

test('who comes second is told by the statements, and prepares again', { skip }, async (t) => {
  const { desk, db } = await portal(t);
  const { case: id } = await desk.by(citizen, NOW).lodge({ narrative: 'No water.' });
  const late = await desk.by(citizen, NOW).prepare({ action: 'comment', text: 'Still none.' }, id);
  await desk.by(citizen, NOW).comment(id, { text: 'None at all.' });
  assert.throws(() => db.transaction(run)(db, late.statements), /first|UNIQUE/);
  const before = (await desk.storedHistory(id)).events.length;
  const second = await desk.by(citizen, NOW).prepare({ action: 'comment', text: 'Still none.' }, id);
  db.transaction(run)(db, second.statements);
  assert.equal((await desk.storedHistory(id)).events.length, before + 1);
});

test('a desk in memory has no statements', async () => {
  const desk = await town();
  const problem = await refusal(() => desk.by(citizen, NOW).prepare({ action: 'lodge', narrative: 'No water.' }));
  assert.deepEqual([problem.code, problem.where], ['invalid_command', 'desk']);
});
