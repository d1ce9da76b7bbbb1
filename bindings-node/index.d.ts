// Written by `generate.mjs` from the tables of the core and `stub/index.d.ts`.
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
  /** Brings a grievance in. */
  lodge(fields: LodgeFields): Promise<Done>;
  /** Takes a registered case up. */
  admit(case_id: string, fields?: AdmitFields | null): Promise<Done>;
  /** Does not take a registered case up. */
  decline(case_id: string, fields: DeclineFields): Promise<Done>;
  /** Says that the holder has opened the case. */
  acknowledge(case_id: string, fields?: AcknowledgeFields | null): Promise<Done>;
  /** Gives the case to an office; to the routed one if none is named. */
  assign(case_id: string, fields?: AssignFields | null): Promise<Done>;
  /** Hands the case down to an office below the holder. */
  forward(case_id: string, fields: ForwardFields): Promise<Done>;
  /** Gives the case back to the office that sent it. */
  return(case_id: string, fields: ReturnFields): Promise<Done>;
  /** Takes a sent case back before it is opened. */
  recall(case_id: string, fields?: RecallFields | null): Promise<Done>;
  /** Passes the case to an office that is not below the holder. */
  transfer(case_id: string, fields: TransferFields): Promise<Done>;
  /** Corrects the subject, the place or both. */
  recategorise(case_id: string, fields?: RecategoriseFields | null): Promise<Done>;
  /** Corrects the kind of matter. */
  reclassify(case_id: string, fields: ReclassifyFields): Promise<Done>;
  /** Divides the case into parts, each at one office. */
  split(case_id: string, fields: SplitFields): Promise<Done>;
  /** Asks another office; custody stays. */
  consult(case_id: string, fields: ConsultFields): Promise<Done>;
  /** Answers a consultation. */
  answer(case_id: string, fields: AnswerFields): Promise<Done>;
  /** Asks the complainant for something. */
  seekInformation(case_id: string, fields: SeekInformationFields): Promise<Done>;
  /** Gives what was asked for. */
  provideInformation(case_id: string, fields: ProvideInformationFields): Promise<Done>;
  /** Tells the complainant where the case stands. */
  interimReply(case_id: string, fields: InterimReplyFields): Promise<Done>;
  /** Notes something in the file. */
  comment(case_id: string, fields: CommentFields): Promise<Done>;
  /** Adds a document by reference; its bytes stay with the host. */
  attach(case_id: string, fields: AttachFields): Promise<Done>;
  /** Asks the office to move. */
  remind(case_id: string, fields?: RemindFields | null): Promise<Done>;
  /** Reports the action taken. */
  reportAction(case_id: string, fields: ReportActionFields): Promise<Done>;
  /** Sends a report back to the office that made it. */
  sendBackReport(case_id: string, fields: SendBackReportFields): Promise<Done>;
  /** Approves a report or a special closure. */
  approve(case_id: string, fields?: ApproveFields | null): Promise<Done>;
  /** Refuses an approval. */
  refuse(case_id: string, fields: RefuseFields): Promise<Done>;
  /** Records an attempt to reach the complainant. */
  recordCall(case_id: string, fields: RecordCallFields): Promise<Done>;
  /** Records what the complainant said. */
  recordFeedback(case_id: string, fields: RecordFeedbackFields): Promise<Done>;
  /** Closes the case with a reason and remarks. */
  dispose(case_id: string, fields: DisposeFields): Promise<Done>;
  /** Opens a disposed case again. */
  reopen(case_id: string, fields: ReopenFields): Promise<Done>;
  /** Takes a disposed case to the appellate authority. */
  appeal(case_id: string, fields: AppealFields): Promise<Done>;
  /** Allows or dismisses an appeal. */
  decideAppeal(case_id: string, fields: DecideAppealFields): Promise<Done>;
  /** Takes the grievance back. */
  withdraw(case_id: string, fields?: WithdrawFields | null): Promise<Done>;
  /** Joins the case to another one, which carries it on. */
  merge(case_id: string, fields: MergeFields): Promise<Done>;
  /** Moves the due date, with a reason that the complainant is told. */
  extend(case_id: string, fields: ExtendFields): Promise<Done>;
  /** Brings the case to the notice of a superior office. */
  escalate(case_id: string, fields?: EscalateFields | null): Promise<Done>;
  /** Corrects recorded facts of the case. */
  correct(case_id: string, fields: CorrectFields): Promise<Done>;
  /** Undoes the last step, taken by mistake. */
  rescind(case_id: string, fields: RescindFields): Promise<Done>;
  /** Records a step that the rulebook names, with its typed fields. */
  record(case_id: string, fields: RecordFields): Promise<Done>;
  /** Records a second look at a disposed case, of those that were sampled or of another. */
  verify(case_id: string, fields: VerifyFields): Promise<Done>;
  /** Says what a disposed case came from; a later one takes the place of an earlier. */
  classify(case_id: string, fields: ClassifyFields): Promise<Done>;
  /** Lifts the seal of a sealed case. */
  unseal(case_id: string, fields: UnsealFields): Promise<Done>;
  /** Keeps the words of the case, whatever else would let them go. */
  hold(case_id: string, fields: HoldFields): Promise<Done>;
  /** Lets a hold go. */
  releaseHold(case_id: string, fields: ReleaseHoldFields): Promise<Done>;
  /** Erases every word of an ended case: who complained, and what anybody wrote. */
  erase(case_id: string, fields: EraseFields): Promise<Done>;
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
  /** What is pending, by age, in each group. */
  pendency(options: PendencyQuestion): Promise<Table>;
  /** How long the disposed took, in days, in each group. */
  durations(options: DurationsQuestion): Promise<Table>;
  /** How long cases take, those that are open counted as far as they go. */
  kaplanMeier(options: KaplanMeierQuestion): Promise<Table>;
  /** What came in and went out in each period. */
  flow(options: FlowQuestion): Promise<Table>;
  /** How often cases came back, moved, were late and satisfied, in each group. */
  rates(options: RatesQuestion): Promise<Table>;
  /** With which reasons cases were disposed of, and what that did for the complainants, in each group. */
  closures(options: ClosuresQuestion): Promise<Table>;
  /** Groups of which more or fewer cases came lately than chance brings. */
  trends(options: TrendsQuestion): Promise<Table>;
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
  /** What is pending, by age, in each group. */
  pendency(options: PendencyQuestion): Promise<Table>;
  /** How long the disposed took, in days, in each group. */
  durations(options: DurationsQuestion): Promise<Table>;
  /** How long cases take, those that are open counted as far as they go. */
  kaplanMeier(options: KaplanMeierQuestion): Promise<Table>;
  /** What came in and went out in each period. */
  flow(options: FlowQuestion): Promise<Table>;
  /** Offices under an index that comes with the library: scores and places. */
  board(options: BoardQuestion): Promise<Table>;
  /** The statement of the day, an office a row. */
  mis(options: MisQuestion): Promise<Table>;
  /** How often cases came back, moved, were late and satisfied, in each group. */
  rates(options: RatesQuestion): Promise<Table>;
  /** With which reasons cases were disposed of, and what that did for the complainants, in each group. */
  closures(options: ClosuresQuestion): Promise<Table>;
  /** Groups of which more or fewer cases came lately than chance brings. */
  trends(options: TrendsQuestion): Promise<Table>;
  /** The weekly review of an office and everything below it: this week, the last, and the mean of four. */
  review(options: ReviewQuestion): Promise<Table>;
  /** The cases behind one count of the weekly review, by identity, and how often each counts there. */
  behind(options: BehindQuestion): Promise<Table>;
  /** What came in and went out in each period by the histories: with reopenings, transfers, and the difference. */
  movements(options: MovementsQuestion): Promise<Table>;
  /** What waits at each office, for how long in all and there, and how long complainants were told nothing. */
  waiting(options: WaitingQuestion): Promise<Table>;
  /** How long cases stayed in each stage, in each episode and on the whole. */
  stays(options: StaysQuestion): Promise<Table>;
  /** What disposed cases came from: root cause, subject and office, most often first. */
  causes(options: CausesQuestion): Promise<Table>;
  /** Changes of procedures: what each would remove, how far it has come, and what recurred since. */
  changes(options: ChangesQuestion): Promise<Table>;
  /** What officers would change, written when they classified a case; its words are in the case. */
  suggestions(options: SuggestionsQuestion): Promise<Table>;
  /** What points at closings that may be bad. It proves nothing: it says where to look. */
  suspicions(options: SuspicionsQuestion): Promise<Table>;
  /** Draws closings for a second look: the same days and seed draw the same cases. */
  sample(options: SampleQuestion): Promise<Table>;
  /** What the second looks at a sample found, by stratum, and how many closings are deficient by that. */
  quality(options: QualityQuestion): Promise<Table>;
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
  /** The weekly statement of an office as an edition: what is given out and stands. */
  edition(options: EditionQuestion): Promise<string>;
  /** Tells those who answer for the office that an edition was given out, through the outbox; nobody twice. */
  tellOfEdition(options: TellOfEditionQuestion): Promise<string>;
  /** Whom an edition was sent to, whether it has arrived, and since when it is known to have been opened. */
  toldOfEdition(options: ToldOfEditionQuestion): Promise<string>;
  /** Records that whoever got a message about an edition opened it; the first word counts. */
  editionOpened(options: EditionOpenedQuestion): Promise<string>;
  /** An edition against what is known today: every difference, by case. */
  restate(options: RestateQuestion): Promise<string>;
  /** That a case stands behind counts of an edition: a proof for each. */
  proveCounted(options: ProveCountedQuestion): Promise<string>;
  /** Checks a proof against the edition that was printed, and says what it proves. */
  checkCounted(options: CheckCountedQuestion): Promise<string>;
  /** The agenda of a review meeting: what to look at, and what was decided and is not done. */
  agenda(options: AgendaQuestion): Promise<string>;
  /** Writes down what a meeting decided: the agenda with it. */
  decide(options: DecideQuestion): Promise<string>;
  /** Says that a decision was carried out: the agenda with it. */
  settle(options: SettleQuestion): Promise<string>;
  /** Writes a page of the register of good practices, or writes it anew: the register with it. */
  writePractice(options: WritePracticeQuestion): Promise<string>;
  /** Links a page with a case that stands disposed: the register with it. */
  linkPractice(options: LinkPracticeQuestion): Promise<string>;
  /** Records that the complainant of a linked case consents to what a page says: the register with it. */
  consentToPractice(options: ConsentToPracticeQuestion): Promise<string>;
  /** Takes a case out of every page: the register without it. Pages that were published with it are withdrawn. */
  takeOutOfPractices(options: TakeOutOfPracticesQuestion): Promise<string>;
  /** Publishes a page whose cases stand disposed and whose complainants consent: the register with it. */
  publishPractice(options: PublishPracticeQuestion): Promise<string>;
  /** Takes a page back: the register with it. */
  withdrawPractice(options: WithdrawPracticeQuestion): Promise<string>;
  /** Records that another office does it, too: the register with it. */
  repeatPractice(options: RepeatPracticeQuestion): Promise<string>;
  /** The published pages that fit, as everybody may read them: those with most of the words in the title first. */
  practices(options: PracticesQuestion): Promise<string>;
  private readonly brand: 'Papers';
}

/** Cases, or those that somebody sees at a desk. */
export type CaseData = Cases | Acting;
/** {@link Cases.pendency}; of a desk, {@link Measures.pendency}. */
export function pendency(data: CaseData, options: PendencyQuestion): Promise<Table>;
/** {@link Cases.durations}; of a desk, {@link Measures.durations}. */
export function durations(data: CaseData, options: DurationsQuestion): Promise<Table>;
/** {@link Cases.kaplanMeier}; of a desk, {@link Measures.kaplanMeier}. */
export function kaplanMeier(data: CaseData, options: KaplanMeierQuestion): Promise<Table>;
/** {@link Cases.flow}; of a desk, {@link Measures.flow}. */
export function flow(data: CaseData, options: FlowQuestion): Promise<Table>;
/** {@link Cases.rates}; of a desk, {@link Measures.rates}. */
export function rates(data: CaseData, options: RatesQuestion): Promise<Table>;
/** {@link Cases.closures}; of a desk, {@link Measures.closures}. */
export function closures(data: CaseData, options: ClosuresQuestion): Promise<Table>;
/** {@link Cases.trends}; of a desk, {@link Measures.trends}. */
export function trends(data: CaseData, options: TrendsQuestion): Promise<Table>;
/** {@link Cases.disposalIndex} */
export function disposalIndex(data: CaseData, options: IndexOptions): Promise<Table>;
/** {@link Cases.rank} */
export function rank(data: CaseData, options: IndexOptions): Promise<Table>;
/** {@link Cases.mis}; of a desk, {@link Acting.mis}. */
export function mis(data: CaseData, options: MisOptions): Promise<Table>;

/** What a command came to. */
export interface Done {
  /** The case. */
  readonly case: string;
  /** Its version after the command. */
  readonly version: number;
  /** Its registration number; none for an imported case. */
  readonly number: string | null;
  /** The code that an anonymous complainant is given: shown once, kept nowhere. */
  readonly tracking_code: string | null;
  /** Of a lodging, what the complainant holds the office to it with. */
  readonly receipt: string | null;
}

