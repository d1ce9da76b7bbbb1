// A hundred thousand cases of a desk on SQLite as typed arrays, beside better-sqlite3 on the same database: its `.all()`, and
// the same arrays made of the rows. Each round does one after the other; the answers are compared.
//
// `scripts/node-bench` builds the addon and runs this.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

const CASES = Number(process.env.CASES ?? 100_000);
const ROUNDS = Number(process.env.ROUNDS ?? 9);
const TENANT = 'default';
// What is measured is read, and is in memory either way; written to a disk, so many steps would take a quarter of an hour.
const PLACE = process.env.PLACE ?? (existsSync('/dev/shm') ? '/dev/shm' : tmpdir());
const require = createRequire(import.meta.url);
const addon = require.resolve('../grievance.node');
const gr = require('grievance');
const FIRST = Date.UTC(2024, 0, 1);
const MINUTE = 60_000;
const citizen = { person: `per_${'1'.padStart(32, '0')}`, role: 'complainant' };
const officer = { person: `per_${'2'.padStart(32, '0')}`, role: 'cell_officer', unit: 'desk' };

const median = (times) => [...times].sort((one, other) => one - other)[times.length >> 1];
const shown = (times) => `${median(times).toFixed(1)} ms in the median of ${times.length}, ${Math.min(...times).toFixed(1)} at best`;

/** A desk with so many cases, one every five minutes, in every subject; every third is disposed of. */
async function filled(path) {
  const desk = await gr.Desk.open(`sqlite:///${path}`, { keys: gr.KeyRing.forTests(), seed: 20_261_123 });
  const rulebook = gr.Rulebook.fromObject({ extends: 'city-311', name: 'Haldia', zone: 'Asia/Kolkata' });
  await desk.activate(rulebook, new Date(FIRST));
  const categories = rulebook.toObject().category.map(({ code }) => code);
  const evidence = { date: '2024-01-01', reference: 'EL/17' };
  for (let at = 0; at < CASES; at += 1) {
    const came = new Date(FIRST + at * 5 * MINUTE);
    const category = categories[at % categories.length];
    const { case: id } = await desk.by(citizen, came).lodge({ narrative: 'No water.', category });
    if (at % 3 === 0) {
      const by = desk.by(officer, new Date(came.getTime() + MINUTE));
      await by.dispose(id, { remarks: 'Done.', reason: 'benefit_provided', evidence });
    }
  }
  return desk;
}

/** A column of texts as the package gives it: each different one once, and for each row its place. */
function coded(rows, name) {
  const places = new Map();
  const indexes = new Uint32Array(rows.length);
  for (let at = 0; at < rows.length; at += 1) {
    const text = rows[at][name];
    if (text === null) {
      indexes[at] = 2 ** 32 - 1;
      continue;
    }
    let place = places.get(text);
    if (place === undefined) {
      place = places.size;
      places.set(text, place);
    }
    indexes[at] = place;
  }
  return { codes: [...places.keys()], indexes };
}

function numbers(rows, name) {
  const column = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at += 1) column[at] = rows[at][name] ?? NaN;
  return column;
}

function peer(statement) {
  const rows = statement.all(TENANT);
  const ended = numbers(rows, 'disposed_at');
  return {
    received_at: numbers(rows, 'received_at'),
    ended_at: ended,
    due_at: numbers(rows, 'due_at'),
    disposed: Uint8Array.from(ended, (at) => (Number.isNaN(at) ? 0 : 1)),
    unit: coded(rows, 'unit'),
    category: coded(rows, 'category'),
    priority: coded(rows, 'priority'),
    reason: coded(rows, 'reason'),
  };
}

/** The rows that arrays stand for, by the instant at which each came in, which is its own. */
function rowsOf(arrays) {
  const text = ({ codes, indexes }, at) => codes[indexes[at]] ?? null;
  return Array.from(arrays.received_at, (received, at) => [
    received, arrays.ended_at[at], arrays.due_at[at], arrays.disposed[at],
    ...['unit', 'category', 'priority', 'reason'].map((name) => text(arrays[name], at)),
  ]).sort((one, other) => one[0] - other[0]);
}

async function timed(times, work) {
  const began = performance.now();
  const made = await work();
  times.push(performance.now() - began);
  return made;
}

/** How long a fresh process takes to load the package. */
function required() {
  const asked = 'const began = performance.now(); require(process.argv[1]); console.log(performance.now() - began)';
  const one = () => Number(execFileSync(process.execPath, ['-e', asked, require.resolve('grievance')]));
  return Array.from({ length: 15 }, one);
}

const Database = require('better-sqlite3');
console.log(`addon: ${statSync(addon).size} bytes, stripped, without PostgreSQL; require of the package: ${shown(required())}`);

const folder = mkdtempSync(join(PLACE, 'grievance-node-bench-'));
try {
  const path = join(folder, 'desk.sqlite');
  const began = performance.now();
  const desk = await filled(path);
  const each = (performance.now() - began) / (CASES * (4 / 3));
  console.log(`${CASES} cases of a desk on SQLite, ${availableParallelism()} cores; made in ${each.toFixed(2)} ms a step`);
  const db = new Database(path, { readonly: true });
  const statement = db.prepare(
    'SELECT received_at, disposed_at, judged_due_at AS due_at, unit, category, priority, reason FROM grievance WHERE tenant = ? ORDER BY lodged_at',
  );
  const last = new Date(FIRST + CASES * 5 * MINUTE);
  const acting = desk.by(officer, last);
  const day = new Date(last.getTime() + 2 * 86_400_000).toISOString().slice(0, 10);
  const [read, ours, theirs] = [[], [], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const cases = await timed(read, () => acting.cases(day));
    const own = await timed(ours, () => cases.toArrays());
    const other = await timed(theirs, () => peer(statement));
    assert.equal(own.received_at.length, CASES);
    // Row by row, so that a difference is told by the first row that has it.
    const [mine, peers] = round === 0 ? [rowsOf(own), rowsOf(other)] : [[], []];
    mine.forEach((row, at) => assert.deepEqual(row, peers[at]));
  }
  db.close();
  await desk.close();
  console.log(`  cases to arrays          ${shown(ours)} (target 60)`);
  console.log(`  better-sqlite3 to arrays ${shown(theirs)}; ${(median(theirs) / median(ours)).toFixed(1)} times ours; answers equal`);
  console.log(`  histories to cases       ${shown(read)}: each as it stood on a day, which rows do not tell`);
} finally {
  rmSync(folder, { recursive: true });
}
