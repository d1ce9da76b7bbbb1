/// <reference lib="esnext.disposable" />
/**
 * Public grievance redressal: a desk that decides, and measures over cases.
 *
 * A {@link Rulebook} is one government's rules as data. A {@link Desk} joins it with a store;
 * {@link Desk.by} is the desk as one actor uses it at one instant, with a method for each step of a
 * case's life. What touches a store is answered by a promise, and done on Node's pool of threads. On the event loop are
 * read: a rulebook, and arrays of texts and `Date`s ({@link Cases.fromColumns}); each answer is parsed there.
 *
 * Methods are named as JavaScript names them. The fields of requests, answers and actors are named as in
 * canonical JSON (`received_at`), the same in every language.
 *
 * @packageDocumentation
 */

/** An instant: a valid `Date`, or RFC 3339 with an offset. One without a zone is refused. */
export type Instant = Date | string;

/** A day: `YYYY-MM-DD`, in the zone of the offices. */
export type Day = string;

/** What JSON has. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** A parameter of a statement, as drivers take it; a bigint only beyond what a number tells apart. */
export type SqlValue = string | number | bigint | Uint8Array | null;

/**
 * Something was refused or failed. The sentence holds no personal data.
 *
 * Each remedy has a class of its own, so that a caller can tell by `instanceof` what to do; the code
 * tells which rule stood in the way, and is the same in every language. A field that is missing, or that there is
 * not, is such an error, too: what people type arrives as texts. A value of the wrong type is a mistake in
 * the program, and a {@link WrongTypeError}.
 */
export class GrievanceError extends Error {
  protected constructor(sentence?: string, told?: Told);
  /** Which rule stood in the way. */
  readonly code: ErrorCode;
  /** What the caller can do about it. */
  readonly remedy: Remedy;
  /** The field, the argument, the column or the path in the rulebook that is to blame. */
  readonly where: string | null;
  /** What may help. */
  readonly hint: string | null;
  /** Of a rulebook that was refused, everything that was found. */
  readonly findings: readonly Finding[];
  /** Name, message, code, remedy, place and hint, and findings where there are any: for a log. */
  toJSON(): { readonly [name: string]: unknown };
}
/** What an error of the host's own says of itself, beside its sentence. */
export interface Told {
  /** `invalid_command` if absent. */
  readonly code?: ErrorCode | undefined;
  readonly where?: string | null | undefined;
  readonly hint?: string | null | undefined;
}
/**
 * What a value of the wrong type is refused with: JavaScript's own `TypeError`, as everywhere, that says where. There is no
 * class of it: `problem instanceof TypeError && 'where' in problem` tells it from another.
 */
export interface WrongTypeError extends TypeError {
  readonly code: 'invalid_command';
  readonly remedy: 'amend';
  /** The field or argument. */
  readonly where: string;
  readonly hint: string | null;
  toJSON(): { readonly [name: string]: unknown };
}
/** Change the request; the same one will fail again. A host may extend it for what it refuses itself. */
export class AmendError extends GrievanceError {
  protected constructor(sentence?: string, told?: Told);
  readonly remedy: 'amend';
}
/**
 * Thrown by a host's gateway: it will never take this message, so that trying again is of no use. The address is
 * wrong, say, or the template is not registered.
 */
export class MessageRefusedError extends AmendError {
  /** The sentence says what is wrong, without address or words. */
  constructor(sentence?: string);
}
/** Read the case again and decide anew: somebody else was first. */
export class ReloadError extends GrievanceError {
  private constructor();
  readonly remedy: 'reload';
}
/** Send the same request again. */
export class RetryError extends GrievanceError {
  private constructor();
  readonly remedy: 'retry';
}
/** Send the same request again later. */
export class WaitError extends GrievanceError {
  private constructor();
  readonly remedy: 'wait';
}

/** Old keys that still open: each an identity and its secret. */
export interface OldKeys {
  readonly old?: readonly (readonly [key_id: string, secret: Uint8Array])[] | null | undefined;
}

