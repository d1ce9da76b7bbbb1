// Calls as a person would hurt the package: wrong types, lies, closed handles, objects that throw or call
// back while they are read. The draws are the same in every run.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

import * as gr from 'grievance';
import { citizen, later, NOW, officer, town, TOWN } from './common.mjs';

const { measures, papers, verbs } = JSON.parse(createRequire(import.meta.url)('../grievance.node').tables());

/** Thrown by objects that refuse to be looked at: what an object of the caller's throws, the caller gets. */
class Angry extends Error {}
const throws = () => {
  throw new Angry();
};

/** Draws that depend on the seed alone (mulberry32). */
function dice(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, pick: (from) => from[Math.floor(next() * from.length)] };
}

/** A desk with a case, and everything that can be called of the package. */
export class Office {
  constructor(seed) {
    this.dice = dice(seed);
    this.kinds = {};
    this.rulebook = gr.Rulebook.fromToml(TOWN);
    this.macs = new gr.MacKeys('k', new Uint8Array(32));
  }

  async open() {
    this.desk = await town(':memory:', { seed: Math.floor(this.dice.next() * 2 ** 32) });
    ({ case: this.case, receipt: this.receipt } = await this.desk.by(citizen, NOW).lodge({ narrative: 'No water.' }));
    this.codes = this.desk.otp(this.macs);
    this.sent = await this.codes.requestCode('track', '9830001234', { request: 'form', at: NOW });
    this.read = await gr.Cases.fromColumns({ received_at: [NOW, NOW], unit: ['works', null] }, { zone: 'UTC' });
    this.table = await this.read.pendency({ as_of: '2026-12-01' });
    const { papers } = this.desk.by(officer, later(960));
    const edition = await papers.edition({ as_of: '2026-12-01', key: 'ab'.repeat(32) });
    const page = { code: 'lamps', title: 'Lamps', facet: 'procedure', unit: 'desk', situation: 'x', steps: ['x'], written_on: '2026-12-01' };
    this.papers = { edition, agenda: await papers.agenda({ edition, meeting: '2026-12-02' }), register: await papers.writePractice(page) };
    const { challenge, code } = this.sent;
    this.verified = await this.codes.verifyCode(challenge, 'track', '9830001234', { request: 'form', code, at: NOW });
    this.sent = await this.codes.requestCode('lodge', '9830001234', { request: 'form', at: later(1) });
    this.things = this.nasty();
    this.fair = this.pools();
    this.callables = this.found();
    return this;
  }

  nasty() {
    const loop = {};
    loop.narrative = loop;
    const lists = [];
    lists.push(lists);
    const handles = [this.desk, this.rulebook, this.macs, this.codes, this.desk.by(citizen, NOW), gr.KeyRing.forTests()];
    return [
      undefined, null, true, false, 0, -1, 7, 1.5, NaN, Infinity, -0, 2 ** 31, 2 ** 32, 2 ** 53, 7n, -7n, 2n ** 70n,
      '', ' ', 'x', 'a'.repeat(10_000), '\ud800', '\0', 'works', 'desk', `grv_${'0'.repeat(32)}`, 'grv_x', 'cmd_', '{', '[]',
      '['.repeat(1_000), '2026-02-30', Symbol('x'), () => 1, async () => 1, class {}, new Date(NaN), NOW, new Date(8.64e15),
      new Date(-8.64e15), [], [null], [[]], ['x', 1], new Array(2 ** 32 - 1), lists, {}, { a: 1 }, loop, Object.create(null),
      new Map([['narrative', 'x']]), new Set(), new WeakMap(), new String('x'), new Proxy({}, {}), /x/, new Error('x'),
      Promise.resolve('x'), new Uint8Array(4), new Float64Array([NaN]), new ArrayBuffer(8), new DataView(new ArrayBuffer(8)),
      new Proxy({}, { ownKeys: throws }), new Proxy([], { get: throws }), new Proxy({}, { getPrototypeOf: throws }),
      new Proxy({ narrative: 'x' }, { get: throws }), { get narrative() { return throws(); } }, { toString: throws, valueOf: throws },
      { toJSON: throws }, { get remarks() { return 5; } }, Object.create(gr.Desk.prototype), Object.create(Date.prototype),
      // While it is read, it calls the package again, and changes what is being read.
      { get narrative() { this.remarks = 'x'; delete this.narrative; return 'No light.'; } },
      ((office) => ({ get remarks() { void office.desk.by(citizen, NOW).remind(office.case, {}).catch(() => {}); return 'x'; } }))(this),
      JSON.parse('{"__proto__": {"narrative": "x"}, "constructor": "x"}'), globalThis, ...handles,
    ];
  }

