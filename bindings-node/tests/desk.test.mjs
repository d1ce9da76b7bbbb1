// The desk: opened, asked, closed; instants, fields, errors.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import vm from 'node:vm';

import * as gr from 'grievance';
import { citizen, folder, later, NOW, officer, postgres, refusal, town, TOWN } from './common.mjs';

const EVIDENCE = { date: '2026-11-23', reference: 'EL/17' };

test('a case is lodged, seen, found and disposed', async () => {
  const desk = await town();
  const lodged = await desk.by(citizen, NOW).lodge({ narrative: 'The street light has been dark for a week.' });
  assert.equal(lodged.number, 'CITY-2026-000001');
  const atWork = desk.by(officer, later(1));
  const { cases: [row] } = await atWork.search({ number: lodged.number, lodged_from: NOW, phases: ['registered'] });
  assert.deepEqual([row.id, row.phase, row.received_at], [lodged.case, 'registered', NOW]);
  const offers = await atWork.options(lodged.case);
  assert(offers.some((offer) => offer.action === 'dispose' && offer.allowed));
  const refused = offers.find((offer) => !offer.allowed);
  assert(gr.words.ErrorCode.includes(refused.because[0].code) && refused.because[0].sentence);
  await atWork.dispose(lodged.case, { remarks: 'Lamp replaced.', reason: 'benefit_provided', evidence: EVIDENCE });
  const view = await desk.by(citizen, later(2)).case(lodged.case);
  assert.deepEqual([view.row.phase, view.row.reason, view.row.disposed_at], ['disposed', 'benefit_provided', later(1)]);
  assert.equal(view.history[0].kind, 'lodged');
});

test('a sweep says which jobs have come round, and has its checkpoint made', async () => {
  const desk = await gr.Desk.open(':memory:', { seed: 7 });
  const jobs = [['weekly', 'statement'], ['seal', 'checkpoint']];
  const lines = jobs.map(([code, kind]) => `{ code = "${code}", kind = "${kind}", weekday = "tuesday", at = "10:00" }`);
  await desk.activate(gr.Rulebook.fromToml(`${TOWN}\nschedule = [${lines.join(', ')}]`), NOW);
  const { case: id } = await desk.by(citizen, NOW).lodge({ narrative: 'No water.' });
  const swept = await desk.sweep(later(48));
  const weekly = swept.jobs.find((job) => job.schedule === 'weekly');
  assert(weekly.kind === 'statement' && NOW < weekly.due_at && weekly.due_at <= later(48));
  assert.deepEqual([swept.failed, swept.checkpoint_failed, swept.more], [[], null, false]);
  assert.equal((await desk.lastCheckpoint()).text, swept.checkpoint);
  assert.deepEqual((await desk.sweep(later(48))).jobs, [], 'once');
  const { ahead } = await desk.by(citizen, later(48)).progress(id);
  assert(ahead.length > 0 && ahead.every((one) => one.at instanceof Date && !Number.isNaN(+one.at) && one.what));
});

test('cases of an office that is dissolved are moved out of it', async () => {
  const desk = await town();
  const ids = [];
  for (let at = 0; at < 3; at += 1) ids.push((await desk.by(citizen, NOW).lodge({ narrative: 'Dark.', category: 'street-light' })).case);
  const document = JSON.parse(JSON.stringify(gr.Rulebook.fromToml(TOWN).toObject()));
  document.unit = document.unit.filter(({ code }) => code !== 'lighting');
  document.category = document.category.map((one) => (one.unit === 'lighting' ? { ...one, unit: 'works' } : one));
  document.mapping = { ...document.mapping, unit: [{ from: 'lighting', to: 'works' }] };
  await desk.activate(gr.Rulebook.fromObject(document), later(1));
  const at = later(2);
  const works = desk.by({ person: officer.person, role: 'hod', unit: 'works' }, at);
  assert.equal((await desk.sweep(at)).moved, 0);
  assert.deepEqual((await works.search()).cases, [], 'until they are moved');

  const first = await desk.moveCases(officer, at, { limit: 2 });
  assert.deepEqual([first.moved, first.changed, ids.includes(first.next)], [2, 2, true]);
  const rest = await desk.moveCases(officer, at, { after: first.next });
  assert.deepEqual(rest, { moved: 1, changed: 1, next: null });
  assert.deepEqual(await desk.moveCases(officer, at), { moved: 0, changed: 0, next: null }, 'what was moved is not seen twice');
  assert.deepEqual((await works.search()).cases.map(({ id, unit }) => [ids.includes(id), unit]), ids.map(() => [true, 'works']));
  for (const [where, call] of Object.entries({
    actor: () => desk.moveCases(), at: () => desk.moveCases(officer), after: () => desk.moveCases(officer, at, { after: 'x' }),
    limit: () => desk.moveCases(officer, at, { limit: 0 }),
  })) {
    assert.equal((await refusal(call)).where, where);
  }
});

