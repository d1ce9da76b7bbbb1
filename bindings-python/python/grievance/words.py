"""The closed lists: every word that the desk uses for a phase, an action, a code.

Written by `bindings-python/generate.py` from the tables of the core. Each value is a `str`: what a
record says is equal to it.
"""

from enum import Enum

__all__ = [
    "Action",
    "AgeRule",
    "Audience",
    "Because",
    "CaseField",
    "ChangeState",
    "CountedFrom",
    "Custody",
    "Discrepancy",
    "DisposalClass",
    "ErasureBecause",
    "ErrorCode",
    "EventKind",
    "EvidenceKind",
    "FeedbackOutcome",
    "Field",
    "FileAudience",
    "Flag",
    "Gap",
    "Gate",
    "HoldFor",
    "HolidayClass",
    "JobKind",
    "LadderMode",
    "LadderStep",
    "LookPurpose",
    "MessageChannel",
    "MisLine",
    "NoticeState",
    "Occasion",
    "OnChange",
    "Outcome",
    "Phase",
    "PracticeFacet",
    "Purpose",
    "Quantity",
    "Reach",
    "ReferenceFrom",
    "Relation",
    "Remedy",
    "Resumed",
    "Sight",
    "Suspicion",
    "TargetKind",
    "TargetState",
    "TellWhen",
    "Tenure",
    "TimeUnit",
    "TrendKind",
    "VariableKind",
    "VerificationFinding",
    "Waiver",
]


class Discrepancy(str, Enum):
    """What is found wrong with a stored history."""

    # The event's hash is not that of what is stored and of the event before it.
    ALTERED = "altered"
    # An event before it is missing.
    MISSING = "missing"
    # Its place is taken by another event, or lies before the first.
    DOUBLED = "doubled"
    # A column does not hold what this library writes there.
    DAMAGED = "damaged"
    # It is whole, and of a kind or version that a newer library wrote.
    UNREADABLE = "unreadable"
    # The kind that stands beside the event is not its own.
    KIND_DIFFERS = "kind_differs"
    # It belongs to another case.
    OTHER_CASE = "other_case"
    # The command that it came from was never received.
    COMMAND_UNKNOWN = "command_unknown"
    # The case's row names another version than its last event has.
    ROW_DIFFERS = "row_differs"
    # The case has no events any more.
    VANISHED = "vanished"
    # The history ends before the version that a checkpoint covers.
    CUT = "cut"
    # The history is whole, and another than the one that a checkpoint covers.
    REWRITTEN = "rewritten"
    # What was taken down for a checkpoint does not give its root.
    HEADS_DIFFER = "heads_differ"
    # A stored checkpoint is not the one that was made, or does not follow the one before it.
    CHECKPOINT_DIFFERS = "checkpoint_differs"


class FileAudience(str, Enum):
    """For whom a case file is made."""

    # Who complained: what they wrote and what they are told.
    COMPLAINANT = "complainant"
    # Somebody who asks under the law on information: what was done and decided, without persons.
    RTI_APPLICANT = "rti_applicant"
    # A court or authority that ordered it: everything.
    COURT = "court"
    # Who audits the office: all words without numbers and addresses, and which officers acted.
    AUDITOR = "auditor"


class Phase(str, Enum):
    """The closed meaning of a stage: what measures count, whatever a government calls its steps."""

    # Received and numbered; no office works on it yet.
    REGISTERED = "registered"
    # An office works on it.
    IN_PROGRESS = "in_progress"
    # The complainant was asked for something.
    AWAITING_COMPLAINANT = "awaiting_complainant"
    # An office reported its action; the report is under review.
    ACTION_REPORTED = "action_reported"
    # Closed with a reason and remarks.
    DISPOSED = "disposed"
    # Disposed, and the complainant appealed.
    UNDER_APPEAL = "under_appeal"
    # Taken back by the complainant.
    WITHDRAWN = "withdrawn"
    # Not taken up at intake.
    DECLINED = "declined"
    # Joined to another case that carries it on.
    MERGED = "merged"


class Action(str, Enum):
    """A verb that somebody can take on a case."""

    # Bring a grievance in.
    LODGE = "lodge"
    # Take a registered case up.
    ADMIT = "admit"
    # Not take a registered case up.
    DECLINE = "decline"
    # Say that the holder has opened the case.
    ACKNOWLEDGE = "acknowledge"
    # Give the case to an office, from the cell.
    ASSIGN = "assign"
    # Hand the case down to an office below.
    FORWARD = "forward"
    # Give the case back to the office that sent it.
    RETURN = "return"
    # Take a sent case back before it is opened.
    RECALL = "recall"
    # Pass the case to another office that is not below.
    TRANSFER = "transfer"
    # Correct the subject or the place.
    RECATEGORISE = "recategorise"
    # Correct the kind of matter.
    RECLASSIFY = "reclassify"
    # Divide the case into parts, each at one office.
    SPLIT = "split"
    # Ask another office; custody stays.
    CONSULT = "consult"
    # Answer a consultation.
    ANSWER = "answer"
    # Ask the complainant for something.
    SEEK_INFORMATION = "seek_information"
    # Give what was asked for.
    PROVIDE_INFORMATION = "provide_information"
    # Tell the complainant where the case stands and when it ends.
    INTERIM_REPLY = "interim_reply"
    # Note something in the file.
    COMMENT = "comment"
    # Add a document by reference and digest.
    ATTACH = "attach"
    # Ask the office to move.
    REMIND = "remind"
    # Report the action taken, with a proposed reason.
    REPORT_ACTION = "report_action"
    # Send a report back to the office that made it.
    SEND_BACK_REPORT = "send_back_report"
    # Approve a report or a special closure, selecting the reason.
    APPROVE = "approve"
    # Refuse an approval.
    REFUSE = "refuse"
    # Record an attempt to reach the complainant.
    RECORD_CALL = "record_call"
    # Record what the complainant said.
    RECORD_FEEDBACK = "record_feedback"
    # Close the case with a reason and remarks.
    DISPOSE = "dispose"
    # Open a disposed case again.
    REOPEN = "reopen"
    # Take a disposed case to the appellate authority.
    APPEAL = "appeal"
    # Allow or dismiss an appeal.
    DECIDE_APPEAL = "decide_appeal"
    # Take the grievance back.
    WITHDRAW = "withdraw"
    # Join the case to another one.
    MERGE = "merge"
    # Move the due date, with a reason.
    EXTEND = "extend"
    # Bring the case to the notice of a superior office.
    ESCALATE = "escalate"
    # Correct a recorded fact of the case.
    CORRECT = "correct"
    # Undo the last step, taken by mistake.
    RESCIND = "rescind"
    # Record a step that the rulebook names: a visit, a hearing, an order.
    RECORD = "record"
    # Look a second time at a disposed case: whether what was reported is so.
    VERIFY = "verify"
    # Say what a disposed case came from, and what would keep others away.
    CLASSIFY = "classify"
    # Lift the seal of a sealed case, by order.
    UNSEAL = "unseal"
    # Keep the words of the case, whatever else would let them go.
    HOLD = "hold"
    # Let a hold go.
    RELEASE_HOLD = "release_hold"
    # Erase every word of an ended case: who complained, and what anybody wrote.
    ERASE = "erase"


