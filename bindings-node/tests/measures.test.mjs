// Measures over columns, JSON and a desk: what is counted, what is rejected, what is refused.
import assert from 'node:assert/strict';
import test from 'node:test';

import * as gr from 'grievance';
import { citizen, later, NOW, officer, refusal, town } from './common.mjs';

const AS_OF = '2026-04-01';
const ZONE = 'Asia/Kolkata';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const BANDS = ['under 7', '7 to 14', '15 to 30', 'more than 30'];

/** Draws that depend on the seed alone: the same cases in every run. */
function dice(seed) {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}

/** A made-up year: received any time of day, half of it closed within forty days. */
function cases(rows = 500) {
  const draw = dice(1);
  return Array.from({ length: rows }, () => {
    const received = Date.UTC(2025, 3, 1) + draw(525_000) * MINUTE;
    const closed = received + draw(57_000) * MINUTE;
    const open = draw(2) === 0 || closed >= Date.UTC(2026, 2, 31);
    const unit = ['Works & Roads', 'Health', 'Water'][draw(3)];
    return { received_at: received, ended_at: open ? null : closed, unit };
  });
}

/** The same by hand: whole calendar days in the zone, cuts at 7, 15 and 31. */
function byHand(rows) {
  const at = Date.UTC(2026, 2, 31, 18, 30);
  const localDay = (millis) => Math.floor((millis + 330 * MINUTE) / DAY);
  const counted = {};
  for (const { received_at: received, ended_at: ended, unit } of rows.filter((row) => row.received_at < at)) {
    counted[unit] ??= [0, 0, 0, 0];
    if (ended !== null && ended < at) continue;
    const days = Date.UTC(2026, 3, 1) / DAY - localDay(received);
    counted[unit][[7, 15, 31].filter((cut) => days >= cut).length] += 1;
  }
  return counted;
}

const column = (rows, name) => rows.map((row) => row[name]);
const iso = (millis) => (millis === null ? null : new Date(millis).toISOString());
const units = ['Health', 'Water', 'Works & Roads'];
const KINDS = {
  floats: (rows) => ({
    received_at: Float64Array.from(column(rows, 'received_at')),
    ended_at: Float64Array.from(column(rows, 'ended_at'), (at) => at ?? NaN),
    unit: column(rows, 'unit'),
  }),
  longs: (rows) => ({
    received_at: BigInt64Array.from(column(rows, 'received_at'), BigInt),
    ended_at: BigInt64Array.from(column(rows, 'ended_at'), (at) => (at === null ? -(2n ** 63n) : BigInt(at))),
    unit: { codes: units, indexes: Uint32Array.from(column(rows, 'unit'), (unit) => units.indexOf(unit)) },
  }),
  dates: (rows) => ({
    received_at: column(rows, 'received_at').map((at) => new Date(at)),
    ended_at: column(rows, 'ended_at').map((at) => (at === null ? null : new Date(at))),
    unit: column(rows, 'unit'),
  }),
  texts: (rows) => ({
    received_at: column(rows, 'received_at').map(iso),
    ended_at: column(rows, 'ended_at').map(iso),
    unit: column(rows, 'unit'),
  }),
};
const READ = Object.entries(KINDS).map(([kind, make]) => [kind, (rows) => gr.Cases.fromColumns(make(rows), { zone: ZONE })]);
const json = (rows) => JSON.stringify(rows.map((row) => ({ ...row, received_at: iso(row.received_at), ended_at: iso(row.ended_at) })));
READ.push(['JSON', (rows) => gr.Cases.fromJson(json(rows), { zone: ZONE })]);

for (const [kind, read] of READ) {
  test(`columns of ${kind} give what a count by hand gives`, async () => {
    const rows = cases();
    const found = await gr.pendency(await read(rows), { as_of: AS_OF });
    const own = Object.fromEntries(found.toObjects().map((row) => [row.unit, BANDS.map((band) => row[band])]));
    assert.deepEqual(own, byHand(rows));
    assert.deepEqual([found.rejected, found.length], [[], 3]);
  });
}

test('every kind of column gives the same statement, byte for byte', async () => {
  const rows = cases();
  const told = await Promise.all(READ.map(async ([, read]) => (await read(rows)).misJson({ as_of: AS_OF })));
  assert.equal(new Set(told).size, 1);
  const statement = await gr.mis(await READ[0][1](rows), { as_of: AS_OF });
  assert.deepEqual(JSON.parse(told[0]), statement.about);
});