/** The facts of a case, as far as whoever looks may see them. */
export interface CaseRow {
  /** The case. */
  readonly id: string;
  /** How many events its history has. */
  readonly version: number;
  /** The registration number. */
  readonly number: string | null;
  /** The system it was imported from. */
  readonly source: string | null;
  /** The number under which another system knows it. */
  readonly external_number: string | null;
  /** Kind of matter. */
  readonly kind: string;
  /** Subject. */
  readonly category: string | null;
  /** Jurisdiction. */
  readonly place: string | null;
  /** How it came in. */
  readonly channel: string | null;
  /** Priority class. */
  readonly priority: string | null;
  /** The stage. */
  readonly stage: string;
  /** What the stage means: a word of `Phase`. */
  readonly phase: Phase;
  /** The office that has custody. */
  readonly unit: string;
  /** Since when that office has it. */
  readonly held_since: Date;
  /** When it was lodged. */
  readonly lodged_at: Date;
  /** When it was received. */
  readonly received_at: Date;
  /** First disposal. */
  readonly first_disposed_at: Date | null;
  /** The disposal it stands at. */
  readonly disposed_at: Date | null;
  /** The office that disposed of it. */
  readonly disposed_by: string | null;
  /** The reason. */
  readonly reason: string | null;
  /** What it did for the complainant: a word of `DisposalClass`. */
  readonly class: DisposalClass | null;
  /** What the complainant said last: a word of `FeedbackOutcome`. */
  readonly feedback: FeedbackOutcome | null;
  /** How often it was opened again. */
  readonly reopenings: number;
  /** How often it was appealed. */
  readonly appeals: number;
  /** Lateral transfers. */
  readonly transfers: number;
  /** The divided case, if it is a part and whoever looks sees that case. */
  readonly part_of: string | null;
  /** The case it was joined to, if whoever looks sees that case. */
  readonly merged_into: string | null;
  /** The rulebook version of the last event. */
  readonly rulebook: string;
  /** When the last event was recorded. */
  readonly updated_at: Date;
  /** The public due date. */
  readonly due_at: Date | null;
  /** Targets that were missed. */
  readonly breaches: number;
  /** The instant at which the target was due that was missed last. */
  readonly breached_at: Date | null;
  /** The office that had custody at that instant. */
  readonly breached_by: string | null;
  /** How often it was escalated. */
  readonly escalations: number;
  /** The highest level of the ladder that time has brought. */
  readonly level: number;
  /** How often the complainant reminded the office. */
  readonly reminders: number;
  /** How often the due date was moved. */
  readonly extensions: number;
  /** The office that sent it to its holder. */
  readonly sender: string | null;
  /** Offices that were asked and have not answered. */
  readonly consulted: readonly string[];
  /** The office that it is about. */
  readonly against: string | null;
  /** The complainant's identity, for those who see it. */
  readonly complainant: string | null;
  /** Who brought it in, for those who see who complains. */
  readonly lodged_by: string | null;
  /** The subject under which it is sealed, while it is. */
  readonly sealed: string | null;
  /** Steps that one person took though two should have. */
  readonly waivers: number;
  /** What a second look at the disposal found: a word of `VerificationFinding`. */
  readonly finding: VerificationFinding | null;
  /** The day for which the sample was drawn that the second look was for. */
  readonly sampled_for: Day | null;
  /** The root cause of the disposal it stands at. */
  readonly root_cause: string | null;
  /** The change of a procedure that would have made it needless. */
  readonly change: string | null;
}

/** A page of cases. */
export interface RowPage {
  /** The cases, newest lodging first. */
  readonly cases: readonly CaseRow[];
  /** Where the next page begins; none when this is the last. */
  readonly next: string | null;
}

/** Who took a step. */
export interface TakenBy {
  /** Their role. */
  readonly role: string;
  /** The office they acted for. */
  readonly unit: string | null;
  /** The post they held. */
  readonly post: string | null;
  /** In which capacity, where it was not simply theirs: a word of `Tenure`. */
  readonly tenure: Tenure | null;
  /** Whether they acted for somebody else. */
  readonly on_behalf: boolean;
  /** The person, for those who see them. */
  readonly person: string | null;
}

/**
 * An event of a case, as far as whoever looks may see it.
 *
 * `kind` tells the variants apart. `says` is JSON as it is stored, with the names of the wire format: instants in it are numbers,
 * milliseconds since 1970 UTC, and no `Date`s.
 */
export type EventView = { [Kind in EventKind]: EventOf<Kind> }[EventKind];
/** An event of one kind. */
export interface EventOf<Kind extends EventKind> {
  /** Its place in the case's history. */
  readonly version: number;
  /** When it was recorded. */
  readonly at: Date;
  /** What happened: a word of `EventKind`. */
  readonly kind: Kind;
  /** Who took the step. */
  readonly by: TakenBy;
  /** The rulebook version it was decided under. */
  readonly rulebook: string;
  /** The stage it led to. */
  readonly stage: string;
  /** What that stage means: a word of `Phase`. */
  readonly phase: Phase;
  /** The office it led to. */
  readonly unit: string;
  /** What it says, by the names of the wire format. */
  readonly says: JsonValue;
}

/** A text that may be read. */
export interface TextView {
  /** What it is: a word of `Field`. */
  readonly field: Field;
  /** In full, or masked: a word of `Sight`. */
  readonly sight: Sight;
  /** The event that brought it. */
  readonly version: number;
  /** Where it is. */
  readonly id: string;
}

/** A case as far as whoever looks may see it. */
export interface CaseView {
  /** Its facts. */
  readonly row: CaseRow;
  /** How whoever looks stands to it: a word of `Relation`. */
  readonly relation: Relation;
  /** The complainant's language. */
  readonly language: string | null;
  /** Whether the complainant stays unknown. */
  readonly anonymous: boolean;
  /** How the complainant wants to be written to. */
  readonly contact: JsonValue;
  /** The post in the office that it was given to. */
  readonly post: string | null;
  /** The post that it is about. */
  readonly against_post: string | null;
  /** Who referred it. */
  readonly reference: JsonValue;
  /** Its parts that whoever looks sees. */
  readonly parts: JsonValue;
  /** The cases joined to it that whoever looks sees. */
  readonly members: readonly string[];
  /** What may be read, in the order of the history. */
  readonly texts: readonly TextView[];
  /** How it came there. */
  readonly history: readonly EventView[];
}

/** A text as somebody sees it. */
export interface ShownWord {
  /** What it is: a word of `Field`. */
  readonly field: Field;
  /** In full, or masked: a word of `Sight`. */
  readonly sight: Sight;
  /** The event that brought it. */
  readonly version: number;
  /** The words; none where they have been erased. */
  readonly words: string | null;
}

/** Why something was not done. */
export interface Problem {
  /** What kind of failure it is: a word of `ErrorCode`. */
  readonly code: ErrorCode;
  /** A sentence without personal data. */
  readonly sentence: string;
}

/** One action as it stands for a case and an actor. */
export type Offer =
  | {
      /** The action: a word of `Action`. */
      readonly action: Action;
      /** What it would have to come to, where that decides the stage: a word of `Outcome`. */
      readonly outcome: Outcome | null;
      /** The stage that it leads to; none where it stays or goes back. */
      readonly to: string | null;
      /** Whether it may be taken. */
      readonly allowed: true;
      /** What the command must bring: words of `Gate`. */
      readonly asks: readonly Gate[];
      /** The gates that are not passed: words of `Gate`. */
      readonly missing: readonly [];
      /** Everything that stands in the way. */
      readonly because: readonly [];
    }
  | {
      /** The action: a word of `Action`. */
      readonly action: Action;
      /** What it would have to come to, where that decides the stage: a word of `Outcome`. */
      readonly outcome: Outcome | null;
      /** The stage that it leads to; none where it stays or goes back. */
      readonly to: string | null;
      /** Whether it may be taken. */
      readonly allowed: false;
      /** What the command must bring: words of `Gate`. */
      readonly asks: readonly [];
      /** The gates that are not passed: words of `Gate`. */
      readonly missing: readonly Gate[];
      /** Everything that stands in the way. */
      readonly because: readonly Problem[];
    };

/** Something that happens if nobody acts. */
export type Ahead =
  | {
      /** When. */
      readonly at: Date;
      /** On which day, in the office's zone. */
      readonly on: Day;
      /** What: `missed`, `goes_on`, `told_to`, `goes_to`, `proposed` or `window_ends`. */
      readonly what: 'missed' | 'goes_on' | 'window_ends';
      /** The target, where it is one: a word of `TargetKind`. */
      readonly target: TargetKind;
      /** The office, where it is one. */
      readonly unit: null;
      /** The level of the ladder, where it is one. */
      readonly level: null;
    }
  | {
      /** When. */
      readonly at: Date;
      /** On which day, in the office's zone. */
      readonly on: Day;
      /** What: `missed`, `goes_on`, `told_to`, `goes_to`, `proposed` or `window_ends`. */
      readonly what: 'told_to' | 'goes_to' | 'proposed';
      /** The target, where it is one: a word of `TargetKind`. */
      readonly target: null;
      /** The office, where it is one. */
      readonly unit: string;
      /** The level of the ladder, where it is one. */
      readonly level: number;
    };

/** What a complainant is shown of a case. */
export interface Progress {
  /** The registration number. */
  readonly number: string | null;
  /** The stage. */
  readonly stage: string;
  /** What the stage means: a word of `Phase`. */
  readonly phase: Phase;
  /** The office that has it. */
  readonly unit: string;
  /** The public due date. */
  readonly due_at: Date | null;
  /** The day of it, in the office's zone. */
  readonly due_on: Day | null;
  /** What comes next. */
  readonly ahead: readonly Ahead[];
}

/** The case that a tracking code opens. */
export interface Tracked {
  /** The case; of a divided one the whole. */
  readonly case: string;
  /** Under which identity whoever has the code acts as the complainant. */
  readonly person: string | null;
  /** Where it stands. */
  readonly progress: Progress;
}

/** Something that a schedule calls for. */
export interface DueJob {
  /** When it was due. */
  readonly due_at: Date;
  /** The schedule. */
  readonly schedule: string;
  /** What is to be done: a word of `JobKind`. */
  readonly kind: JobKind;
}

/** A case that could not be handled. It stays due. */
export interface Unhandled {
  /** The case. */
  readonly case: string;
  /** What kind of failure it is: a word of `ErrorCode`. */
  readonly code: ErrorCode;
  /** A sentence without personal data. */
  readonly sentence: string;
}

/** What a sweep came to. */
export interface Swept {
  /** Cases in which something was due and is now recorded. */
  readonly cases: number;
  /** Targets that were breached. */
  readonly breaches: number;
  /** Levels of the ladder that were taken. */
  readonly escalations: number;
  /** Levels that wait for approval. */
  readonly proposals: number;
  /** Clocks that go on because their pause was as long as it may be. */
  readonly resumed: number;
  /** Cases that stood under an earlier rulebook version and were moved first. */
  readonly moved: number;
  /** Cases that another worker handled meanwhile. */
  readonly elsewhere: number;
  /** Jobs that have come round. */
  readonly jobs: readonly DueJob[];
  /** The checkpoint that a schedule called for, as JSON. */
  readonly checkpoint: string | null;
  /** Why the checkpoint could not be made: then the next sweep tries again. */
  readonly checkpoint_failed: Problem | null;
  /** Cases that could not be handled. */
  readonly failed: readonly Unhandled[];
  /** Rows of one-time codes that were forgotten. */
  readonly forgotten: number;
  /** Whether the limit was reached before everything due was handled. */
  readonly more: boolean;
}

/** What was recorded at a moment, under one hash. */
export interface Checkpoint {
  /** Its hash, in hexadecimal digits: what is printed, and what a sample is drawn by. */
  readonly hash: string;
  /** Its number, rising; there may be gaps. */
  readonly number: number;
  /** When it was made, in whole milliseconds. */
  readonly at: Date;
  /** How many cases there were. */
  readonly cases: number;
  /** How many events they had together. */
  readonly events: number;
  /** All of it as canonical JSON, as it is stored and hashed, and as a sweep tells it. */
  readonly text: string;
}

/** That a grievance was lodged as its receipt says. */
export interface Acknowledged {
  /** Its number. */
  readonly number: string;
  /** When it was recorded. */
  readonly recorded_at: Date;
  /** When the office received it, which may be earlier. */
  readonly received_at: Date;
}

/** One problem of a rulebook. */
export interface Finding {
  /** `error`, `warning` or `advice`. */
  readonly severity: 'error' | 'warning' | 'advice';
  /** Which lint found it. */
  readonly lint: string;
  /** Where. */
  readonly path: string;
  /** What is wrong. */
  readonly message: string;
  /** What may help. */
  readonly hint: string | null;
}

/** What bringing a rulebook version into force came to. */
export interface Activation {
  /** The version. */
  readonly version: string;
  /** The version that was in force before, if any. */
  readonly before: string | null;
  /** What the succession left to think about. */
  readonly findings: readonly Finding[];
}

/** What one round of moving open cases to the rulebook in force came to. */
export interface Moved {
  /** How many cases moved. */
  readonly moved: number;
  /** Of them those whose office, stage or reason changed with it. */
  readonly changed: number;
  /** After which case the next round goes on; none when this was the last. */
  readonly next: string | null;
}

/** An event as it is kept. */
export interface StoredEvent {
  /** Its place in the case's history, from 1. */
  readonly version: number;
  /** When it was recorded, in milliseconds since 1970 UTC. */
  readonly at: number;
  /** Who acted, as canonical JSON. */
  readonly actor: string;
  /** The rulebook version it was decided under. */
  readonly rulebook: string;
  /** The event, as canonical JSON. */
  readonly event: string;
}

/** A case's events as they are kept, and the hash that binds them all. */
export interface StoredHistory {
  /** The events, oldest first. */
  readonly events: readonly StoredEvent[];
  /** The hash of the last one. */
  readonly head: string;
}

/** A one-time code that the host is to send. */
export interface CodeToSend {
  /** Names the code; whoever asked brings it back with the digits. */
  readonly challenge: string;
  /** Where it is to be sent. */
  readonly mobile: string;
  /** In which language. */
  readonly language: string;
  /** What it opens: a word of `Purpose`. */
  readonly purpose: Purpose;
  /** The digits. */
  readonly code: string;
  /** The first instant at which it is no longer good. */
  readonly expires_at: Date;
}

/** A code that is on its way. */
export interface CodeSent {
  /** Names the code; whoever asked brings it back with the digits. */
  readonly challenge: string;
  /** The first instant at which it is no longer good. */
  readonly expires_at: Date;
}

/** A message in words. */
export interface Written {
  /** The template that the words come from. */
  readonly template: string;
  /** The language that they are in. */
  readonly language: string;
  /** The words. */
  readonly text: string;
  /** How many short messages they would be. */
  readonly parts: number;
  /** The encoding of them: `GSM-7` or `UCS-2`. */
  readonly encoding: 'GSM-7' | 'UCS-2';
  /** The identity under which the template is registered with the carriers, if it is. */
  readonly registered_as: string | null;
  /** The sender's name that is registered with it. */
  readonly sender_name: string | null;
  /** The office's identity that is registered with it. */
  readonly sender_entity: string | null;
}