class Outcome(str, Enum):
    """What an action came to, where one action can lead to several stages."""

    # The complainant is satisfied.
    SATISFIED = "satisfied"
    # The complainant is not satisfied.
    NOT_SATISFIED = "not_satisfied"
    # The complainant could not be reached.
    UNREACHABLE = "unreachable"
    # Not satisfied again, and the rounds are used up.
    EXHAUSTED = "exhausted"
    # The appeal is allowed.
    ALLOWED = "allowed"
    # The appeal is dismissed.
    DISMISSED = "dismissed"
    # The transfers are used up: the case goes to the cell.
    AT_CAP = "at_cap"


class EventKind(str, Enum):
    """What happened to a case, in the past tense."""

    # The grievance came in.
    LODGED = "lodged"
    # It was taken up.
    ADMITTED = "admitted"
    # It was not taken up.
    DECLINED = "declined"
    # The holder opened it.
    ACKNOWLEDGED = "acknowledged"
    # The cell gave it to an office.
    ASSIGNED = "assigned"
    # It was handed down.
    FORWARDED = "forwarded"
    # It was given back.
    RETURNED = "returned"
    # It was taken back unopened.
    RECALLED = "recalled"
    # It passed to another office.
    TRANSFERRED = "transferred"
    # Subject or place were corrected.
    RECATEGORISED = "recategorised"
    # The kind of matter was corrected.
    RECLASSIFIED = "reclassified"
    # It was divided.
    SPLIT_INTO_PARTS = "split_into_parts"
    # A part began.
    PART_OPENED = "part_opened"
    # A part of this case came to its end.
    PART_CLOSED = "part_closed"
    # A part of this case was opened again.
    PART_REOPENED = "part_reopened"
    # Another office was asked.
    CONSULTED = "consulted"
    # A consultation was answered.
    ANSWERED = "answered"
    # The complainant was asked for something.
    INFORMATION_SOUGHT = "information_sought"
    # The complainant gave it.
    INFORMATION_PROVIDED = "information_provided"
    # The complainant was told where the case stands.
    INTERIM_REPLIED = "interim_replied"
    # A note was made.
    COMMENTED = "commented"
    # A document was added.
    ATTACHED = "attached"
    # Somebody asked the office to move.
    REMINDED = "reminded"
    # An office reported its action.
    ACTION_REPORTED = "action_reported"
    # The report was sent back.
    REPORT_SENT_BACK = "report_sent_back"
    # The report or the special closure was approved.
    APPROVED = "approved"
    # The approval was refused.
    REFUSED = "refused"
    # An attempt to reach the complainant was made.
    CALL_RECORDED = "call_recorded"
    # The complainant was heard.
    FEEDBACK_RECORDED = "feedback_recorded"
    # Feedback was not owed, and why.
    FEEDBACK_WAIVED = "feedback_waived"
    # The case was closed.
    DISPOSED = "disposed"
    # The case this one was joined to was closed.
    OUTCOME_SHARED = "outcome_shared"
    # It was opened again.
    REOPENED = "reopened"
    # An appeal was lodged.
    APPEALED = "appealed"
    # The appeal was decided.
    APPEAL_DECIDED = "appeal_decided"
    # The complainant took it back.
    WITHDRAWN = "withdrawn"
    # It was joined to another case.
    MERGED = "merged"
    # Another case was joined to this one.
    ABSORBED = "absorbed"
    # The case this one was joined to was itself joined to another.
    REMASTERED = "remastered"
    # The due date moved.
    EXTENDED = "extended"
    # It was brought to a superior's notice.
    ESCALATED = "escalated"
    # A recorded fact was corrected.
    CORRECTED = "corrected"
    # The last step was undone.
    RESCINDED = "rescinded"
    # A step that the rulebook names was recorded.
    STEP_RECORDED = "step_recorded"
    # A new rulebook version moved it.
    REMAPPED = "remapped"
    # Its history was taken over from another system.
    ADOPTED = "adopted"
    # A deadline began.
    TARGET_SET = "target_set"
    # A deadline moved, and why.
    TARGET_MOVED = "target_moved"
    # A deadline's clock stopped.
    CLOCK_PAUSED = "clock_paused"
    # A deadline's clock went on.
    CLOCK_RESUMED = "clock_resumed"
    # A deadline passed and was not met.
    TARGET_BREACHED = "target_breached"
    # A level of the ladder waits for approval.
    ESCALATION_PROPOSED = "escalation_proposed"
    # The complainant got the message about an event.
    COMPLAINANT_INFORMED = "complainant_informed"
    # A message to the complainant could not be delivered.
    NOTICE_PARKED = "notice_parked"
    # One person took two steps that two should take: there was no second.
    FOUR_EYES_WAIVED = "four_eyes_waived"
    # Somebody looked a second time at what was reported.
    VERIFIED = "verified"
    # It was said what the case came from.
    CLASSIFIED = "classified"
    # The seal was lifted, by order.
    UNSEALED = "unsealed"
    # The words of the case are to be kept.
    HOLD_PLACED = "hold_placed"
    # A hold was let go.
    HOLD_RELEASED = "hold_released"
    # Every word of the case was erased.
    ERASED = "erased"


