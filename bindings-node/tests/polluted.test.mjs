// What hangs on `Object.prototype` adds nothing, changes nothing and breaks nothing.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import * as gr from 'grievance';
import { citizen, folder, later, NOW, officer, refusal, town, TOWN } from './common.mjs';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const tables = JSON.parse(createRequire(import.meta.url)('../grievance.node').tables());
const sources = ['index.cjs', ...readdirSync(join(PACKAGE, 'lib')).map((name) => join('lib', name))];

/** What JavaScript reads of any object that it is given: with these on all of them not even Node works. */
const JAVASCRIPT = ['then', 'get', 'set', 'value', 'constructor', 'prototype', 'length', 'toString', 'valueOf', 'exec', 'done', 'next', 'return', 'throw'];

/** Every name that stands in the sources of the package, and every field of the tables. */
const NAMES = [...new Set([
  ...sources.flatMap((name) => readFileSync(join(PACKAGE, name), 'utf8').match(/\b[a-z]\w*/gi)),
  ...[tables.verbs, tables.measures, tables.papers, tables.records].flatMap((rows) => rows.flatMap(({ fields }) => fields.map(({ name }) => name))),
])].filter((name) => !JAVASCRIPT.includes(name) && !(name in Object.prototype));

/** Hangs something on every object, under every name, and takes it away again. */
async function polluted(hung, work) {
  for (const name of NAMES) Object.defineProperty(Object.prototype, name, { __proto__: null, configurable: true, ...hung(name) });
  try {
    return await work();
  } finally {
    for (const name of NAMES) delete Object.prototype[name];
  }
}

/** An error: its class, and what it says itself. */
const told = (problem) => [problem.constructor.name, problem.message, { ...problem }];