test('a sample is drawn by the hash of a checkpoint that came later', async () => {
  const desk = await town();
  assert.equal(await desk.lastCheckpoint(), null);
  const ids = [];
  for (let at = 0; at < 40; at += 1) {
    const { case: id } = await desk.by(citizen, NOW).lodge({ narrative: `No water at pump ${at}.` });
    await desk.by(officer, later(1)).dispose(id, { remarks: `Pump ${at} mended.`, reason: 'benefit_provided', evidence: EVIDENCE });
    ids.push(id);
  }
  const first = await desk.checkpoint(later(48));
  assert.deepEqual([first.cases, first.at, Object.keys(first)[0]], [40, later(48), 'hash']);
  assert.deepEqual(await desk.lastCheckpoint(), first);
  // Whoever has the text has the hash.
  assert.equal(createHash('sha256').update(`grievance checkpoint v1
${first.text}`).digest('hex'), first.hash);
  const { cases, events, number, previous } = JSON.parse(first.text);
  assert.deepEqual([cases, events, number, previous], [first.cases, first.events, first.number, undefined]);

  const [since, until] = ['2026-11-23', '2026-11-25'];
  const { measures } = desk.by(officer, later(72));
  const drawn = await measures.sample({ since, until, seed: first.hash });
  assert(drawn.length > 0 && drawn.columns.case.every((id) => ids.includes(id)));
  assert.deepEqual(await measures.sample({ since, until, seed: first.hash }), drawn);
  await desk.by(citizen, later(49)).lodge({ narrative: 'No light.' });
  const second = await desk.checkpoint(later(72));
  assert.equal(JSON.parse(second.text).previous, first.hash);
  assert.notDeepEqual((await measures.sample({ since, until, seed: second.hash })).columns.case, drawn.columns.case);
  const quality = await measures.quality({ since, until, seed: first.hash, as_of: '2026-11-30' });
  assert.deepEqual([quality.columns.drawn, quality.columns.waiting], [[drawn.length], [drawn.length]]);
  assert.equal((await refusal(() => desk.checkpoint(+NOW))).where, 'at');
});

test('a receipt holds the office to what was lodged', async () => {
  const desk = await town();
  const lodged = await desk.by(citizen, NOW).lodge({ narrative: 'No water.', received_at: '2026-11-23T09:30:00+05:30' });
  const other = await desk.by(citizen, NOW).lodge({ narrative: 'No light.' });
  const typed = lodged.receipt.toLowerCase().replaceAll('-', ' ');
  const held = await desk.checkReceipt(` ${lodged.number} `, typed, later(1));
  assert.deepEqual(held, { number: lodged.number, recorded_at: NOW, received_at: new Date('2026-11-23T04:00:00Z') });
  assert.equal(await desk.checkReceipt(other.number, lodged.receipt, NOW), null);
  assert.equal(await desk.checkReceipt('CITY-2026-999999', lodged.receipt, NOW), null);
  const slip = lodged.receipt.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  assert.deepEqual([(await refusal(() => desk.checkReceipt(lodged.number, slip, NOW))).code], ['receipt_invalid']);
  assert.equal((await refusal(() => desk.checkReceipt(lodged.number, 7, NOW))).where, 'receipt');
});