/** A message to be sent. */
export type Message =
  | {
      /** Its identity, the same however often it is handed over: what was sent before is not sent again. */
      readonly id: string;
      /** By which channel: a word of `MessageChannel`. */
      readonly channel: MessageChannel;
      /** To what it goes: `mobile`, `email`, `postal`, `inbox`, `unit` or `post`. */
      readonly to: 'mobile' | 'email' | 'postal' | 'inbox';
      /** The mobile, the e-mail or postal address, or the portal's reference of a person's list; none for an office. */
      readonly address: string;
      /** The office, where it goes to one. */
      readonly unit: null;
      /** The post in it, where it goes to one. */
      readonly post: null;
      /** What it says, and in which language. */
      readonly written: Written;
    }
  | {
      /** Its identity, the same however often it is handed over: what was sent before is not sent again. */
      readonly id: string;
      /** By which channel: a word of `MessageChannel`. */
      readonly channel: MessageChannel;
      /** To what it goes: `mobile`, `email`, `postal`, `inbox`, `unit` or `post`. */
      readonly to: 'unit';
      /** The mobile, the e-mail or postal address, or the portal's reference of a person's list; none for an office. */
      readonly address: null;
      /** The office, where it goes to one. */
      readonly unit: string;
      /** The post in it, where it goes to one. */
      readonly post: null;
      /** What it says, and in which language. */
      readonly written: Written;
    }
  | {
      /** Its identity, the same however often it is handed over: what was sent before is not sent again. */
      readonly id: string;
      /** By which channel: a word of `MessageChannel`. */
      readonly channel: MessageChannel;
      /** To what it goes: `mobile`, `email`, `postal`, `inbox`, `unit` or `post`. */
      readonly to: 'post';
      /** The mobile, the e-mail or postal address, or the portal's reference of a person's list; none for an office. */
      readonly address: null;
      /** The office, where it goes to one. */
      readonly unit: string;
      /** The post in it, where it goes to one. */
      readonly post: string;
      /** What it says, and in which language. */
      readonly written: Written;
    };

/** What a gateway of the host's raised. */
export interface Raised {
  /** The message. */
  readonly message: string;
  /** The name of the error's class: its words may hold an address. */
  readonly name: string;
}

/** What a round of deliveries came to. */
export interface Delivered {
  /** Messages that the gateway took. */
  readonly sent: number;
  /** Messages that will be tried again. */
  readonly retried: number;
  /** Messages that were given up and wait for a person to look at them. */
  readonly parked: readonly string[];
  /** Messages that nobody is to have any more. */
  readonly dropped: number;
  /** Messages that another worker settled meanwhile: the gateway may have had them twice. */
  readonly elsewhere: number;
  /** Cases whose complainant has to be called: the message about the closure did not get through. */
  readonly to_call: readonly string[];
  /** What the gateway raised. */
  readonly raised: readonly Raised[];
}

/** A message of a case, without words, and how far it has come. */
export interface Posted {
  /** Its identity. */
  readonly id: string;
  /** The event that it tells of, by its version. */
  readonly about: number;
  /** The template. */
  readonly template: string;
  /** The recipient's language. */
  readonly language: string;
  /** By which channel: a word of `MessageChannel`. */
  readonly channel: MessageChannel;
  /** To whom, by reference. */
  readonly to: JsonValue;
  /** Not to be sent earlier than this. */
  readonly not_before: Date;
  /** How far it has come: a word of `NoticeState`. */
  readonly state: NoticeState;
  /** How often it was tried. */
  readonly attempts: number;
  /** When it was delivered, parked or dropped. */
  readonly settled_at: Date | null;
  /** The gateway's own reference, under which it was delivered. */
  readonly reference: string | null;
  /** When the carrier says that the recipient got it. */
  readonly received_at: Date | null;
  /** What was wrong the last time. */
  readonly problem: string | null;
}

/** A message that somebody must look at. */
export interface Parked {
  /** Its identity. */
  readonly id: string;
  /** The case. */
  readonly case: string;
  /** The template. */
  readonly template: string;
  /** By which channel: a word of `MessageChannel`. */
  readonly channel: MessageChannel;
  /** How often it was tried. */
  readonly attempts: number;
  /** Since when it is parked. */
  readonly at: Date;
  /** What was wrong. */
  readonly problem: string;
}

/** A statement that the host runs in a transaction of its own. */
export interface StatementToRun {
  /** Its text: the same for every commit. */
  readonly sql: string;
  /** Its parameters, in order. */
  readonly values: readonly SqlValue[];
  /** How many rows it must write, else the transaction is rolled back; null for any number. */
  readonly expect_rows: number | null;
}

/** A command that was decided and is not stored, or that was stored before. */
export type Preparation =
  | {
      /** Whether there is something to store. */
      readonly ready: true;
      /** What the command has come to, once that is stored. */
      readonly done: Done;
      /** What stores it, to be run in this order in one transaction. */
      readonly statements: readonly StatementToRun[];
    }
  | {
      /** Whether there is something to store. */
      readonly ready: false;
      /** What the command has come to, once that is stored. */
      readonly done: Done;
      /** What stores it, to be run in this order in one transaction. */
      readonly statements: readonly [];
    };


/** What is pending, by age, in each group. What {@link Measures.pendency} is asked. */
export interface PendencyQuestion {
  /** As of the first instant of this day. */
  readonly as_of: Day;
  /** By what: `unit`, `category`, `priority`, `reason`, `place`, `channel`, `kind`, a level of a tree (`unit_1`); `unit` if absent. */
  readonly by?: string | null | undefined;
  /** What counts as a day of age: a word of `AgeRule`; `calendar` if absent. Working days are those of the rulebook's offices. */
  readonly rule?: AgeRule | null | undefined;
  /** Where a band of ages ends, in days; 7, 15, 31 if absent. */
  readonly cuts?: readonly number[] | null | undefined;
}

/** How long the disposed took, in days, in each group. What {@link Measures.durations} is asked. */
export interface DurationsQuestion {
  /** As of the first instant of this day. */
  readonly as_of: Day;
  /** By what: `unit`, `category`, `priority`, `reason`, `place`, `channel`, `kind`, a level of a tree (`unit_1`); `unit` if absent. */
  readonly by?: string | null | undefined;
  /** What counts as a day of age: a word of `AgeRule`; `calendar` if absent. Working days are those of the rulebook's offices. */
  readonly rule?: AgeRule | null | undefined;
  /** Of which percentiles, from 0 to 100; 50 and 90 if absent. */
  readonly percentiles?: readonly number[] | null | undefined;
  /** Within how many days; 30 if absent. */
  readonly within?: readonly number[] | null | undefined;
}

/** How long cases take, those that are open counted as far as they go. What {@link Measures.kaplanMeier} is asked. */
export interface KaplanMeierQuestion {
  /** As of the first instant of this day. */
  readonly as_of: Day;
  /** Of one office alone. */
  readonly unit?: string | null | undefined;
  /** By when so many of a hundred are disposed, with limits; 50 if absent. */
  readonly percentiles?: readonly number[] | null | undefined;
}

/** What came in and went out in each period. What {@link Measures.flow} is asked. */
export interface FlowQuestion {
  /** From the period that has this day. */
  readonly since: Day;
  /** To the one that has this, which is whole as far as it has come. */
  readonly until: Day;
  /** `week`, `month` or `financial_year`; `month` if absent. */
  readonly period?: 'week' | 'month' | 'financial_year' | null | undefined;
}

/** Offices under an index that comes with the library: scores and places. What {@link Measures.board} is asked. */
export interface BoardQuestion {
  /** As of the first instant of this day. */
  readonly as_of: Day;
  /** The code of the index. */
  readonly index: string;
  /** What counts as a day of age: a word of `AgeRule`; `calendar` if absent. Working days are those of the rulebook's offices. */
  readonly rule?: AgeRule | null | undefined;
}

/** The statement of the day, an office a row. What {@link Measures.mis} is asked. */
export interface MisQuestion {
  /** As of the first instant of this day. */
  readonly as_of: Day;
  /** What counts as a day of age: a word of `AgeRule`; `calendar` if absent. Working days are those of the rulebook's offices. */
  readonly rule?: AgeRule | null | undefined;
}

/** How often cases came back, moved, were late and satisfied, in each group. What {@link Measures.rates} is asked. */
export interface RatesQuestion {
  /** As of the first instant of this day. */
  readonly as_of: Day;
  /** By what: `unit`, `category`, `priority`, `reason`, `place`, `channel`, `kind`, a level of a tree (`unit_1`); `unit` if absent. */
  readonly by?: string | null | undefined;
}

/** With which reasons cases were disposed of, and what that did for the complainants, in each group. What {@link Measures.closures} is asked. */
export interface ClosuresQuestion {
  /** As of the first instant of this day. */
  readonly as_of: Day;
  /** By what, as of `pendency`; `unit` if absent. */
  readonly by?: string | null | undefined;
}

/** Groups of which more or fewer cases came lately than chance brings. What {@link Measures.trends} is asked. */
export interface TrendsQuestion {
  /** Of the weeks that end before this day. */
  readonly until: Day;
  /** By what, as of `pendency`; `category` if absent. */
  readonly by?: string | null | undefined;
  /** Over how many weeks, from 4 to 260; 13 if absent. */
  readonly weeks?: number | null | undefined;
  /** How often chance alone may name a group: 0.01, if absent, is one look of a hundred. */
  readonly at_most?: number | null | undefined;
}

/** The weekly review of an office and everything below it: this week, the last, and the mean of four. What {@link Measures.review} is asked. */
export interface ReviewQuestion {
  /** Of the week that ends before this day. */
  readonly as_of: Day;
  /** The office; the one that stands above all, if absent. */
  readonly unit?: string | null | undefined;
  /** What counts as a day of age: `calendar`, `elapsed` or `working`; `calendar` if absent. */
  readonly rule?: AgeRule | null | undefined;
  /** The code of the index by which the branches are ranked; none if absent. */
  readonly index?: string | null | undefined;
}

/** The cases behind one count of the weekly review, by identity, and how often each counts there. What {@link Measures.behind} is asked. */
export interface BehindQuestion {
  /** Of the week that ends before this day. */
  readonly as_of: Day;
  /** What is counted: a line of the review (`disposed`, `age_2`; the week before: `disposed:1`), `level:3`, `old_in_total`, `old_with_unit`, `never_told`, `owed`, `owed_overdue`; `over:` or `still:` with a stage; of the closings of four weeks `reason:`, `class:` or `suspected:` with a code; `cause:documents:pension`. */
  readonly of: string;
  /** The office; the one that stands above all, if absent. */
  readonly unit?: string | null | undefined;
  /** `below`, with everything below the office, or `alone`; `below` if absent. */
  readonly span?: 'below' | 'alone' | null | undefined;
  /** What counts as a day of age: `calendar`, `elapsed` or `working`; `calendar` if absent. */
  readonly rule?: AgeRule | null | undefined;
}

/** What came in and went out in each period by the histories: with reopenings, transfers, and the difference. What {@link Measures.movements} is asked. */
export interface MovementsQuestion {
  /** From the period that has this day. */
  readonly since: Day;
  /** To the one that has this. */
  readonly until: Day;
  /** `week`, `month` or `financial_year`; `month` if absent. */
  readonly period?: 'week' | 'month' | 'financial_year' | null | undefined;
  /** On which day a week begins: `mon`, `tue`, `wed`, `thu`, `fri`, `sat` or `sun`; `mon` if absent. */
  readonly begins?: 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun' | null | undefined;
  /** The time of the day at which figures are cut off, `17:00`; midnight if absent. */
  readonly cut_off?: string | null | undefined;
  /** Of this office and everything below it; what moves between these is in both sides. */
  readonly unit?: string | null | undefined;
}

/** What waits at each office, for how long in all and there, and how long complainants were told nothing. What {@link Measures.waiting} is asked. */
export interface WaitingQuestion {
  /** As of the first instant of this day. */
  readonly as_of: Day;
  /** Of this office and everything below it. */
  readonly unit?: string | null | undefined;
  /** What counts as a day of age: `calendar`, `elapsed` or `working`; `calendar` if absent. */
  readonly rule?: AgeRule | null | undefined;
}

/** How long cases stayed in each stage, in each episode and on the whole. What {@link Measures.stays} is asked. */
export interface StaysQuestion {
  /** As of the first instant of this day. */
  readonly as_of: Day;
  /** Of this office and everything below it. */
  readonly unit?: string | null | undefined;
  /** Of this subject and those below it. */
  readonly category?: string | null | undefined;
  /** What counts as a day of age: `calendar`, `elapsed` or `working`; `calendar` if absent. */
  readonly rule?: AgeRule | null | undefined;
}

/** What disposed cases came from: root cause, subject and office, most often first. What {@link Measures.causes} is asked. */
export interface CausesQuestion {
  /** As of the first instant of this day. */
  readonly as_of: Day;
}

/** Changes of procedures: what each would remove, how far it has come, and what recurred since. What {@link Measures.changes} is asked. */
export interface ChangesQuestion {
  /** As of the first instant of this day. */
  readonly as_of: Day;
  /** The most days that are compared on either side of a change; 90 if absent. */
  readonly span?: number | null | undefined;
}

/** What officers would change, written when they classified a case; its words are in the case. What {@link Measures.suggestions} is asked. */
export interface SuggestionsQuestion {
  /** As of the first instant of this day. */
  readonly as_of: Day;
}

/** What points at closings that may be bad. It proves nothing: it says where to look. What {@link Measures.suspicions} is asked. */
export interface SuspicionsQuestion {
  /** Closed from the first instant of this day on. */
  readonly since: Day;
  /** Before the first instant of this day. */
  readonly until: Day;
}

/** Draws closings for a second look: the same days and seed draw the same cases. What {@link Measures.sample} is asked. */
export interface SampleQuestion {
  /** Closed from the first instant of this day on. */
  readonly since: Day;
  /** Before the first instant of this day, which names the sample. */
  readonly until: Day;
  /** A SHA-256 in hexadecimal digits that nobody could foresee, such as the hash of a later checkpoint. */
  readonly seed: string;
}

/** What the second looks at a sample found, by stratum, and how many closings are deficient by that. What {@link Measures.quality} is asked. */
export interface QualityQuestion {
  /** Closed from the first instant of this day on. */
  readonly since: Day;
  /** Before the first instant of this day, which names the sample. */
  readonly until: Day;
  /** The seed of the sample. */
  readonly seed: string;
  /** Looks before the first instant of this day. */
  readonly as_of: Day;
}

/** The weekly statement of an office as an edition: what is given out and stands. What {@link Papers.edition} is asked. */
export interface EditionQuestion {
  /** Of the week that ends before this day. */
  readonly as_of: Day;
  /** The office; the one that stands above all, if absent. */
  readonly unit?: string | null | undefined;
  /** What counts as a day of age: `calendar`, `elapsed` or `working`; `calendar` if absent. */
  readonly rule?: AgeRule | null | undefined;
  /** The code of the index by which the branches are ranked; none if absent. */
  readonly index?: string | null | undefined;
  /** The edition before it; none of the first. */
  readonly after?: string | null | undefined;
  /** A secret for this edition alone, 64 hexadecimal digits that nobody can foresee: with it `prove_counted` shows a complainant that a case was counted. Without it nobody can. */
  readonly key?: string | null | undefined;
}