test('cases come back as the arrays that they were', async () => {
  const columns = { ...KINDS.longs(cases()), reason: cases().map((_, at) => (at % 3 ? null : 'benefit_provided')) };
  const read = await gr.Cases.fromColumns(columns, { zone: ZONE });
  const arrays = await read.toArrays();
  assert.deepEqual(Array.from(arrays.received_at), column(cases(), 'received_at'));
  assert.deepEqual(Array.from(arrays.ended_at, (at) => (Number.isNaN(at) ? null : at)), column(cases(), 'ended_at'));
  assert.deepEqual(Array.from(arrays.unit.indexes, (at) => arrays.unit.codes[at]), column(cases(), 'unit'));
  assert.deepEqual([...arrays.reason.indexes.slice(0, 3)], [0, 2 ** 32 - 1, 2 ** 32 - 1]);
  assert.equal(arrays.disposed.reduce((all, one) => all + one), cases().filter((row) => row.ended_at !== null).length);
  const again = await gr.Cases.fromColumns(arrays, { zone: ZONE });
  assert.equal(await again.misJson({ as_of: AS_OF }), await read.misJson({ as_of: AS_OF }));
  // They are the caller's: what happens to them happens to nothing else.
  arrays.received_at.fill(NaN);
  assert.equal((await read.toArrays()).received_at[0], cases()[0].received_at);
});

test('an answer is frozen, and what is not known is null', async () => {
  const read = await gr.Cases.fromColumns({ received_at: [NOW], unit: ['works'] }, { zone: ZONE });
  const found = await read.durations({ as_of: '2027-01-01' });
  assert.deepEqual([found.columns.disposed, found.columns.median_days], [[0], [null]]);
  assert(Object.isFrozen(found) && Object.isFrozen(found.columns) && Object.isFrozen(found.columns.unit));
  assert.deepEqual(found.select(['median_days', 'unit']).toObjects(), [{ median_days: null, unit: 'works' }]);
  assert.equal((await refusal(() => found.select(['toString']))).where, 'toString');
});

test('columns of any name are mapped and the nearest is suggested', async () => {
  const { received_at: opened, unit: department } = KINDS.floats(cases());
  const columns = { received_at: 'opened', unit: 'department' };
  const read = (own) => gr.Cases.fromColumns({ opened, department }, { zone: ZONE, columns: own });
  assert.equal((await (await read(columns)).pendency({ as_of: AS_OF })).length, 3);
  const missing = await refusal(() => read({ ...columns, received_at: 'openned' }));
  assert.deepEqual([missing.code, missing.where, missing.hint], ['map_invalid', 'openned', 'did you mean "opened"?']);
  assert.equal((await refusal(() => read({ recieved_at: 'opened' }))).hint, 'did you mean "received_at"?');
  assert.equal((await refusal(() => read(undefined))).where, 'received_at');
});

test('columns that nobody asks for take no memory and are not looked at', async () => {
  // Each row has a name of its own: a column of every name for every row would be 40 GB.
  const names = Array.from({ length: 100_000 }, (_, at) => `k${at}`);
  const json = JSON.stringify(names.map((name, at) => ({ [name]: 'x', opened: '2026-03-01', unit: 'works', odd: at % 2 ? 7 : [{}] })));
  const columns = { received_at: 'opened' };
  const read = await gr.Cases.fromJson(json, { zone: ZONE, columns, groups: ['k99999'] });
  assert.deepEqual([read.length, read.rejected.length], [100_000, 0]);
  const found = await read.pendency({ as_of: AS_OF, by: 'k99999' });
  assert.deepEqual([found.columns.k99999, found.columns.pending], [['x', null], [1, 99_999]]);
  // The same of arrays: one that is as long as it says would be 16 MB.
  const long = Object.assign([7, 'x'], { length: 2 ** 22 });
  const own = Object.fromEntries(names.slice(0, 5_000).map((name) => [name, long]));
  const of = { opened: [NOW], unit: ['works'], odd: new Date(NaN), ...own };
  assert.equal((await gr.Cases.fromColumns(of, { zone: ZONE, columns })).length, 1);
  for (const ask of [(given) => gr.Cases.fromColumns(of, given), (given) => gr.Cases.fromJson(json, given)]) {
    const problem = await refusal(() => ask({ zone: ZONE, columns: { received_at: 'odds' } }));
    assert.deepEqual([problem.code, problem.where, problem.hint], ['map_invalid', 'odds', 'did you mean "odd"?']);
    assert.equal((await refusal(() => ask({ zone: ZONE, columns, groups: names }))).where, 'groups');
  }
});

