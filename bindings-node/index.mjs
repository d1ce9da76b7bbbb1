// The same package for `import`: one addon, one set of classes.
import grievance from './index.cjs';

export const {
  Acting, AmendError, Cases, CodeDesk, Desk, GrievanceError, KeyRing, MacKeys, MessageRefusedError, ReloadError, RetryError,
  Rulebook, Table, VerifiedMobile, WaitError, disposalIndex, durations, flow, kaplanMeier, mis, pendency, rank, words,
} = grievance;
