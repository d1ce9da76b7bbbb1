//! What somebody forgot.

/// What somebody forgot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Nothing,
    /// A commit is taken whatever version it was made for.
    VersionCheck,
    /// The tenant is in no key.
    Tenant,
    /// A command identity that was seen answers with its receipt, whatever the body.
    Fingerprint,
    /// Commands are not kept.
    Command,
    /// Messages are not written.
    OutboxRow,
    /// Only the messages of a commit's first case are written.
    CompanionsOutboxRow,
    /// Texts are not written.
    VaultRow,
    /// Texts of the identity compartment are not written.
    IdentityRow,
    /// A batch writes events and rows, and forgets texts, timers and messages.
    BatchForgets,
    /// The second text of an identity takes the place of the first.
    TextOverwritten,
    /// A commit is acknowledged when it is queued, and written with the next.
    EarlyAcknowledgement,
    /// A registration number may be given twice.
    NumberUniqueness,
    /// An external number may be given twice.
    ExternalUniqueness,
    /// Of a commit for several cases, those that fit are written.
    AllOrNothing,
    /// Of a batch, nothing after the first refusal is written.
    BatchStops,
    /// A timer that is taken away stays.
    TimerLeft,
    /// A conflict is told with the version that was expected, and one more.
    ConflictGuessed,
    /// A history goes on after an event of the right version, whatever its hash.
    RestUnchecked,
    /// A history goes on with the event that was read.
    RestRepeats,
    /// The hash of the last event is not given.
    HeadMissing,
    /// The row of a case is that of its first commit.
    RowStale,
    /// Searches do not look at the stage.
    FilterIgnored,
    /// A page begins with the case at which the one before ended.
    CursorIncluded,
    /// A scan answers as it did the first time.
    StaleScan,
    /// A block of serials is one serial.
    SerialBlock,
    /// Serials begin at 1, whatever the floor.
    SerialFloor,
    /// A version is in force from the millisecond after its activation.
    InForceLate,
    /// A post is held at its last instant too.
    PostHeldTooLong,
    /// A lease is over at once.
    LeaseIgnored,
    /// Whoever asks settles a message.
    ClaimUnchecked,
    /// Messages of one case go out as they come.
    OrderOfCase,
    /// Counts are not written beside the row of a code.
    CountLost,
    /// Counts are replaced whatever revision they were computed from.
    RevisionUnchecked,
    /// Whoever answers with the right code is told to be the first.
    CodeUsedTwice,
    /// A message of no commit that is put in again is put in again.
    PostedAgain,
    /// Whoever adds or finishes a job is told that it was them.
    JobForAll,
    /// A search gives whatever fits, out of whose reach it may be.
    SearchUnscoped,
    /// A scan gives every case.
    ScanUnscoped,
    /// A count counts every case.
    CountUnscoped,
    /// A survey counts what lies outside of its scope.
    SurveyUnscoped,
    /// The lines of a version are not kept.
    ChartForgotten,
    /// The lines of every version are kept as those of one.
    ChartOfOneVersion,
    /// A row takes the place of another of whatever version.
    RenewedAtAnyVersion,
    /// Every case that went on is told as one that has come.
    AdvancesFromNothing,
    /// Whoever makes a checkpoint is told that it was kept.
    CheckpointForAll,
    /// Nobody remembers which posts there are.
    PostForgotten,
    /// A rulebook is the text that was kept last.
    EditionReplaced,
    /// Whatever version is named comes into force.
    UnknownActivated,
    /// Cases of the version are named with those of others.
    UnmovedUnfiltered,
    /// Looks are given from the newest on.
    LooksReversed,
    /// Counts that say nothing any more stay.
    CountsStay,
    /// What is due comes from the newest on.
    DueReversed,
    /// A name that was not blinded narrows nothing down.
    WordsIgnored,
    /// A case is opened without its rulebook.
    OpeningHalf,
    /// That no case has a tracking code is an error.
    UnknownFails,
}