class Purpose(str, Enum):
    """What a code that is sent to a mobile opens. A code for one purpose opens no other."""

    # Lodge a grievance by oneself.
    LODGE = "lodge"
    # See where a case of that mobile stands.
    TRACK = "track"
    # Act on an own case: remind, withdraw, reopen, appeal.
    ACT = "act"
    # Say whether one is satisfied.
    FEEDBACK = "feedback"
    # Make another mobile that of the case.
    CHANGE_MOBILE = "change_mobile"
    # Log in as an officer.
    OFFICER_LOGIN = "officer_login"


class Audience(str, Enum):
    """Whom a notice tells."""

    # Who complained, or their representative.
    COMPLAINANT = "complainant"
    # Who signed with the complainant.
    SIGNATORIES = "signatories"
    # The office that holds the case.
    UNIT = "unit"
    # The post that heads that office.
    HEAD_OF_UNIT = "head_of_unit"
    # The nodal officer of that office.
    NODAL_OFFICER = "nodal_officer"
    # The post that the case was escalated to.
    ESCALATED_POST = "escalated_post"
    # The office that the case was escalated to.
    ESCALATED_UNIT = "escalated_unit"


class TellWhen(str, Enum):
    """When a notice is sent."""

    # At once, unless the recipient's safe hours forbid it.
    AT_ONCE = "at_once"
    # In the office's hours.
    WORKING_HOURS = "working_hours"


class VariableKind(str, Enum):
    """What a variable of a template holds."""

    # Words, as they are.
    TEXT = "text"
    # A whole number; plural rules apply.
    NUMBER = "number"
    # A calendar date, written as the language writes it.
    DATE = "date"
    # The registration number, or another mark that is not for translation.
    MARK = "mark"
    # An office, by its name in the language.
    UNIT = "unit"
    # A closure reason, by the complainant's text.
    REASON = "reason"
    # A closure reason, by the officer's text.
    OFFICER_REASON = "officer_reason"


class Occasion(str, Enum):
    """What a notice tells of besides the events of a case."""

    # A target falls due soon.
    DUE_SOON = "due_soon"
    # A target was missed.
    OVERDUE = "overdue"
    # The complainant will be called to be heard.
    FEEDBACK_CALL = "feedback_call"
    # An office's weekly statement was given out.
    STATEMENT = "statement"


class Remedy(str, Enum):
    """What a caller can do about a failure."""

    # Change the request; the same one will fail again.
    AMEND = "amend"
    # Read the case again and decide anew: somebody else was first.
    RELOAD = "reload"
    # Send the same request again.
    RETRY = "retry"
    # Send the same request again later.
    WAIT = "wait"