/** Tells those who answer for the office that an edition was given out, through the outbox; nobody twice. What {@link Papers.tellOfEdition} is asked. */
export interface TellOfEditionQuestion {
  /** The edition. */
  readonly edition: string;
}

/** Whom an edition was sent to, whether it has arrived, and since when it is known to have been opened. What {@link Papers.toldOfEdition} is asked. */
export interface ToldOfEditionQuestion {
  /** The edition. */
  readonly edition: string;
}

/** Records that whoever got a message about an edition opened it; the first word counts. What {@link Papers.editionOpened} is asked. */
export interface EditionOpenedQuestion {
  /** The edition. */
  readonly edition: string;
  /** The message, as `told_of_edition` names it. */
  readonly notice: string;
}

/** An edition against what is known today: every difference, by case. What {@link Papers.restate} is asked. */
export interface RestateQuestion {
  /** The edition. */
  readonly edition: string;
}

/** That a case stands behind counts of an edition: a proof for each. What {@link Papers.proveCounted} is asked. */
export interface ProveCountedQuestion {
  /** The edition. */
  readonly edition: string;
  /** The secret that the edition was made with. */
  readonly key: string;
  /** The case. */
  readonly case: string;
}

/** Checks a proof against the edition that was printed, and says what it proves. What {@link Papers.checkCounted} is asked. */
export interface CheckCountedQuestion {
  /** The edition. */
  readonly edition: string;
  /** The proof. */
  readonly proof: string;
}

/** The agenda of a review meeting: what to look at, and what was decided and is not done. What {@link Papers.agenda} is asked. */
export interface AgendaQuestion {
  /** The edition that the meeting is about. */
  readonly edition: string;
  /** The day of the meeting. */
  readonly meeting: Day;
  /** The agenda of the last meeting, with what it decided; none of the first. */
  readonly last?: string | null | undefined;
}

/** Writes down what a meeting decided: the agenda with it. What {@link Papers.decide} is asked. */
export interface DecideQuestion {
  /** The agenda. */
  readonly agenda: string;
  /** The code of the decision, one of each in an office. */
  readonly code: string;
  /** What was decided. It names posts and offices, and nobody who complained. */
  readonly text: string;
  /** The office that is to do it. */
  readonly unit: string;
  /** The post that answers for it. */
  readonly post: string;
  /** The day on which it was decided. */
  readonly decided_on: Day;
  /** The last day on which it is in time. */
  readonly due: Day;
}

/** Says that a decision was carried out: the agenda with it. What {@link Papers.settle} is asked. */
export interface SettleQuestion {
  /** The agenda. */
  readonly agenda: string;
  /** The code of the decision. */
  readonly code: string;
  /** On which day. */
  readonly on: Day;
}

/** Writes a page of the register of good practices, or writes it anew: the register with it. What {@link Papers.writePractice} is asked. */
export interface WritePracticeQuestion {
  /** The code of the page, one of each in a register. */
  readonly code: string;
  /** What it is called. */
  readonly title: string;
  /** What was changed: a word of `PracticeFacet`. */
  readonly facet: PracticeFacet;
  /** The office that did it. */
  readonly unit: string;
  /** What was wrong before. */
  readonly situation: string;
  /** What another office does to repeat it, in order. */
  readonly steps: readonly string[];
  /** The day on which it was written. */
  readonly written_on: Day;
  /** The register; a new one if absent. */
  readonly register?: string | null | undefined;
  /** The subject in which it was tried; none where it suits any. */
  readonly domain?: string | null | undefined;
}

/** Links a page with a case that stands disposed: the register with it. What {@link Papers.linkPractice} is asked. */
export interface LinkPracticeQuestion {
  /** The register. */
  readonly register: string;
  /** The code of the page. */
  readonly practice: string;
  /** The case. */
  readonly case: string;
  /** What its complainant said, as it may be published. */
  readonly testimonial?: string | null | undefined;
}

/** Records that the complainant of a linked case consents to what a page says: the register with it. What {@link Papers.consentToPractice} is asked. */
export interface ConsentToPracticeQuestion {
  /** The register. */
  readonly register: string;
  /** The code of the page. */
  readonly practice: string;
  /** The case. */
  readonly case: string;
  /** By which way the consent was given. */
  readonly channel: string;
  /** The day on which it was given. */
  readonly given_on: Day;
  /** The post that recorded it. */
  readonly recorded_by: string;
  /** That post's office. */
  readonly unit: string;
}

/** Takes a case out of every page: the register without it. Pages that were published with it are withdrawn. What {@link Papers.takeOutOfPractices} is asked. */
export interface TakeOutOfPracticesQuestion {
  /** The register. */
  readonly register: string;
  /** The case. */
  readonly case: string;
  /** On which day. */
  readonly on: Day;
}

/** Publishes a page whose cases stand disposed and whose complainants consent: the register with it. What {@link Papers.publishPractice} is asked. */
export interface PublishPracticeQuestion {
  /** The register. */
  readonly register: string;
  /** The code of the page. */
  readonly practice: string;
  /** On which day. */
  readonly on: Day;
}

/** Takes a page back: the register with it. What {@link Papers.withdrawPractice} is asked. */
export interface WithdrawPracticeQuestion {
  /** The register. */
  readonly register: string;
  /** The code of the page. */
  readonly practice: string;
  /** On which day. */
  readonly on: Day;
  /** Why. */
  readonly why: string;
}

/** Records that another office does it, too: the register with it. What {@link Papers.repeatPractice} is asked. */
export interface RepeatPracticeQuestion {
  /** The register. */
  readonly register: string;
  /** The code of the page. */
  readonly practice: string;
  /** The office. */
  readonly unit: string;
  /** Since which day. */
  readonly on: Day;
}

/** The published pages that fit, as everybody may read them: those with most of the words in the title first. What {@link Papers.practices} is asked. */
export interface PracticesQuestion {
  /** The register. */
  readonly register: string;
  /** Words, of which each begins a word of the page. */
  readonly words?: string | null | undefined;
  /** What was changed: a word of `PracticeFacet`. */
  readonly facet?: PracticeFacet | null | undefined;
  /** The subject, with those below it; a page that suits any is found, too. */
  readonly domain?: string | null | undefined;
  /** The office that did it first, with those below it. */
  readonly unit?: string | null | undefined;
}


/** Brings a grievance in. What {@link Acting.lodge} takes. */
export interface LodgeFields {
  /** What is complained of, in the complainant's words. */
  readonly narrative: string;
  /** Kind of matter; the rulebook's first kind if absent. */
  readonly kind?: string | null | undefined;
  /** Subject; without one the case goes to the cell. */
  readonly category?: string | null | undefined;
  /** Jurisdiction. */
  readonly place?: string | null | undefined;
  /** How it came in; the rulebook's first channel if absent. */
  readonly channel?: string | null | undefined;
  /** The complainant's language; the rulebook's if absent. */
  readonly language?: string | null | undefined;
  /** Priority class; the category's or the rulebook's first if absent. */
  readonly priority?: string | null | undefined;
  /** The complainant's identity, where the host has one. */
  readonly complainant?: string | null | undefined;
  /** The complainant's name. */
  readonly name?: string | null | undefined;
  /** The complainant's mobile number. */
  readonly mobile?: string | null | undefined;
  /** The complainant's e-mail address. */
  readonly email?: string | null | undefined;
  /** The complainant's postal address. */
  readonly address?: string | null | undefined;
  /** Whether the complainant stays unknown: a tracking code is given out instead. */
  readonly anonymous?: boolean | null | undefined;
  /** Names of those who sign with the complainant, who represents them. */
  readonly signatories?: readonly string[] | null | undefined;
  /** Mobile numbers of those who sign, if they want messages of their own. */
  readonly signatory_mobiles?: readonly string[] | null | undefined;
  /** The mobile number of a representative, who gets the text messages in the complainant's place. */
  readonly representative?: string | null | undefined;
  /** Ways by which the complainant wants no message: `sms`, `email`, `inbox`, `letter`. */
  readonly refuses?: readonly MessageChannel[] | null | undefined;
  /** From when on the complainant may be written to: `HH:MM` of the offices' wall clock. */
  readonly safe_from?: string | null | undefined;
  /** Until when: `HH:MM`, earlier than the beginning for hours over midnight. */
  readonly safe_until?: string | null | undefined;
  /** The office that the grievance is about. */
  readonly against_unit?: string | null | undefined;
  /** The post that the grievance is about. */
  readonly against_post?: string | null | undefined;
  /** Who referred it: `minister`, `legislator`, `court`, `commission`, `office`. */
  readonly reference_from?: ReferenceFrom | null | undefined;
  /** The letter that referred it. */
  readonly reference_letter?: string | null | undefined;
  /** The date of that letter. */
  readonly reference_date?: string | null | undefined;
  /** The date by which a reply is owed. */
  readonly reply_due?: string | null | undefined;
  /** The instant it was received, if earlier than now. */
  readonly received_at?: string | null | undefined;
  /** The number under which another system knows it. */
  readonly external_number?: string | null | undefined;
}

/** Takes a registered case up. What {@link Acting.admit} takes. */
export interface AdmitFields {
  /** Remarks. */
  readonly remarks?: string | null | undefined;
}

/** Does not take a registered case up. What {@link Acting.decline} takes. */
export interface DeclineFields {
  /** Why. */
  readonly remarks: string;
}

/** Says that the holder has opened the case. What {@link Acting.acknowledge} takes. */
export interface AcknowledgeFields {
  /** Remarks. */
  readonly remarks?: string | null | undefined;
}

/** Gives the case to an office; to the routed one if none is named. What {@link Acting.assign} takes. */
export interface AssignFields {
  /** The office. */
  readonly unit?: string | null | undefined;
  /** The post in it. */
  readonly post?: string | null | undefined;
  /** Remarks. */
  readonly remarks?: string | null | undefined;
}

/** Hands the case down to an office below the holder. What {@link Acting.forward} takes. */
export interface ForwardFields {
  /** The office. */
  readonly unit: string;
  /** The post in it. */
  readonly post?: string | null | undefined;
  /** Remarks. */
  readonly remarks?: string | null | undefined;
}

/** Gives the case back to the office that sent it. What {@link Acting.return} takes. */
export interface ReturnFields {
  /** Why. */
  readonly remarks: string;
}

/** Takes a sent case back before it is opened. What {@link Acting.recall} takes. */
export interface RecallFields {
  /** Remarks. */
  readonly remarks?: string | null | undefined;
}

/** Passes the case to an office that is not below the holder. What {@link Acting.transfer} takes. */
export interface TransferFields {
  /** The office. */
  readonly unit: string;
  /** Why. */
  readonly remarks: string;
}

/** Corrects the subject, the place or both. What {@link Acting.recategorise} takes. */
export interface RecategoriseFields {
  /** Subject. */
  readonly category?: string | null | undefined;
  /** Jurisdiction. */
  readonly place?: string | null | undefined;
  /** Remarks. */
  readonly remarks?: string | null | undefined;
}

/** Corrects the kind of matter. What {@link Acting.reclassify} takes. */
export interface ReclassifyFields {
  /** Kind of matter. */
  readonly kind: string;
  /** Remarks. */
  readonly remarks?: string | null | undefined;
}

/** Divides the case into parts, each at one office. What {@link Acting.split} takes. */
export interface SplitFields {
  /** The offices, one part for each. */
  readonly units: readonly string[];
  /** What each part is about, in the same order. */
  readonly categories?: readonly string[] | null | undefined;
  /** Remarks. */
  readonly remarks?: string | null | undefined;
}

/** Asks another office; custody stays. What {@link Acting.consult} takes. */
export interface ConsultFields {
  /** The office. */
  readonly unit: string;
  /** The question. */
  readonly question: string;
}

/** Answers a consultation. What {@link Acting.answer} takes. */
export interface AnswerFields {
  /** The answer. */
  readonly answer: string;
}

/** Asks the complainant for something. What {@link Acting.seekInformation} takes. */
export interface SeekInformationFields {
  /** What is needed. */
  readonly question: string;
}

/** Gives what was asked for. What {@link Acting.provideInformation} takes. */
export interface ProvideInformationFields {
  /** The information. */
  readonly information: string;
}

/** Tells the complainant where the case stands. What {@link Acting.interimReply} takes. */
export interface InterimReplyFields {
  /** The reply. */
  readonly reply: string;
  /** The date by which it will end. */
  readonly expected_by: string;
}

/** Notes something in the file. What {@link Acting.comment} takes. */
export interface CommentFields {
  /** The note. */
  readonly text: string;
  /** Whether the complainant may see it. */
  readonly public?: boolean | null | undefined;
}

/** Adds a document by reference; its bytes stay with the host. What {@link Acting.attach} takes. */
export interface AttachFields {
  /** The file's name. */
  readonly name: string;
  /** SHA-256 of its bytes, 64 hexadecimal digits. */
  readonly sha256: string;
  /** Its media type. */
  readonly media_type: string;
  /** Its size in bytes. */
  readonly bytes: number;
  /** Whether the complainant may see it. */
  readonly public?: boolean | null | undefined;
}

/** Asks the office to move. What {@link Acting.remind} takes. */
export interface RemindFields {
  /** Remarks. */
  readonly remarks?: string | null | undefined;
}

/** Reports the action taken. What {@link Acting.reportAction} takes. */
export interface ReportActionFields {
  /** What was done. */
  readonly report: string;
  /** The closure reason that the office proposes. */
  readonly reason?: string | null | undefined;
  /** Evidence, by kind. */
  readonly evidence?: { readonly [Kind in EvidenceKind]?: string | null | undefined } | null | undefined;
}

/** Sends a report back to the office that made it. What {@link Acting.sendBackReport} takes. */
export interface SendBackReportFields {
  /** What is missing. */
  readonly remarks: string;
}

/** Approves a report or a special closure. What {@link Acting.approve} takes. */
export interface ApproveFields {
  /** The closure reason that is selected; the proposed one if absent. */
  readonly reason?: string | null | undefined;
  /** Evidence, by kind. */
  readonly evidence?: { readonly [Kind in EvidenceKind]?: string | null | undefined } | null | undefined;
  /** Remarks. */
  readonly remarks?: string | null | undefined;
}

/** Refuses an approval. What {@link Acting.refuse} takes. */
export interface RefuseFields {
  /** Why. */
  readonly remarks: string;
}