test('a tracking code opens its case and no other', async () => {
  const desk = await town();
  const lodged = await desk.by(citizen, NOW).lodge({ narrative: 'A secret.', anonymous: true });
  const tracked = await desk.track(` ${lodged.tracking_code.toLowerCase()} `, NOW);
  assert.deepEqual([tracked.case, tracked.progress.number], [lodged.case, lodged.number]);
  const again = desk.by({ person: tracked.person, role: 'complainant' }, NOW);
  assert.equal((await again.case(lodged.case)).row.id, lodged.case);
  assert.equal(await desk.track('AAAA-AAAA-AAAA-AAAA', NOW), null);
  assert.equal((await refusal(() => desk.track(7, NOW))).where, 'code');
});

test('whoever has verified a mobile sees where its case stands', async () => {
  const desk = await town();
  const [mine, theirs] = ['98300 01234', '98300 09999'];
  const lodged = await desk.by(citizen, NOW).lodge({ narrative: 'No water.', mobile: mine });
  const other = await desk.by(citizen, NOW).lodge({ narrative: 'No light.', mobile: theirs });
  const codes = desk.otp(new gr.MacKeys('2026-11', new Uint8Array(32)));
  const sent = await codes.requestCode('track', mine, { request: 'form', at: NOW });
  assert.deepEqual([sent.mobile, sent.purpose, sent.expires_at > NOW], ['+919830001234', 'track', true]);
  const mobile = await codes.verifyCode(sent.challenge, 'track', mine, { request: 'form', code: sent.code, at: NOW });
  assert.equal((await desk.trackByMobile(mobile, lodged.number, NOW)).phase, 'registered');
  assert.equal(await desk.trackByMobile(mobile, other.number, NOW), null);
  assert.equal((await refusal(() => desk.trackByMobile({}, lodged.number, NOW))).where, 'verified');
});

test('an app of complainants is answered in text', async () => {
  const desk = (await town()).by(citizen, NOW);
  const request = { action: 'lodge', narrative: 'The lamp at the ferry is dark.' };
  const question = JSON.stringify({ ask: 'step', command: `cmd_${'5'.padStart(32, '0')}`, request, v: 1 });
  const answer = await desk.serve(question);
  assert.match(answer, /"number":"CITY-2026-000001"/);
  assert.equal(await desk.serve(question), answer, 'done once');
  assert.equal(JSON.parse(await desk.serve('what?')).failed.code, 'invalid_command');
});

test('what a desk answers is frozen to its depth', async () => {
  const desk = await town();
  const { case: id } = await desk.by(citizen, NOW).lodge({ narrative: 'No water.' });
  const view = await desk.by(officer, NOW).case(id);
  for (const part of [view, view.row, view.history, view.history[0], view.history[0].says, view.history[0].by, await desk.facts(id)]) {
    assert(Object.isFrozen(part));
  }
  assert.throws(() => { view.row.phase = 'closed'; }, TypeError);
  assert.equal(Object.getPrototypeOf(view), Object.prototype);
});

test('an instant comes as a Date or as a text with an offset', async () => {
  const desk = await town();
  for (const same of [NOW, '2026-11-23T10:00:00+05:30', '2026-11-23T01:00:00-03:30', vm.runInNewContext(`new Date(${+NOW})`)]) {
    const done = await desk.by(citizen, same).lodge({ narrative: 'No water.' });
    assert.equal((await desk.facts(done.case)).lodged_at, '2026-11-23T04:30:00Z');
  }
});

test('what is no instant is refused and never taken for 1970', async () => {
  const desk = await town();
  const far = new Date(8.64e15);
  for (const given of [new Date(NaN), '2026-11-23T10:00:00', '2026-11-23', 'yesterday', '', far]) {
    const problem = await refusal(() => desk.by(citizen, given));
    assert.deepEqual([problem.constructor, problem.code, problem.where], [gr.AmendError, 'date_invalid', 'now'], given);
    assert.equal((await refusal(() => desk.sweep(given))).where, 'at');
  }
  for (const given of [undefined, null, 0, +NOW, {}, [NOW], Object.create(Date.prototype), { getTime: () => 0 }]) {
    const problem = await refusal(() => desk.by(citizen, given));
    assert(problem instanceof TypeError, given);
    assert.deepEqual([problem.code, problem.remedy, problem.where], ['invalid_command', 'amend', 'now']);
  }
});