class ErrorCode(str, Enum):
    """Why something was refused or failed. The list is closed and shared by every language."""

    # A field of the command is missing or malformed.
    INVALID_COMMAND = "invalid_command"
    # The rulebook has nothing of that code.
    UNKNOWN_CODE = "unknown_code"
    # There is no such case within reach.
    NOT_FOUND = "not_found"
    # The case has been lodged already.
    ALREADY_LODGED = "already_lodged"
    # The workflow offers no such action at this stage to this role.
    ACTION_NOT_OFFERED = "action_not_offered"
    # The case is not within the actor's reach.
    OUT_OF_REACH = "out_of_reach"
    # The role does not see that field in full.
    FIELD_NOT_SEEN = "field_not_seen"
    # The roster does not say that the actor holds that post in that office.
    POST_NOT_HELD = "post_not_held"
    # The case is sealed, and nobody of the office named may know of it.
    UNIT_NOT_NAMED = "unit_not_named"
    # The case is not sealed.
    NOT_SEALED = "not_sealed"
    # The step needs remarks.
    REMARKS_MISSING = "remarks_missing"
    # The step needs a closure reason.
    REASON_MISSING = "reason_missing"
    # The closure reason is not valid on this day or in this case.
    REASON_NOT_VALID = "reason_not_valid"
    # Another reason was selected by the office that decides it.
    REASON_ALREADY_SELECTED = "reason_already_selected"
    # The reason asks for evidence that is not there.
    EVIDENCE_MISSING = "evidence_missing"
    # A piece of evidence is malformed or cannot be so.
    EVIDENCE_NOT_VALID = "evidence_not_valid"
    # The complainant must be heard first.
    FEEDBACK_MISSING = "feedback_missing"
    # Feedback must be taken outside the reporting office.
    FEEDBACK_NOT_OUTSIDE = "feedback_not_outside"
    # Too few attempts were made to reach the complainant.
    ATTEMPTS_MISSING = "attempts_missing"
    # The time allowed for the step has run out.
    WINDOW_CLOSED = "window_closed"
    # Another officer must take this step.
    SAME_OFFICER = "same_officer"
    # A superior must approve it first.
    APPROVAL_MISSING = "approval_missing"
    # Parts of the case are still open.
    PARTS_OPEN = "parts_open"
    # The step is taken on the whole case, not on a part.
    PART_NOT_ALLOWED = "part_not_allowed"
    # The office named is not below the holder.
    UNIT_NOT_BELOW = "unit_not_below"
    # The office named is not beside the holder.
    UNIT_NOT_BESIDE = "unit_not_beside"
    # The office named does not exist on this day.
    UNIT_CLOSED = "unit_closed"
    # The case is with that office already.
    ALREADY_THERE = "already_there"
    # The grievance is about that office or its line.
    UNIT_ACCUSED = "unit_accused"
    # No office sent the case to its holder.
    NOBODY_SENT = "nobody_sent"
    # No office is above the holder.
    NOBODY_ABOVE = "nobody_above"
    # The case has been opened by its holder.
    ALREADY_OPENED = "already_opened"
    # The cell's assignment is binding.
    ASSIGNMENT_BINDING = "assignment_binding"
    # A matter of another office is transferred, not closed.
    MUST_TRANSFER = "must_transfer"
    # That office was not asked.
    NOT_CONSULTED = "not_consulted"
    # These two cases cannot be joined.
    MERGE_IMPOSSIBLE = "merge_impossible"
    # The last step cannot be undone.
    NOTHING_TO_RESCIND = "nothing_to_rescind"
    # A limit of the rulebook is reached.
    TOO_MANY = "too_many"
    # A text is longer than the rulebook allows.
    TOO_LONG = "too_long"
    # The instant lies too far back, or after it was recorded.
    BACKDATED = "backdated"
    # The clock is behind the case's last event.
    CLOCK_BEHIND = "clock_behind"
    # Somebody else has changed the case meanwhile.
    CONFLICT = "conflict"
    # The command identity was used for another command.
    COMMAND_REUSED = "command_reused"
    # The rulebook has errors.
    RULEBOOK_INVALID = "rulebook_invalid"
    # The store has no rulebook of that version.
    RULEBOOK_UNKNOWN = "rulebook_unknown"
    # A unit, stage or reason disappears without a mapping.
    MAPPING_MISSING = "mapping_missing"
    # The stored history was changed after it was written.
    HISTORY_ALTERED = "history_altered"
    # No checkpoint covers the case yet; wait for the next one.
    NOT_COVERED = "not_covered"
    # A proof is malformed or does not hold.
    PROOF_INVALID = "proof_invalid"
    # The receipt is malformed or was copied wrongly.
    RECEIPT_INVALID = "receipt_invalid"
    # A stored event is of an unknown type or a newer version.
    EVENT_UNREADABLE = "event_unreadable"
    # The registration number is malformed.
    NUMBER_INVALID = "number_invalid"
    # A row of an imported file cannot be used.
    ROW_INVALID = "row_invalid"
    # A date is malformed or does not exist.
    DATE_INVALID = "date_invalid"
    # A case cannot be closed before it was lodged.
    DATES_CONTRADICT = "dates_contradict"
    # An earlier row has the same number.
    DUPLICATE_NUMBER = "duplicate_number"
    # The case has been carried on here since it was imported.
    CONTINUED_HERE = "continued_here"
    # The file cannot be read as what it should be.
    FILE_INVALID = "file_invalid"
    # The column map does not fit the file.
    MAP_INVALID = "map_invalid"
    # The database was written by a newer version.
    SCHEMA_UNKNOWN = "schema_unknown"
    # A stored part of a figure is malformed, or does not fit the others.
    PART_INVALID = "part_invalid"
    # What was asked does not follow from what is kept.
    FIGURE_NOT_KEPT = "figure_not_kept"
    # Codes are sent or tried too often; wait.
    CODE_TOO_OFTEN = "code_too_often"
    # The code is not right.
    CODE_WRONG = "code_wrong"
    # The code is used, expired or tried too often; ask for a new one.
    CODE_SPENT = "code_spent"
    # Too many codes were wrong; an office must unlock the number.
    CODE_LOCKED = "code_locked"
    # Who lodges by oneself must verify the mobile first.
    MOBILE_NOT_VERIFIED = "mobile_not_verified"
    # The verified mobile is not the one that the lodging gives.
    MOBILE_DIFFERS = "mobile_differs"
    # The token of a verified mobile is forged, expired or for another use.
    TOKEN_INVALID = "token_invalid"
    # A message cannot be written from its template and values.
    MESSAGE_INVALID = "message_invalid"
    # The gateway did not take the message; wait.
    MESSAGE_NOT_SENT = "message_not_sent"
    # A hold keeps the words of the case.
    ON_HOLD = "on_hold"
    # There is no such hold.
    NOT_ON_HOLD = "not_on_hold"
    # The case, or the one that carries it on, has not ended.
    CASE_OPEN = "case_open"
    # The rulebook keeps the words of the case longer.
    RETENTION_NOT_OVER = "retention_not_over"
    # The ring has no key of that identity; open the desk with it.
    KEY_MISSING = "key_missing"
    # A kept text was altered or moved, or the key of that identity is another.
    SEAL_BROKEN = "seal_broken"
    # The database is busy.
    BUSY = "busy"
    # The database took the work back for the sake of another; nothing was written.
    UNDONE = "undone"
    # The connection broke before the answer; the same command, sent again, is answered as it was.
    ANSWER_LOST = "answer_lost"
    # The database may forget what it answered.
    NOT_DURABLE = "not_durable"
    # The store blocks, and this thread may not: use one of `spawn_blocking`.
    MAY_NOT_BLOCK = "may_not_block"
    # The storage failed.
    STORAGE = "storage"
    # The desk was closed; open it again.
    DESK_CLOSED = "desk_closed"


class LookPurpose(str, Enum):
    """For what somebody looks at what the vault keeps."""

    # Work on the case.
    HANDLING = "handling"
    # A call to the complainant.
    FEEDBACK_CALL = "feedback_call"
    # A check that what was reported is so.
    VERIFICATION = "verification"
    # An audit of the office.
    AUDIT = "audit"
    # A request under the law on information.
    RTI = "rti"
    # An order of a court or of an authority.
    LEGAL_ORDER = "legal_order"
    # A message on its way to its recipient.
    DELIVERY = "delivery"
    # Whether whoever asks has a mobile of the case.
    TRACKING = "tracking"
    # The complainant's own case, shown to them.
    OWN_CASE = "own_case"
    # A search by name or mobile.
    SEARCH = "search"


