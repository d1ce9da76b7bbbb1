// Runs a scenario file through the package: see `docs/reference/scenarios.md`.
//
// Nothing here knows a rule. A file says what is asked and what must come of it; the runner puts
// identities where the file has labels, asks the desk, and compares.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import * as gr from 'grievance';

const TESTDATA = join(process.env.GRIEVANCE_ROOT, 'grievance-core', 'testdata');
const read = (...path) => JSON.parse(readFileSync(join(TESTDATA, ...path), 'utf8'));
export const FILES = readdirSync(join(TESTDATA, 'scenarios')).filter((name) => name.endsWith('.json')).sort();
export const DIGESTS = read('scenario-digests.json');
export const scenario = (name) => read('scenarios', name);

// The verbs by their action: what the typed methods take, and what they cannot do without.
const { verbs } = JSON.parse(createRequire(import.meta.url)('../grievance.node').tables());
export const VERBS = new Map(verbs.map(({ name, fields }) => [name, fields]));
const MEASURES = {
  pendency: gr.pendency, durations: gr.durations, kaplan_meier: gr.kaplanMeier, flow: gr.flow, board: gr.disposalIndex, mis: gr.mis,
  rates: gr.rates, closures: gr.closures, trends: gr.trends,
};
const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
const COUNTS = ['cases', 'breaches', 'escalations', 'proposals', 'resumed', 'moved'];

const uuidOf = (kind, name) => createHash('sha256').update(`${kind}:${name}`).digest().subarray(0, 16).toString('hex');
const person = (name) => `per_${uuidOf('person', name)}`;
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a typed argument can say what the file says. */
function fits(kind, value) {
  const isText = (one) => typeof one === 'string';
  if (kind === 'String') return isText(value);
  if (kind === 'bool') return typeof value === 'boolean';
  if (kind === 'u32') return Number.isInteger(value) && value >= 0 && value < 2 ** 32;
  if (kind === 'Vec<String>') return Array.isArray(value) && value.every(isText);
  return isObject(value) && Object.values(value).every(isText);
}

export const actionOf = (step) => (isObject(step.do) ? step.do.action : undefined);

function rulebook(rules) {
  return 'preset' in rules ? gr.Rulebook.preset(rules.preset) : gr.Rulebook.fromObject(rules.document);
}

async function failure(look) {
  try {
    await look();
    return null;
  } catch (problem) {
    assert(problem instanceof gr.GrievanceError, problem);
    return problem;
  }
}

function compare(wanted, found, place) {
  for (const [fact, value] of Object.entries(wanted)) {
    const own = found[fact] ?? null;
    assert.deepEqual(own, value, `${place}: ${fact} is ${JSON.stringify(own)}, not ${JSON.stringify(value)}`);
  }
}

/** A scenario's desk, and the cases by their labels. */
export class Run {
  constructor(given) {
    this.scenario = given;
    this.cases = new Map();
    this.typed = 0;
    this.answers = '';
    this.step = 0;
  }

  async play() {
    this.desk = await gr.Desk.open(':memory:', { tenant: 'scenario', seed: 1 });
    await this.desk.activate(rulebook(this.scenario.rulebook), '2020-01-01T00:00:00Z');
    for (const [number, step] of this.scenario.steps.entries()) {
      const place = `step ${number + 1} (${actionOf(step)})`;
      this.step = number + 1;
      // Half of the instants go over as dates, the others as texts.
      const at = number % 2 ? new Date(step.at) : step.at;
      if ('appoint' in step) await this.appoint(step.appoint, at);
      else if ('sees' in step) await this.looks(step, at, place);
      else if ('measure' in step) await this.measures(step, at, place);
      else if ('sweep' in step) await this.sweep(step.sweep, at, place);
      else if ('activate' in step) await this.desk.activate(rulebook(step.activate), at);
      else await this.take(step, at, place);
    }
    for (const [label, wanted] of Object.entries(this.scenario.then)) {
      compare(wanted, await this.facts(this.cases.get(label)), `at the end, case ${label}`);
    }
  }

  actor(name) {
    const who = this.scenario.actors[name];
    return {
      person: person(who.person ?? name),
      role: who.role,
      unit: who.unit,
      post: who.post,
      on_behalf_of: who.on_behalf_of === undefined ? undefined : person(who.on_behalf_of),
    };
  }