test('a Date is no field of a command, valid or not', async () => {
  const acting = (await town()).by(citizen, NOW);
  for (const received_at of [new Date(NaN), NOW]) {
    const problem = await refusal(() => acting.lodge({ narrative: 'No water.', received_at }));
    assert(problem instanceof TypeError);
    assert.deepEqual([problem.code, problem.where], ['invalid_command', 'received_at']);
  }
  const naive = await refusal(() => acting.lodge({ narrative: 'No water.', received_at: '2026-11-22T10:00:00' }));
  assert.deepEqual([naive.code, naive.where], ['date_invalid', 'received_at']);
});

test('a field of the wrong kind is a mistake in the program, and named', async () => {
  const acting = (await town()).by(citizen, NOW);
  const wrong = [
    [{ narrative: 5 }, 'narrative'],
    [{ narrative: new String('No water.') }, 'narrative'],
    [{ narrative: 'x', anonymous: 'yes' }, 'anonymous'],
    [{ narrative: 'x', signatories: 'Asha' }, 'signatories'],
    [{ narrative: 'x', signatories: ['Asha', 7] }, 'signatories[1]'],
    [{ narrative: 'x', signatories: new Array(2 ** 32 - 1) }, 'signatories[0]'],
    [[], 'lodge'],
    [new Map([['narrative', 'x']]), 'lodge'],
    ['x', 'lodge'],
  ];
  for (const [given, where] of wrong) {
    const problem = await refusal(() => acting.lodge(given));
    assert(problem instanceof TypeError, where);
    assert.deepEqual([problem.code, problem.remedy, problem.where], ['invalid_command', 'amend', where]);
  }
  for (const given of [null, undefined, 7]) assert.equal((await refusal(() => acting.submit(given))).where, 'request');
  assert((await refusal(() => acting.submit({ action: 7 }))) instanceof TypeError);
  assert.match((await refusal(() => acting.lodge([]))).message, /not an array$/);
  assert.match((await refusal(() => gr.Acting.prototype.lodge.call({}, {}))).message, /must be an Acting, not an object$/);
});

test('a missing field and one too many are bad input, and named, in an object as in a text', async () => {
  const acting = (await town()).by(citizen, NOW);
  const wrong = [
    [{}, 'narrative'],
    [undefined, 'narrative'],
    [{ narrative: null }, 'narrative'],
    [{ narrative: undefined }, 'narrative'],
    [{ narrative: 'x', categroy: 'water' }, 'categroy'],
    [{ narrative: 'x', toString: 'x' }, 'toString'],
    [JSON.parse('{"narrative": "x", "__proto__": "x"}'), '__proto__'],
  ];
  for (const [given, where] of wrong) {
    const told = await Promise.all([() => acting.lodge(given), () => acting.submit(JSON.stringify({ ...given, action: 'lodge' }))].map(refusal));
    // A prototype is none of what a spread copies.
    for (const problem of where === '__proto__' ? [told[0]] : told) {
      assert.deepEqual([problem.constructor, problem.code, problem.remedy, problem.where], [gr.AmendError, 'invalid_command', 'amend', where]);
    }
  }
  for (const given of [{}, { action: null }, { action: 'lodje' }, '{}', '{"action": "lodje"}']) {
    const problem = await refusal(() => acting.submit(given));
    assert.deepEqual([problem.constructor, problem.code, problem.where], [gr.AmendError, 'invalid_command', 'action']);
  }
  assert.equal((await refusal(() => acting.submit({ action: 'lodje' }))).hint, 'did you mean "lodge"?');
  const guess = await refusal(() => acting.lodge({ narrative: 'x', categroy: 'water' }));
  assert.equal(guess.hint, 'did you mean "category"?');
  for (const far of ['subject_of_the_whole_matter', 'x'.repeat(1_000_000)]) {
    const { hint } = await refusal(() => acting.lodge({ narrative: 'x', [far]: 'water' }));
    assert.match(hint, /^there are .*\bcategory\b/);
  }
  const half = await refusal(() => acting.lodge({ narrative: '\ud800' }));
  assert.deepEqual([half.constructor, half.where], [gr.AmendError, 'narrative']);
  const { case: id } = await acting.lodge({ narrative: 'x', category: null, place: undefined });
  for (const rating of [1.5, -1, 2 ** 32, NaN]) {
    const problem = await refusal(() => acting.recordFeedback(id, { outcome: 'satisfied', rating }));
    assert.deepEqual([problem.constructor, problem.where], [gr.AmendError, 'rating']);
  }
  assert.equal((await refusal(() => acting.dispose(id, { remarks: 'x', evidence: { date: 1 } }))).where, 'evidence.date');
  // A kind of evidence that is absent is as if it were not named.
  for (const reference of [null, undefined]) {
    const problem = await refusal(() => acting.dispose(id, { remarks: 'x', reason: 'benefit_provided', evidence: { date: '2026-11-23', reference } }));
    assert(problem instanceof gr.GrievanceError && !/string/.test(problem.message), problem.stack);
  }
});

