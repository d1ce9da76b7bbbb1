// Papers: an edition made, told, opened, restated and proved; an agenda with its decisions; the register of good practices.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';

import * as gr from 'grievance';
import { citizen, later, NOW, officer, refusal, town } from './common.mjs';

const { papers: rows } = JSON.parse(createRequire(import.meta.url)('../grievance.node').tables());
const AS_OF = '2026-11-30';
const KEY = 'ab'.repeat(32);
const WEEK = 7 * 24;
const EVIDENCE = { date: '2026-11-23', reference: 'EL/17' };

/** A week of an office: three cases, of which one is disposed, and somebody who answers for it. */
async function office() {
  const desk = await town();
  const ids = [];
  for (let at = 0; at < 3; at += 1) {
    const { case: id } = await desk.by(citizen, later(at)).lodge({ narrative: 'The lamp is dark.', category: 'street-light' });
    ids.push(id);
  }
  await desk.by(officer, later(5)).dispose(ids[0], { remarks: 'Mended.', reason: 'benefit_provided', evidence: EVIDENCE });
  await desk.appoint({ unit: 'lighting', post: 'head', person: officer.person, since: NOW });
  return { desk, ids, papers: desk.by(officer, later(WEEK)).papers };
}

test('every paper of the table is a method, and answers a text', async () => {
  const names = rows.map(({ name }) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase()));
  assert.deepEqual(Object.getOwnPropertyNames(gr.Papers.prototype).filter((name) => name !== 'constructor'), names);
  for (const name of names) assert.equal(gr.Papers.prototype[name].name, name);
  const { papers } = await office();
  const nothing = await Promise.all(names.map((name) => refusal(() => papers[name]({}))));
  // The first field that must be there is the one that is asked for.
  assert.deepEqual(nothing.map(({ where }) => where), rows.map(({ fields }) => fields.find(({ must }) => must)?.name));
  assert(nothing.every((problem) => problem instanceof gr.AmendError));
});

test('an edition is given out, told, opened, and stands', async () => {
  const { desk, ids, papers } = await office();
  const first = await papers.edition({ as_of: AS_OF, index: 'average_days' });
  assert.equal(typeof first, 'string');
  assert.equal(await papers.edition({ as_of: AS_OF, index: 'average_days' }), first, 'the same cases, the same bytes');
  const read = JSON.parse(first);
  assert.deepEqual([read.number, read.pack.as_of, read.pack.all.lines.received.week], [1, AS_OF, 3]);

  assert.deepEqual(JSON.parse(await papers.tellOfEdition({ edition: first })).told > 0, true);
  assert.deepEqual(JSON.parse(await papers.tellOfEdition({ edition: first })), { told: 0 }, 'nobody is told twice');
  const messages = [];
  await desk.deliver(later(WEEK), (message) => { messages.push(message); });
  const told = JSON.parse(await papers.toldOfEdition({ edition: first }));
  assert(told.length > 0 && told.every(({ id, state, received_at }) => state === 'delivered' && received_at === null && messages.some((message) => message.id === id)));
  assert.deepEqual(JSON.parse(await papers.editionOpened({ edition: first, notice: told[0].id })), { opened: true });
  const opened = JSON.parse(await papers.toldOfEdition({ edition: first }));
  assert.deepEqual(opened.map(({ received_at }) => received_at !== null), told.map((_, at) => at === 0));

  // What comes to be known later is no other edition, but a difference that is told by case.
  assert.deepEqual(JSON.parse(await papers.restate({ edition: first })).moved, []);
  await desk.by(officer, later(WEEK + 1)).lodge({ narrative: 'No water.', received_at: '2026-11-24T10:00:00+05:30' });
  const restated = JSON.parse(await desk.by(officer, later(WEEK + 2)).papers.restate({ edition: first }));
  assert(restated.restated.length + restated.moved.length > 0, JSON.stringify(restated));
  const second = JSON.parse(await desk.by(officer, later(2 * WEEK)).papers.edition({ as_of: '2026-12-07', after: first }));
  assert.deepEqual([second.number, second.previous], [2, restated.edition]);

  const outsider = await refusal(() => desk.by(citizen, later(WEEK)).papers.tellOfEdition({ edition: first }));
  assert.deepEqual([outsider.code, outsider.where], ['out_of_reach', 'edition']);
  assert.deepEqual([(await refusal(() => papers.restate({ edition: '{}' }))).where], ['edition']);
  assert((await refusal(() => papers.restate({ edition: read }))) instanceof TypeError, 'the text, not what was parsed of it');
  assert.equal(ids.length, 3);
});