  appoint({ unit, post, person: who, until, tenure }, since) {
    return this.desk.appoint({ unit, post, person: person(who), since, until, tenure });
  }

  /** Writes an answer down. */
  told(what, answer) {
    this.answers += `${this.step}\t${what}\t${canonical(answer)}\n`;
  }

  /** Writes down what the actor is shown of a case. */
  async shown(actor, at, own) {
    const acting = this.desk.by(actor, at);
    for (const look of ['case', 'progress', 'options']) {
      const problem = await failure(() => acting[look](own));
      this.told(look, problem ? refusal(problem) : await acting[look](own));
    }
  }

  async looks(step, at, place) {
    const acting = this.desk.by(this.actor(step.by), at);
    const own = this.cases.get(step.case);
    for (const look of ['case', 'history', 'progress', 'options']) {
      const told = await failure(() => acting[look](own));
      assert.equal(told === null, step.sees, `${place}: ${told}`);
      if (told === null) continue;
      const nobody = await failure(() => acting[look](`grv_${'0'.repeat(32)}`));
      assert.deepEqual([told.code, told.message], [nobody.code, nobody.message], `${place}: not theirs is not there`);
    }
    const { cases } = await acting.search();
    assert.equal(cases.some(({ id }) => id === own), step.sees, `${place}: listed`);
    await this.shown(this.actor(step.by), at, own);
  }

  /** By the method of the desk's measures, and by the function that has the measure's name where there is one. */
  async measures(step, at, place) {
    const { what, ...question } = step.measure;
    const acting = this.desk.by(this.actor(step.by), at);
    const rows = (await acting.measures[camel(what)](question)).toObjects();
    if (what in MEASURES) assert.deepEqual((await MEASURES[what](acting, question)).toObjects(), rows, place);
    assert.equal(rows.length, step.rows.length, `${place}: ${JSON.stringify(rows)}`);
    step.rows.forEach((wanted, row) => compare(wanted, rows[row], place));
    this.told('measure', rows);
  }

  async sweep(wanted, at, place) {
    const once = async () => {
      const swept = await this.desk.sweep(at, { limit: 1000 });
      assert(swept.failed.length === 0 && !swept.more, place);
      this.told('swept', swept);
      return { ...Object.fromEntries(COUNTS.map((count) => [count, swept[count]])), jobs: swept.jobs.length };
    };
    compare(wanted, await once(), place);
    assert(!Object.values(await once()).some(Boolean), `${place}: once`);
  }

  async take(step, at, place) {
    const { case: label, command } = step;
    const actor = this.actor(step.by);
    const fresh = actionOf(step) === 'lodge' && (command !== undefined || !this.cases.has(label));
    const own = fresh || label === undefined ? undefined : this.cases.get(label);
    const before = own && (await this.whole(own));
    const looks = this.desk.by(actor, at);
    const offered = own && !(await failure(() => looks.options(own))) ? await looks.options(own) : null;
    let done;
    try {
      done = await this.ask(step, actor, at, own);
    } catch (refused) {
      assert(refused instanceof gr.GrievanceError, refused);
      assert.equal(refused.code, step.then.refused, `${place}: ${refused}`);
      if ('field' in step.then) assert.equal(refused.where, step.then.field, `${place}: ${refused}`);
      if (own) assert.deepEqual(await this.whole(own), before, `${place}: a refusal changes nothing`);
      this.told('refused', refusal(refused));
      if (own) await this.shown(actor, at, own);
      return;
    }
    assert('ok' in step.then, `${place}: was done, and should be refused`);
    if (offered && command === undefined) {
      const { action } = step.do;
      assert(offered.some((offer) => offer.action === action && offer.allowed), `${place}: was not offered`);
    }
    if (label !== undefined) {
      if (!this.cases.has(label)) this.cases.set(label, done.case);
      assert.equal(this.cases.get(label), done.case, `${place}: the label is taken`);
    }
    if (step.parts) {
      const { parts } = await this.desk.facts(done.case);
      step.parts.forEach((part, at_) => this.cases.set(part, parts.at(at_ - step.parts.length)));
    }
    const found = { ...(await this.facts(done.case)), tracking_code: done.tracking_code !== null, version: done.version };
    compare(step.then.ok, found, place);
    this.told('done', done);
    await this.shown(actor, at, done.case);
  }