test('what a row says of a field last is what it says', async () => {
  const rows = '[{"unit": "works", "unit": "health", "received_at": "2026-03-01"}, {"unit": "works", "received_at": "2026-03-01", "unit": null}]';
  const read = await gr.Cases.fromJson(rows, { zone: ZONE });
  assert.deepEqual((await read.toArrays()).unit.codes, ['health']);
  assert.deepEqual(read.rejected.map(({ row, column }) => [row, column]), [[1, 'unit']]);
});

test('rows that cannot be counted are told each at its place', async () => {
  const good = { received_at: iso(+NOW), ended_at: iso(+NOW + DAY), unit: 'works', phase: 'disposed', reopened: 0 };
  const rows = Array.from({ length: 11 }, () => ({ ...good }));
  rows[1].received_at = null;
  rows[2].ended_at = iso(+NOW - DAY);
  rows[3].unit = undefined;
  rows[5].phase = 'finished';
  rows[6].ended_at = null;
  rows[7].reopened = -1;
  rows[8].received_at = '2026-11-23T10:00:00';
  rows[9].reopened = 1.5;
  const read = await gr.Cases.fromJson(JSON.stringify(rows), { zone: ZONE });
  assert.equal(read.length, 3);
  assert.deepEqual(read.rejected.map((it) => [it.row, it.column, it.code]), [
    [1, 'received_at', 'row_invalid'],
    [2, 'ended_at', 'dates_contradict'],
    [3, 'unit', 'row_invalid'],
    [5, 'phase', 'row_invalid'],
    [6, 'ended_at', 'row_invalid'],
    [7, 'reopened', 'row_invalid'],
    [8, 'received_at', 'date_invalid'],
    [9, 'reopened', 'row_invalid'],
  ]);
  const answer = await gr.durations(read, { as_of: '2027-01-01' });
  assert.deepEqual([answer.rejected.length, answer.columns.disposed], [8, [3]]);
});

test('columns that are none are named', async () => {
  const good = { received_at: [NOW, NOW], unit: ['works', 'works'] };
  const wrong = [
    [{ ...good, unit: [1, 2] }, 'unit', 'map_invalid'],
    [{ ...good, rating: ['good', 'bad'] }, 'rating', 'map_invalid'],
    [{ ...good, unit: ['works'] }, 'unit', 'invalid_command'],
    [{ ...good, received_at: [NOW, new Date(NaN)] }, 'received_at[1]', 'date_invalid'],
    [{ ...good, received_at: [NOW, 7] }, 'received_at[1]', 'invalid_command'],
    [{ ...good, unit: ['works', 7] }, 'unit[1]', 'invalid_command'],
    [{ ...good, rating: [5, NaN] }, 'rating[1]', 'invalid_command'],
    [{ ...good, unit: { codes: ['works'], indexes: new Uint32Array([0, 1]) } }, 'unit', 'invalid_command'],
    [{ ...good, unit: { codes: ['works'] } }, 'indexes', 'invalid_command'],
    [{ ...good, unit: new Array(2 ** 32 - 1) }, 'unit', 'invalid_command'],
    [{ ...good, unit: new BigUint64Array(2) }, 'unit', 'invalid_command'],
    [[], 'columns', 'invalid_command'],
  ];
  for (const [columns, where, code] of wrong) {
    const problem = await refusal(() => gr.Cases.fromColumns(columns, { zone: ZONE }));
    assert.deepEqual([problem.where, problem.code], [where, code], problem.stack);
  }
  assert.equal((await refusal(() => gr.Cases.fromColumns(good, { zone: 'Haldia' }))).where, 'zone');
  assert.equal((await refusal(() => gr.Cases.fromColumns(good, {}))).where, 'zone');
  for (const [text, where] of [['{', 'text'], ['{}', 'text'], ['[1]', 'text'], ['[{"unit": []}]', '[0].unit'], ['[{"unit": 1}, {"unit": "x"}]', '[1].unit']]) {
    const problem = await refusal(() => gr.Cases.fromJson(text, { zone: ZONE }));
    assert.deepEqual([problem.code, problem.where], ['file_invalid', where]);
  }
});