/** The keys under which texts and identities are sealed. The library makes none and keeps none. */
export class KeyRing {
  /** @param secret 32 bytes or more; without them no text opens */
  constructor(key_id: string, secret: Uint8Array, options?: OldKeys | null);
  /** A ring that everybody knows, for tests and for desks in memory alone. */
  static forTests(): KeyRing;
  private readonly brand: 'KeyRing';
}

/** The keys under which one-time codes and the tokens of verified mobiles are made. */
export class MacKeys {
  constructor(key_id: string, secret: Uint8Array, options?: OldKeys | null);
  private readonly brand: 'MacKeys';
}

/** One government's rules under one version: data, checked as a whole, never changed. */
export class Rulebook {
  private constructor();
  /**
   * One of the rulebooks that come with the library, unofficial and to be extended.
   * @throws {AmendError} `unknown_code`
   */
  static preset(name: string): Rulebook;
  /** The names of the presets. */
  static presets(): readonly string[];
  /**
   * Reads, checks and compiles TOML.
   * @throws {AmendError} `rulebook_invalid`, with everything that was found in `findings`
   */
  static fromToml(text: string): Rulebook;
  /** Reads, checks and compiles JSON. */
  static fromJson(text: string): Rulebook;
  /** Reads, checks and compiles a plain object of what JSON has; dates as texts. */
  static fromObject(document: object): Rulebook;
  /** What is worth a second look: warnings and advice. What is refused is in the error. */
  lint(): readonly Finding[];
  /** The hash of its content, which names it. */
  readonly version: string;
  /** The time zone of its offices, an IANA name. */
  readonly zone: string;
  /** The whole document, with what it extends merged in. */
  toObject(): { readonly [name: string]: JsonValue };
}

/** Who acts, in which role, for which office or post. */
export interface Actor {
  /** The person who acts: `per_…`. */
  readonly person: string;
  /** The role they act in. */
  readonly role: string;
  /** The office they act for. */
  readonly unit?: string | null | undefined;
  /** The post they hold. */
  readonly post?: string | null | undefined;
  /** The person for whom they act. It is recorded; nothing is reached by it. */
  readonly on_behalf_of?: string | null | undefined;
  /** In which capacity they hold the post, where it is not simply theirs. */
  readonly tenure?: Tenure | null | undefined;
}

/** Where and how a desk is opened. */
export interface Opening {
  /** Whose cases these are; `default` if absent. */
  readonly tenant?: string | null | undefined;
  /** Under which texts are sealed. Only a desk in memory may do without. */
  readonly keys?: KeyRing | null | undefined;
  /** With it, identities and salts are the same in every run: for tests and simulations alone. */
  readonly seed?: number | bigint | null | undefined;
}

/** Under which conditions somebody acts. */
export interface Conditions {
  /** An identity `cmd_…`: a step that is sent twice is done once. */
  readonly command?: string | null | undefined;
  /** The version that the case must still have; else the step is refused with `conflict`. */
  readonly expecting?: number | null | undefined;
  /** For a lodging: the mobile that was verified. */
  readonly verified?: VerifiedMobile | null | undefined;
}

/** Who holds a post in an office, since when. */
export interface Holding {
  readonly unit: string;
  readonly post: string;
  readonly person: string;
  readonly since: Instant;
  /** Until when; open if absent. */
  readonly until?: Instant | null | undefined;
  /** In which capacity; `holder` if absent. */
  readonly tenure?: Tenure | null | undefined;
}

/**
 * Hands a message to whoever carries it, and answers the carrier's reference, or nothing. What it throws is a
 * failure that may pass: the message is tried again under the same identity, up to fourteen times, and then parked.
 * A {@link MessageRefusedError} parks it at once.
 */
export type Gateway = (message: Message) => string | null | undefined | void | Promise<string | null | undefined | void>;