class HoldFor(str, Enum):
    """For what the words of a case are kept, whatever else would let them go."""

    # A court has the matter before it.
    COURT = "court"
    # A request under the law on information is open.
    RTI = "rti"
    # A vigilance inquiry is open.
    VIGILANCE = "vigilance"
    # An appeal to another authority is open.
    APPEAL = "appeal"


class ErasureBecause(str, Enum):
    """Why the words of a case are erased."""

    # The person whose case it is asked for it.
    REQUEST = "request"
    # The rulebook keeps them no longer.
    RETENTION = "retention"
    # A court or an authority ordered it.
    ORDER = "order"


class Gate(str, Enum):
    """What must be there before a step may be taken."""

    # The command brings remarks.
    REMARKS = "remarks"
    # Exactly one valid closure reason is named or was selected.
    REASON = "reason"
    # The evidence that the reason asks for is there.
    EVIDENCE = "evidence"
    # The complainant was heard, or the policy waives it.
    FEEDBACK = "feedback"
    # The time allowed for the step has not run out.
    WINDOW = "window"
    # Not the person who took the step that this one judges.
    DIFFERENT_OFFICER = "different_officer"
    # A superior approved it.
    APPROVAL = "approval"
    # Every part of the case has come to its end.
    PARTS = "parts"


class Custody(str, Enum):
    """Where a step leaves the case."""

    # With the office that holds it.
    STAY = "stay"
    # With the office that the routing rules name.
    ROUTED = "routed"
    # With the office that the command names.
    NAMED = "named"
    # With the office that sent it to the holder; the cell, if none did.
    SENDER = "sender"
    # With the office that made the report.
    REPORTER = "reporter"
    # With the cell, where cases come in.
    CELL = "cell"
    # With the appellate authority of the office that disposed of it.
    APPELLATE = "appellate"
    # With the office that disposed of it.
    DISPOSER = "disposer"


class Reach(str, Enum):
    """Which cases a role may touch. Which actions it may take is the workflow's word alone."""

    # The cases that the person lodged, or that were lodged for them.
    OWN_CASES = "own_cases"
    # The cases that the actor's office holds.
    OWN_UNIT = "own_unit"
    # The cases that the actor's office holds, or one below it by either line.
    UNITS_BELOW = "units_below"
    # The cases that lie in the jurisdictions of the actor's office, whoever holds them.
    PLACES = "places"
    # Every case.
    EVERYWHERE = "everywhere"


class Relation(str, Enum):
    """How an actor stands to a case."""

    # It is their grievance.
    COMPLAINANT = "complainant"
    # They brought it in for somebody else.
    LODGED_BY = "lodged_by"
    # Their office holds it.
    HOLDER = "holder"
    # Their office stands above the holder.
    SUPERIOR = "superior"
    # Their office sent it to the holder.
    SENDER = "sender"
    # Their office was asked.
    CONSULTED = "consulted"
    # The grievance is about their office or post.
    ACCUSED = "accused"
    # None of these.
    OUTSIDER = "outsider"


class DisposalClass(str, Enum):
    """What a closure did for the complainant."""

    # The benefit or service was provided.
    BENEFIT = "benefit"
    # Work is promised by a date that is followed up.
    TAKEN_UP = "taken_up"
    # Nothing further could be done, and why.
    NOT_ACTIONABLE = "not_actionable"


class EvidenceKind(str, Enum):
    """What a closure reason must be shown with."""

    # The date on which it was done.
    DATE = "date"
    # A letter, order or file number.
    REFERENCE = "reference"
    # The date by which it will be done; later than the closure.
    FOLLOW_UP_DATE = "follow_up_date"
    # Why it takes that long.
    DELAY_REASON = "delay_reason"
    # The date on which the case is looked at again; later than the closure.
    REVIEW_DATE = "review_date"
    # The rule of the scheme.
    RULE_CITED = "rule"
    # What the enquiry found.
    FINDING = "finding"
    # The other registration number.
    OTHER_NUMBER = "other_number"
    # The court and the case number.
    COURT_CASE = "court_case"
    # The office that accepted the matter.
    ACCEPTING_OFFICE = "accepting_office"
    # What the complainant was advised.
    ADVICE_GIVEN = "advice"
    # The recorded attempts to reach the complainant.
    CONTACT_ATTEMPTS = "contact_attempts"
    # What was explained.
    EXPLANATION = "explanation"


class FeedbackOutcome(str, Enum):
    """What the complainant said."""

    # Satisfied.
    SATISFIED = "satisfied"
    # Not satisfied.
    NOT_SATISFIED = "not_satisfied"
    # Not reached after the attempts that the policy asks for.
    UNREACHABLE = "unreachable"


class Waiver(str, Enum):
    """Why feedback was not owed before a disposal."""

    # Nobody is known to ask.
    ANONYMOUS = "anonymous"
    # No way to reach the complainant was given.
    NO_CONTACT = "no_contact"
    # A part: the complainant is heard once, on the whole case.
    PART = "part"
    # Heard as often as the policy asks; closed specially, with approval.
    EXHAUSTED = "exhausted"
    # No complainant is on record: the office began the case itself.
    SUO_MOTU = "suo_motu"


