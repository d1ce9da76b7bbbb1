// Messages to a gateway of JavaScript's: nothing is lost, whatever it does, and nobody's words are in an error.
import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';

import * as gr from 'grievance';
import { citizen, later, NOW, refusal, TOWN } from './common.mjs';

const MOBILE = '+919830001234';
const LANGUAGES = 'language = [{ code = "en", name = "English" }, { code = "bn", name = "Bengali" }]';
const GIVEN = { narrative: 'No water.', name: 'Asha Devi', mobile: '98300 01234', language: 'bn' };
const minutes = (count) => later(count / 60);

/** A desk, and a case whose complainant is owed an acknowledgement in Bengali. */
async function owed() {
  const desk = await gr.Desk.open(':memory:', { seed: 7 });
  await desk.activate(gr.Rulebook.fromToml(`${TOWN}\n${LANGUAGES}`), NOW);
  const { case: id } = await desk.by(citizen, NOW).lodge(GIVEN);
  return { desk, id };
}

/** A gateway that keeps what it is given. */
function post() {
  const taken = [];
  const send = async (message) => {
    await turn();
    taken.push(message);
    return `carrier-${taken.length}`;
  };
  return { send, taken, toPeople: () => taken.filter((message) => message.to === 'mobile') };
}

test('a message goes out in the language of whom it is for, once', async () => {
  const { desk } = await owed();
  const { send, taken, toPeople } = post();
  assert((await desk.nextDue(NOW)) <= NOW);
  const told = await desk.deliver(NOW, send);
  assert.deepEqual([told.sent, told.retried, told.raised], [taken.length, 0, []]);
  const [message] = toPeople();
  assert.deepEqual([message.channel, message.address], ['sms', MOBILE]);
  assert.deepEqual([message.written.language, message.written.template, message.written.encoding], ['bn', 'registered', 'UCS-2']);
  assert(message.written.text.includes('অভিযোগ') && message.written.parts >= 1);
  assert(Object.isFrozen(message) && Object.isFrozen(message.written) && Object.isFrozen(told));
  assert.equal((await desk.deliver(NOW, send)).sent, 0);
});

test("what became of it is kept, and the carrier's word too", async () => {
  const { desk, id } = await owed();
  const { send, toPeople } = post();
  await desk.deliver(NOW, send);
  const [message] = toPeople();
  const kept = async () => (await desk.notices(id)).find((posted) => posted.id === message.id);
  const posted = await kept();
  assert.deepEqual([posted.state, posted.attempts, posted.received_at], ['delivered', 1, null]);
  assert.deepEqual(await desk.deliveryReport(posted.reference, minutes(3)), [message.id]);
  assert.deepEqual(await desk.deliveryReport(posted.reference, later(24)), [message.id], 'it comes twice');
  assert.deepEqual(await desk.deliveryReport("another carrier's", NOW), []);
  assert.deepEqual((await kept()).received_at, minutes(3), 'the first word counts');
});

test('a gateway that throws is asked again under the same identity, and nothing of it is told but a name', async () => {
  const { desk, id } = await owed();
  const down = [
    () => { throw new RangeError(`cannot send to ${MOBILE}`); },
    async () => { throw new RangeError(MOBILE); },
    () => { throw MOBILE; },
    () => { throw null; },
    () => { throw Object.create(null); },
    () => { throw new Proxy({}, { get() { throw new Error(MOBILE); } }); },
    () => ({ then() { throw new RangeError(MOBILE); } }),
  ];
  let at = NOW;
  const people = async () => (await desk.notices(id)).find((posted) => posted.channel === 'sms');
  const before = await people();
  for (const gateway of down) {
    const told = await desk.deliver(at, gateway);
    assert(told.sent === 0 && told.parked.length === 0 && told.raised.length === told.retried);
    assert(!JSON.stringify(told).includes('9830'));
    assert.equal((await people()).problem, 'gateway_failed');
    at = new Date(at.getTime() + 24 * 3_600_000);
  }
  const { send, toPeople } = post();
  await desk.deliver(at, send);
  assert.deepEqual(toPeople().map((message) => message.id), [before.id]);
});

