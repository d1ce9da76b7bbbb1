// What the types allow and what they do not. `tsc --strict` reads it; it is never run.
import { Acting, AmendError, Cases, Desk, GrievanceError, KeyRing, MacKeys, MessageRefusedError, pendency, ReloadError, Rulebook, Table, words } from 'grievance';
import type {
  Actor, Ahead, CaseColumns, CaseRow, Conditions, ErrorCode, EventView, Gate, NoticeState, Offer, Outcome, Phase, Preparation, Progress, Request, ShownWord, Sight,
  TargetKind, Tenure, TextView, VerificationFinding, Written, WrongTypeError,
} from 'grievance';

declare const acting: Acting;
declare const desk: Desk;
declare const row: CaseRow;
declare const written: Written;
const citizen = { person: 'per_00000000000000000000000000000001', role: 'complainant' };

export async function steps(id: string): Promise<string | null> {
  const done = await acting.lodge({ narrative: 'No water.', refuses: ['sms'], category: null });
  await acting.dispose(id, { remarks: 'Lamp replaced.', evidence: { reference: 'EL/17' } });
  await acting.remind(id);
  await acting.recordFeedback(id, { outcome: 'satisfied', rating: 5 });
  // @ts-expect-error: what must be there is missing
  await acting.dispose(id, { reason: 'benefit_provided' });
  // @ts-expect-error: what must be there cannot be null
  await acting.dispose(id, { remarks: null });
  // @ts-expect-error: there is no such field
  await acting.lodge({ narrative: 'No water.', categroy: 'water' });
  // @ts-expect-error: a Date is no text
  await acting.extend(id, { until: new Date(), remarks: 'x' });
  // @ts-expect-error: not a word of the closed list
  await acting.recordFeedback(id, { outcome: 'happy' });
  // @ts-expect-error: a verb on a case needs the case
  await acting.remind();
  // @ts-expect-error: there is no such verb
  await acting.close(id);
  // @ts-expect-error: records do not change
  done.version = 3;
  return done.number;
}

export function told(event: EventView): string {
  if (event.kind === 'disposed') {
    const kind: 'disposed' = event.kind;
    return kind;
  }
  // @ts-expect-error: it is not that kind any more
  const kind: 'disposed' = event.kind;
  return kind;
}

export function ahead(it: Ahead): number {
  // @ts-expect-error: only some of them have a level
  const level: number = it.level;
  return it.what === 'goes_to' ? it.level : level;
}

export function offered(offer: Offer): number {
  return offer.allowed ? offer.missing.length satisfies 0 : offer.because.length;
}

export function prepared(it: Preparation): string[] {
  if (!it.ready) return [it.statements.length satisfies 0].map(String);
  return it.statements.map((statement) => statement.sql);
}

export async function messages(): Promise<number> {
  const told = await desk.deliver(new Date(), async (message) => {
    // @ts-expect-error: an office has no address
    const address: string = message.address;
    if (message.channel === 'letter') throw new MessageRefusedError();
    if (message.to === 'post') return (message.post satisfies string) + (message.unit satisfies string);
    if (message.to === 'unit') return message.unit;
    return `${message.address satisfies string}/${message.written.text}${address}`;
  });
  // @ts-expect-error: a gateway answers a text or nothing
  await desk.deliver(new Date(), () => 7);
  await desk.deliver(new Date(), () => {}, { limit: 5 });
  const [posted] = await desk.notices('grv_');
  const state: NoticeState | undefined = posted?.state;
  return state === 'delivered' ? told.sent : 0;
}