/** Records an attempt to reach the complainant. What {@link Acting.recordCall} takes. */
export interface RecordCallFields {
  /** Whether the complainant was reached. */
  readonly reached: boolean;
  /** What was said. */
  readonly note?: string | null | undefined;
}

/** Records what the complainant said. What {@link Acting.recordFeedback} takes. */
export interface RecordFeedbackFields {
  /** `satisfied`, `not_satisfied` or `unreachable`. */
  readonly outcome: FeedbackOutcome;
  /** Rating, 1 to 5. */
  readonly rating?: number | null | undefined;
  /** What the complainant said. */
  readonly said?: string | null | undefined;
}

/** Closes the case with a reason and remarks. What {@link Acting.dispose} takes. */
export interface DisposeFields {
  /** Remarks. */
  readonly remarks: string;
  /** The closure reason; the selected one if absent. */
  readonly reason?: string | null | undefined;
  /** Evidence, by kind. */
  readonly evidence?: { readonly [Kind in EvidenceKind]?: string | null | undefined } | null | undefined;
  /** What the complainant is told, if other than the reason's text. */
  readonly reply?: string | null | undefined;
}

/** Opens a disposed case again. What {@link Acting.reopen} takes. */
export interface ReopenFields {
  /** Why. */
  readonly remarks: string;
  /** The instant its letter was received, if earlier than now. */
  readonly received_at?: string | null | undefined;
}

/** Takes a disposed case to the appellate authority. What {@link Acting.appeal} takes. */
export interface AppealFields {
  /** The grounds. */
  readonly grounds: string;
  /** The instant its letter was received, if earlier than now. */
  readonly received_at?: string | null | undefined;
}

/** Allows or dismisses an appeal. What {@link Acting.decideAppeal} takes. */
export interface DecideAppealFields {
  /** `allowed` or `dismissed`. */
  readonly outcome: 'allowed' | 'dismissed';
  /** The decision. */
  readonly remarks: string;
}

/** Takes the grievance back. What {@link Acting.withdraw} takes. */
export interface WithdrawFields {
  /** Why. */
  readonly remarks?: string | null | undefined;
}

/** Joins the case to another one, which carries it on. What {@link Acting.merge} takes. */
export interface MergeFields {
  /** The case that goes on: identity. */
  readonly into: string;
  /** Remarks. */
  readonly remarks?: string | null | undefined;
}

/** Moves the due date, with a reason that the complainant is told. What {@link Acting.extend} takes. */
export interface ExtendFields {
  /** The new date. */
  readonly until: string;
  /** The reason. */
  readonly remarks: string;
}

/** Brings the case to the notice of a superior office. What {@link Acting.escalate} takes. */
export interface EscalateFields {
  /** The level of the ladder that is taken: one that was proposed, or is taken by hand. */
  readonly level?: string | null | undefined;
  /** The office, where no level is named; the one above the holder if absent. */
  readonly unit?: string | null | undefined;
  /** Remarks. */
  readonly remarks?: string | null | undefined;
}

/** Corrects recorded facts of the case. What {@link Acting.correct} takes. */
export interface CorrectFields {
  /** Why. */
  readonly remarks: string;
  /** What is complained of. */
  readonly narrative?: string | null | undefined;
  /** The complainant's name. */
  readonly name?: string | null | undefined;
  /** The complainant's mobile number. */
  readonly mobile?: string | null | undefined;
  /** The complainant's e-mail address. */
  readonly email?: string | null | undefined;
  /** The complainant's postal address. */
  readonly address?: string | null | undefined;
  /** The complainant's language. */
  readonly language?: string | null | undefined;
  /** Priority class. */
  readonly priority?: string | null | undefined;
  /** The mobile number of a representative; empty for none any more. */
  readonly representative?: string | null | undefined;
  /** Ways by which the complainant wants no message from now on: `sms`, `email`, `inbox`, `letter`; empty for none. */
  readonly refuses?: readonly MessageChannel[] | null | undefined;
  /** From when on the complainant may be written to: `HH:MM` of the offices' wall clock. */
  readonly safe_from?: string | null | undefined;
  /** Until when: `HH:MM`. `00:00` to `24:00` for at any time. */
  readonly safe_until?: string | null | undefined;
}

/** Undoes the last step, taken by mistake. What {@link Acting.rescind} takes. */
export interface RescindFields {
  /** Why. */
  readonly remarks: string;
}

/** Records a step that the rulebook names, with its typed fields. What {@link Acting.record} takes. */
export interface RecordFields {
  /** Which step. */
  readonly step: string;
  /** Its fields. */
  readonly fields?: { readonly [Kind in EvidenceKind]?: string | null | undefined } | null | undefined;
  /** Remarks. */
  readonly remarks?: string | null | undefined;
}

/** Records a second look at a disposed case, of those that were sampled or of another. What {@link Acting.verify} takes. */
export interface VerifyFields {
  /** `confirmed`, `deficient` or `not_verifiable`. */
  readonly finding: VerificationFinding;
  /** What was looked at, and what was found. */
  readonly remarks: string;
  /** The sample that it was drawn in, by the day for which it was drawn. */
  readonly sample?: string | null | undefined;
}

/** Says what a disposed case came from; a later one takes the place of an earlier. What {@link Acting.classify} takes. */
export interface ClassifyFields {
  /** The root cause, one of the rulebook's. */
  readonly root_cause: string;
  /** What the office could change, so that others need not complain of the same. */
  readonly suggestion?: string | null | undefined;
  /** The change of a procedure that would have made it needless, one of the rulebook's. */
  readonly change?: string | null | undefined;
}

/** Lifts the seal of a sealed case. What {@link Acting.unseal} takes. */
export interface UnsealFields {
  /** Why. */
  readonly remarks: string;
  /** The order: its number, its date and who made it. */
  readonly order: string;
}

/** Keeps the words of the case, whatever else would let them go. What {@link Acting.hold} takes. */
export interface HoldFields {
  /** For what: `court`, `rti`, `vigilance` or `appeal`. */
  readonly because: HoldFor;
  /** Why. */
  readonly remarks: string;
  /** The last day; until it is released, if absent. */
  readonly until?: string | null | undefined;
  /** The number of the order or the request. */
  readonly reference?: string | null | undefined;
}

/** Lets a hold go. What {@link Acting.releaseHold} takes. */
export interface ReleaseHoldFields {
  /** The version of the event that placed it. */
  readonly hold: number;
  /** Why. */
  readonly remarks: string;
}

/** Erases every word of an ended case: who complained, and what anybody wrote. What {@link Acting.erase} takes. */
export interface EraseFields {
  /** Why: `request`, `retention` or `order`. */
  readonly because: ErasureBecause;
}

/** A request of any verb, told apart by its `action`. */
export type Request =
  | ({ readonly action: 'lodge' } & LodgeFields)
  | ({ readonly action: 'admit' } & AdmitFields)
  | ({ readonly action: 'decline' } & DeclineFields)
  | ({ readonly action: 'acknowledge' } & AcknowledgeFields)
  | ({ readonly action: 'assign' } & AssignFields)
  | ({ readonly action: 'forward' } & ForwardFields)
  | ({ readonly action: 'return' } & ReturnFields)
  | ({ readonly action: 'recall' } & RecallFields)
  | ({ readonly action: 'transfer' } & TransferFields)
  | ({ readonly action: 'recategorise' } & RecategoriseFields)
  | ({ readonly action: 'reclassify' } & ReclassifyFields)
  | ({ readonly action: 'split' } & SplitFields)
  | ({ readonly action: 'consult' } & ConsultFields)
  | ({ readonly action: 'answer' } & AnswerFields)
  | ({ readonly action: 'seek_information' } & SeekInformationFields)
  | ({ readonly action: 'provide_information' } & ProvideInformationFields)
  | ({ readonly action: 'interim_reply' } & InterimReplyFields)
  | ({ readonly action: 'comment' } & CommentFields)
  | ({ readonly action: 'attach' } & AttachFields)
  | ({ readonly action: 'remind' } & RemindFields)
  | ({ readonly action: 'report_action' } & ReportActionFields)
  | ({ readonly action: 'send_back_report' } & SendBackReportFields)
  | ({ readonly action: 'approve' } & ApproveFields)
  | ({ readonly action: 'refuse' } & RefuseFields)
  | ({ readonly action: 'record_call' } & RecordCallFields)
  | ({ readonly action: 'record_feedback' } & RecordFeedbackFields)
  | ({ readonly action: 'dispose' } & DisposeFields)
  | ({ readonly action: 'reopen' } & ReopenFields)
  | ({ readonly action: 'appeal' } & AppealFields)
  | ({ readonly action: 'decide_appeal' } & DecideAppealFields)
  | ({ readonly action: 'withdraw' } & WithdrawFields)
  | ({ readonly action: 'merge' } & MergeFields)
  | ({ readonly action: 'extend' } & ExtendFields)
  | ({ readonly action: 'escalate' } & EscalateFields)
  | ({ readonly action: 'correct' } & CorrectFields)
  | ({ readonly action: 'rescind' } & RescindFields)
  | ({ readonly action: 'record' } & RecordFields)
  | ({ readonly action: 'verify' } & VerifyFields)
  | ({ readonly action: 'classify' } & ClassifyFields)
  | ({ readonly action: 'unseal' } & UnsealFields)
  | ({ readonly action: 'hold' } & HoldFields)
  | ({ readonly action: 'release_hold' } & ReleaseHoldFields)
  | ({ readonly action: 'erase' } & EraseFields);

/**
 * What is found wrong with a stored history.
 *
 * - `altered`: The event's hash is not that of what is stored and of the event before it.
 * - `missing`: An event before it is missing.
 * - `doubled`: Its place is taken by another event, or lies before the first.
 * - `damaged`: A column does not hold what this library writes there.
 * - `unreadable`: It is whole, and of a kind or version that a newer library wrote.
 * - `kind_differs`: The kind that stands beside the event is not its own.
 * - `other_case`: It belongs to another case.
 * - `command_unknown`: The command that it came from was never received.
 * - `row_differs`: The case's row names another version than its last event has.
 * - `vanished`: The case has no events any more.
 * - `cut`: The history ends before the version that a checkpoint covers.
 * - `rewritten`: The history is whole, and another than the one that a checkpoint covers.
 * - `heads_differ`: What was taken down for a checkpoint does not give its root.
 * - `checkpoint_differs`: A stored checkpoint is not the one that was made, or does not follow the one before it.
 */
export type Discrepancy =
  | 'altered'
  | 'missing'
  | 'doubled'
  | 'damaged'
  | 'unreadable'
  | 'kind_differs'
  | 'other_case'
  | 'command_unknown'
  | 'row_differs'
  | 'vanished'
  | 'cut'
  | 'rewritten'
  | 'heads_differ'
  | 'checkpoint_differs';

/**
 * For whom a case file is made.
 *
 * - `complainant`: Who complained: what they wrote and what they are told.
 * - `rti_applicant`: Somebody who asks under the law on information: what was done and decided, without persons.
 * - `court`: A court or authority that ordered it: everything.
 * - `auditor`: Who audits the office: all words without numbers and addresses, and which officers acted.
 */
export type FileAudience =
  | 'complainant'
  | 'rti_applicant'
  | 'court'
  | 'auditor';

/**
 * The closed meaning of a stage: what measures count, whatever a government calls its steps.
 *
 * - `registered`: Received and numbered; no office works on it yet.
 * - `in_progress`: An office works on it.
 * - `awaiting_complainant`: The complainant was asked for something.
 * - `action_reported`: An office reported its action; the report is under review.
 * - `disposed`: Closed with a reason and remarks.
 * - `under_appeal`: Disposed, and the complainant appealed.
 * - `withdrawn`: Taken back by the complainant.
 * - `declined`: Not taken up at intake.
 * - `merged`: Joined to another case that carries it on.
 */
export type Phase =
  | 'registered'
  | 'in_progress'
  | 'awaiting_complainant'
  | 'action_reported'
  | 'disposed'
  | 'under_appeal'
  | 'withdrawn'
  | 'declined'
  | 'merged';

/**
 * A verb that somebody can take on a case.
 *
 * - `lodge`: Bring a grievance in.
 * - `admit`: Take a registered case up.
 * - `decline`: Not take a registered case up.
 * - `acknowledge`: Say that the holder has opened the case.
 * - `assign`: Give the case to an office, from the cell.
 * - `forward`: Hand the case down to an office below.
 * - `return`: Give the case back to the office that sent it.
 * - `recall`: Take a sent case back before it is opened.
 * - `transfer`: Pass the case to another office that is not below.
 * - `recategorise`: Correct the subject or the place.
 * - `reclassify`: Correct the kind of matter.
 * - `split`: Divide the case into parts, each at one office.
 * - `consult`: Ask another office; custody stays.
 * - `answer`: Answer a consultation.
 * - `seek_information`: Ask the complainant for something.
 * - `provide_information`: Give what was asked for.
 * - `interim_reply`: Tell the complainant where the case stands and when it ends.
 * - `comment`: Note something in the file.
 * - `attach`: Add a document by reference and digest.
 * - `remind`: Ask the office to move.
 * - `report_action`: Report the action taken, with a proposed reason.
 * - `send_back_report`: Send a report back to the office that made it.
 * - `approve`: Approve a report or a special closure, selecting the reason.
 * - `refuse`: Refuse an approval.
 * - `record_call`: Record an attempt to reach the complainant.
 * - `record_feedback`: Record what the complainant said.
 * - `dispose`: Close the case with a reason and remarks.
 * - `reopen`: Open a disposed case again.
 * - `appeal`: Take a disposed case to the appellate authority.
 * - `decide_appeal`: Allow or dismiss an appeal.
 * - `withdraw`: Take the grievance back.
 * - `merge`: Join the case to another one.
 * - `extend`: Move the due date, with a reason.
 * - `escalate`: Bring the case to the notice of a superior office.
 * - `correct`: Correct a recorded fact of the case.
 * - `rescind`: Undo the last step, taken by mistake.
 * - `record`: Record a step that the rulebook names: a visit, a hearing, an order.
 * - `verify`: Look a second time at a disposed case: whether what was reported is so.
 * - `classify`: Say what a disposed case came from, and what would keep others away.
 * - `unseal`: Lift the seal of a sealed case, by order.
 * - `hold`: Keep the words of the case, whatever else would let them go.
 * - `release_hold`: Let a hold go.
 * - `erase`: Erase every word of an ended case: who complained, and what anybody wrote.
 */