  pools() {
    const { sent } = this;
    const instants = [NOW, later(1), later(960), later(-9_000), '2026-11-23T10:00:00+05:30'];
    return {
      case: [this.case, this.case, `grv_${'7'.repeat(32)}`],
      into: [this.case, `grv_${'7'.repeat(32)}`],
      actor: [citizen, officer],
      at: instants, now: instants, since: instants, until: [...instants, '2026-12-24'], lodged_from: instants, lodged_before: instants,
      rulebook: [this.rulebook], macs: [this.macs], keys: [gr.KeyRing.forTests(), this.macs],
      purpose: ['track', 'lodge', 'handling'], mobile: ['9830001234', '+91 98300 01234'], challenge: [sent.challenge],
      code: [sent.code, '123456'], token: ['x'], request: ['form', '{"action": "remind"}', { action: 'remind' }, { action: 'lodge', narrative: 'x' }],
      person: [`per_${'3'.padStart(32, '0')}`], role: ['complainant', 'cell_officer'], unit: ['works', 'desk'], url: [':memory:'],
      name: ['city-311', 'Asha Devi'], text: [TOWN, '{}', 'A note.'], document: [{ extends: 'city-311' }], secret: [new Uint8Array(32)],
      evidence: [{}, { date: '2026-11-23', reference: 'EL/17' }], fields: [{ report: 'x' }, ['narrative']], limit: [0, 1, 1_000],
      outcome: ['satisfied', 'allowed'], sha256: ['0'.repeat(64)], media_type: ['image/jpeg'], command: [`cmd_${'5'.repeat(32)}`],
      expecting: [1, 2, 3], seed: [7, 7n], as_of: ['2026-12-01', '0001-01-01', '9999-12-31', '2026-02-30'],
      bool: [true, false], u32: [0, 1, 7, 2 ** 32 - 1], list: [[], ['x'], ['works', 'desk']],
      data: [this.read, this.desk.by(officer, NOW)], by: ['unit', 'category', 'ward'], rule: ['calendar', 'elapsed', 'working'],
      cuts: [[7, 15, 31], [], [3, 3], [2 ** 32]], period: ['week', 'month', 'financial_year'], zone: ['UTC', 'Asia/Kolkata', 'Nowhere/Land'],
      index: ['average_days', 'timely_disposal', { code: 'x' }], columns: [{}, { received_at: 'unit' }, { recieved: 'x' }],
      instants: [[NOW, null], new Float64Array([0, NaN]), new Float64Array([1e300, -Infinity]), new BigInt64Array(2), ['2026-11-23', 'x'], [null, null], [NOW]],
      texts: [['works', 'desk'], [null, ''], { codes: ['a'], indexes: new Uint32Array([0, 2 ** 32 - 1]) }, { codes: [], indexes: new Uint32Array(2) }, ['x']],
      counts: [[1, 2], new Uint8Array(2), new Int32Array([-1, 3]), new Float64Array([1.5, NaN]), [true, null], new Uint8Array(0)],
      rows: ['[]', '[{"received_at": "2026-11-23", "unit": "works"}]', '[{"unit": 1e999}]', '[{"received_at": 1e300, "unit": "x"}]', '[null]'],
      edition: [this.papers.edition, '{}'], agenda: [this.papers.agenda, '[]'], register: [this.papers.register, '{"v":1}'], practice: ['lamps'],
      meeting: ['2026-12-02', '2026-11-01'], facet: ['procedure'], proof: ['{}'], key: ['ab'.repeat(32), 'ab'],
      chosen: [{ unit: 'works' }, { unit: [] }, { unit: 'nowhere' }, { wadr: ['x'] }, {}],
      verified: [this.verified], notice: [`ntc_${'7'.repeat(32)}`, 'ntc_x'], sms: ['GRV STATUS CITY-2026-000001', 'GRV', ''],
      questions: ['{"ask":"track","v":1}', '{"ask":"rules","v":1}', '{', '[]'],
      gateway: [() => null, async () => 'carrier-1', () => 7, () => { throw new Error('down'); }, async () => { throw new gr.MessageRefusedError(); }],
      number: ['CITY-2026-000001', 'city 2026 1'], receipt: [this.receipt, 'x', '0'.repeat(16)],
      said: ['works', '2026-11-23', 'satisfied', 'No water.', '', 'x'.repeat(5_000)],
    };
  }

