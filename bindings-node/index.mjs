// The same package for `import`: one addon, one set of classes.
import grievance from './index.cjs';

export const {
  Acting, AmendError, Cases, CodeDesk, Desk, GrievanceError, KeyRing, MacKeys, Measures, MessageRefusedError, Papers, ReloadError,
  RetryError, Rulebook, Table, VerifiedMobile, WaitError, closures, disposalIndex, durations, flow, kaplanMeier, mis,
  pendency, rank, rates, trends, words,
} = grievance;