export type Action =
  | 'lodge'
  | 'admit'
  | 'decline'
  | 'acknowledge'
  | 'assign'
  | 'forward'
  | 'return'
  | 'recall'
  | 'transfer'
  | 'recategorise'
  | 'reclassify'
  | 'split'
  | 'consult'
  | 'answer'
  | 'seek_information'
  | 'provide_information'
  | 'interim_reply'
  | 'comment'
  | 'attach'
  | 'remind'
  | 'report_action'
  | 'send_back_report'
  | 'approve'
  | 'refuse'
  | 'record_call'
  | 'record_feedback'
  | 'dispose'
  | 'reopen'
  | 'appeal'
  | 'decide_appeal'
  | 'withdraw'
  | 'merge'
  | 'extend'
  | 'escalate'
  | 'correct'
  | 'rescind'
  | 'record'
  | 'verify'
  | 'classify'
  | 'unseal'
  | 'hold'
  | 'release_hold'
  | 'erase';

/**
 * What an action came to, where one action can lead to several stages.
 *
 * - `satisfied`: The complainant is satisfied.
 * - `not_satisfied`: The complainant is not satisfied.
 * - `unreachable`: The complainant could not be reached.
 * - `exhausted`: Not satisfied again, and the rounds are used up.
 * - `allowed`: The appeal is allowed.
 * - `dismissed`: The appeal is dismissed.
 * - `at_cap`: The transfers are used up: the case goes to the cell.
 */
export type Outcome =
  | 'satisfied'
  | 'not_satisfied'
  | 'unreachable'
  | 'exhausted'
  | 'allowed'
  | 'dismissed'
  | 'at_cap';

/**
 * What happened to a case, in the past tense.
 *
 * - `lodged`: The grievance came in.
 * - `admitted`: It was taken up.
 * - `declined`: It was not taken up.
 * - `acknowledged`: The holder opened it.
 * - `assigned`: The cell gave it to an office.
 * - `forwarded`: It was handed down.
 * - `returned`: It was given back.
 * - `recalled`: It was taken back unopened.
 * - `transferred`: It passed to another office.
 * - `recategorised`: Subject or place were corrected.
 * - `reclassified`: The kind of matter was corrected.
 * - `split_into_parts`: It was divided.
 * - `part_opened`: A part began.
 * - `part_closed`: A part of this case came to its end.
 * - `part_reopened`: A part of this case was opened again.
 * - `consulted`: Another office was asked.
 * - `answered`: A consultation was answered.
 * - `information_sought`: The complainant was asked for something.
 * - `information_provided`: The complainant gave it.
 * - `interim_replied`: The complainant was told where the case stands.
 * - `commented`: A note was made.
 * - `attached`: A document was added.
 * - `reminded`: Somebody asked the office to move.
 * - `action_reported`: An office reported its action.
 * - `report_sent_back`: The report was sent back.
 * - `approved`: The report or the special closure was approved.
 * - `refused`: The approval was refused.
 * - `call_recorded`: An attempt to reach the complainant was made.
 * - `feedback_recorded`: The complainant was heard.
 * - `feedback_waived`: Feedback was not owed, and why.
 * - `disposed`: The case was closed.
 * - `outcome_shared`: The case this one was joined to was closed.
 * - `reopened`: It was opened again.
 * - `appealed`: An appeal was lodged.
 * - `appeal_decided`: The appeal was decided.
 * - `withdrawn`: The complainant took it back.
 * - `merged`: It was joined to another case.
 * - `absorbed`: Another case was joined to this one.
 * - `remastered`: The case this one was joined to was itself joined to another.
 * - `extended`: The due date moved.
 * - `escalated`: It was brought to a superior's notice.
 * - `corrected`: A recorded fact was corrected.
 * - `rescinded`: The last step was undone.
 * - `step_recorded`: A step that the rulebook names was recorded.
 * - `remapped`: A new rulebook version moved it.
 * - `adopted`: Its history was taken over from another system.
 * - `target_set`: A deadline began.
 * - `target_moved`: A deadline moved, and why.
 * - `clock_paused`: A deadline's clock stopped.
 * - `clock_resumed`: A deadline's clock went on.
 * - `target_breached`: A deadline passed and was not met.
 * - `escalation_proposed`: A level of the ladder waits for approval.
 * - `complainant_informed`: The complainant got the message about an event.
 * - `notice_parked`: A message to the complainant could not be delivered.
 * - `four_eyes_waived`: One person took two steps that two should take: there was no second.
 * - `verified`: Somebody looked a second time at what was reported.
 * - `classified`: It was said what the case came from.
 * - `unsealed`: The seal was lifted, by order.
 * - `hold_placed`: The words of the case are to be kept.
 * - `hold_released`: A hold was let go.
 * - `erased`: Every word of the case was erased.
 */
export type EventKind =
  | 'lodged'
  | 'admitted'
  | 'declined'
  | 'acknowledged'
  | 'assigned'
  | 'forwarded'
  | 'returned'
  | 'recalled'
  | 'transferred'
  | 'recategorised'
  | 'reclassified'
  | 'split_into_parts'
  | 'part_opened'
  | 'part_closed'
  | 'part_reopened'
  | 'consulted'
  | 'answered'
  | 'information_sought'
  | 'information_provided'
  | 'interim_replied'
  | 'commented'
  | 'attached'
  | 'reminded'
  | 'action_reported'
  | 'report_sent_back'
  | 'approved'
  | 'refused'
  | 'call_recorded'
  | 'feedback_recorded'
  | 'feedback_waived'
  | 'disposed'
  | 'outcome_shared'
  | 'reopened'
  | 'appealed'
  | 'appeal_decided'
  | 'withdrawn'
  | 'merged'
  | 'absorbed'
  | 'remastered'
  | 'extended'
  | 'escalated'
  | 'corrected'
  | 'rescinded'
  | 'step_recorded'
  | 'remapped'
  | 'adopted'
  | 'target_set'
  | 'target_moved'
  | 'clock_paused'
  | 'clock_resumed'
  | 'target_breached'
  | 'escalation_proposed'
  | 'complainant_informed'
  | 'notice_parked'
  | 'four_eyes_waived'
  | 'verified'
  | 'classified'
  | 'unsealed'
  | 'hold_placed'
  | 'hold_released'
  | 'erased';

/**
 * What a code that is sent to a mobile opens. A code for one purpose opens no other.
 *
 * - `lodge`: Lodge a grievance by oneself.
 * - `track`: See where a case of that mobile stands.
 * - `act`: Act on an own case: remind, withdraw, reopen, appeal.
 * - `feedback`: Say whether one is satisfied.
 * - `change_mobile`: Make another mobile that of the case.
 * - `officer_login`: Log in as an officer.
 */
export type Purpose =
  | 'lodge'
  | 'track'
  | 'act'
  | 'feedback'
  | 'change_mobile'
  | 'officer_login';

/**
 * Whom a notice tells.
 *
 * - `complainant`: Who complained, or their representative.
 * - `signatories`: Who signed with the complainant.
 * - `unit`: The office that holds the case.
 * - `head_of_unit`: The post that heads that office.
 * - `nodal_officer`: The nodal officer of that office.
 * - `escalated_post`: The post that the case was escalated to.
 * - `escalated_unit`: The office that the case was escalated to.
 */
export type Audience =
  | 'complainant'
  | 'signatories'
  | 'unit'
  | 'head_of_unit'
  | 'nodal_officer'
  | 'escalated_post'
  | 'escalated_unit';

/**
 * When a notice is sent.
 *
 * - `at_once`: At once, unless the recipient's safe hours forbid it.
 * - `working_hours`: In the office's hours.
 */
export type TellWhen =
  | 'at_once'
  | 'working_hours';

/**
 * What a variable of a template holds.
 *
 * - `text`: Words, as they are.
 * - `number`: A whole number; plural rules apply.
 * - `date`: A calendar date, written as the language writes it.
 * - `mark`: The registration number, or another mark that is not for translation.
 * - `unit`: An office, by its name in the language.
 * - `reason`: A closure reason, by the complainant's text.
 * - `officer_reason`: A closure reason, by the officer's text.
 */
export type VariableKind =
  | 'text'
  | 'number'
  | 'date'
  | 'mark'
  | 'unit'
  | 'reason'
  | 'officer_reason';

/**
 * What a notice tells of besides the events of a case.
 *
 * - `due_soon`: A target falls due soon.
 * - `overdue`: A target was missed.
 * - `feedback_call`: The complainant will be called to be heard.
 * - `statement`: An office's weekly statement was given out.
 */
export type Occasion =
  | 'due_soon'
  | 'overdue'
  | 'feedback_call'
  | 'statement';

/**
 * What a caller can do about a failure.
 *
 * - `amend`: Change the request; the same one will fail again.
 * - `reload`: Read the case again and decide anew: somebody else was first.
 * - `retry`: Send the same request again.
 * - `wait`: Send the same request again later.
 */
export type Remedy =
  | 'amend'
  | 'reload'
  | 'retry'
  | 'wait';

/**
 * Why something was refused or failed. The list is closed and shared by every language.
 *
 * - `invalid_command`: A field of the command is missing or malformed.
 * - `unknown_code`: The rulebook has nothing of that code.
 * - `not_found`: There is no such case within reach.
 * - `already_lodged`: The case has been lodged already.
 * - `action_not_offered`: The workflow offers no such action at this stage to this role.
 * - `out_of_reach`: The case is not within the actor's reach.
 * - `field_not_seen`: The role does not see that field in full.
 * - `post_not_held`: The roster does not say that the actor holds that post in that office.
 * - `unit_not_named`: The case is sealed, and nobody of the office named may know of it.
 * - `not_sealed`: The case is not sealed.
 * - `remarks_missing`: The step needs remarks.
 * - `reason_missing`: The step needs a closure reason.
 * - `reason_not_valid`: The closure reason is not valid on this day or in this case.
 * - `reason_already_selected`: Another reason was selected by the office that decides it.
 * - `evidence_missing`: The reason asks for evidence that is not there.
 * - `evidence_not_valid`: A piece of evidence is malformed or cannot be so.
 * - `feedback_missing`: The complainant must be heard first.
 * - `feedback_not_outside`: Feedback must be taken outside the reporting office.
 * - `attempts_missing`: Too few attempts were made to reach the complainant.
 * - `window_closed`: The time allowed for the step has run out.
 * - `same_officer`: Another officer must take this step.
 * - `approval_missing`: A superior must approve it first.
 * - `parts_open`: Parts of the case are still open.
 * - `part_not_allowed`: The step is taken on the whole case, not on a part.
 * - `unit_not_below`: The office named is not below the holder.
 * - `unit_not_beside`: The office named is not beside the holder.
 * - `unit_closed`: The office named does not exist on this day.
 * - `already_there`: The case is with that office already.
 * - `unit_accused`: The grievance is about that office or its line.
 * - `nobody_sent`: No office sent the case to its holder.
 * - `nobody_above`: No office is above the holder.
 * - `already_opened`: The case has been opened by its holder.
 * - `assignment_binding`: The cell's assignment is binding.
 * - `must_transfer`: A matter of another office is transferred, not closed.
 * - `not_consulted`: That office was not asked.
 * - `merge_impossible`: These two cases cannot be joined.
 * - `nothing_to_rescind`: The last step cannot be undone.
 * - `too_many`: A limit of the rulebook is reached.
 * - `too_long`: A text is longer than the rulebook allows.
 * - `backdated`: The instant lies too far back, or after it was recorded.
 * - `clock_behind`: The clock is behind the case's last event.
 * - `conflict`: Somebody else has changed the case meanwhile.
 * - `command_reused`: The command identity was used for another command.
 * - `rulebook_invalid`: The rulebook has errors.
 * - `rulebook_unknown`: The store has no rulebook of that version.
 * - `mapping_missing`: A unit, stage or reason disappears without a mapping.
 * - `history_altered`: The stored history was changed after it was written.
 * - `not_covered`: No checkpoint covers the case yet; wait for the next one.
 * - `proof_invalid`: A proof is malformed or does not hold.
 * - `receipt_invalid`: The receipt is malformed or was copied wrongly.
 * - `event_unreadable`: A stored event is of an unknown type or a newer version.
 * - `number_invalid`: The registration number is malformed.
 * - `row_invalid`: A row of an imported file cannot be used.
 * - `date_invalid`: A date is malformed or does not exist.
 * - `dates_contradict`: A case cannot be closed before it was lodged.
 * - `duplicate_number`: An earlier row has the same number.
 * - `continued_here`: The case has been carried on here since it was imported.
 * - `file_invalid`: The file cannot be read as what it should be.
 * - `map_invalid`: The column map does not fit the file.
 * - `schema_unknown`: The database was written by a newer version.
 * - `part_invalid`: A stored part of a figure is malformed, or does not fit the others.
 * - `figure_not_kept`: What was asked does not follow from what is kept.
 * - `code_too_often`: Codes are sent or tried too often; wait.
 * - `code_wrong`: The code is not right.
 * - `code_spent`: The code is used, expired or tried too often; ask for a new one.
 * - `code_locked`: Too many codes were wrong; an office must unlock the number.
 * - `mobile_not_verified`: Who lodges by oneself must verify the mobile first.
 * - `mobile_differs`: The verified mobile is not the one that the lodging gives.
 * - `token_invalid`: The token of a verified mobile is forged, expired or for another use.
 * - `message_invalid`: A message cannot be written from its template and values.
 * - `message_not_sent`: The gateway did not take the message; wait.
 * - `on_hold`: A hold keeps the words of the case.
 * - `not_on_hold`: There is no such hold.
 * - `case_open`: The case, or the one that carries it on, has not ended.
 * - `retention_not_over`: The rulebook keeps the words of the case longer.
 * - `key_missing`: The ring has no key of that identity; open the desk with it.
 * - `seal_broken`: A kept text was altered or moved, or the key of that identity is another.
 * - `busy`: The database is busy.
 * - `undone`: The database took the work back for the sake of another; nothing was written.
 * - `answer_lost`: The connection broke before the answer; the same command, sent again, is answered as it was.
 * - `not_durable`: The database may forget what it answered.
 * - `may_not_block`: The store blocks, and this thread may not: use one of `spawn_blocking`.
 * - `storage`: The storage failed.
 * - `desk_closed`: The desk was closed; open it again.
 */