test('whoever complained can see that the case was counted', async () => {
  const { ids, papers } = await office();
  const edition = await papers.edition({ as_of: AS_OF, key: KEY });
  const proofs = JSON.parse(await papers.proveCounted({ edition, key: KEY, case: ids[0] }));
  assert(proofs.length > 0);
  const checked = await Promise.all(proofs.map((proof) => papers.checkCounted({ edition, proof: JSON.stringify(proof) })));
  assert(checked.every((told, at) => JSON.parse(told).case === ids[0] && JSON.parse(told).line === proofs[at].line));
  const wrong = {
    proof: () => papers.checkCounted({ edition, proof: JSON.stringify({ ...proofs[0], case: ids[1] }) }),
    edition: () => papers.proveCounted({ edition, key: 'cd'.repeat(32), case: ids[0] }),
  };
  for (const [place, call] of Object.entries(wrong)) {
    const problem = await refusal(call);
    assert.deepEqual([problem.code, problem.where], ['proof_invalid', place]);
  }
  const short = await refusal(() => papers.edition({ as_of: AS_OF, key: 'a secret' }));
  assert.deepEqual([short.where, short.message.includes('a secret')], ['key', false]);
});

test('a meeting decides, and what was decided is carried out', async () => {
  const { papers } = await office();
  const edition = await papers.edition({ as_of: AS_OF });
  const agenda = await papers.agenda({ edition, meeting: '2026-12-02' });
  const decision = { code: 'lamps', text: 'Every lamp within a week.', unit: 'lighting', post: 'head', decided_on: '2026-12-02', due: '2026-12-12' };
  const decided = await papers.decide({ agenda, ...decision });
  const settled = await papers.settle({ agenda: decided, code: 'lamps', on: '2026-12-10' });
  assert.deepEqual(JSON.parse(settled).decided, [{ code: 'lamps', text: decision.text, unit: 'lighting', post: 'head', decided_on: '2026-12-02', due: '2026-12-12', settled_on: '2026-12-10' }]);
  const refused = {
    code: () => papers.decide({ agenda: decided, ...decision }),
    due: () => papers.decide({ agenda, ...decision, due: '2026-12-01' }),
    post: () => papers.decide({ agenda, ...decision, post: 'king' }),
    meeting: () => papers.agenda({ edition, meeting: '2026-02-30' }),
  };
  for (const [place, call] of Object.entries(refused)) assert.equal((await refusal(call)).where, place);
});

test('a practice is written, linked, published, found and taken back', async () => {
  const { ids, papers } = await office();
  const page = { code: 'lamps', title: 'Lamps on one call', facet: 'procedure', unit: 'lighting', situation: 'Three forms.', steps: ['One number.', 'A van.'], written_on: '2026-12-01' };
  const written = await papers.writePractice(page);
  const linked = await papers.linkPractice({ register: written, practice: 'lamps', case: ids[0], testimonial: 'It was quick.' });
  const early = await refusal(() => papers.publishPractice({ register: linked, practice: 'lamps', on: '2026-12-04' }));
  assert(early instanceof gr.AmendError && early.where !== null, early.stack);
  const consent = { register: linked, practice: 'lamps', case: ids[0], channel: 'phone', given_on: '2026-12-03', recorded_by: 'head', unit: 'desk' };
  const published = await papers.publishPractice({ register: await papers.consentToPractice(consent), practice: 'lamps', on: '2026-12-04' });
  const repeated = await papers.repeatPractice({ register: published, practice: 'lamps', unit: 'works', on: '2026-12-05' });
  const [found] = JSON.parse(await papers.practices({ register: repeated, words: 'lamp', facet: 'procedure' }));
  assert.deepEqual([found.title, found.steps, found.testimonials, found.repeated.length], [page.title, page.steps, ['It was quick.'], 1]);
  for (const register of [
    await papers.takeOutOfPractices({ register: repeated, case: ids[0], on: '2026-12-06' }),
    await papers.withdrawPractice({ register: repeated, practice: 'lamps', on: '2026-12-06', why: 'A better one is known.' }),
  ]) {
    assert.equal(await papers.practices({ register }), '[]');
  }
});