test('a number is no instant unless it is said to be one', async () => {
  const unit = ['works', 'works'];
  for (const received_at of [[true, false], [0, 1], Uint8Array.of(1, 2), Int32Array.of(1, 2), new Float32Array(2), [1.7e12, 1.7e12]]) {
    const problem = await refusal(() => gr.Cases.fromColumns({ received_at, unit }, { zone: ZONE }));
    assert.deepEqual([problem.code, problem.where], ['map_invalid', 'received_at']);
    assert.match(problem.hint, /Float64Array/);
  }
  const dates = [NOW, NOW];
  const counted = await refusal(() => gr.Cases.fromColumns({ received_at: dates, unit, rating: dates }, { zone: ZONE }));
  assert.deepEqual([counted.code, counted.where], ['map_invalid', 'rating']);
  for (const received_at of [true, 0, +NOW]) {
    const problem = await refusal(() => gr.Cases.fromJson(JSON.stringify([{ received_at, unit: 'works' }]), { zone: ZONE }));
    assert.deepEqual([problem.code, problem.where], ['map_invalid', 'received_at']);
  }
});

test('cases are grouped by what the host knows of them', async () => {
  const rows = cases();
  const ward = rows.map((_, at) => (at % 10 === 0 ? null : `ward ${at % 3}`));
  const given = { ...KINDS.floats(rows), ward };
  const read = await gr.Cases.fromColumns(given, { zone: ZONE, groups: ['ward'] });
  const found = await read.pendency({ as_of: AS_OF, by: 'ward' });
  assert.deepEqual(found.columns.ward, ['ward 0', 'ward 1', 'ward 2', null]);
  assert.equal((await refusal(() => read.pendency({ as_of: AS_OF, by: 'wardd' }))).hint, 'did you mean "ward"?');
  const absent = await refusal(() => gr.Cases.fromColumns(given, { zone: ZONE, groups: ['wrad'] }));
  assert.deepEqual([absent.code, absent.hint], ['map_invalid', 'did you mean "ward"?']);
});

test('some of the cases are measured like all of them', async () => {
  const rows = cases();
  const ward = rows.map((_, at) => `ward ${at % 3}`);
  const read = await gr.Cases.fromColumns({ ...KINDS.floats(rows), ward }, { zone: ZONE, groups: ['ward'] });
  const own = await read.only({ unit: ['Health', 'Water'], ward: 'ward 1' });
  const kept = rows.filter(({ unit }, at) => unit !== 'Works & Roads' && at % 3 === 1);
  const found = await own.pendency({ as_of: AS_OF });
  assert.deepEqual(Object.fromEntries(found.toObjects().map((row) => [row.unit, BANDS.map((band) => row[band])])), byHand(kept));
  assert.deepEqual([own.length, own.zone, (await own.only({ ward: 'ward 1' })).length], [kept.length, ZONE, kept.length]);
  assert.deepEqual([(await read.only({})).length, (await read.only({ unit: [] })).length], [rows.length, 0]);
  const rejecting = await gr.Cases.fromColumns({ received_at: [NOW, null], unit: ['a', 'a'] }, { zone: ZONE });
  assert.deepEqual([rejecting.rejected.length, (await rejecting.only({ unit: 'a' })).rejected], [1, []]);

  const codes = [[{ unit: 'Heath' }, 'unknown_code', 'only.unit', 'did you mean "Health"?'], [{ wrad: 'x' }, 'invalid_command', 'only', 'did you mean "ward"?']];
  for (const [given, ...told] of codes) {
    const problem = await refusal(() => read.only(given));
    assert.deepEqual([problem.code, problem.where, problem.hint], told);
  }
  for (const [given, where] of [[{ unit: 7 }, 'only.unit'], [{ unit: null }, 'only.unit'], [{ unit: ['Health', 7] }, 'only.unit[1]'], [undefined, 'only'], [['unit'], 'only']]) {
    const problem = await refusal(() => read.only(given));
    assert.deepEqual([problem instanceof TypeError, problem.where], [true, where]);
  }

  const desk = await town();
  for (const category of ['street-light', 'pothole', 'pothole']) await desk.by(citizen, NOW).lodge({ narrative: 'x', category });
  const seen = await desk.by(officer, later(480)).cases('2026-12-13');
  const roads = await (await seen.only({ unit_0: 'city', category: 'pothole', channel: ['online', 'phone'] })).pendency({ as_of: '2026-12-13' });
  assert.deepEqual([roads.columns.unit, roads.columns.pending], [['works'], [2]]);
});