/** What is optional may be null or undefined, and is then absent: also where a compiler tells these three apart. */
export async function absent(nothing: null | undefined, macs: MacKeys): Promise<void> {
  const keys = new KeyRing('k', new Uint8Array(32), { old: nothing });
  new MacKeys('k', new Uint8Array(32), nothing);
  const opened = await Desk.open(':memory:', { tenant: nothing, keys, seed: nothing });
  await Desk.open(':memory:', { keys: nothing });
  const conditions: Conditions = { command: nothing, expecting: nothing, verified: nothing };
  const who: Actor = { ...citizen, unit: nothing, post: nothing, on_behalf_of: nothing, tenure: nothing };
  const own = opened.by(who, new Date(), conditions);
  opened.by(citizen, new Date(), nothing);
  await opened.appoint({ unit: 'desk', post: 'head', person: citizen.person, since: new Date(), until: nothing, tenure: nothing });
  await opened.sweep(new Date(), { limit: nothing });
  await opened.deliver(new Date(), () => null, nothing);
  await opened.parked(nothing);
  await own.search({
    number: nothing, name: nothing, mobile: nothing, email: nothing, external_number: nothing, source: nothing, lodged_from: nothing,
    lodged_before: nothing, units: nothing, categories: nothing, stages: nothing, phases: nothing, after: nothing, limit: nothing,
  });
  await own.search(nothing);
  await own.lodge({ narrative: 'No water.', category: nothing, refuses: nothing, anonymous: nothing });
  await own.remind('grv_', nothing);
  await own.submit({ action: 'lodge', narrative: 'No water.', place: nothing }, nothing);
  await own.measures.pendency({ as_of: '2026-04-01', by: nothing, rule: nothing, cuts: nothing });
  await own.mis({ as_of: '2026-04-01', rule: nothing });
  await own.measures.reviewHtml({
    as_of: '2026-04-01', rule: nothing, unit: nothing, index: nothing, title: nothing, language: nothing, lists: nothing,
  });
  await opened.otp(macs).requestCode('track', '9830001234', { request: 'form', at: new Date(), language: nothing });
  const columns: CaseColumns = { received_at: [new Date()], unit: ['works'], rating: nothing, ended_at: nothing, ward: nothing };
  const read = await Cases.fromColumns(columns, { zone: 'UTC', until: nothing, columns: { ended_at: nothing }, groups: nothing });
  await Cases.fromJson('[]', { zone: 'UTC', columns: nothing });
  await read.rank({ as_of: '2026-04-01', index: 'average_days', rule: nothing });
  // @ts-expect-error: what must be there cannot be
  await read.rank({ as_of: '2026-04-01', index: nothing });
  // @ts-expect-error: nor can an actor's role
  opened.by({ ...citizen, role: nothing }, new Date());
}

/** What is given out is a text, and is handed in as one. */
export async function papers(id: string): Promise<string> {
  const edition: string = await acting.papers.edition({ as_of: '2026-04-06', rule: 'working' });
  await acting.papers.editionOpened({ edition, notice: 'ntc_' });
  // @ts-expect-error: what was parsed of it is none
  await acting.papers.restate({ edition: JSON.parse(edition) as object });
  // @ts-expect-error: which day must be said
  await acting.papers.edition({});
  // @ts-expect-error: not a word of the closed list
  await acting.papers.practices({ register: '{}', facet: 'luck' });
  // @ts-expect-error: there is no such kind of evidence
  await acting.dispose(id, { remarks: 'x', evidence: { datum: '2026-04-06' } });
  // @ts-expect-error: there is no such channel
  await acting.correct(id, { remarks: 'x', refuses: ['fax'] });
  const { moved, next } = await desk.moveCases(citizen, new Date(), { after: null, limit: 100 });
  return next ?? `${moved}`;
}

const requests: Request[] = [{ action: 'remind' }, { action: 'comment', text: 'x', public: true }];
// @ts-expect-error: the verb has other fields
requests.push({ action: 'comment', remarks: 'x' });
// @ts-expect-error: there is no such action
requests.push({ action: 'hurry' });

const phase: Phase = row.phase;
// @ts-expect-error: not a word of the closed list
const other: Phase = 'pending';
const all: readonly ErrorCode[] = words.ErrorCode;
const since: Date = row.lodged_at;
export const used = [phase, other, all, since, requests];

export function lacking(offer: Offer): readonly Gate[] {
  // @ts-expect-error: not a gate
  if (offer.missing.includes('patience')) return [];
  return offer.missing;
}

/** What is counted has more names than words: a level, a stage, a code, as the addresses of lists have them. */
export async function behind(list: URLSearchParams): Promise<Table[]> {
  const { measures } = acting;
  await measures.waiting({ as_of: '2026-04-01', rule: 'working' });
  await measures.reviewHtml({ as_of: '2026-04-01', rule: 'working' });
  // @ts-expect-error: not a word that the sentence says
  await measures.behind({ as_of: '2026-04-01', of: 'pending', span: 'above' });
  return Promise.all(['pending', 'level:3', 'still:in_progress', list.get('of') ?? ''].map((of) => measures.behind({ as_of: '2026-04-01', of })));
}