class TargetKind(str, Enum):
    """A named deadline."""

    # To open the case.
    ACKNOWLEDGEMENT = "acknowledgement"
    # To take a first step.
    FIRST_ACTION = "first_action"
    # To report the action taken.
    RESOLUTION = "resolution"
    # To tell the complainant where the case stands.
    INTERIM_REPLY = "interim_reply"
    # To answer whoever referred the case.
    REFERENCE_REPLY = "reference_reply"
    # For the complainant to appeal.
    APPEAL_FILING = "appeal_filing"
    # To decide the appeal.
    APPEAL_DECISION = "appeal_decision"
    # For the complainant to have it opened again.
    REOPENING = "reopening"
    # To look again at an outcome that is owed.
    REVIEW = "review"


class ReferenceFrom(str, Enum):
    """Who referred a case to the office."""

    # A Minister.
    MINISTER = "minister"
    # A member of the legislature or of parliament.
    LEGISLATOR = "legislator"
    # A court.
    COURT = "court"
    # A commission or an ombudsman.
    COMMISSION = "commission"
    # Another public office.
    OFFICE = "office"


class Gap(str, Enum):
    """What an imported history does not record. A gap is never filled with a default."""

    # Which office held it.
    UNIT = "unit"
    # What it was about.
    CATEGORY = "category"
    # Where.
    PLACE = "place"
    # How it came in.
    CHANNEL = "channel"
    # Who complained.
    COMPLAINANT = "complainant"
    # Why it was closed.
    REASON = "reason"
    # What was said on closing.
    REMARKS = "remarks"
    # Whether the complainant was heard.
    FEEDBACK = "feedback"
    # The steps between lodging and closing.
    MOVEMENTS = "movements"
    # By when it was due.
    TARGET = "target"
    # When it was closed, though its status says so.
    DISPOSED_AT = "disposed_at"


class HolidayClass(str, Enum):
    """By whose word a day is a holiday."""

    # Under the law on public holidays or negotiable instruments.
    PUBLIC = "public"
    # By order of the government, beyond the law.
    STATE_ORDER = "state_order"
    # For one community or section.
    SECTIONAL = "sectional"


class AgeRule(str, Enum):
    """What counts as a day of age."""

    # Calendar days in the office's zone: the difference of two dates.
    CALENDAR = "calendar"
    # Days of 24 hours from instant to instant.
    ELAPSED = "elapsed"
    # Working days of the office, from the first day on and without the last.
    WORKING = "working"


class Flag(str, Enum):
    """What a statement points out about an office."""

    # Half or more of what is pending is in the oldest band.
    OLD_BACKLOG = "old_backlog"
    # More is pending than a week ago, by a tenth or more.
    GROWING = "growing"
    # Cases are pending and none was disposed in the week.
    NOTHING_DISPOSED = "nothing_disposed"
    # Many of what was disposed in four weeks came back.
    OFTEN_REOPENED = "often_reopened"
    # Many of those who were heard in four weeks were not satisfied.
    DISSATISFIED = "dissatisfied"


class TargetState(str, Enum):
    """How a pending case stands to its due date."""

    # The target runs, stands still or is met, and was not missed.
    IN_TIME = "in_time"
    # Three quarters of the time to the due date have gone.
    DUE_SOON = "due_soon"
    # The due date has passed. What happens later does not take it back.
    BREACHED = "breached"
    # No target was set: nothing says by when.
    NO_TARGET = "no_target"


class Quantity(str, Enum):
    """What is counted of an office, to make indexes of. Cases unless it says otherwise."""

    # Received.
    RECEIVED = "received"
    # Disposed.
    DISPOSED = "disposed"
    # Withdrawn, declined or merged.
    CLOSED_OTHERWISE = "closed_otherwise"
    # Pending.
    PENDING = "pending"
    # Pending for more than 30 days.
    PENDING_OVER30 = "pending_over_30"
    # Pending after their due date.
    PENDING_OVERDUE = "pending_overdue"
    # Whole days from receipt to disposal, of all the disposed together.
    DISPOSAL_DAYS = "disposal_days"
    # Disposed within 30 days.
    DISPOSED_WITHIN30 = "disposed_within_30"
    # Disposed, of those that had a due date.
    DISPOSED_WITH_TARGET = "disposed_with_target"
    # Disposed by their due date.
    DISPOSED_ON_TIME = "disposed_on_time"
    # Whose acknowledgement had a due date.
    ACKNOWLEDGED_WITH_TARGET = "acknowledged_with_target"
    # Acknowledged by that date.
    ACKNOWLEDGED_ON_TIME = "acknowledged_on_time"
    # Disposed, of those of which it is on record what that did for the complainant.
    DISPOSED_WITH_CLASS = "disposed_with_class"
    # Of those, the ones with the benefit or service provided.
    BENEFIT_PROVIDED = "benefit_provided"
    # Closed specially, against the complainant's word.
    SPECIAL_CLOSED = "special_closed"
    # Whose complainant answered.
    FEEDBACK_GIVEN = "feedback_given"
    # Whose complainant was satisfied.
    FEEDBACK_SATISFIED = "feedback_satisfied"
    # Points of all ratings together.
    RATING_SUM = "rating_sum"
    # Rated.
    RATED = "rated"
    # Reopenings.
    REOPENED = "reopened"
    # Appeals.
    APPEALED = "appealed"
    # Levels of the ladder that were taken.
    ESCALATED = "escalated"
    # Due dates that were missed.
    BREACHED = "breached"
    # Returned by an office, or passed on as not its own.
    RETURNED = "returned"
    # Closures that were verified.
    VERIFIED = "verified"
    # Closures that were found sound.
    VERIFIED_SOUND = "verified_sound"
    # Disposed and given a root cause.
    CLASSIFIED = "classified"
    # Disposed with an outcome that is still owed.
    OUTCOMES_OWED = "outcomes_owed"
    # Of those, past their review date.
    OUTCOMES_OVERDUE = "outcomes_overdue"


