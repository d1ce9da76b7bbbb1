// Three cities' records as columns: `mis.json` has the bytes that Rust's has. The data are not part of the package:
// without them these tests skip.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';

import * as gr from 'grievance';

const ROOT = process.env.GRIEVANCE_ROOT;
const DATA = process.env.GRIEVANCE_DATA ?? join(ROOT, '..', 'shared', 'data');
const DIGESTS = JSON.parse(readFileSync(join(ROOT, 'grievance-core', 'testdata', 'city-digests.json'), 'utf8'));
const CITIES = {
  boston311: ['Department', 'OPEN_DT', 'CLOSED_DT'],
  baltimore311: ['Agency', 'CreatedDate', 'CloseDate'],
  'nyc-council': ['account', 'opendate', 'closedate'],
};

/** The records of a CSV file. */
function* records(text) {
  let row = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (row.length > 1) yield row;
    row = [];
    if (end === '') return;
  }
}

/** `05/31/2015 11:59:00 PM` or `2015-05-31`, as milliseconds of UTC; NaN for anything else. */
function millis(text) {
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (day) return Date.UTC(day[1], day[2] - 1, day[3]);
  const at = /^(\d{2})\/(\d{2})\/(\d{4}) (\d{2}):(\d{2}):(\d{2}) ([AP])M$/.exec(text);
  return at ? Date.UTC(at[3], at[1] - 1, at[2], (at[4] % 12) + (at[7] === 'P' ? 12 : 0), at[5], at[6]) : NaN;
}

for (const [city, names] of Object.entries(CITIES)) {
  const skip = existsSync(join(DATA, city, 'dev.csv.gz')) ? false : 'no public data sets beside the repository';
  test(`the statement of ${city} has the bytes that Rust leaves`, { skip }, async () => {
    const [header, ...rows] = records(gunzipSync(readFileSync(join(DATA, city, 'dev.csv.gz'))).toString('utf8'));
    const [unit, lodged, disposed] = names.map((name) => header.indexOf(name));
    const columns = {
      unit: rows.map((row) => row[unit]),
      received_at: Float64Array.from(rows, (row) => millis(row[lodged])),
      ended_at: Float64Array.from(rows, (row) => millis(row[disposed])),
    };
    const [as_of, digest] = DIGESTS[city];
    const cases = await gr.Cases.fromColumns(columns, { zone: 'UTC' });
    const told = await cases.misJson({ as_of });
    assert.equal(createHash('sha256').update(told).digest('hex'), digest);
  });
}
