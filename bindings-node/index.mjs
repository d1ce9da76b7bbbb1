// The same package for `import`: one addon, one set of classes.
import grievance from './index.cjs';

export const {
  Acting, AmendError, CodeDesk, Desk, GrievanceError, KeyRing, MacKeys, ReloadError, RetryError, Rulebook,
  VerifiedMobile, WaitError, words,
} = grievance;
