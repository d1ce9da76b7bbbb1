'use strict';

// The package as people use it: handles of the addon, and a method for each row of the verb table. No
// rule of grievances lives here. What a caller gives is looked at (`lib/given.cjs`) before it goes on to
// the addon, and what the addon answers becomes frozen objects (`lib/records.cjs`).

const errors = require('./lib/errors.cjs');
const { bytes, day, fields, instant, kindOf, list, mayBe, seed, shape, text, whole } = require('./lib/given.cjs');
const { Handle, OURS, answer, later, native, now, record, tables, within } = require('./lib/handle.cjs');
const measures = require('./lib/measures.cjs');
const { Cases, Measures, Table } = measures;
const { gatewayOf, sent } = require('./lib/messages.cjs');
const { Papers } = require('./lib/papers.cjs');
const { frozen } = require('./lib/records.cjs');
const { method, shapes } = require('./lib/rows.cjs');
const { Rulebook } = require('./lib/rulebook.cjs');

const { amend, wrong } = errors;
const mayCase = mayBe(text);

const ring = list(list((where, value) => (typeof value === 'string' ? text(where, value) : bytes(where, value))));

/** The addon's handle of keys: the current one, then old ones. */
function keys(kind, keyId, secret, options) {
  const { old = [] } = fields('options', options ?? {}, shape({ old: ring }));
  const all = [[text('key_id', keyId), bytes('secret', secret)]];
  for (let at = 0; at < old.length; at += 1) {
    const [id, bytesOfIt] = [text(`old[${at}][0]`, old[at][0]), bytes(`old[${at}][1]`, old[at][1])];
    all.push([id, bytesOfIt]);
  }
  return now(() => kind.of(all.map(([id]) => id), all.map(([, own]) => own)));
}

class KeyRing extends Handle {
  constructor(keyId, secret, options) {
    super(OURS, keyId === OURS ? secret : keys(native.KeyRing, keyId, secret, options), KeyRing);
  }

  static forTests() {
    return new KeyRing(OURS, native.KeyRing.forTests());
  }
}

class MacKeys extends Handle {
  constructor(keyId, secret, options) {
    super(OURS, keys(native.MacKeys, keyId, secret, options), MacKeys);
  }
}

class VerifiedMobile extends Handle {
  toToken(given) {
    const own = within('this', this, VerifiedMobile);
    return now(() => own.toToken(within('keys', given, MacKeys)));
  }
}

const REQUESTED = shape({ request: text, at: instant, language: text }, ['request', 'at']);
const SENT = shape(
  { request: text, at: instant, gateway: gatewayOf, language: text },
  ['request', 'at', 'gateway'],
);
const BROUGHT = shape({ request: text, code: text, at: instant }, ['request', 'code', 'at']);

class CodeDesk extends Handle {
  async requestCode(purpose, mobile, options) {
    const own = within('this', this, CodeDesk);
    const [what, number] = [text('purpose', purpose), text('mobile', mobile)];
    const { request, at, language } = fields('options', options, REQUESTED);
    return answer('CodeToSend', () => own.requestCode(what, number, request, at, language));
  }

  async sendCode(purpose, mobile, options) {
    const own = within('this', this, CodeDesk);
    const [what, number] = [text('purpose', purpose), text('mobile', mobile)];
    const { request, at, gateway, language } = fields('options', options, SENT);
    return sent('CodeSent', () => own.sendCode(what, number, request, at, language), gateway);
  }

  async verifyCode(challenge, purpose, mobile, options) {
    const own = within('this', this, CodeDesk);
    const given = [text('challenge', challenge), text('purpose', purpose), text('mobile', mobile)];
    const { request, code, at } = fields('options', options, BROUGHT);
    return new VerifiedMobile(OURS, await later(() => own.verifyCode(...given, request, code, at)));
  }

  async readToken(token, purpose, at) {
    const own = within('this', this, CodeDesk);
    const given = [text('token', token), text('purpose', purpose), instant('at', at)];
    return new VerifiedMobile(OURS, await later(() => own.readToken(...given)));
  }

  async unlock(mobile) {
    const own = within('this', this, CodeDesk);
    const number = text('mobile', mobile);
    await later(() => own.unlock(number));
  }
}

/** The verbs by their action: what each takes. */
const VERBS = shapes(tables.verbs);

/** A request as one JSON text: of a text itself, of an object its `action` and the fields of that verb. */
function asked(request) {
  if (typeof request === 'string') return text('request', request);
  if (typeof request !== 'object' || request === null) throw wrong('request', `must be an object or a string, not ${kindOf(request)}`);
  // Each field is read once, and none that the object has not itself.
  const { action, ...rest } = Object.assign(Object.create(null), request);
  if (action === undefined || action === null) throw amend('invalid_command', 'action', 'is missing');
  const verb = VERBS.get(text('action', action));
  if (verb === undefined) throw amend('invalid_command', 'action', 'must name one of the actions', errors.nearest(action, VERBS.keys()));
  return said(action, fields(action, rest, verb));
}