  async ask(step, actor, at, own) {
    const request = await this.fill(step.do);
    const acting = this.desk.by(actor, at, {
      command: step.command === undefined ? undefined : `cmd_${uuidOf('command', step.command)}`,
      expecting: step.expecting,
      verified: step.verified ? await this.verify(step.verified, at) : undefined,
    });
    const fields = isObject(request) ? VERBS.get(request.action) : undefined;
    const { action, ...given } = isObject(request) ? request : {};
    const sayable = (name, value) => fields?.some((field) => field.name === name && fits(field.kind, value));
    const whole = fields?.every(({ name, must }) => !must || name in given);
    if (!whole || !Object.entries(given).every(([name, value]) => sayable(name, value)) || (own === undefined) !== (action === 'lodge')) {
      // What a typed method cannot even be asked, the flat form must refuse.
      return acting.submit(JSON.stringify(request), own);
    }
    this.typed += 1;
    if (this.typed % 3 === 0) return acting.submit(request, own);
    const method = action.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
    return own === undefined ? acting[method](given) : acting[method](own, given);
  }

  async verify(mobile, at) {
    const codes = this.desk.otp(new gr.MacKeys('scenario', new Uint8Array(32).fill(1)));
    const sent = await codes.requestCode('lodge', mobile, { request: 'form', at });
    return codes.verifyCode(sent.challenge, 'lodge', mobile, { request: 'form', code: sent.code, at });
  }

  async fill(value) {
    if (Array.isArray(value)) return Promise.all(value.map((one) => this.fill(one)));
    if (isObject(value)) {
      const filled = Object.entries(value).map(async ([name, one]) => [name, await this.fill(one)]);
      return Object.fromEntries(await Promise.all(filled));
    }
    if (typeof value !== 'string') return value;
    if (value.startsWith('$case:')) return this.cases.get(value.slice(6));
    if (value.startsWith('$number:')) return (await this.desk.facts(this.cases.get(value.slice(8)))).number;
    if (value.startsWith('$person:')) return person(value.slice(8));
    return value;
  }

  async whole(own) {
    return [await this.desk.facts(own), (await this.desk.storedHistory(own)).head];
  }

  /** Everything that a file may ask of a case, with labels for identities. */
  async facts(own) {
    const found = { ...(await this.desk.facts(own)) };
    const labels = new Map([...this.cases].sort(([a], [b]) => (a < b ? 1 : -1)).map(([label, id]) => [id, label]));
    for (const field of ['part_of', 'merged_into']) found[field] = labels.get(found[field]) ?? null;
    for (const field of ['parts', 'members']) found[field] = found[field].map((one) => labels.get(one) ?? null);
    return found;
  }

  /** SHA-256 over what was stored, answered and posted, as `scenario-digests.json` says it. */
  async digests() {
    const [events, notices] = [createHash('sha256'), createHash('sha256')];
    for (const label of [...this.cases.keys()].sort()) {
      const stored = await this.desk.storedHistory(this.cases.get(label));
      for (const { version, at, actor, event } of stored.events) events.update(`${label}\t${version}\t${at}\t${actor}\t${event}\n`);
      notices.update(`${label}\t${canonical(await this.desk.notices(this.cases.get(label)))}\n`);
    }
    const answers = createHash('sha256').update(this.answers);
    return { answers: answers.digest('hex'), events: events.digest('hex'), notices: notices.digest('hex') };
  }
}

function refusal({ code, remedy, where, hint, message }) {
  return { code, remedy, where: where ?? null, hint: hint ?? null, problem: message };
}

/** RFC 8785, without the versions of rulebooks, which change with every sentence of a preset. */
function canonical(value) {
  if (value instanceof Date) return JSON.stringify(value.toISOString().replace('.000Z', 'Z'));
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const fields = Object.keys(value).filter((field) => field !== 'rulebook').sort();
  return `{${fields.map((field) => `${JSON.stringify(field)}:${canonical(value[field])}`)}}`;
}