/** One government's grievance desk. It has no clock: the host says who acts and when. */
export class Desk {
  private constructor();
  /**
   * Opens a desk on a store: `:memory:`, `sqlite:///path` (a fourth slash for an absolute one) or
   * `postgresql://…`.
   */
  static open(url: string, options?: Opening | null): Promise<Desk>;
  /** Closes the desk for every handle of it. Asked afterwards, they reject with `desk_closed`. */
  close(): Promise<void>;
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
  /**
   * Keeps a rulebook version and brings it into force from an instant on. Cases that are open then stay where they are
   * until somebody takes a step on them, or {@link Desk.moveCases} moves them.
   */
  activate(rulebook: Rulebook, at: Instant): Promise<Activation>;
  /**
   * Moves open cases that were last decided under another rulebook version to the one in force, by its mappings: out of an office
   * that it has dissolved, say. Up to `limit` of them (1,000 if absent); the next batch begins `after` where this one ended. It may
   * be stopped at any place, and begun again from the beginning: what has been moved is not seen twice. `actor`, in whose name it
   * happens, is in the history.
   */
  moveCases(
    actor: Actor,
    at: Instant,
    options?: { readonly after?: string | null | undefined; readonly limit?: number | null | undefined } | null,
  ): Promise<Moved>;
  /** The desk as used by one actor at one instant: the verbs, and what that actor sees. */
  by(actor: Actor, now: Instant, conditions?: Conditions | null): Acting;
  /** Records everything that is due at an instant, in up to `limit` cases (1,000 if absent). */
  sweep(at: Instant, options?: { readonly limit?: number | null | undefined } | null): Promise<Swept>;
  /**
   * Makes a checkpoint over all cases as they stand, and keeps it. Print its hash where people see it who do not keep the
   * storage: from then on nobody can change what it covers without being found out. A sample is drawn by it.
   */
  checkpoint(at: Instant): Promise<Checkpoint>;
  /** The last checkpoint that was made, by this or by a sweep's schedule; null before the first. */
  lastCheckpoint(): Promise<Checkpoint | null>;
  /**
   * Holds a receipt (see {@link Done.receipt}) to the stored history: whether the grievance of that number was lodged as it
   * now stands. Both are read as people type them. Null when it was not, or the number is nobody's: which, is not told.
   * @throws {AmendError} `receipt_invalid` when the receipt was copied wrongly
   */
  checkReceipt(number: string, receipt: string, at: Instant): Promise<Acknowledged | null>;
  /** Says who holds a post in an office from an instant on. */
  appoint(holding: Holding): Promise<void>;
  /**
   * Hands up to `limit` messages that may go out (1,000 if absent) to a gateway, one after the other, and records what
   * became of each. Several workers may do so at the same time.
   */
  deliver(at: Instant, gateway: Gateway, options?: { readonly limit?: number | null | undefined } | null): Promise<Delivered>;
  /**
   * Records when a carrier says that a message was received, under the reference that the gateway answered when
   * it took it. The first word counts. Answers the messages that it is of: none for a reference that nobody knows.
   */
  deliveryReport(reference: string, received_at: Instant): Promise<readonly string[]>;
  /** Every message of a case, whoever asks, and how far it has come: no words, and no address. */
  notices(case_id: string): Promise<readonly Posted[]>;
  /** Messages that were given up and wait for a person to look at them, the oldest first; 1,000 if absent. */
  parked(options?: { readonly limit?: number | null | undefined } | null): Promise<readonly Parked[]>;
  /** Lets a parked message wait again, as if it had never been tried; false for one that is not parked. */
  revive(notice: string, at: Instant): Promise<boolean>;
  /** When there is something to sweep or to deliver next, which may have passed; null when nothing waits. */
  nextDue(at: Instant): Promise<Date | null>;
  /**
   * The answer to a short message that somebody sent, such as `GRV STATUS` and a number. Whatever the text holds,
   * there is an answer, and it says nothing of other mobiles' cases.
   */
  answerSms(mobile: string, text: string, at: Instant): Promise<Written>;
  /** The case that a tracking code opens, as people type it, and where it stands; null for a code that opens nothing. */
  track(code: string, at: Instant): Promise<Tracked | null>;
  /**
   * Where the case of a number stands, for whoever has verified a mobile that it has; null for a number that nobody
   * has, and just so for a case of other mobiles.
   */
  trackByMobile(verified: VerifiedMobile, number: string, at: Instant): Promise<Progress | null>;
  /** One-time codes to mobiles, under keys of the host's. */
  otp(keys: MacKeys): CodeDesk;
  /** Everything that is recorded of a case but words, whoever asks: for a host that may see all. */
  facts(case_id: string): Promise<{ readonly [name: string]: JsonValue }>;
  /** A case's events as they are kept, whoever asks: canonical JSON and the hash over it. */
  storedHistory(case_id: string): Promise<StoredHistory>;
  private readonly brand: 'Desk';
}