function said(action, given) {
  given.action = action;
  return JSON.stringify(given);
}

const SEARCH = shape({
  number: text, name: text, mobile: text, email: text, external_number: text, source: text,
  lodged_from: instant, lodged_before: instant, units: list(text), categories: list(text),
  stages: list(text), phases: list(text), after: text, limit: whole(2 ** 32 - 1),
});
const PAGE = shape({ as_of: day, rule: text, title: text }, ['as_of', 'title']);
const LOOK = shape({ purpose: text, fields: list(text) }, ['purpose', 'fields']);

class Acting extends Handle {
  async submit(request, caseId) {
    const own = within('this', this, Acting);
    const [what, which] = [asked(request), mayCase('case', caseId)];
    return answer('Done', () => own.submit(what, which));
  }

  async prepare(request, caseId) {
    const own = within('this', this, Acting);
    const [what, which] = [asked(request), mayCase('case', caseId)];
    return answer('Preparation', () => own.prepare(what, which));
  }

  async case(caseId) {
    const own = within('this', this, Acting);
    const which = text('case', caseId);
    return answer('CaseView', () => own.case(which));
  }

  async history(caseId) {
    const own = within('this', this, Acting);
    const which = text('case', caseId);
    return answer('Vec<EventView>', () => own.history(which));
  }

  async progress(caseId) {
    const own = within('this', this, Acting);
    const which = text('case', caseId);
    return answer('Progress', () => own.progress(which));
  }

  async options(caseId) {
    const own = within('this', this, Acting);
    const which = text('case', caseId);
    return answer('Vec<Offer>', () => own.options(which));
  }

  async words(caseId, options) {
    const own = within('this', this, Acting);
    const which = text('case', caseId);
    const look = fields('options', options, LOOK);
    return answer('Vec<ShownWord>', () => own.words(which, look.purpose, Array.from(look.fields)));
  }

  get measures() {
    return new Measures(OURS, within('this', this, Acting));
  }

  get papers() {
    return new Papers(OURS, within('this', this, Acting));
  }

  async cases(asOf) {
    return measures.casesOf(within('this', this, Acting), asOf);
  }

  async mis(options) {
    return measures.misOf(within('this', this, Acting), options);
  }

  async misJson(options) {
    return measures.misJsonOf(within('this', this, Acting), options);
  }

  async misHtml(options) {
    const own = within('this', this, Acting);
    const { as_of, rule = 'calendar', title } = fields('options', options, PAGE);
    return later(() => own.misHtml(as_of, rule, title));
  }

  async serve(question) {
    const own = within('this', this, Acting);
    const asked = text('question', question);
    return later(() => own.serve(asked));
  }

  async search(options) {
    const own = within('this', this, Acting);
    const sought = JSON.stringify(fields('search', options ?? {}, SEARCH));
    return answer('RowPage', () => own.search(sought));
  }
}

for (const [action, verb] of VERBS) {
  const lodges = action === 'lodge';
  method(Acting, action, (name) => ({
    async [name](...given) {
      const [caseId, values] = lodges ? [undefined, given[0]] : given;
      const acting = within('this', this, Acting);
      const which = lodges ? undefined : text('case', caseId);
      const what = said(action, fields(action, values ?? {}, verb));
      return answer('Done', () => acting.submit(what, which));
    },
  }));
}

const PLACE = shape({
  tenant: text, keys: (where, value) => within(where, value, KeyRing), seed,
});
const ACTOR = shape(
  { person: text, role: text, unit: text, post: text, on_behalf_of: text, tenure: text },
  ['person', 'role'],
);
const BY = shape({
  command: text, expecting: whole(), verified: (where, value) => within(where, value, VerifiedMobile),
});
const HOLDING = shape(
  { unit: text, post: text, person: text, since: instant, until: instant, tenure: text },
  ['unit', 'post', 'person', 'since'],
);
const LIMIT = shape({ limit: whole(2 ** 32 - 1) });
const BATCH = shape({ after: text, limit: whole(2 ** 32 - 1, 1) });

class Desk extends Handle {
  static async open(url, options) {
    const where = text('url', url);
    const own = fields('options', options ?? {}, PLACE);
    const opened = await later(() => native.Desk.open(where, own.tenant ?? 'default', own.keys, own.seed));
    return new Desk(OURS, opened);
  }

  async close() {
    const own = within('this', this, Desk);
    await later(() => own.close());
  }

  async activate(rulebook, at) {
    const own = within('this', this, Desk);
    const [rules, since] = [within('rulebook', rulebook, Rulebook), instant('at', at)];
    return answer('Activation', () => own.activate(rules, since));
  }

  async moveCases(actor, at, options) {
    const own = within('this', this, Desk);
    const [who, when] = [JSON.stringify(fields('actor', actor, ACTOR)), instant('at', at)];
    const { after, limit = 1000 } = fields('options', options ?? {}, BATCH);
    return answer('Moved', () => own.moveCases(who, when, after, limit));
  }