test('what a gateway will never take is parked, and may be revived', async () => {
  const { desk, id } = await owed();
  const told = await desk.deliver(NOW, () => { throw new gr.MessageRefusedError('no such template'); });
  assert(told.sent === 0 && told.retried === 0 && told.parked.length > 0);
  const parked = (await desk.parked()).find((one) => one.channel === 'sms');
  assert.deepEqual([parked.case, parked.problem, parked.attempts], [id, 'refused', 1]);
  const { send, toPeople } = post();
  assert.equal((await desk.deliver(later(1), send)).sent, 0, 'it waits for a person');
  assert.equal(await desk.revive(parked.id, later(1)), true);
  assert.equal(await desk.revive(parked.id, later(1)), false, 'it is not parked any more');
  await desk.deliver(later(1), send);
  assert.deepEqual(toPeople().map((message) => message.id), [parked.id]);
});

test('an answer that is none is no delivery', async () => {
  for (const answer of [true, false, 7, Symbol('x'), ['x'], {}, () => 'x']) {
    const { desk } = await owed();
    const told = await desk.deliver(NOW, () => answer);
    assert(told.sent === 0 && told.retried > 0, String(answer));
    assert(told.raised.every(({ name }) => name.startsWith('returned ')));
    assert.equal((await desk.deliver(minutes(5), () => {})).sent, told.retried, 'nothing is lost');
  }
});

test('a gateway may look at the desk, and have rounds of its own', async () => {
  const { desk, id } = await owed();
  const seen = new Set();
  const curious = async () => {
    seen.add((await desk.facts(id)).id);
    await desk.deliver(NOW, () => {}, { limit: 1 });
  };
  assert((await desk.deliver(NOW, curious)).sent > 0);
  assert.deepEqual([...seen], [id]);
});

test('several workers send each message once', async () => {
  const { desk } = await owed();
  for (let count = 0; count < 20; count += 1) await desk.by(citizen, NOW).lodge({ narrative: 'No water.', mobile: '98300 01234' });
  const posts = [post(), post(), post(), post()];
  await Promise.all(posts.map(({ send }) => desk.deliver(NOW, send)));
  const ids = posts.flatMap(({ taken }) => taken.map((message) => message.id));
  assert(ids.length > 20 && new Set(ids).size === ids.length);
});

test('a round that has begun goes on when its desk is closed', async () => {
  const { desk } = await owed();
  assert((await desk.deliver(NOW, () => desk.close())).sent > 0);
  assert.equal((await refusal(() => desk.deliver(NOW, () => {}))).code, 'desk_closed');
});

test('a gateway is a function', async () => {
  const { desk } = await owed();
  for (const given of [undefined, null, 'x', 7, {}]) {
    const problem = await refusal(() => desk.deliver(NOW, given));
    assert(problem instanceof TypeError);
    assert.deepEqual([problem.code, problem.where], ['invalid_command', 'gateway']);
  }
  assert.equal((await refusal(() => desk.deliver('soon', () => {}))).where, 'at');
});

test('a short message is answered', async () => {
  const { desk, id } = await owed();
  const { number } = await desk.facts(id);
  assert((await desk.answerSms('98300 01234', `GRV STATUS ${number}`, NOW)).text.includes(number));
  assert.equal((await desk.answerSms('98300 09999', `GRV STATUS ${number}`, NOW)).template, 'pull_unknown');
  for (const text of ['hello', 'GRV', '\u0000', 'x'.repeat(5_000)]) {
    assert.equal((await desk.answerSms('98300 01234', text, NOW)).template, 'pull_help');
  }
  assert.equal((await refusal(() => desk.answerSms('12', 'GRV', NOW))).where, 'mobile');
});

test('a code is sent in words, and one that is not taken is a failure without them', async () => {
  const { desk } = await owed();
  const codes = desk.otp(new gr.MacKeys('k', new Uint8Array(32)));
  const { send, taken } = post();
  const options = { request: 'form', at: NOW, gateway: send, language: 'bn' };
  const sent = await codes.sendCode('track', '98300 01234', options);
  const [message] = taken;
  assert.deepEqual([message.address, message.written.language, message.written.template], [MOBILE, 'bn', 'otp']);
  assert(sent.expires_at > NOW && !JSON.stringify(sent).includes(message.written.text));
  const failing = ({ written, address }) => { throw new RangeError(`${written.text} ${address}`); };
  const failed = await refusal(() => codes.sendCode('track', '98300 09999', { ...options, gateway: failing }));
  assert(failed instanceof gr.WaitError);
  assert.equal(failed.code, 'message_not_sent');
  assert(failed.message.includes('RangeError') && !failed.message.includes('9830'));
});