test('a list of no cases is no cases, and its mapping is read as far as it can be seen', async () => {
  for (const given of [{}, { columns: { received_at: 'opened', unit: 'department' }, groups: ['ward'] }]) {
    const read = await gr.Cases.fromJson(' [] ', { zone: ZONE, ...given });
    assert.deepEqual([read.length, read.rejected, (await read.pendency({ as_of: AS_OF })).length, (await read.rates({ as_of: AS_OF })).length], [0, [], 0, 0]);
  }
  const wrong = await refusal(() => gr.Cases.fromJson('[]', { zone: ZONE, columns: { recieved_at: 'opened' } }));
  assert.deepEqual([wrong.code, wrong.where, wrong.hint], ['map_invalid', 'recieved_at', 'did you mean "received_at"?']);
  assert.equal((await refusal(() => gr.Cases.fromJson('[]', { zone: ZONE, groups: ['unit'] }))).where, 'unit');
  assert.equal((await refusal(() => gr.Cases.fromJson('[{}]', { zone: ZONE }))).where, 'received_at', 'of a row it can be seen');
});

test('open cases count as far as they go', async () => {
  const at = Date.UTC(2026, 2, 1, 6);
  const columns = { received_at: Float64Array.of(at, at, at), ended_at: Float64Array.of(at + 3 * DAY, NaN, at + 8 * DAY), unit: ['w', 'w', 'w'] };
  const curve = await gr.kaplanMeier(await gr.Cases.fromColumns(columns, { zone: ZONE }), { as_of: AS_OF });
  assert.deepEqual(curve.columns.days, [3, 8, 31]);
  assert(curve.columns.share.every((share, place) => Math.abs(share - [2 / 3, 1 / 3, 1 / 3][place]) < 1e-12));
  assert.equal(curve.about.median.days, 8);
});

test('what came in and went out adds up', async () => {
  const read = await gr.Cases.fromColumns(KINDS.floats(cases()), { zone: ZONE });
  const lines = (await gr.flow(read, { since: '2025-04-01', until: '2026-03-01' })).toObjects();
  assert.equal(lines.length, 12);
  lines.forEach((line, at) => {
    assert.equal(line.brought_forward + line.received - line.disposed, line.pending);
    assert.equal(lines[at + 1]?.brought_forward ?? line.pending, line.pending);
  });
});

test('offices are ranked and equal ones share a place', async () => {
  const at = Date.UTC(2026, 2, 1, 6) - 30 * DAY;
  const took = { Alpha: 2, Beta: 9, Gamma: 9, Zeta: 40, 'Nothing closed': NaN };
  const read = await gr.Cases.fromColumns({
    received_at: new Float64Array(50).fill(at),
    ended_at: Float64Array.from({ length: 50 }, (_, row) => at + Object.values(took)[row % 5] * DAY),
    unit: Array.from({ length: 50 }, (_, row) => Object.keys(took)[row % 5]),
  }, { zone: ZONE });
  const asked = { as_of: '2026-05-01', index: 'average_days' };
  const ranked = await gr.rank(read, asked);
  assert.deepEqual(Object.keys(ranked.columns), ['unit', 'group', 'score', 'rank']);
  const places = Object.fromEntries(ranked.toObjects().map((row) => [row.unit, row.rank]));
  assert.deepEqual([places.Alpha, places.Beta, places['Nothing closed']], [1, places.Gamma, null]);
  const whole = await gr.disposalIndex(read, asked);
  const again = await gr.disposalIndex(read, { ...asked, index: whole.about.definition });
  assert.deepEqual(again.columns, whole.columns);
  assert.equal((await refusal(() => gr.rank(read, { ...asked, index: 'average_day' }))).hint, 'did you mean "average_days"?');
  assert(gr.Cases.indexes().some(([code]) => code === 'average_days'));
});