  by(actor, at, options) {
    const own = within('this', this, Desk);
    const who = JSON.stringify(fields('actor', actor, ACTOR));
    const when = instant('now', at);
    const { command, expecting, verified } = fields('options', options ?? {}, BY);
    return new Acting(OURS, now(() => own.by(who, when, command, expecting, verified)));
  }

  async sweep(at, options) {
    const own = within('this', this, Desk);
    const when = instant('at', at);
    const { limit = 1000 } = fields('options', options ?? {}, LIMIT);
    return answer('Swept', () => own.sweep(when, limit));
  }

  async checkpoint(at) {
    const own = within('this', this, Desk);
    const when = instant('at', at);
    return answer('Checkpoint', () => own.checkpoint(when));
  }

  async lastCheckpoint() {
    const own = within('this', this, Desk);
    return answer('Option<Checkpoint>', () => own.lastCheckpoint());
  }

  async checkReceipt(number, receipt, at) {
    const own = within('this', this, Desk);
    const [which, held, when] = [text('number', number), text('receipt', receipt), instant('at', at)];
    return answer('Option<Acknowledged>', () => own.checkReceipt(which, held, when));
  }

  async appoint(holding) {
    const own = within('this', this, Desk);
    const who = JSON.stringify(fields('holding', holding, HOLDING));
    await later(() => own.appoint(who));
  }

  async deliver(at, gateway, options) {
    const own = within('this', this, Desk);
    const [when, send] = [instant('at', at), gatewayOf('gateway', gateway)];
    const { limit = 1000 } = fields('options', options ?? {}, LIMIT);
    return sent('Delivered', () => own.deliver(when, limit), send);
  }

  async deliveryReport(reference, receivedAt) {
    const own = within('this', this, Desk);
    const [which, when] = [text('reference', reference), instant('received_at', receivedAt)];
    return answer('Vec<String>', () => own.deliveryReport(which, when));
  }

  async notices(caseId) {
    const own = within('this', this, Desk);
    const which = text('case', caseId);
    return answer('Vec<Posted>', () => own.notices(which));
  }

  async parked(options) {
    const own = within('this', this, Desk);
    const { limit = 1000 } = fields('options', options ?? {}, LIMIT);
    return answer('Vec<Parked>', () => own.parked(limit));
  }

  async revive(notice, at) {
    const own = within('this', this, Desk);
    const [which, when] = [text('notice', notice), instant('at', at)];
    return answer('bool', () => own.revive(which, when));
  }

  async nextDue(at) {
    const own = within('this', this, Desk);
    const when = instant('at', at);
    return answer('Option<Instant>', () => own.nextDue(when));
  }

  async track(code, at) {
    const own = within('this', this, Desk);
    const [typed, when] = [text('code', code), instant('at', at)];
    return answer('Option<Tracked>', () => own.track(typed, when));
  }

  async trackByMobile(verified, number, at) {
    const own = within('this', this, Desk);
    const mobile = within('verified', verified, VerifiedMobile);
    const [typed, when] = [text('number', number), instant('at', at)];
    return answer('Option<Progress>', () => own.trackByMobile(mobile, typed, when));
  }

  async answerSms(mobile, sms, at) {
    const own = within('this', this, Desk);
    const [number, words, when] = [text('mobile', mobile), text('text', sms), instant('at', at)];
    return answer('Written', () => own.answerSms(number, words, when));
  }

  otp(given) {
    const own = within('this', this, Desk);
    return new CodeDesk(OURS, own.otp(within('keys', given, MacKeys)));
  }

  async facts(caseId) {
    const own = within('this', this, Desk);
    const which = text('case', caseId);
    return answer('Json', () => own.facts(which));
  }

  async storedHistory(caseId) {
    const own = within('this', this, Desk);
    const which = text('case', caseId);
    return answer('StoredHistory', () => own.storedHistory(which));
  }
}

// `await using desk = await Desk.open(…)`, where Node has it.
if (Symbol.asyncDispose) Desk.prototype[Symbol.asyncDispose] = Desk.prototype.close;

/** The closed lists: each an array of its words. */
const words = frozen(Object.fromEntries(tables.lists.map((one) => [one.name, one.words.map(({ word }) => word)])));

const { GrievanceError, AmendError, MessageRefusedError, ReloadError, RetryError, WaitError } = errors;
const {
  closures, disposalIndex, durations, flow, kaplanMeier, mis, pendency, rank, rates, trends,
} = measures.functions(Acting);
module.exports = {
  Acting, AmendError, Cases, CodeDesk, Desk, GrievanceError, KeyRing, MacKeys, Measures, MessageRefusedError, Papers, ReloadError,
  RetryError, Rulebook, Table, VerifiedMobile, WaitError, closures, disposalIndex, durations, flow, kaplanMeier, mis,
  pendency, rank, rates, trends, words,
};