/** What a program does with the package from end to end, and what comes of it. */
async function use(place) {
  const came = [];
  const keep = (one) => { came.push(one); return one; };
  const refused = async (call) => keep(told(await refusal(call)));

  const macs = new gr.MacKeys('k', new Uint8Array(32), { old: [['j', new Uint8Array(32).fill(1)]] });
  const keys = new gr.KeyRing('k', new Uint8Array(32), {});
  keep(gr.Rulebook.fromToml(TOWN).lint());
  const document = { extends: 'city-311', name: 'Haldia', zone: 'Asia/Kolkata' };
  keep(gr.Rulebook.fromObject(document).toObject().name);
  await refused(() => gr.Rulebook.fromToml('extends = "city-311"\nzome = 5'));
  await refused(() => new gr.KeyRing('k', new Uint8Array(32), { older: [] }));

  const desk = await town(`sqlite:///${place}`, { keys, seed: 7 });
  const [mine, theirs] = [desk.by(citizen, NOW), desk.by(officer, later(1))];
  const lodged = keep(await mine.lodge({ narrative: 'No water.', signatories: ['Asha Devi'], mobile: '98300 01234' }));
  keep(await desk.by(citizen, NOW, {}).submit({ action: 'lodge', narrative: 'No light.' }));
  keep(await mine.submit('{"action": "comment", "text": "Still none."}', lodged.case));
  const prepared = keep(await theirs.prepare({ action: 'comment', text: 'Seen.' }, lodged.case));
  const values = prepared.statements.flatMap((statement) => statement.values);
  assert(values.some(Buffer.isBuffer) && values.some(Number.isInteger), 'parameters of both kinds are read');
  await refused(() => mine.submit({ narrative: 'No water.' }));
  await refused(() => mine.submit({}, lodged.case));
  await refused(() => mine.submit(null, lodged.case));
  await refused(() => mine.lodge({}));
  await refused(() => mine.lodge());
  await refused(() => mine.lodge({ narrative: 'x', categroy: 'water' }));
  await refused(() => mine.withdraw(lodged.case, { remarks: undefined, reason: 'x' }));
  await refused(() => theirs.decline(lodged.case, {}));
  keep(await theirs.dispose(lodged.case, { remarks: 'Mended.', reason: 'benefit_provided', evidence: { date: '2026-11-23', reference: 'EL/17' } }));
  keep([await theirs.case(lodged.case), await theirs.history(lodged.case), await mine.progress(lodged.case), await theirs.options(lodged.case)]);
  keep([await theirs.search(), await theirs.search({ units: ['desk'] }), await mine.words(lodged.case, { purpose: 'handling', fields: ['narrative'] })]);
  keep([await desk.facts(lodged.case), await desk.storedHistory(lodged.case), await desk.notices(lodged.case)]);
  await desk.appoint({ unit: 'desk', post: 'head', person: officer.person, since: NOW });
  await refused(() => desk.appoint({ unit: 'desk' }));
  await refused(() => desk.by({ person: citizen.person }, NOW));
  await refused(() => desk.by(citizen, {}));

  keep(await desk.deliver(later(2), () => { throw new gr.MessageRefusedError(); }, {}));
  keep([await desk.parked(), await desk.parked({}), await desk.sweep(later(3)), await desk.nextDue(later(3))]);
  const checkpoint = keep(await desk.checkpoint(later(3)));
  keep([await desk.lastCheckpoint(), await desk.checkReceipt(lodged.number, lodged.receipt, NOW), checkpoint.hash]);
  const codes = desk.otp(macs);
  const sent = keep(await codes.requestCode('track', '98300 01234', { request: 'form', at: NOW }));
  const verified = await codes.verifyCode(sent.challenge, 'track', '98300 01234', { request: 'form', code: sent.code, at: NOW });
  keep([verified.toToken(macs).length, await desk.trackByMobile(verified, lodged.number, NOW)]);
  keep(await codes.sendCode('lodge', '98300 01234', { request: 'form', at: later(1), gateway: () => null }));
  await refused(() => codes.requestCode('track', '98300 01234', { request: 'form' }));
  keep([told(new gr.MessageRefusedError()), keep(await mine.serve('{"ask":"rules","v":1}')).length]);

  const [day, since] = ['2026-12-13', '2026-11-01'];
  const seen = desk.by(officer, later(480));
  const asked = { as_of: day, since, until: day, of: 'pending', seed: '5f'.repeat(32), index: 'average_days' };
  for (const { name, fields } of tables.measures) {
    const method = name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
    const given = Object.fromEntries(fields.filter(({ must }) => must).map(({ name: field }) => [field, asked[field]]));
    keep(await seen.measures[method](given));
    await refused(() => seen.measures[method]({}));
  }
  const edition = keep(await seen.papers.edition({ as_of: '2026-12-01', key: '5f'.repeat(32) }));
  const agenda = keep(await seen.papers.agenda({ edition, meeting: '2026-12-02' }));
  const register = keep(await seen.papers.writePractice({ code: 'lamps', title: 'Lamps', facet: 'procedure', unit: 'desk', situation: 'x', steps: ['x'], written_on: day }));
  keep([await seen.papers.restate({ edition }), await seen.papers.practices({ register }), await seen.papers.tellOfEdition({ edition })]);
  await refused(() => seen.papers.settle({ agenda, code: 'x', on: day }));
  await refused(() => seen.papers.edition({}));
  keep(await desk.moveCases(officer, later(3)));
  keep([await seen.measures.reviewHtml({ as_of: day }), await seen.misHtml({ as_of: day, title: 'Haldia' }), await seen.misJson({ as_of: day })]);
  await refused(() => seen.misHtml({ as_of: day }));
  const columns = { received_at: [NOW, later(1)], unit: ['desk', 'works'], rating: [3, null], ward: { codes: ['7'], indexes: Uint32Array.of(0, 0) } };
  const read = await gr.Cases.fromColumns(columns, { zone: 'UTC', groups: ['ward'] });
  const other = await gr.Cases.fromJson('[{"opened": "2026-11-23", "unit": "works"}, {"opened": "x", "unit": "works"}]', { zone: 'UTC', columns: { received_at: 'opened' } });
  for (const cases of [read, other]) {
    keep([cases.rejected, await cases.toArrays(), await cases.misJson({ as_of: day }), await gr.pendency(cases, { as_of: day }), await gr.rank(cases, boardOf('average_days'))]);
  }
  const definition = (await gr.disposalIndex(read, boardOf('average_days'))).about.definition;
  const table = keep(await gr.disposalIndex(read, boardOf(definition)));
  keep([table.length, table.toObjects(), table.select(['unit']), await gr.flow(seen, { since, until: day }), await gr.mis(seen, { as_of: day })]);
  keep([(await read.only({ unit: ['desk'], ward: '7' })).length, (await gr.Cases.fromJson('[]', { zone: 'UTC' })).length]);
  await refused(() => read.only({ unit: 'nowhere' }));
  await refused(() => gr.Cases.fromColumns(columns, {}));
  await refused(() => gr.Cases.fromColumns({}, { zone: 'UTC' }));
  await refused(() => gr.Cases.fromColumns({ ...columns, unit: {} }, { zone: 'UTC' }));
  await refused(() => gr.pendency(read, {}));
  await desk.close();
  await refused(() => mine.search());
  return came;

  function boardOf(index) {
    return { as_of: day, index };
  }
}

const HUNG = {
  texts: () => ({ value: 'nonsense', writable: true }),
  numbers: () => ({ value: 7, writable: true }),
  functions: () => ({ value: () => '{}', writable: true }),
  'what cannot be written': () => ({ value: null, writable: false }),
};

test('every name on Object.prototype, and nothing is otherwise', async (t) => {
  const place = folder(t);
  const plain = await use(join(place, 'plain.sqlite'));
  for (const [kind, hung] of Object.entries(HUNG)) {
    const came = await polluted(hung, () => use(join(place, `${kind}.sqlite`)).catch((problem) => problem));
    if (came instanceof Error) throw new Error(`${kind}: ${came.stack}`);
    for (let at = 0; at < plain.length; at += 1) assert.deepEqual(came[at], plain[at], kind);
    assert.equal(came.length, plain.length);
  }
  t.diagnostic(`${NAMES.length} names`);
});

test('what hangs on an array and on a field of a record is not used', async (t) => {
  t.after(() => {
    delete Object.prototype.kind;
    delete Array.prototype.toJSON;
  });
  Array.prototype.toJSON = () => [];
  Object.defineProperty(Object.prototype, 'kind', { configurable: true, get: () => 'x', set: () => assert.fail('was called') });
  const desk = await town();
  const done = await desk.by(citizen, NOW).lodge({ narrative: 'No water.', signatories: ['Asha Devi'] });
  assert.equal((await desk.facts(done.case)).signatories, 1);
  assert.equal((await desk.by(citizen, NOW).history(done.case))[0].kind, 'lodged');
});