test('a desk is measured like columns', async () => {
  const desk = await town();
  for (let times = 0; times < 3; times += 1) await desk.by(citizen, NOW).lodge({ narrative: 'No water.' });
  const acting = desk.by(officer, later(480));
  const found = await gr.pendency(acting, { as_of: '2026-12-13' });
  assert.deepEqual([found.columns.pending, found.columns['15 to 30']], [[3], [3]]);
  const statement = await gr.mis(acting, { as_of: '2026-12-13' });
  assert.deepEqual([statement.about.received, statement.columns.pending], [3, [3]]);
  assert.deepEqual(JSON.parse(await acting.misJson({ as_of: '2026-12-13' })), statement.about);
  const page = await acting.misHtml({ as_of: '2026-12-13', title: 'Haldia <1>' });
  assert(page.includes('Haldia &lt;1&gt;') && !page.includes('<script'));
  assert.equal((await gr.flow(acting, { since: '2026-11-01', until: '2026-12-01' })).columns.received[0], 3);
  for (const as_of of ['2026-02-30', '9999-12-31', '2026-2-3', '']) {
    assert.deepEqual([(await refusal(() => acting.mis({ as_of }))).code], ['date_invalid']);
  }
  assert.equal((await refusal(() => gr.pendency(acting, {}))).where, 'as_of');
  assert.equal((await refusal(() => gr.pendency(desk, { as_of: AS_OF }))).where, 'data');
});

test('every measure of a desk is a method', async () => {
  const desk = await town();
  await desk.by(citizen, NOW).lodge({ narrative: 'No water.' });
  const { measures } = desk.by(officer, later(480));
  const day = '2026-12-13';
  const waits = await measures.waiting({ as_of: day });
  assert.deepEqual([waits.columns.pending, waits.columns['with the office: 15 to 30']], [[1], [1]]);
  assert.deepEqual((await measures.stays({ as_of: day })).columns.still, [1, 1, 1]);
  const moved = await measures.movements({ since: '2026-11-01', until: day, period: 'week', begins: 'fri', cut_off: '17:00' });
  assert.equal(moved.columns.received.reduce((sum, count) => sum + count), 1);
  assert(moved.columns.difference.every((difference) => difference === 0));
  assert.deepEqual((await measures.pendency({ as_of: day, by: 'unit_0' })).columns.pending, [1]);
  const review = await measures.review({ as_of: day, index: 'average_days' });
  assert.equal(review.about.all.lines.pending.week, 1);
  const page = await measures.reviewHtml({ as_of: day, index: 'average_days', title: 'Haldia <1>', language: 'bn', lists: '?{unit}&{span}&{of}' });
  assert(page.includes('lang="bn"') && page.includes('Haldia &lt;1&gt;') && !page.includes('<script'));
  assert(page.includes('href="?city&amp;below&amp;pending"'));
  const behind = await measures.behind({ as_of: day, of: 'pending', unit: review.about.unit, span: 'below' });
  assert.deepEqual([behind.columns.case.length, behind.columns.times, behind.about.count], [1, [1], 1]);
  assert.deepEqual((await gr.rates(desk.by(officer, later(480)), { as_of: day })).columns, (await measures.rates({ as_of: day })).columns);
  assert.equal((await measures.sample({ since: '2026-11-01', until: day, seed: '5f'.repeat(32) })).length, 0);
  const refused = {
    unit: () => measures.waiting({ as_of: day, unit: 'atlantis' }),
    language: () => measures.reviewHtml({ as_of: day, language: 'la' }),
    of: () => measures.behind({ as_of: day, of: 'pendency' }),
    seed: () => measures.sample({ since: day, until: day, seed: 'dice' }),
    begins: () => measures.movements({ since: day, until: day, period: 'week', begins: 'payday' }),
    since: () => measures.suspicions({ since: day, until: '2026-01-01' }),
    at_most: () => measures.trends({ until: day, at_most: NaN }),
    span: () => measures.changes({ as_of: day, span: -1 }),
    as_of: () => measures.causes({ as_of: new Date() }),
    percentiles: () => measures.durations({ as_of: day, percentiles: [150] }),
    'percentiles[0]': () => measures.durations({ as_of: day, percentiles: ['half'] }),
  };
  for (const [place, ask] of Object.entries(refused)) {
    assert.equal((await refusal(ask)).where, place, place);
  }
});
