// A process that stores a portal's own row and a grievance in one transaction, on a file on which it has no desk open.
//
// It is the only one of its kind for the file: the addon's SQLite in the desk's process and this one see each other's locks, since
// they are two processes.
import Database from 'better-sqlite3';

const db = new Database(process.argv[2]);
db.exec('CREATE TABLE IF NOT EXISTS form (form TEXT PRIMARY KEY, ward TEXT NOT NULL CHECK (length(ward) < 20), case_id TEXT NOT NULL)');

/** Runs the statements of a commit; with another number of rows than one says, somebody was first. */
const store = db.transaction(({ form, ward, done, statements }) => {
  for (const { sql, values, expect_rows } of statements) {
    const { changes } = db.prepare(sql).run(...values);
    if (expect_rows !== null && changes !== expect_rows) throw new Error('somebody was first');
  }
  if (form !== undefined) db.prepare('INSERT INTO form VALUES (?, ?, ?)').run(form, ward, done.case);
});

process.on('message', ({ id, ...work }) => {
  try {
    if (work.statements !== undefined) store.immediate(work);
    const [{ n: forms }, { integrity_check: whole }] = [db.prepare('SELECT count(*) AS n FROM form').get(), db.pragma('integrity_check')[0]];
    process.send({ id, forms, whole });
  } catch (problem) {
    process.send({ id, problem: problem.message });
  }
});