class MisLine(str, Enum):
    """What the weekly pack counts of an office: in a week, or at its end."""

    # Pending when the week began.
    BROUGHT_FORWARD = "brought_forward"
    # Lodged in the week.
    RECEIVED = "received"
    # Opened again in the week: by a reopening or an appeal.
    REOPENED = "reopened"
    # Closed by mistake and taken back in the week.
    UNDONE = "undone"
    # Came from another office in the week.
    TRANSFERRED_IN = "transferred_in"
    # Disposed in the week; a dismissed appeal counts.
    DISPOSED = "disposed"
    # Withdrawn, declined or merged in the week.
    CLOSED_OTHERWISE = "closed_otherwise"
    # Went to another office in the week.
    TRANSFERRED_OUT = "transferred_out"
    # Pending when the week ended.
    PENDING = "pending"
    # Of the pending, those that are in time.
    IN_TIME = "in_time"
    # Of the pending, those of whose time three quarters have gone.
    DUE_SOON = "due_soon"
    # Of the pending, those past their due date.
    PAST_DUE = "past_due"
    # Of the pending, those without a due date.
    NO_TARGET = "no_target"
    # Of the pending, those that time has brought up the ladder.
    CLIMBED = "climbed"
    # Deadlines that were missed in the week, at the office that then had custody.
    BREACHED = "breached"
    # Escalations of the week, at the office that had the case until then.
    ESCALATED = "escalated"
    # Appeals of the week, at the office that had the case until then.
    APPEALED = "appealed"
    # Of the disposed, those with the benefit or service provided.
    BENEFIT_PROVIDED = "benefit_provided"
    # Of the disposed, those within 30 days of their receipt.
    DISPOSED_WITHIN30 = "disposed_within_30"
    # Of the disposed, those that had a due date.
    DISPOSED_WITH_TARGET = "disposed_with_target"
    # Of those, the ones disposed without having missed it.
    DISPOSED_ON_TIME = "disposed_on_time"
    # Complainants heard in the week who were satisfied.
    SATISFIED = "satisfied"
    # Complainants heard in the week who were not satisfied.
    NOT_SATISFIED = "not_satisfied"
    # Complainants who could not be reached in the week after the attempts that are asked for.
    UNREACHABLE = "unreachable"
    # Closures that were looked at a second time in the week, with an answer.
    VERIFIED = "verified"
    # Of those, the ones found sound.
    VERIFIED_SOUND = "verified_sound"


class CaseField(str, Enum):
    """A field of a case that a column of a host's table may be. The first two must be there."""

    # When it was received: ages are counted from here.
    RECEIVED_AT = "received_at"
    # The office that has custody.
    UNIT = "unit"
    # When it ended. Without a phase that is its disposal.
    ENDED_AT = "ended_at"
    # A word of the list of phases.
    PHASE = "phase"
    # What the disposal did for the complainant: a word of that list.
    CLASS = "class"
    # Subject.
    CATEGORY = "category"
    # Priority class.
    PRIORITY = "priority"
    # Reason of the closure.
    REASON = "reason"
    # What the complainant said: a word of that list.
    FEEDBACK = "feedback"
    # What the complainant said, as a number from 0 to 10.
    RATING = "rating"
    # The due date: of a pending case the running one, of an ended one that which it was measured by.
    DUE_AT = "due_at"
    # When the complainant was last told anything.
    LAST_TOLD_AT = "last_told_at"
    # How often it was opened again.
    REOPENED = "reopened"
    # How often it was appealed.
    APPEALED = "appealed"
    # How often it was escalated.
    ESCALATED = "escalated"
    # How often it went to another office.
    TRANSFERRED = "transferred"
    # How many targets were missed.
    BREACHED = "breached"


class VerificationFinding(str, Enum):
    """What a second look at a disposed case found."""

    # What was reported is so.
    CONFIRMED = "confirmed"
    # What was reported is not so, or not wholly.
    DEFICIENT = "deficient"
    # It could not be found out.
    NOT_VERIFIABLE = "not_verifiable"


class Suspicion(str, Enum):
    """What points at closings that may be bad. It proves nothing: it says where to look."""

    # One person closed very many on one day.
    BULK_CLOSING = "bulk_closing"
    # Many were reported in the last hours before they were due.
    JUST_BEFORE_DUE = "just_before_due"
    # One officer wrote the same remarks many times.
    SAME_REMARKS = "same_remarks"
    # The complainant was not reached, and too few attempts are on record.
    UNREACHABLE_WITHOUT_ATTEMPTS = "unreachable_without_attempts"
    # Many did not stand: they were opened again, or an appeal was allowed.
    OFTEN_REOPENED = "often_reopened"


class TrendKind(str, Enum):
    """What the receipts of a group do, more than chance does."""

    # Many more came in the last week than in those before.
    SUDDEN_RISE = "sudden_rise"
    # More came in the later half of the weeks than in the earlier.
    STEADY_RISE = "steady_rise"
    # Far fewer came in the last week: a way in may be blocked.
    SUDDEN_FALL = "sudden_fall"
    # Fewer came in the later half of the weeks.
    STEADY_FALL = "steady_fall"


class ChangeState(str, Enum):
    """How far a change of a procedure has come."""

    # Somebody suggested it.
    PROPOSED = "proposed"
    # It is to be made.
    ACCEPTED = "accepted"
    # It is in force since a day.
    IMPLEMENTED = "implemented"
    # It will not be made.
    DROPPED = "dropped"


class PracticeFacet(str, Enum):
    """What a good practice changed. The list is ours."""

    # A form, a rule or a step of the work.
    PROCEDURE = "procedure"
    # How people are told, or met where they live.
    OUTREACH = "outreach"
    # What a machine does that people did.
    TECHNOLOGY = "technology"
    # How offices work together.
    COORDINATION = "coordination"
    # What those who do the work know.
    TRAINING = "training"