test('what is optional may be null or undefined, and is then absent', async () => {
  for (const nothing of [null, undefined]) {
    const macs = new gr.MacKeys('k', new Uint8Array(32), { old: nothing });
    const desk = await gr.Desk.open(':memory:', { tenant: nothing, keys: nothing, seed: nothing });
    await desk.activate(gr.Rulebook.fromToml(TOWN), NOW);
    const who = { ...officer, post: nothing, on_behalf_of: nothing, tenure: nothing };
    const atWork = desk.by(who, NOW, { command: nothing, expecting: nothing, verified: nothing });
    const { case: id } = await desk.by(citizen, NOW, nothing).submit({ action: 'lodge', narrative: 'No water.', place: nothing }, nothing);
    await desk.by(citizen, NOW).remind(id, nothing);
    await desk.appoint({ unit: 'desk', post: 'head', person: officer.person, since: NOW, until: nothing, tenure: nothing });
    assert.equal((await desk.sweep(NOW, { limit: nothing })).cases, 0);
    assert.deepEqual([await desk.parked(nothing), (await desk.deliver(NOW, () => null, nothing)).parked], [[], []]);
    const names = ['number', 'name', 'mobile', 'email', 'external_number', 'source', 'lodged_from', 'lodged_before', 'units', 'categories', 'stages', 'phases', 'after', 'limit'];
    assert.equal((await atWork.search(Object.fromEntries(names.map((name) => [name, nothing])))).cases.length, 1);
    assert.equal((await atWork.search(nothing)).cases.length, 1);
    const day = '2026-12-01';
    assert.deepEqual((await atWork.measures.pendency({ as_of: day, by: nothing, rule: nothing, cuts: nothing })).columns.pending, [1]);
    assert.equal((await atWork.mis({ as_of: day, rule: nothing })).about.received, 1);
    const page = { rule: nothing, unit: nothing, index: nothing, title: nothing, language: nothing, lists: nothing };
    assert(await atWork.measures.reviewHtml({ as_of: day, ...page }));
    assert(await desk.otp(macs).requestCode('track', '9830001234', { request: 'form', at: NOW, language: nothing }));
    const columns = { received_at: [NOW], unit: ['works'], rating: nothing, ended_at: nothing, ward: nothing };
    const read = await gr.Cases.fromColumns(columns, { zone: 'UTC', until: nothing, columns: { ended_at: nothing }, groups: nothing });
    assert.equal((await read.rank({ as_of: day, index: 'average_days', rule: nothing })).length, 1);
    assert.equal((await gr.Cases.fromJson('[{"received_at": "2026-11-23", "unit": "works"}]', { zone: 'UTC', columns: nothing })).length, 1);
  }
});

test('a refusal says code, remedy, place and where it was asked, at once and later', async () => {
  const desk = await town();
  const byPromise = await refusal(() => desk.by(citizen, NOW).lodge({ narrative: 'No water.', category: 'no_such_thing' }));
  assert.deepEqual([byPromise.name, byPromise.code, byPromise.remedy, byPromise.where], ['AmendError', 'unknown_code', 'amend', 'category']);
  const atOnce = await refusal(() => gr.Rulebook.fromToml('extends = "city-311"\nzome = 5'));
  assert.deepEqual([atOnce.name, atOnce.code, atOnce.where, atOnce.hint], ['AmendError', 'rulebook_invalid', 'zome', 'did you mean "zone"?']);
  assert.equal(atOnce.findings[0].severity, 'error');
  const notFound = await refusal(() => desk.by(citizen, NOW).case('grv_x'));
  assert.deepEqual([notFound.code, notFound.where], ['invalid_command', 'case']);
  const badActor = await refusal(() => desk.by({ ...citizen, person: 'Asha' }, NOW));
  assert.deepEqual([badActor.code, badActor.where], ['invalid_command', 'person']);
  for (const problem of [byPromise, atOnce, notFound, badActor]) {
    assert(problem instanceof gr.GrievanceError && problem instanceof Error);
    assert.match(problem.stack, /desk\.test\.mjs/);
  }
});