/** A field that has a word of a closed list is typed by it. */
export function wordsOf(event: EventView, text: TextView, shown: ShownWord, offer: Offer, progress: Progress): unknown[] {
  const phases: Phase[] = [event.phase, progress.phase];
  const sights: Sight[] = [text.sight, shown.sight];
  const tenure: Tenure | null = event.by.tenure;
  const outcome: Outcome | null = offer.outcome;
  const finding: VerificationFinding | null = row.finding;
  // @ts-expect-error: not a phase
  if (progress.phase === 'pending') return [];
  // @ts-expect-error: not an encoding of short messages
  if (written.encoding === 'utf-8') return [];
  return [phases, sights, tenure, outcome, finding];
}

export function missedNext(next: Ahead): TargetKind | null {
  return next.what === 'missed' ? next.target : null;
}

// @ts-expect-error: only the package makes it
export const made = new Desk();
// @ts-expect-error: an actor has a role
desk.by({ person: 'per_1' }, new Date());
// @ts-expect-error: a number is no instant
desk.by(citizen, 1_700_000_000_000);
export const by: Acting = desk.by(citizen, new Date(), { expecting: 3 });
// @ts-expect-error: a desk takes keys of its own kind
Desk.open(':memory:', { keys: 'secret' });
Desk.open(':memory:', { keys: KeyRing.forTests(), seed: 7n });
Rulebook.fromObject({ extends: 'city-311' });

export function handled(problem: unknown): string | null {
  if (problem instanceof AmendError) return problem.remedy satisfies 'amend';
  return problem instanceof GrievanceError ? problem.where : null;
}

class NotThisWard extends AmendError {
  constructor(ward: string) {
    super(`ward ${ward} is another office's`, { where: 'ward' });
  }
}
// @ts-expect-error: what the desk alone can know is no error of a host's
class Stale extends ReloadError {}
// @ts-expect-error: nobody but the package and classes of a host's makes one
export const errors = [new NotThisWard('7'), Stale, new AmendError()];

/** What was given is of the wrong type: where it stands is typed. */
export function place(problem: unknown): string | null {
  if (problem instanceof GrievanceError) return problem.where;
  return problem instanceof TypeError && 'where' in problem ? (problem as WrongTypeError).where : null;
}

export async function measured(): Promise<readonly (string | number | null)[] | undefined> {
  const columns = { received_at: new Float64Array(1), unit: ['works'], ward: ['7'] };
  const cases = await Cases.fromColumns(columns, { zone: 'Asia/Kolkata', groups: ['ward'] });
  // @ts-expect-error: the zone of the offices must be said
  await Cases.fromColumns(columns, {});
  await Cases.fromColumns({ opened: [new Date()], department: ['works'] }, { zone: 'UTC', columns: { received_at: 'opened', unit: 'department' } });
  // @ts-expect-error: under the names of the fields both must be there
  await Cases.fromColumns({ recieved_at: [new Date()], unit: ['works'] }, { zone: 'UTC' });
  await cases.only({ ward: '7', unit: ['works', 'health'] });
  // @ts-expect-error: a code is a text
  await cases.only({ ward: 7 });
  // @ts-expect-error: there is no such field
  await Cases.fromColumns(columns, { zone: 'UTC', columns: { recieved_at: 'opened' } });
  // @ts-expect-error: instants are no plain numbers
  await Cases.fromColumns({ received_at: [0], unit: ['works'] }, { zone: 'UTC' });
  // @ts-expect-error: a Date is no day
  await cases.pendency({ as_of: new Date() });
  // @ts-expect-error: time is not divided by that
  await cases.flow({ since: '2026-01-01', until: '2026-02-01', period: 'day' });
  // @ts-expect-error: a desk is asked as somebody
  await pendency(desk, { as_of: '2026-04-01' });
  await (await cases.under(Rulebook.preset('city-311'))).pendency({ as_of: '2026-04-01', rule: 'working' });
  await acting.mis({ as_of: '2026-04-01', rule: 'working' });
  // @ts-expect-error: days are not counted by that
  await acting.mis({ as_of: '2026-04-01', rule: 'business' });
  const found = await pendency(acting, { as_of: '2026-04-01', rule: 'elapsed', cuts: [7, 30] });
  return found.columns['pending'];
}
