//! Every failure's code, and what the caller can do about it.

use crate::vocabulary::closed::core_enum;

/// The table of remedies.
#[doc(hidden)]
#[macro_export]
macro_rules! for_remedy {
    ($then:ident) => {
        $then! {
            "What a caller can do about a failure."
            Remedy {
                Amend = "amend", "Change the request; the same one will fail again.";
                Reload = "reload", "Read the case again and decide anew: somebody else was first.";
                Retry = "retry", "Send the same request again.";
                Wait = "wait", "Send the same request again later.";
            }
        }
    };
}
for_remedy!(core_enum);

/// The table of error codes: each with its remedy.
#[doc(hidden)]
#[macro_export]
macro_rules! for_error_code {
    ($then:ident) => {
        $then! {
            "Why something was refused or failed. The list is closed and shared by every language."
            ErrorCode {
                InvalidCommand = "invalid_command", "A field of the command is missing or malformed.";
                UnknownCode = "unknown_code", "The rulebook has nothing of that code.";
                NotFound = "not_found", "There is no such case within reach.";
                AlreadyLodged = "already_lodged", "The case has been lodged already.";
                ActionNotOffered = "action_not_offered", "The workflow offers no such action at this stage to this role.";
                OutOfReach = "out_of_reach", "The case is not within the actor's reach.";
                FieldNotSeen = "field_not_seen", "The role does not see that field in full.";
                PostNotHeld = "post_not_held", "The roster does not say that the actor holds that post in that office.";
                UnitNotNamed = "unit_not_named", "The case is sealed, and nobody of the office named may know of it.";
                NotSealed = "not_sealed", "The case is not sealed.";
                RemarksMissing = "remarks_missing", "The step needs remarks.";
                ReasonMissing = "reason_missing", "The step needs a closure reason.";
                ReasonNotValid = "reason_not_valid", "The closure reason is not valid on this day or in this case.";
                ReasonAlreadySelected = "reason_already_selected", "Another reason was selected by the office that decides it.";
                EvidenceMissing = "evidence_missing", "The reason asks for evidence that is not there.";
                EvidenceNotValid = "evidence_not_valid", "A piece of evidence is malformed or cannot be so.";
                FeedbackMissing = "feedback_missing", "The complainant must be heard first.";
                FeedbackNotOutside = "feedback_not_outside", "Feedback must be taken outside the reporting office.";
                AttemptsMissing = "attempts_missing", "Too few attempts were made to reach the complainant.";
                WindowClosed = "window_closed", "The time allowed for the step has run out.";
                SameOfficer = "same_officer", "Another officer must take this step.";
                ApprovalMissing = "approval_missing", "A superior must approve it first.";
                PartsOpen = "parts_open", "Parts of the case are still open.";
                PartNotAllowed = "part_not_allowed", "The step is taken on the whole case, not on a part.";
                UnitNotBelow = "unit_not_below", "The office named is not below the holder.";
                UnitNotBeside = "unit_not_beside", "The office named is not beside the holder.";
                UnitClosed = "unit_closed", "The office named does not exist on this day.";
                AlreadyThere = "already_there", "The case is with that office already.";
                UnitAccused = "unit_accused", "The grievance is about that office or its line.";
                NobodySent = "nobody_sent", "No office sent the case to its holder.";
                NobodyAbove = "nobody_above", "No office is above the holder.";
                AlreadyOpened = "already_opened", "The case has been opened by its holder.";
                AssignmentBinding = "assignment_binding", "The cell's assignment is binding.";
                MustTransfer = "must_transfer", "A matter of another office is transferred, not closed.";
                NotConsulted = "not_consulted", "That office was not asked.";
                MergeImpossible = "merge_impossible", "These two cases cannot be joined.";
                NothingToRescind = "nothing_to_rescind", "The last step cannot be undone.";
                TooMany = "too_many", "A limit of the rulebook is reached.";
                TooLong = "too_long", "A text is longer than the rulebook allows.";
                Backdated = "backdated", "The instant lies too far back, or after it was recorded.";
                ClockBehind = "clock_behind", "The clock is behind the case's last event.";
                Conflict = "conflict", "Somebody else has changed the case meanwhile.";
                CommandReused = "command_reused", "The command identity was used for another command.";
                RulebookInvalid = "rulebook_invalid", "The rulebook has errors.";
                RulebookUnknown = "rulebook_unknown", "The store has no rulebook of that version.";
                MappingMissing = "mapping_missing", "A unit, stage or reason disappears without a mapping.";
                HistoryAltered = "history_altered", "The stored history was changed after it was written.";
                NotCovered = "not_covered", "No checkpoint covers the case yet; wait for the next one.";
                ProofInvalid = "proof_invalid", "A proof is malformed or does not hold.";
                ReceiptInvalid = "receipt_invalid", "The receipt is malformed or was copied wrongly.";
                EventUnreadable = "event_unreadable", "A stored event is of an unknown type or a newer version.";
                NumberInvalid = "number_invalid", "The registration number is malformed.";
                RowInvalid = "row_invalid", "A row of an imported file cannot be used.";
                DateInvalid = "date_invalid", "A date is malformed or does not exist.";
                DatesContradict = "dates_contradict", "A case cannot be closed before it was lodged.";
                DuplicateNumber = "duplicate_number", "An earlier row has the same number.";
                ContinuedHere = "continued_here", "The case has been carried on here since it was imported.";
                FileInvalid = "file_invalid", "The file cannot be read as what it should be.";
                MapInvalid = "map_invalid", "The column map does not fit the file.";
                SchemaUnknown = "schema_unknown", "The database was written by a newer version.";
                PartInvalid = "part_invalid", "A stored part of a figure is malformed, or does not fit the others.";
                FigureNotKept = "figure_not_kept", "What was asked does not follow from what is kept.";
                CodeTooOften = "code_too_often", "Codes are sent or tried too often; wait.";
                CodeWrong = "code_wrong", "The code is not right.";
                CodeSpent = "code_spent", "The code is used, expired or tried too often; ask for a new one.";
                CodeLocked = "code_locked", "Too many codes were wrong; an office must unlock the number.";
                MobileNotVerified = "mobile_not_verified", "Who lodges by oneself must verify the mobile first.";
                MobileDiffers = "mobile_differs", "The verified mobile is not the one that the lodging gives.";
                TokenInvalid = "token_invalid", "The token of a verified mobile is forged, expired or for another use.";
                MessageInvalid = "message_invalid", "A message cannot be written from its template and values.";
                MessageNotSent = "message_not_sent", "The gateway did not take the message; wait.";
                OnHold = "on_hold", "A hold keeps the words of the case.";
                NotOnHold = "not_on_hold", "There is no such hold.";
                CaseOpen = "case_open", "The case, or the one that carries it on, has not ended.";
                RetentionNotOver = "retention_not_over", "The rulebook keeps the words of the case longer.";
                KeyMissing = "key_missing", "The ring has no key of that identity; open the desk with it.";
                SealBroken = "seal_broken", "A kept text was altered or moved, or the key of that identity is another.";
                Busy = "busy", "The database is busy.";
                Undone = "undone", "The database took the work back for the sake of another; nothing was written.";
                AnswerLost = "answer_lost", "The connection broke before the answer; the same command, sent again, is answered as it was.";
                NotDurable = "not_durable", "The database may forget what it answered.";
                MayNotBlock = "may_not_block", "The store blocks, and this thread may not: use one of `spawn_blocking`.";
                Storage = "storage", "The storage failed.";
                DeskClosed = "desk_closed", "The desk was closed; open it again.";
            }
        }
    };
}
for_error_code!(core_enum);

impl ErrorCode {
    /// The remedy that fits this failure.
    pub const fn remedy(self) -> Remedy {
        match self {
            Self::Conflict | Self::ContinuedHere | Self::AlreadyOpened => Remedy::Reload,
            Self::Busy | Self::CodeTooOften | Self::MessageNotSent | Self::NotCovered => Remedy::Wait,
            Self::Storage | Self::Undone | Self::AnswerLost | Self::ClockBehind => Remedy::Retry,
            _ => Remedy::Amend,
        }
    }
}