/** A mobile whose code was brought back: what a lodging or a tracking may ask for. */
export class VerifiedMobile {
  private constructor();
  /** The token that carries it to another request of the host's. */
  toToken(keys: MacKeys): string;
  private readonly brand: 'VerifiedMobile';
}

/** The desk as it sends and verifies one-time codes. */
export class CodeDesk {
  private constructor();
  /**
   * Draws a code for a mobile. The host sends its digits; `request` is whatever the host can tell again
   * when the code comes back: a session, a form.
   */
  requestCode(
    purpose: Purpose,
    mobile: string,
    options: { readonly request: string; readonly at: Instant; readonly language?: string | null | undefined },
  ): Promise<CodeToSend>;
  /**
   * Draws a code and hands it to a gateway at once, in the words of the rulebook. What the gateway does not take
   * is asked for anew; it counts as sent.
   * @throws {WaitError} `message_not_sent`
   */
  sendCode(
    purpose: Purpose,
    mobile: string,
    options: { readonly request: string; readonly at: Instant; readonly gateway: Gateway; readonly language?: string | null | undefined },
  ): Promise<CodeSent>;
  /** Tries a code that somebody typed. */
  verifyCode(
    challenge: string,
    purpose: Purpose,
    mobile: string,
    options: { readonly request: string; readonly code: string; readonly at: Instant },
  ): Promise<VerifiedMobile>;
  /** Reads the token of a mobile that was verified in another request. */
  readToken(token: string, purpose: Purpose, at: Instant): Promise<VerifiedMobile>;
  /** Lets a mobile that was locked ask for codes again. */
  unlock(mobile: string): Promise<void>;
}

/** What a search asks for: all of it must fit. */
export interface Search {
  /** This registration number. */
  readonly number?: string | null | undefined;
  /** A complainant or signatory whose name has all these words. */
  readonly name?: string | null | undefined;
  /** A complainant, signatory or representative with this mobile. */
  readonly mobile?: string | null | undefined;
  /** A complainant with this e-mail address. */
  readonly email?: string | null | undefined;
  /** This external number, of any source unless one is given. */
  readonly external_number?: string | null | undefined;
  /** Imported from this system. */
  readonly source?: string | null | undefined;
  /** Lodged at or after this instant. */
  readonly lodged_from?: Instant | null | undefined;
  /** Lodged before this instant. */
  readonly lodged_before?: Instant | null | undefined;
  /** Held by one of these offices; any if absent or empty. */
  readonly units?: readonly string[] | null | undefined;
  readonly categories?: readonly string[] | null | undefined;
  readonly stages?: readonly string[] | null | undefined;
  readonly phases?: readonly Phase[] | null | undefined;
  /** After this place in the order: `next` of the page before. */
  readonly after?: string | null | undefined;
  /** How many at most: 1 to 1,000; 50 if absent. */
  readonly limit?: number | null | undefined;
}

/**
 * The desk as one actor uses it at one instant.
 *
 * Each verb decides and commits one command. What was refused changes nothing.
 */
