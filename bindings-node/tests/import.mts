// What `import` of the package allows and what it does not. `tsc` reads it under each resolution; it is never run.
import * as all from 'grievance';
import { Desk, type Instant } from 'grievance';
// @ts-expect-error: there is no default, in the types as at run time
import grievance from 'grievance';
// @ts-expect-error: nothing else of it can be reached
import * as inner from 'grievance/lib/given.cjs';

export const now: Instant = new Date();
export const opened: Promise<Desk> = all.Desk.open(':memory:');
export const used: unknown[] = [grievance, inner];