  /** Everything that can be called: its name, how, and what its parameters are called. */
  found() {
    const { desk, codes, rulebook } = this;
    const acting = desk.by(this.dice.pick([citizen, officer]), NOW);
    const on = (handle, methods) => Object.entries(methods).map(([name, given]) => [name, (...all) => handle[name](...all), given]);
    const typed = verbs.map(({ name: action, fields }) => {
      const name = action.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
      const values = Object.fromEntries(fields.map((field) => [field.name, field.kind]));
      return [name, (...all) => acting[name](...all), action === 'lodge' ? [values] : ['case', values]];
    });
    const written = papers.map(({ name: what, fields }) => {
      const name = what.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
      return [name, (...all) => acting.papers[name](...all), [Object.fromEntries(fields.map((field) => [field.name, field.kind]))]];
    });
    // As the table of measures has them, of a desk and of cases.
    const measured = measures.flatMap(({ name: what, fields }) => {
      const name = what.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
      const values = Object.fromEntries(fields.map((field) => [field.name, field.kind]));
      const of = this.dice.pick([acting.measures, this.read]);
      return [[name, (...all) => (name in of ? of : acting.measures)[name](...all), [values]]];
    });
    return [
      ...typed,
      ...typed,
      ...measured,
      ...written,
      ...on(acting, {
        case: ['case'], history: ['case'], progress: ['case'], options: ['case'], submit: ['request', 'case'], prepare: ['request', 'case'],
        words: ['case', { purpose: 'purpose', fields: 'list' }], cases: ['as_of'], mis: [{ as_of: 'as_of' }],
        misJson: [{ as_of: 'as_of', rule: 'rule' }], misHtml: [{ as_of: 'as_of', title: 'said' }], serve: ['questions'],
        search: [{ number: 'number', name: 'name', mobile: 'mobile', lodged_from: 'at', units: 'list', after: 'said', limit: 'limit' }],
      }),
      ...on(acting.measures, { reviewHtml: [{ as_of: 'as_of', unit: 'unit', index: 'index', title: 'said', language: 'said', lists: 'said' }] }),
      ...on(desk, {
        activate: ['rulebook', 'at'], by: ['actor', 'at', { command: 'command', expecting: 'expecting' }], sweep: ['at', { limit: 'limit' }],
        moveCases: ['actor', 'at', { after: 'case', limit: 'limit' }],
        appoint: [{ unit: 'unit', post: 'said', person: 'person', since: 'at', until: 'at' }], otp: ['macs'], facts: ['case'], storedHistory: ['case'],
        checkpoint: ['at'], lastCheckpoint: [], checkReceipt: ['number', 'receipt', 'at'],
        deliver: ['at', 'gateway', { limit: 'limit' }], deliveryReport: ['said', 'at'], notices: ['case'], parked: [{ limit: 'limit' }],
        revive: ['notice', 'at'], nextDue: ['at'], answerSms: ['mobile', 'sms', 'at'], track: ['said', 'at'], trackByMobile: ['verified', 'said', 'at'],
      }),
      ...on(codes, {
        requestCode: ['purpose', 'mobile', { request: 'said', at: 'at' }], readToken: ['token', 'purpose', 'at'], unlock: ['mobile'],
        verifyCode: ['challenge', 'purpose', 'mobile', { request: 'said', code: 'code', at: 'at' }],
        sendCode: ['purpose', 'mobile', { request: 'said', at: 'at', gateway: 'gateway' }],
      }),
      ...on(rulebook, { lint: [], toObject: [] }),
      ...on(gr.Rulebook, { preset: ['name'], fromToml: ['text'], fromJson: ['text'], fromObject: ['document'], presets: [] }),
      ...on(this.read, {
        toArrays: [], under: ['rulebook'], only: ['chosen'],
        disposalIndex: [{ as_of: 'as_of', index: 'index' }], mis: [{ as_of: 'as_of' }], misJson: [{ as_of: 'as_of', rule: 'rule' }],
        rank: [{ as_of: 'as_of', index: 'index' }],
      }),
      ...on(this.table, { select: ['list'], toObjects: [] }),
      ...on(gr, {
        pendency: ['data', { as_of: 'as_of' }], flow: ['data', { since: 'as_of', until: 'as_of' }], rank: ['data', { as_of: 'as_of', index: 'index' }],
      }),
      ...on(gr.Cases, {
        fromColumns: [
          { received_at: 'instants', ended_at: 'instants', unit: 'texts', phase: 'texts', rating: 'counts', reopened: 'counts' },
          { zone: 'zone', until: 'at', columns: 'columns', groups: 'list' },
        ],
        fromJson: ['rows', { zone: 'zone', columns: 'columns' }], indexes: [],
      }),
      ['open', (...all) => gr.Desk.open(...all), ['url', { tenant: 'said', keys: 'keys', seed: 'seed' }]],
      ['KeyRing', (...all) => new gr.KeyRing(...all), ['said', 'secret']],
      ['MacKeys', (...all) => new gr.MacKeys(...all), ['said', 'secret']],
      ['taken off', (...all) => this.dice.pick([gr.Desk.prototype.close, gr.Acting.prototype.lodge]).apply(...all), ['said', 'list']],
    ];
  }