export class Acting {
  private constructor();
  // verbs
  /** Submits a request of any verb, also as one JSON text; no case for a lodging only. */
  submit(request: Request | string, case_id?: string | null): Promise<Done>;
  /**
   * Decides a request and stores nothing: for a host that runs the statements beside its own, in one
   * transaction on a connection of its own to the desk's database. A lodging's number is reserved; if the
   * host drops the statements, it leaves a gap.
   *
   * Where a statement fails, or writes another number of rows than it says, the host rolls back: somebody
   * was first. It prepares again. With a `command` (see {@link Conditions}) a lost answer does nothing
   * twice: `ready` is then false.
   *
   * On PostgreSQL the host runs them on any connection. On SQLite only a process may that has no desk open on that
   * file: the addon and a driver are two SQLite libraries, whose locks (POSIX's, which hold between processes) do not hold
   * against each other within one process, and requests at the same time destroy the file. This process may when its desk
   * is closed. A worker thread is the same process.
   * @throws {AmendError} `invalid_command` at `desk` for one in memory, which has no statements
   */
  prepare(request: Request | string, case_id?: string | null): Promise<Preparation>;
  /** A case as it stands, with what may be read of it and its history. */
  case(case_id: string): Promise<CaseView>;
  /** A case's history, oldest event first. */
  history(case_id: string): Promise<readonly EventView[]>;
  /** What a complainant is shown of a case: where it is, by when, and what comes next. */
  progress(case_id: string): Promise<Progress>;
  /** What the actor can do with a case: every action, allowed or with what is missing. */
  options(case_id: string): Promise<readonly Offer[]>;
  /** The words of these fields of a case, masked where the role sees them masked. The look is logged. */
  words(
    case_id: string,
    options: { readonly purpose: LookPurpose; readonly fields: readonly Field[] },
  ): Promise<readonly ShownWord[]>;
  /** The measures of the cases that the actor sees. */
  readonly measures: Measures;
  /** The papers of the cases that the actor sees: editions, agendas, the register of good practices. */
  readonly papers: Papers;
  /**
   * The cases that the actor sees, as they stood at the first instant of a day, to be measured. Sealed ones
   * are never among them.
   */
  cases(as_of: Day): Promise<Cases>;
  /** The weekly statement of the cases that the actor sees; all of `mis.json` is in `about`. */
  mis(options: MisOptions): Promise<Table>;
  /** The same as `mis.json`, byte for byte as every language writes it. */
  misJson(options: MisOptions): Promise<string>;
  /** The same as one self-contained page of HTML: no script, nothing loaded from elsewhere. */
  misHtml(options: MisOptions & { readonly title: string }): Promise<string>;
  /**
   * Answers a question of a complainant's app, as text: what cannot be answered, too, is an answer. The actor is
   * whoever the host's log-in says.
   */
  serve(question: string): Promise<string>;
  /** A page of the cases that fit and that the actor sees, newest lodging first. */
  search(search?: Search | null): Promise<RowPage>;
  private readonly brand: 'Acting';
}

/** A row of the data that was not counted, and why. It says where, never what was in it. */
export interface Rejected {
  /** Which row, from 0, in the order of the data. */
  readonly row: number;
  readonly column: string;
  readonly code: ErrorCode;
  readonly problem: string;
}

/** What is not known is null, never 0: an office without a disposal has no median. */
export type Cell = string | number | null;

/** The answer of a measure: columns of one length, and the rows that could not be counted. */
export class Table {
  private constructor();
  /** The columns by name, in their order. Days are `YYYY-MM-DD`. */
  readonly columns: { readonly [name: string]: readonly Cell[] };
  /** The rows of the data that were not counted. */
  readonly rejected: readonly Rejected[];
  /** What was asked, and what is said of the whole. */
  readonly about: { readonly [name: string]: JsonValue };
  /** How many rows there are. */
  readonly length: number;
  /** The rows, each as an object. */
  toObjects(): { [name: string]: Cell }[];
  /** Some of the columns, in the order in which they are named. */
  select(names: readonly string[]): Table;
}

/** Instants: milliseconds since 1970 UTC, or `Date`s. NaN, the least 64-bit number and null are none. */
export type Instants = Float64Array | BigInt64Array | readonly (Date | null)[] | Texts;
/**
 * Texts: each, or each different one once with a place for each row (2^32 - 1 for none). As instants they
 * are RFC 3339 with an offset, or a day, which stands for its first instant in the zone.
 */
export type Texts =
  | readonly (string | null)[]
  | { readonly codes: readonly string[]; readonly indexes: Uint32Array };
/** Whole numbers. */
export type Counts =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Float64Array
  | BigInt64Array
  | readonly (number | boolean | null)[];