test('a place is a name, a hint is told once, and an error may be written down', async () => {
  const unread = await refusal(() => gr.Cases.fromColumns({ received_at: [NOW], unit: ['works'] }, { zone: 'UTC', columns: { endedAt: 'x' } }));
  assert.deepEqual([unread.code, unread.where, unread.hint], ['map_invalid', 'endedAt', 'did you mean "ended_at"?']);
  for (const call of [() => gr.Rulebook.fromToml(`${TOWN}\nintakes = {}`), () => gr.Rulebook.fromObject({ extends: 'city-312' })]) {
    const { message, hint } = await refusal(call);
    assert.equal(message.split(hint).length, 2, message);
  }
  const dated = await refusal(() => gr.Rulebook.fromObject({ extends: 'city-311', valid_from: NOW }));
  assert.deepEqual([dated instanceof TypeError, dated.where], [true, 'valid_from']);
  assert.match(dated.hint, /toISOString/);

  const refused = await refusal(() => gr.Rulebook.fromToml('extends = "city-311"\nzome = 5'));
  const missing = await refusal(async () => (await town()).by(citizen, NOW).lodge({}));
  const kind = await refusal(async () => (await town()).by(citizen, NOW).lodge({ narrative: 5 }));
  for (const problem of [refused, missing, kind]) {
    const { name, message, code, remedy, where, hint, findings = [] } = problem;
    const own = { name, message, code, remedy, where, hint };
    assert.deepEqual(JSON.parse(JSON.stringify({ problem })).problem, findings.length === 0 ? own : { ...own, findings });
  }
  assert.deepEqual([missing.name, kind.name, refused.findings.length], ['AmendError', 'TypeError', 1]);
});

test("an error of the host's own may be one of ours", () => {
  class NotThisWard extends gr.AmendError {}
  const bare = new NotThisWard();
  assert(bare instanceof gr.GrievanceError && bare.message.length > 0);
  assert.deepEqual([bare.name, bare.code, bare.remedy, bare.where, bare.hint, bare.findings], ['NotThisWard', 'invalid_command', 'amend', null, null, []]);
  const told = new NotThisWard('the ward is another office\'s', { where: 'ward', hint: 'ward 7' });
  assert.deepEqual([told.message, told.where], ["the ward is another office's (ward 7)", 'ward']);
});

test('a page of a search has 1 to 1,000 cases', async () => {
  const acting = (await town()).by(citizen, NOW);
  for (const limit of [0, -1, 1_001, 2 ** 32, 1.5, NaN]) {
    const problem = await refusal(() => acting.search({ limit }));
    assert.deepEqual([problem.constructor, problem.code, problem.where], [gr.AmendError, 'invalid_command', 'limit'], String(limit));
  }
  for (const limit of [1, 1_000]) assert.deepEqual((await acting.search({ limit })).cases, []);
});

test('a stale version is to be read again', async () => {
  const desk = await town();
  const { case: id } = await desk.by(citizen, NOW).lodge({ narrative: 'No water.' });
  const stale = await refusal(() => desk.by(citizen, NOW, { expecting: 7 }).comment(id, { text: 'Still none.' }));
  assert.deepEqual([stale.constructor, stale.code, stale.remedy], [gr.ReloadError, 'conflict', 'reload']);
});

test('a step that is sent twice is done once', async () => {
  const desk = await town();
  const acting = desk.by(citizen, NOW, { command: `cmd_${'5'.repeat(32)}` });
  const first = await acting.lodge({ narrative: 'No water.' });
  assert.deepEqual(await acting.lodge({ narrative: 'No water.' }), first);
  assert.equal((await refusal(() => acting.lodge({ narrative: 'No light.' }))).code, 'command_reused');
});