export type ErrorCode =
  | 'invalid_command'
  | 'unknown_code'
  | 'not_found'
  | 'already_lodged'
  | 'action_not_offered'
  | 'out_of_reach'
  | 'field_not_seen'
  | 'post_not_held'
  | 'unit_not_named'
  | 'not_sealed'
  | 'remarks_missing'
  | 'reason_missing'
  | 'reason_not_valid'
  | 'reason_already_selected'
  | 'evidence_missing'
  | 'evidence_not_valid'
  | 'feedback_missing'
  | 'feedback_not_outside'
  | 'attempts_missing'
  | 'window_closed'
  | 'same_officer'
  | 'approval_missing'
  | 'parts_open'
  | 'part_not_allowed'
  | 'unit_not_below'
  | 'unit_not_beside'
  | 'unit_closed'
  | 'already_there'
  | 'unit_accused'
  | 'nobody_sent'
  | 'nobody_above'
  | 'already_opened'
  | 'assignment_binding'
  | 'must_transfer'
  | 'not_consulted'
  | 'merge_impossible'
  | 'nothing_to_rescind'
  | 'too_many'
  | 'too_long'
  | 'backdated'
  | 'clock_behind'
  | 'conflict'
  | 'command_reused'
  | 'rulebook_invalid'
  | 'rulebook_unknown'
  | 'mapping_missing'
  | 'history_altered'
  | 'not_covered'
  | 'proof_invalid'
  | 'receipt_invalid'
  | 'event_unreadable'
  | 'number_invalid'
  | 'row_invalid'
  | 'date_invalid'
  | 'dates_contradict'
  | 'duplicate_number'
  | 'continued_here'
  | 'file_invalid'
  | 'map_invalid'
  | 'schema_unknown'
  | 'part_invalid'
  | 'figure_not_kept'
  | 'code_too_often'
  | 'code_wrong'
  | 'code_spent'
  | 'code_locked'
  | 'mobile_not_verified'
  | 'mobile_differs'
  | 'token_invalid'
  | 'message_invalid'
  | 'message_not_sent'
  | 'on_hold'
  | 'not_on_hold'
  | 'case_open'
  | 'retention_not_over'
  | 'key_missing'
  | 'seal_broken'
  | 'busy'
  | 'undone'
  | 'answer_lost'
  | 'not_durable'
  | 'may_not_block'
  | 'storage'
  | 'desk_closed';

/**
 * For what somebody looks at what the vault keeps.
 *
 * - `handling`: Work on the case.
 * - `feedback_call`: A call to the complainant.
 * - `verification`: A check that what was reported is so.
 * - `audit`: An audit of the office.
 * - `rti`: A request under the law on information.
 * - `legal_order`: An order of a court or of an authority.
 * - `delivery`: A message on its way to its recipient.
 * - `tracking`: Whether whoever asks has a mobile of the case.
 * - `own_case`: The complainant's own case, shown to them.
 * - `search`: A search by name or mobile.
 */
export type LookPurpose =
  | 'handling'
  | 'feedback_call'
  | 'verification'
  | 'audit'
  | 'rti'
  | 'legal_order'
  | 'delivery'
  | 'tracking'
  | 'own_case'
  | 'search';

/**
 * For what the words of a case are kept, whatever else would let them go.
 *
 * - `court`: A court has the matter before it.
 * - `rti`: A request under the law on information is open.
 * - `vigilance`: A vigilance inquiry is open.
 * - `appeal`: An appeal to another authority is open.
 */
export type HoldFor =
  | 'court'
  | 'rti'
  | 'vigilance'
  | 'appeal';

/**
 * Why the words of a case are erased.
 *
 * - `request`: The person whose case it is asked for it.
 * - `retention`: The rulebook keeps them no longer.
 * - `order`: A court or an authority ordered it.
 */
export type ErasureBecause =
  | 'request'
  | 'retention'
  | 'order';

/**
 * What must be there before a step may be taken.
 *
 * - `remarks`: The command brings remarks.
 * - `reason`: Exactly one valid closure reason is named or was selected.
 * - `evidence`: The evidence that the reason asks for is there.
 * - `feedback`: The complainant was heard, or the policy waives it.
 * - `window`: The time allowed for the step has not run out.
 * - `different_officer`: Not the person who took the step that this one judges.
 * - `approval`: A superior approved it.
 * - `parts`: Every part of the case has come to its end.
 */
export type Gate =
  | 'remarks'
  | 'reason'
  | 'evidence'
  | 'feedback'
  | 'window'
  | 'different_officer'
  | 'approval'
  | 'parts';

/**
 * Where a step leaves the case.
 *
 * - `stay`: With the office that holds it.
 * - `routed`: With the office that the routing rules name.
 * - `named`: With the office that the command names.
 * - `sender`: With the office that sent it to the holder; the cell, if none did.
 * - `reporter`: With the office that made the report.
 * - `cell`: With the cell, where cases come in.
 * - `appellate`: With the appellate authority of the office that disposed of it.
 * - `disposer`: With the office that disposed of it.
 */
export type Custody =
  | 'stay'
  | 'routed'
  | 'named'
  | 'sender'
  | 'reporter'
  | 'cell'
  | 'appellate'
  | 'disposer';

/**
 * Which cases a role may touch. Which actions it may take is the workflow's word alone.
 *
 * - `own_cases`: The cases that the person lodged, or that were lodged for them.
 * - `own_unit`: The cases that the actor's office holds.
 * - `units_below`: The cases that the actor's office holds, or one below it by either line.
 * - `places`: The cases that lie in the jurisdictions of the actor's office, whoever holds them.
 * - `everywhere`: Every case.
 */
export type Reach =
  | 'own_cases'
  | 'own_unit'
  | 'units_below'
  | 'places'
  | 'everywhere';

/**
 * How an actor stands to a case.
 *
 * - `complainant`: It is their grievance.
 * - `lodged_by`: They brought it in for somebody else.
 * - `holder`: Their office holds it.
 * - `superior`: Their office stands above the holder.
 * - `sender`: Their office sent it to the holder.
 * - `consulted`: Their office was asked.
 * - `accused`: The grievance is about their office or post.
 * - `outsider`: None of these.
 */
export type Relation =
  | 'complainant'
  | 'lodged_by'
  | 'holder'
  | 'superior'
  | 'sender'
  | 'consulted'
  | 'accused'
  | 'outsider';

/**
 * What a closure did for the complainant.
 *
 * - `benefit`: The benefit or service was provided.
 * - `taken_up`: Work is promised by a date that is followed up.
 * - `not_actionable`: Nothing further could be done, and why.
 */
export type DisposalClass =
  | 'benefit'
  | 'taken_up'
  | 'not_actionable';

/**
 * What a closure reason must be shown with.
 *
 * - `date`: The date on which it was done.
 * - `reference`: A letter, order or file number.
 * - `follow_up_date`: The date by which it will be done; later than the closure.
 * - `delay_reason`: Why it takes that long.
 * - `review_date`: The date on which the case is looked at again; later than the closure.
 * - `rule`: The rule of the scheme.
 * - `finding`: What the enquiry found.
 * - `other_number`: The other registration number.
 * - `court_case`: The court and the case number.
 * - `accepting_office`: The office that accepted the matter.
 * - `advice`: What the complainant was advised.
 * - `contact_attempts`: The recorded attempts to reach the complainant.
 * - `explanation`: What was explained.
 */
export type EvidenceKind =
  | 'date'
  | 'reference'
  | 'follow_up_date'
  | 'delay_reason'
  | 'review_date'
  | 'rule'
  | 'finding'
  | 'other_number'
  | 'court_case'
  | 'accepting_office'
  | 'advice'
  | 'contact_attempts'
  | 'explanation';

/**
 * What the complainant said.
 *
 * - `satisfied`: Satisfied.
 * - `not_satisfied`: Not satisfied.
 * - `unreachable`: Not reached after the attempts that the policy asks for.
 */
export type FeedbackOutcome =
  | 'satisfied'
  | 'not_satisfied'
  | 'unreachable';

/**
 * Why feedback was not owed before a disposal.
 *
 * - `anonymous`: Nobody is known to ask.
 * - `no_contact`: No way to reach the complainant was given.
 * - `part`: A part: the complainant is heard once, on the whole case.
 * - `exhausted`: Heard as often as the policy asks; closed specially, with approval.
 * - `suo_motu`: No complainant is on record: the office began the case itself.
 */
export type Waiver =
  | 'anonymous'
  | 'no_contact'
  | 'part'
  | 'exhausted'
  | 'suo_motu';

/**
 * A named deadline.
 *
 * - `acknowledgement`: To open the case.
 * - `first_action`: To take a first step.
 * - `resolution`: To report the action taken.
 * - `interim_reply`: To tell the complainant where the case stands.
 * - `reference_reply`: To answer whoever referred the case.
 * - `appeal_filing`: For the complainant to appeal.
 * - `appeal_decision`: To decide the appeal.
 * - `reopening`: For the complainant to have it opened again.
 * - `review`: To look again at an outcome that is owed.
 */
export type TargetKind =
  | 'acknowledgement'
  | 'first_action'
  | 'resolution'
  | 'interim_reply'
  | 'reference_reply'
  | 'appeal_filing'
  | 'appeal_decision'
  | 'reopening'
  | 'review';

/**
 * Who referred a case to the office.
 *
 * - `minister`: A Minister.
 * - `legislator`: A member of the legislature or of parliament.
 * - `court`: A court.
 * - `commission`: A commission or an ombudsman.
 * - `office`: Another public office.
 */
export type ReferenceFrom =
  | 'minister'
  | 'legislator'
  | 'court'
  | 'commission'
  | 'office';

/**
 * What an imported history does not record. A gap is never filled with a default.
 *
 * - `unit`: Which office held it.
 * - `category`: What it was about.
 * - `place`: Where.
 * - `channel`: How it came in.
 * - `complainant`: Who complained.
 * - `reason`: Why it was closed.
 * - `remarks`: What was said on closing.
 * - `feedback`: Whether the complainant was heard.
 * - `movements`: The steps between lodging and closing.
 * - `target`: By when it was due.
 * - `disposed_at`: When it was closed, though its status says so.
 */
export type Gap =
  | 'unit'
  | 'category'
  | 'place'
  | 'channel'
  | 'complainant'
  | 'reason'
  | 'remarks'
  | 'feedback'
  | 'movements'
  | 'target'
  | 'disposed_at';

/**
 * By whose word a day is a holiday.
 *
 * - `public`: Under the law on public holidays or negotiable instruments.
 * - `state_order`: By order of the government, beyond the law.
 * - `sectional`: For one community or section.
 */
export type HolidayClass =
  | 'public'
  | 'state_order'
  | 'sectional';

/**
 * What counts as a day of age.
 *
 * - `calendar`: Calendar days in the office's zone: the difference of two dates.
 * - `elapsed`: Days of 24 hours from instant to instant.
 * - `working`: Working days of the office, from the first day on and without the last.
 */
export type AgeRule =
  | 'calendar'
  | 'elapsed'
  | 'working';

/**
 * What a statement points out about an office.
 *
 * - `old_backlog`: Half or more of what is pending is in the oldest band.
 * - `growing`: More is pending than a week ago, by a tenth or more.
 * - `nothing_disposed`: Cases are pending and none was disposed in the week.
 * - `often_reopened`: Many of what was disposed in four weeks came back.
 * - `dissatisfied`: Many of those who were heard in four weeks were not satisfied.
 */
export type Flag =
  | 'old_backlog'
  | 'growing'
  | 'nothing_disposed'
  | 'often_reopened'
  | 'dissatisfied';

/**
 * How a pending case stands to its due date.
 *
 * - `in_time`: The target runs, stands still or is met, and was not missed.
 * - `due_soon`: Three quarters of the time to the due date have gone.
 * - `breached`: The due date has passed. What happens later does not take it back.
 * - `no_target`: No target was set: nothing says by when.
 */
export type TargetState =
  | 'in_time'
  | 'due_soon'
  | 'breached'
  | 'no_target';

/**
 * What is counted of an office, to make indexes of. Cases unless it says otherwise.
 *
 * - `received`: Received.
 * - `disposed`: Disposed.
 * - `closed_otherwise`: Withdrawn, declined or merged.
 * - `pending`: Pending.
 * - `pending_over_30`: Pending for more than 30 days.
 * - `pending_overdue`: Pending after their due date.
 * - `disposal_days`: Whole days from receipt to disposal, of all the disposed together.
 * - `disposed_within_30`: Disposed within 30 days.
 * - `disposed_with_target`: Disposed, of those that had a due date.
 * - `disposed_on_time`: Disposed by their due date.
 * - `acknowledged_with_target`: Whose acknowledgement had a due date.
 * - `acknowledged_on_time`: Acknowledged by that date.
 * - `disposed_with_class`: Disposed, of those of which it is on record what that did for the complainant.
 * - `benefit_provided`: Of those, the ones with the benefit or service provided.
 * - `special_closed`: Closed specially, against the complainant's word.
 * - `feedback_given`: Whose complainant answered.
 * - `feedback_satisfied`: Whose complainant was satisfied.
 * - `rating_sum`: Points of all ratings together.
 * - `rated`: Rated.
 * - `reopened`: Reopenings.
 * - `appealed`: Appeals.
 * - `escalated`: Levels of the ladder that were taken.
 * - `breached`: Due dates that were missed.
 * - `returned`: Returned by an office, or passed on as not its own.
 * - `verified`: Closures that were verified.
 * - `verified_sound`: Closures that were found sound.
 * - `classified`: Disposed and given a root cause.
 * - `outcomes_owed`: Disposed with an outcome that is still owed.
 * - `outcomes_overdue`: Of those, past their review date.
 */
export type Quantity =
  | 'received'
  | 'disposed'
  | 'closed_otherwise'
  | 'pending'
  | 'pending_over_30'
  | 'pending_overdue'
  | 'disposal_days'
  | 'disposed_within_30'
  | 'disposed_with_target'
  | 'disposed_on_time'
  | 'acknowledged_with_target'
  | 'acknowledged_on_time'
  | 'disposed_with_class'
  | 'benefit_provided'
  | 'special_closed'
  | 'feedback_given'
  | 'feedback_satisfied'
  | 'rating_sum'
  | 'rated'
  | 'reopened'
  | 'appealed'
  | 'escalated'
  | 'breached'
  | 'returned'
  | 'verified'
  | 'verified_sound'
  | 'classified'
  | 'outcomes_owed'
  | 'outcomes_overdue';