/** Columns of cases under the names of the fields, and columns of one's own by which they are grouped. */
export interface CaseColumns extends OwnColumns {
  /** When it was received. */
  readonly received_at: Instants;
  /** The office that has it. */
  readonly unit: Texts;
  /** Without a `phase` a date of ending is a disposal. */
  readonly ended_at?: Instants | null | undefined;
  readonly phase?: Texts | null | undefined;
  readonly class?: Texts | null | undefined;
  readonly category?: Texts | null | undefined;
  readonly priority?: Texts | null | undefined;
  readonly reason?: Texts | null | undefined;
  readonly feedback?: Texts | null | undefined;
  /** 0 to 10: whatever the office asks. At a desk it is 1 to 5. */
  readonly rating?: Counts | null | undefined;
  readonly due_at?: Instants | null | undefined;
  readonly last_told_at?: Instants | null | undefined;
  readonly reopened?: Counts | null | undefined;
  readonly appealed?: Counts | null | undefined;
  readonly escalated?: Counts | null | undefined;
  readonly transferred?: Counts | null | undefined;
  readonly breached?: Counts | null | undefined;
}

/** Columns of cases under one's own names, which `columns` of {@link MappedReading} maps. */
export interface OwnColumns {
  readonly [own: string]: Instants | Texts | Counts | null | undefined;
}

/** How cases are read. */
export interface Reading {
  /** The IANA zone of the offices, in which days are counted. */
  readonly zone: string;
  /** What lies after it is rejected. */
  readonly until?: Instant | null | undefined;
  /** Field to column; a field that is not named is sought under its own name. */
  readonly columns?: { readonly [Name in CaseField]?: string | null | undefined } | null | undefined;
  /** Columns of texts by which cases may be grouped as by their office. */
  readonly groups?: readonly string[] | null | undefined;
}

/** How cases under one's own names are read. */
export interface MappedReading extends Reading {
  /** Field to column; a field that is not named is sought under its own name. `received_at` and `unit` must be found. */
  readonly columns: { readonly [Name in CaseField]?: string | null | undefined };
}

/** As of which day, and what counts as a day of age. */
export interface MisOptions {
  /** What happened before the first instant of this day, in the zone, is counted. */
  readonly as_of: Day;
  /** What counts as a day of age; `calendar` if absent. Working days are those of the rulebook's offices. */
  readonly rule?: AgeRule | null | undefined;
}
/** The weekly review as a page. */
export interface ReviewPage {
  /** Of the week that ends before this day. */
  readonly as_of: Day;
  /** What counts as a day of age; `calendar` if absent. */
  readonly rule?: AgeRule | null | undefined;
  /** The office; the one that stands above all, if absent. */
  readonly unit?: string | null | undefined;
  /** The code of the index by which the branches are ranked; none if absent. */
  readonly index?: string | null | undefined;
  readonly title?: string | null | undefined;
  readonly language?: 'en' | 'bn' | 'hi' | null | undefined;
  /**
   * An address such as `/cases?unit={unit}&span={span}&of={of}`, at which each number opens to its cases; `behind` answers these
   * by the same three words. Each must be in it: else two numbers would have one list. Without it numbers are plain.
   */
  readonly lists?: string | null | undefined;
}
export interface IndexOptions extends MisOptions {
  /** The code of one of {@link Cases.indexes}, or a definition of one's own. */
  readonly index: string | object;
}

/** A column of texts: each different one, and for each case its place (2^32 - 1 for none). */
export interface Coded {
  readonly codes: string[];
  readonly indexes: Uint32Array;
}

/** Cases as columns of one length. Instants are milliseconds since 1970 UTC, NaN where there is none. */
export interface CaseArrays {
  readonly received_at: Float64Array;
  readonly ended_at: Float64Array;
  readonly due_at: Float64Array;
  /** 1 for one that was disposed of; 0 for one that is open, withdrawn, declined or joined to another. */
  readonly disposed: Uint8Array;
  readonly unit: Coded;
  readonly category: Coded;
  readonly priority: Coded;
  readonly reason: Coded;
}

