// What several tests share.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Desk, Rulebook } from 'grievance';

export const NOW = new Date('2026-11-23T04:30:00Z');
export const TOWN = 'extends = "city-311"\nname = "Haldia"\nzone = "Asia/Kolkata"';
export const citizen = { person: `per_${'1'.padStart(32, '0')}`, role: 'complainant' };
export const officer = { person: `per_${'2'.padStart(32, '0')}`, role: 'cell_officer', unit: 'desk' };
export const later = (hours) => new Date(NOW.getTime() + hours * 3_600_000);

export async function town(url = ':memory:', options = { seed: 7 }) {
  const desk = await Desk.open(url, options);
  await desk.activate(Rulebook.fromToml(TOWN), NOW);
  return desk;
}

/** The error that a call ends with, however it does. */
export async function refusal(call) {
  try {
    await call();
  } catch (problem) {
    return problem;
  }
  return assert.fail('was not refused');
}

/** A folder that is gone after the test. */
export function folder(t) {
  const path = mkdtempSync(join(tmpdir(), 'grievance-node-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** The server that `scripts/pg` runs, which it tells as key=value pairs. */
export const postgres = {
  at() {
    const { host, user, dbname: database } = Object.fromEntries((process.env.GRIEVANCE_PG ?? '').split(' ').map((pair) => pair.split('=')));
    return { host, user, database };
  },
  url(database = this.at().database) {
    const { host, user } = this.at();
    return `postgresql://${user}@${encodeURIComponent(host)}/${database}`;
  },
  skip: process.env.GRIEVANCE_PG ? false : 'no PostgreSQL here: run by scripts/pg',
  forgets: 'the server forgets: GRIEVANCE_PG_FSYNC=on scripts/pg …',
};