/**
 * What the weekly pack counts of an office: in a week, or at its end.
 *
 * - `brought_forward`: Pending when the week began.
 * - `received`: Lodged in the week.
 * - `reopened`: Opened again in the week: by a reopening or an appeal.
 * - `undone`: Closed by mistake and taken back in the week.
 * - `transferred_in`: Came from another office in the week.
 * - `disposed`: Disposed in the week; a dismissed appeal counts.
 * - `closed_otherwise`: Withdrawn, declined or merged in the week.
 * - `transferred_out`: Went to another office in the week.
 * - `pending`: Pending when the week ended.
 * - `in_time`: Of the pending, those that are in time.
 * - `due_soon`: Of the pending, those of whose time three quarters have gone.
 * - `past_due`: Of the pending, those past their due date.
 * - `no_target`: Of the pending, those without a due date.
 * - `climbed`: Of the pending, those that time has brought up the ladder.
 * - `breached`: Deadlines that were missed in the week, at the office that then had custody.
 * - `escalated`: Escalations of the week, at the office that had the case until then.
 * - `appealed`: Appeals of the week, at the office that had the case until then.
 * - `benefit_provided`: Of the disposed, those with the benefit or service provided.
 * - `disposed_within_30`: Of the disposed, those within 30 days of their receipt.
 * - `disposed_with_target`: Of the disposed, those that had a due date.
 * - `disposed_on_time`: Of those, the ones disposed without having missed it.
 * - `satisfied`: Complainants heard in the week who were satisfied.
 * - `not_satisfied`: Complainants heard in the week who were not satisfied.
 * - `unreachable`: Complainants who could not be reached in the week after the attempts that are asked for.
 * - `verified`: Closures that were looked at a second time in the week, with an answer.
 * - `verified_sound`: Of those, the ones found sound.
 */
export type MisLine =
  | 'brought_forward'
  | 'received'
  | 'reopened'
  | 'undone'
  | 'transferred_in'
  | 'disposed'
  | 'closed_otherwise'
  | 'transferred_out'
  | 'pending'
  | 'in_time'
  | 'due_soon'
  | 'past_due'
  | 'no_target'
  | 'climbed'
  | 'breached'
  | 'escalated'
  | 'appealed'
  | 'benefit_provided'
  | 'disposed_within_30'
  | 'disposed_with_target'
  | 'disposed_on_time'
  | 'satisfied'
  | 'not_satisfied'
  | 'unreachable'
  | 'verified'
  | 'verified_sound';

/**
 * A field of a case that a column of a host's table may be. The first two must be there.
 *
 * - `received_at`: When it was received: ages are counted from here.
 * - `unit`: The office that has custody.
 * - `ended_at`: When it ended. Without a phase that is its disposal.
 * - `phase`: A word of the list of phases.
 * - `class`: What the disposal did for the complainant: a word of that list.
 * - `category`: Subject.
 * - `priority`: Priority class.
 * - `reason`: Reason of the closure.
 * - `feedback`: What the complainant said: a word of that list.
 * - `rating`: What the complainant said, as a number from 0 to 10.
 * - `due_at`: The due date: of a pending case the running one, of an ended one that which it was measured by.
 * - `last_told_at`: When the complainant was last told anything.
 * - `reopened`: How often it was opened again.
 * - `appealed`: How often it was appealed.
 * - `escalated`: How often it was escalated.
 * - `transferred`: How often it went to another office.
 * - `breached`: How many targets were missed.
 */
export type CaseField =
  | 'received_at'
  | 'unit'
  | 'ended_at'
  | 'phase'
  | 'class'
  | 'category'
  | 'priority'
  | 'reason'
  | 'feedback'
  | 'rating'
  | 'due_at'
  | 'last_told_at'
  | 'reopened'
  | 'appealed'
  | 'escalated'
  | 'transferred'
  | 'breached';

/**
 * What a second look at a disposed case found.
 *
 * - `confirmed`: What was reported is so.
 * - `deficient`: What was reported is not so, or not wholly.
 * - `not_verifiable`: It could not be found out.
 */
export type VerificationFinding =
  | 'confirmed'
  | 'deficient'
  | 'not_verifiable';

/**
 * What points at closings that may be bad. It proves nothing: it says where to look.
 *
 * - `bulk_closing`: One person closed very many on one day.
 * - `just_before_due`: Many were reported in the last hours before they were due.
 * - `same_remarks`: One officer wrote the same remarks many times.
 * - `unreachable_without_attempts`: The complainant was not reached, and too few attempts are on record.
 * - `often_reopened`: Many did not stand: they were opened again, or an appeal was allowed.
 */
export type Suspicion =
  | 'bulk_closing'
  | 'just_before_due'
  | 'same_remarks'
  | 'unreachable_without_attempts'
  | 'often_reopened';

/**
 * What the receipts of a group do, more than chance does.
 *
 * - `sudden_rise`: Many more came in the last week than in those before.
 * - `steady_rise`: More came in the later half of the weeks than in the earlier.
 * - `sudden_fall`: Far fewer came in the last week: a way in may be blocked.
 * - `steady_fall`: Fewer came in the later half of the weeks.
 */
export type TrendKind =
  | 'sudden_rise'
  | 'steady_rise'
  | 'sudden_fall'
  | 'steady_fall';

/**
 * How far a change of a procedure has come.
 *
 * - `proposed`: Somebody suggested it.
 * - `accepted`: It is to be made.
 * - `implemented`: It is in force since a day.
 * - `dropped`: It will not be made.
 */
export type ChangeState =
  | 'proposed'
  | 'accepted'
  | 'implemented'
  | 'dropped';

/**
 * What a good practice changed. The list is ours.
 *
 * - `procedure`: A form, a rule or a step of the work.
 * - `outreach`: How people are told, or met where they live.
 * - `technology`: What a machine does that people did.
 * - `coordination`: How offices work together.
 * - `training`: What those who do the work know.
 */
export type PracticeFacet =
  | 'procedure'
  | 'outreach'
  | 'technology'
  | 'coordination'
  | 'training';

/**
 * What a role may see of a case, or not: the words that people wrote and who they are.
 *
 * - `person`: Under which identity the host knows the complainant.
 * - `name`: The complainant's name.
 * - `mobile`: The complainant's mobile number.
 * - `email`: The complainant's e-mail address.
 * - `address`: The complainant's postal address.
 * - `representative`: The mobile number of a representative.
 * - `signatories`: The names of those who sign with the complainant.
 * - `signatory_mobiles`: Their mobile numbers.
 * - `narrative`: What is complained of.
 * - `reference`: The letter that brought the case in.
 * - `remarks`: What officers write beside a step.
 * - `comment_public`: Notes that the complainant may see.
 * - `comment_internal`: Notes that the complainant may not see.
 * - `file_public`: Names of documents that the complainant may see.
 * - `file_internal`: Names of documents that the complainant may not see.
 * - `consultation`: What offices ask one another and answer.
 * - `information`: What the complainant was asked for and gave.
 * - `call_note`: What was said in a call.
 * - `feedback`: What the complainant said to the report.
 * - `report`: What an office reports having done.
 * - `evidence`: The words of the evidence of a closure.
 * - `reply`: What the complainant is told: interim and final replies, reasons of an extension.
 * - `appeal`: The grounds of an appeal.
 * - `decision`: The decision on an appeal.
 * - `record`: The words of steps that the rulebook names: visits, hearings, orders.
 * - `order`: The order by which a sealed case was unsealed, or for which a case is on hold.
 * - `officers`: Which persons took the steps; their office and role are always seen.
 */
export type Field =
  | 'person'
  | 'name'
  | 'mobile'
  | 'email'
  | 'address'
  | 'representative'
  | 'signatories'
  | 'signatory_mobiles'
  | 'narrative'
  | 'reference'
  | 'remarks'
  | 'comment_public'
  | 'comment_internal'
  | 'file_public'
  | 'file_internal'
  | 'consultation'
  | 'information'
  | 'call_note'
  | 'feedback'
  | 'report'
  | 'evidence'
  | 'reply'
  | 'appeal'
  | 'decision'
  | 'record'
  | 'order'
  | 'officers';

/**
 * How much of a field is seen. What is not listed is not seen at all.
 *
 * - `masked`: That it is there, and as much as tells one from another: the last four digits of a mobile, initials of a name, words without numbers and addresses.
 * - `full`: As it was written.
 */
export type Sight =
  | 'masked'
  | 'full';

/**
 * In which capacity somebody holds a post.
 *
 * - `holder`: It is theirs.
 * - `acting`: They stand in while it is vacant or its holder is away.
 * - `delegated`: Its holder has given it to them for a time.
 */
export type Tenure =
  | 'holder'
  | 'acting'
  | 'delegated';

/**
 * In what a time allowed is counted.
 *
 * - `working_days`: Days on which the office opens; due at closing time of the last one.
 * - `working_hours`: Hours during which the office is open.
 * - `calendar_days`: All days; due when the last one ends.
 */
export type TimeUnit =
  | 'working_days'
  | 'working_hours'
  | 'calendar_days';

/**
 * From which instant of an event a target is counted.
 *
 * - `received`: When the office received what the event tells of, which may be earlier than its recording.
 * - `recorded`: When the event was recorded.
 */
export type CountedFrom =
  | 'received'
  | 'recorded';

/**
 * What becomes of a running target when the case changes hands or subject.
 *
 * - `keep`: The due date stays.
 * - `carry`: Time used stays used: what the new rule allows, less that, is left.
 * - `restart`: The new rule's time begins anew.
 */
export type OnChange =
  | 'keep'
  | 'carry'
  | 'restart';

/**
 * Why a due date moved or a target began anew.
 *
 * - `extended`: An officer extended it, with a reason that the complainant is told.
 * - `transferred`: The case passed to another office.
 * - `recategorised`: Its subject or place was corrected.
 * - `priority`: Its priority class was corrected.
 * - `rulebook`: A new rulebook version changed the rule or the calendar: a holiday was declared, say.
 * - `sent_back`: The report was sent back: the time under review does not count.
 */
export type Because =
  | 'extended'
  | 'transferred'
  | 'recategorised'
  | 'priority'
  | 'rulebook'
  | 'sent_back';

/**
 * Why a clock that had stopped goes on.
 *
 * - `phase`: The case left the phase in which the clock stands.
 * - `informed`: The complainant got the message about the closure.
 * - `maximum`: The pause had lasted as long as one may.
 */
export type Resumed =
  | 'phase'
  | 'informed'
  | 'maximum';

/**
 * What a level of the escalation ladder does.
 *
 * - `notify`: The superior is told; the office keeps the case.
 * - `reassign`: The superior takes the case over.
 */
export type LadderStep =
  | 'notify'
  | 'reassign';

/**
 * How a level of the escalation ladder is taken.
 *
 * - `automatic`: When its time has come.
 * - `approval`: When its time has come it is proposed; an officer takes it.
 * - `manual`: Only when an officer takes it.
 */
export type LadderMode =
  | 'automatic'
  | 'approval'
  | 'manual';

/**
 * What a schedule of the rulebook calls for.
 *
 * - `statement`: The MIS statement.
 * - `review`: An administrative review meeting.
 * - `feedback_calls`: The round of outbound calls to complainants.
 * - `checkpoint`: A checkpoint over all histories, which the sweep makes itself.
 * - `verification_sample`: A sample of disposed cases for a second look.
 */
export type JobKind =
  | 'statement'
  | 'review'
  | 'feedback_calls'
  | 'checkpoint'
  | 'verification_sample';

/**
 * By which way a message goes out.
 *
 * - `sms`: A text message.
 * - `email`: An e-mail.
 * - `inbox`: The recipient's list in the portal or the office.
 * - `letter`: Paper.
 */
export type MessageChannel =
  | 'sms'
  | 'email'
  | 'inbox'
  | 'letter';

/**
 * How far a message has come on its way out.
 *
 * - `waiting`: It is yet to be delivered, or a try is under way.
 * - `delivered`: The gateway took it.
 * - `parked`: It failed so often, or in such a way, that somebody must look at it.
 * - `dropped`: There is nobody any more to whom it could go.
 */
export type NoticeState =
  | 'waiting'
  | 'delivered'
  | 'parked'
  | 'dropped';

/** The closed lists: each an array of its words, in order. */
export const words: {
  readonly Discrepancy: readonly Discrepancy[];
  readonly FileAudience: readonly FileAudience[];
  readonly Phase: readonly Phase[];
  readonly Action: readonly Action[];
  readonly Outcome: readonly Outcome[];
  readonly EventKind: readonly EventKind[];
  readonly Purpose: readonly Purpose[];
  readonly Audience: readonly Audience[];
  readonly TellWhen: readonly TellWhen[];
  readonly VariableKind: readonly VariableKind[];
  readonly Occasion: readonly Occasion[];
  readonly Remedy: readonly Remedy[];
  readonly ErrorCode: readonly ErrorCode[];
  readonly LookPurpose: readonly LookPurpose[];
  readonly HoldFor: readonly HoldFor[];
  readonly ErasureBecause: readonly ErasureBecause[];
  readonly Gate: readonly Gate[];
  readonly Custody: readonly Custody[];
  readonly Reach: readonly Reach[];
  readonly Relation: readonly Relation[];
  readonly DisposalClass: readonly DisposalClass[];
  readonly EvidenceKind: readonly EvidenceKind[];
  readonly FeedbackOutcome: readonly FeedbackOutcome[];
  readonly Waiver: readonly Waiver[];
  readonly TargetKind: readonly TargetKind[];
  readonly ReferenceFrom: readonly ReferenceFrom[];
  readonly Gap: readonly Gap[];
  readonly HolidayClass: readonly HolidayClass[];
  readonly AgeRule: readonly AgeRule[];
  readonly Flag: readonly Flag[];
  readonly TargetState: readonly TargetState[];
  readonly Quantity: readonly Quantity[];
  readonly MisLine: readonly MisLine[];
  readonly CaseField: readonly CaseField[];
  readonly VerificationFinding: readonly VerificationFinding[];
  readonly Suspicion: readonly Suspicion[];
  readonly TrendKind: readonly TrendKind[];
  readonly ChangeState: readonly ChangeState[];
  readonly PracticeFacet: readonly PracticeFacet[];
  readonly Field: readonly Field[];
  readonly Sight: readonly Sight[];
  readonly Tenure: readonly Tenure[];
  readonly TimeUnit: readonly TimeUnit[];
  readonly CountedFrom: readonly CountedFrom[];
  readonly OnChange: readonly OnChange[];
  readonly Because: readonly Because[];
  readonly Resumed: readonly Resumed[];
  readonly LadderStep: readonly LadderStep[];
  readonly LadderMode: readonly LadderMode[];
  readonly JobKind: readonly JobKind[];
  readonly MessageChannel: readonly MessageChannel[];
  readonly NoticeState: readonly NoticeState[];
};