test('a rulebook is the same from TOML, JSON and an object', () => {
  const document = { extends: 'city-311', name: 'Haldia', zone: 'Asia/Kolkata' };
  const books = [gr.Rulebook.fromToml(TOWN), gr.Rulebook.fromJson(JSON.stringify(document)), gr.Rulebook.fromObject(document)];
  assert.equal(new Set(books.map((book) => book.version)).size, 1);
  assert.deepEqual([books[0].zone, books[0].toObject().name], ['Asia/Kolkata', 'Haldia']);
  assert(books[0].lint().every((finding) => finding.severity !== 'error'));
  const loop = {};
  loop.extends = loop;
  for (const [given, where] of [[loop, /extends/], [{ name: NaN }, /name/], [{ name: new Date() }, /name/], [{ name: 7n }, /name/], [[], /an object/], ['x', /an object/]]) {
    assert.throws(() => gr.Rulebook.fromObject(given), where);
  }
  const known = gr.Rulebook.presets();
  assert.throws(() => gr.Rulebook.preset('city-312'), (problem) => known.every((name) => problem.hint.includes(name)));
});

test('a kept desk needs keys and finds its cases again', async (t) => {
  const url = `sqlite:///${folder(t)}/desk.sqlite`;
  assert.equal((await refusal(() => gr.Desk.open(url))).code, 'key_missing');
  const secret = Uint8Array.from({ length: 32 }, (_, at) => at);
  const keys = new gr.KeyRing('2026-11', secret);
  const first = await town(url, { tenant: 'haldia', keys });
  const { case: id } = await first.by(citizen, NOW).lodge({ narrative: 'No water.', name: 'Asha Devi' });
  await first.close();
  const turned = new gr.KeyRing('2026-12', new Uint8Array(32).fill(9), { old: [['2026-11', secret]] });
  const second = await gr.Desk.open(url, { tenant: 'haldia', keys: turned });
  const words = await second.by(citizen, NOW).words(id, { purpose: 'handling', fields: ['narrative'] });
  assert.deepEqual(words.map((word) => word.words), ['No water.']);
  await second.close();
  for (const secret of ['x'.repeat(32), new Uint8Array(3), new DataView(new ArrayBuffer(32)), null]) {
    assert.throws(() => new gr.KeyRing('2026-11', secret), (problem) => problem.code === 'invalid_command');
  }
});

test('of keys that are none, the argument is named', () => {
  const [good, short] = [new Uint8Array(32), new Uint8Array(31)];
  const places = [];
  for (const Keys of [gr.KeyRing, gr.MacKeys]) {
    for (const given of [
      ['k', short], ['K', good], ['k', good, { old: [['j', good], ['i', short]] }], ['k', good, { old: [['J', good]] }], ['k', good, { old: [['k', good]] }],
    ]) {
      assert.throws(() => new Keys(...given), (problem) => { places.push(problem.where); return problem instanceof gr.AmendError; });
    }
  }
  const wanted = ['secret', 'key_id', 'old[1][1]', 'old[0][0]', 'old'];
  assert.deepEqual(places, [...wanted, ...wanted]);
});

test("keys of a host's own class are keys", async () => {
  class VaultRing extends gr.KeyRing {
    constructor(vault) {
      super('2026-11', vault.secret);
      this.vault = vault;
    }
  }
  class VaultMacs extends gr.MacKeys {}
  const [ring, macs] = [new VaultRing({ secret: new Uint8Array(32) }), new VaultMacs('k', new Uint8Array(32))];
  const desk = await town(':memory:', { keys: ring });
  const sent = await desk.otp(macs).requestCode('track', '9830001234', { request: 'form', at: NOW });
  assert(sent.code && ring.vault && ring instanceof gr.KeyRing && macs instanceof gr.MacKeys);
  // What only looks like keys is none, whatever it says of itself.
  const posing = Object.setPrototypeOf(class extends gr.MacKeys {}, gr.KeyRing);
  for (const keys of [Object.create(VaultRing.prototype), macs, new gr.MacKeys('k', new Uint8Array(32)), Object.setPrototypeOf(macs, VaultRing.prototype)]) {
    assert.equal((await refusal(() => gr.Desk.open(':memory:', { keys }))).where, 'keys');
  }
  assert((await gr.Desk.open(':memory:', { keys: new posing('k', new Uint8Array(32)) })) instanceof gr.Desk);
  // Of what only the package makes, nobody makes another.
  class OwnDesk extends gr.Desk {}
  assert.throws(() => new OwnDesk(), TypeError);
});