class Field(str, Enum):
    """What a role may see of a case, or not: the words that people wrote and who they are."""

    # Under which identity the host knows the complainant.
    PERSON = "person"
    # The complainant's name.
    NAME = "name"
    # The complainant's mobile number.
    MOBILE = "mobile"
    # The complainant's e-mail address.
    EMAIL = "email"
    # The complainant's postal address.
    ADDRESS = "address"
    # The mobile number of a representative.
    REPRESENTATIVE = "representative"
    # The names of those who sign with the complainant.
    SIGNATORIES = "signatories"
    # Their mobile numbers.
    SIGNATORY_MOBILES = "signatory_mobiles"
    # What is complained of.
    NARRATIVE = "narrative"
    # The letter that brought the case in.
    REFERENCE = "reference"
    # What officers write beside a step.
    REMARKS = "remarks"
    # Notes that the complainant may see.
    COMMENT_PUBLIC = "comment_public"
    # Notes that the complainant may not see.
    COMMENT_INTERNAL = "comment_internal"
    # Names of documents that the complainant may see.
    FILE_PUBLIC = "file_public"
    # Names of documents that the complainant may not see.
    FILE_INTERNAL = "file_internal"
    # What offices ask one another and answer.
    CONSULTATION = "consultation"
    # What the complainant was asked for and gave.
    INFORMATION = "information"
    # What was said in a call.
    CALL_NOTE = "call_note"
    # What the complainant said to the report.
    FEEDBACK = "feedback"
    # What an office reports having done.
    REPORT = "report"
    # The words of the evidence of a closure.
    EVIDENCE = "evidence"
    # What the complainant is told: interim and final replies, reasons of an extension.
    REPLY = "reply"
    # The grounds of an appeal.
    APPEAL = "appeal"
    # The decision on an appeal.
    DECISION = "decision"
    # The words of steps that the rulebook names: visits, hearings, orders.
    RECORD = "record"
    # The order by which a sealed case was unsealed, or for which a case is on hold.
    ORDER = "order"
    # Which persons took the steps; their office and role are always seen.
    OFFICERS = "officers"


class Sight(str, Enum):
    """How much of a field is seen. What is not listed is not seen at all."""

    # That it is there, and as much as tells one from another: the last four digits of a mobile, initials of a name, words without numbers and addresses.
    MASKED = "masked"
    # As it was written.
    FULL = "full"


class Tenure(str, Enum):
    """In which capacity somebody holds a post."""

    # It is theirs.
    HOLDER = "holder"
    # They stand in while it is vacant or its holder is away.
    ACTING = "acting"
    # Its holder has given it to them for a time.
    DELEGATED = "delegated"


class TimeUnit(str, Enum):
    """In what a time allowed is counted."""

    # Days on which the office opens; due at closing time of the last one.
    WORKING_DAYS = "working_days"
    # Hours during which the office is open.
    WORKING_HOURS = "working_hours"
    # All days; due when the last one ends.
    CALENDAR_DAYS = "calendar_days"


class CountedFrom(str, Enum):
    """From which instant of an event a target is counted."""

    # When the office received what the event tells of, which may be earlier than its recording.
    RECEIVED = "received"
    # When the event was recorded.
    RECORDED = "recorded"


class OnChange(str, Enum):
    """What becomes of a running target when the case changes hands or subject."""

    # The due date stays.
    KEEP = "keep"
    # Time used stays used: what the new rule allows, less that, is left.
    CARRY = "carry"
    # The new rule's time begins anew.
    RESTART = "restart"


class Because(str, Enum):
    """Why a due date moved or a target began anew."""

    # An officer extended it, with a reason that the complainant is told.
    EXTENDED = "extended"
    # The case passed to another office.
    TRANSFERRED = "transferred"
    # Its subject or place was corrected.
    RECATEGORISED = "recategorised"
    # Its priority class was corrected.
    PRIORITY = "priority"
    # A new rulebook version changed the rule or the calendar: a holiday was declared, say.
    RULEBOOK = "rulebook"
    # The report was sent back: the time under review does not count.
    SENT_BACK = "sent_back"


class Resumed(str, Enum):
    """Why a clock that had stopped goes on."""

    # The case left the phase in which the clock stands.
    PHASE = "phase"
    # The complainant got the message about the closure.
    INFORMED = "informed"
    # The pause had lasted as long as one may.
    MAXIMUM = "maximum"


class LadderStep(str, Enum):
    """What a level of the escalation ladder does."""

    # The superior is told; the office keeps the case.
    NOTIFY = "notify"
    # The superior takes the case over.
    REASSIGN = "reassign"


class LadderMode(str, Enum):
    """How a level of the escalation ladder is taken."""

    # When its time has come.
    AUTOMATIC = "automatic"
    # When its time has come it is proposed; an officer takes it.
    APPROVAL = "approval"
    # Only when an officer takes it.
    MANUAL = "manual"


class JobKind(str, Enum):
    """What a schedule of the rulebook calls for."""

    # The MIS statement.
    STATEMENT = "statement"
    # An administrative review meeting.
    REVIEW = "review"
    # The round of outbound calls to complainants.
    FEEDBACK_CALLS = "feedback_calls"
    # A checkpoint over all histories, which the sweep makes itself.
    CHECKPOINT = "checkpoint"
    # A sample of disposed cases for a second look.
    VERIFICATION_SAMPLE = "verification_sample"


class MessageChannel(str, Enum):
    """By which way a message goes out."""

    # A text message.
    SMS = "sms"
    # An e-mail.
    EMAIL = "email"
    # The recipient's list in the portal or the office.
    INBOX = "inbox"
    # Paper.
    LETTER = "letter"


class NoticeState(str, Enum):
    """How far a message has come on its way out."""

    # It is yet to be delivered, or a try is under way.
    WAITING = "waiting"
    # The gateway took it.
    DELIVERED = "delivered"
    # It failed so often, or in such a way, that somebody must look at it.
    PARKED = "parked"
    # There is nobody any more to whom it could go.
    DROPPED = "dropped"