  value(name) {
    if (this.dice.next() < 0.12) return this.dice.pick(this.things);
    if (typeof name === 'string') {
      const pool = { String: 'said', Day: 'as_of', f64: 'u32', 'Vec<u32>': 'cuts', 'Vec<f64>': 'cuts', 'Vec<String>': 'list', 'BTreeMap<String,String>': 'evidence' }[name] ?? name;
      return this.dice.pick(this.fair[pool] ?? this.fair.said);
    }
    const made = {};
    for (const [field, kind] of Object.entries(name)) {
      if (this.dice.next() < 0.6) made[field] = this.value(this.fair[field] && kind === 'String' ? field : kind);
    }
    if (this.dice.next() < 0.02) made.no_such_thing = this.dice.pick(this.things);
    return made;
  }

  async call() {
    const [name, asked, wanted] = this.dice.pick(this.callables);
    const given = wanted.slice(0, this.dice.next() < 0.03 ? 0 : undefined).map((one) => this.value(one));
    let kind = 'answered';
    try {
      await asked(...given);
    } catch (problem) {
      kind = problem?.constructor?.name ?? 'nothing';
      const fair = problem instanceof Angry || ((problem instanceof gr.GrievanceError || problem instanceof TypeError) && gr.words.ErrorCode.includes(problem.code));
      // A method of JavaScript's own that a list of arguments is handed to says so without a code.
      assert(fair || name === 'taken off', `${name}: ${problem?.stack}`);
      assert(!/report it/.test(problem.message), `${name} panicked`);
    }
    this.kinds[kind] = (this.kinds[kind] ?? 0) + 1;
  }

  /** Makes so many calls, some of them at once. */
  async attack(calls, { anew = true } = {}) {
    for (let made = 0; made < calls; made += 50) {
      await Promise.all(Array.from({ length: Math.min(50, calls - made) }, () => this.call()));
      // A case grows with every step, and each look at it with it.
      if (anew && made % 200 === 150) await this.open();
    }
  }
}