test('a desk is kept in PostgreSQL', { skip: postgres.skip }, async (t) => {
  const options = { tenant: `node-${process.pid}`, keys: gr.KeyRing.forTests() };
  const desk = await town(postgres.url(), options).catch((problem) => problem);
  if (desk.code === 'not_durable') return t.skip(postgres.forgets);
  assert(desk instanceof gr.Desk, desk);
  const { case: id } = await desk.by(citizen, NOW).lodge({ narrative: 'No water.' });
  await desk.close();
  const again = await gr.Desk.open(postgres.url(), options);
  assert.equal((await again.by(citizen, NOW).case(id)).row.phase, 'registered');
  const { statements } = await again.by(citizen, NOW).prepare({ action: 'comment', text: 'Still none.' }, id);
  assert.match(statements[0].sql, /\$1/);
  await again.close();
  assert.equal((await refusal(() => gr.Desk.open('postgresql://nobody@%2Fnowhere/x', options))).remedy, 'retry');
});

test('a closed desk says so by every handle', async () => {
  const desk = await town();
  const acting = desk.by(citizen, NOW);
  await desk.close();
  await desk[Symbol.asyncDispose]();
  for (const call of [() => acting.search(), () => desk.sweep(NOW), () => acting.lodge({ narrative: 'No water.' })]) {
    const closed = await refusal(call);
    assert.deepEqual([closed.constructor, closed.code], [gr.AmendError, 'desk_closed']);
  }
});

test('an address of no store is refused', async () => {
  for (const url of ['', 'mysql://x', 'sqlite://', 'sqlite:///', '/tmp/x']) {
    assert.equal((await refusal(() => gr.Desk.open(url))).where, 'url');
  }
});

test('many lodge at once and nothing is lost', async () => {
  const desk = await town();
  const all = Array.from({ length: 200 }, () => desk.by(citizen, NOW).lodge({ narrative: 'No water.' }));
  assert.equal(new Set((await Promise.all(all)).map(({ number }) => number)).size, 200);
});

test('a code is sent, brought back and carried on', async () => {
  const desk = await town();
  const macs = new gr.MacKeys('k', new Uint8Array(32));
  const codes = desk.otp(macs);
  const sent = await codes.requestCode('track', '98300 01234', { request: 'form', at: NOW });
  assert(sent.expires_at > NOW);
  const brought = (code) => codes.verifyCode(sent.challenge, 'track', '9830001234', { request: 'form', code, at: NOW });
  const other = sent.code === '000000' ? '111111' : '000000';
  assert.equal((await refusal(() => brought(other))).code, 'code_wrong');
  const verified = await brought(sent.code);
  const again = await codes.readToken(verified.toToken(macs), 'track', NOW);
  assert(again instanceof gr.VerifiedMobile);
  assert.equal((await refusal(() => codes.readToken('x', 'track', NOW))).code, 'token_invalid');
  await codes.unlock('9830001234');
});

test('somebody is appointed to a post', async () => {
  const desk = await town();
  const holding = { unit: 'desk', post: 'head', person: officer.person, since: NOW };
  await desk.appoint(holding);
  assert.equal((await refusal(() => desk.appoint({ ...holding, since: undefined }))).where, 'since');
  assert.equal((await refusal(() => desk.appoint({ ...holding, tenure: 'owner' }))).where, 'tenure');
});

test('the loop goes on while a desk works', async () => {
  const desk = await town();
  const turns = [];
  const lodged = desk.by(citizen, NOW).lodge({ narrative: 'No water.' }).then(() => turns.push('lodged'));
  setImmediate(() => turns.push('turned'));
  await Promise.all([lodged, new Promise((resolve) => { setImmediate(resolve); })]);
  assert.equal(turns[0], 'turned');
});