/** Many cases in columns, read once and asked often. */
export class Cases {
  private constructor();
  /**
   * Reads columns. A row that cannot be counted is in `rejected`; the others are counted. Typed arrays are copied and read on the
   * pool; arrays of texts and of `Date`s are looked at on the event loop first, value by value, for texts of instants most of
   * a microsecond each.
   */
  static fromColumns(columns: CaseColumns, reading: Reading): Promise<Cases>;
  /** The same of columns under one's own names. */
  static fromColumns(columns: OwnColumns, reading: MappedReading): Promise<Cases>;
  /**
   * Reads one JSON text: an array of objects, each with the fields of a case as texts and numbers. An empty array is no cases: which
   * columns it would have nobody can see.
   */
  static fromJson(text: string, reading: Reading): Promise<Cases>;
  /** The indexes that come with the library: code and name. All are ours, none is official. */
  static indexes(): readonly (readonly [code: string, name: string])[];
  /** How many cases were taken. */
  readonly length: number;
  /** The rows that were not. */
  readonly rejected: readonly Rejected[];
  /** The zone in which days are counted. */
  readonly zone: string;
  /**
   * The same cases under the rulebook of their offices: they are grouped by the levels of its trees, too (`unit_1`), and ages are
   * asked for in its working days (`rule: 'working'`). An office that it does not have keeps the days that are everybody's.
   */
  under(rulebook: Rulebook): Promise<Cases>;
  /**
   * Some of the cases, to be measured like all of them: of each column that is named those that have one of some codes. Columns are
   * named as in `by` of a measure, a level of a tree among them: `{ unit_1: 'north', channel: ['web', 'phone'] }` keeps to an
   * office and everything below it, and of these to two channels. Of no code there are no cases; of no column there are all.
   * What was `rejected` is told by the whole alone.
   * @throws {AmendError} at `only` for a column that there is not, at `only.<column>` for a code that neither a case nor the
   * rulebook has
   */
  only(columns: Readonly<Record<string, string | readonly string[]>>): Promise<Cases>;
  /** The cases as typed arrays, for whoever draws or keeps them. They are the caller's own. */
  toArrays(): Promise<CaseArrays>;
  // cases
  /** Offices under an index: each term's value and score, the score, the place. */
  disposalIndex(options: IndexOptions): Promise<Table>;
  /** The same, only the score and the place. */
  rank(options: IndexOptions): Promise<Table>;
  /** The weekly statement; all of `mis.json` is in `about`. */
  mis(options: MisOptions): Promise<Table>;
  /** The same as `mis.json`, byte for byte as every language writes it. */
  misJson(options: MisOptions): Promise<string>;
  private readonly brand: 'Cases';
}

/**
 * The measures of the cases that somebody sees at a desk. Days are those of the zone of the rulebook in force; sealed cases
 * are in no figure. What was asked, and what is said of the whole, is in `about` of each answer.
 */
export class Measures {
  /**
   * The weekly review as one self-contained page of HTML, with what stands behind its figures: no script, nothing loaded
   * from elsewhere. Without a `title` it has the office's name; `en` if no language is named.
   */
  reviewHtml(options: ReviewPage): Promise<string>;
  private constructor();
  // measures
  private readonly brand: 'Measures';
}

/**
 * What an office gives out of its reviews, and keeps, for whoever sees its cases at a desk: editions of the weekly statement, agendas of
 * review meetings, and the register of good practices.
 *
 * Each answer is a text of canonical JSON, which `JSON.parse` reads. A paper that is handed in again, an edition, an agenda or a
 * register, is the text that was handed out, byte for byte: the host keeps it as it is.
 */
export class Papers {
  private constructor();
  // papers
  private readonly brand: 'Papers';
}

/** Cases, or those that somebody sees at a desk. */
export type CaseData = Cases | Acting;
// functions
/** {@link Cases.disposalIndex} */
export function disposalIndex(data: CaseData, options: IndexOptions): Promise<Table>;
/** {@link Cases.rank} */
export function rank(data: CaseData, options: IndexOptions): Promise<Table>;
/** {@link Cases.mis}; of a desk, {@link Acting.mis}. */
export function mis(data: CaseData, options: MisOptions): Promise<Table>;

// records

// questions

// requests

// words
