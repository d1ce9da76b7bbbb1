// Whatever is asked, an answer or an error with a code comes back; never an abort.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Worker } from 'node:worker_threads';

import * as gr from 'grievance';
import { citizen, later, NOW } from './common.mjs';
import { Office } from './hostile.mjs';

const CALLS = Number(process.env.GRIEVANCE_HOSTILE ?? 100_000);
const mebibytes = () => Math.round(process.memoryUsage().rss / 2 ** 20);

test('whatever is asked, Node gets an answer or an error', async (t) => {
  const office = await new Office(20_230_401).open();
  await office.attack(CALLS / 10);
  const before = mebibytes();
  await office.attack(CALLS - CALLS / 10);
  t.diagnostic(`${CALLS} calls: ${JSON.stringify(office.kinds)}; ${before} MiB after a tenth, ${mebibytes()} MiB after all`);
  // The draws reach each kind of end; a test that refused everything alike would prove little.
  for (const kind of ['answered', 'TypeError', 'AmendError', 'Angry']) assert(office.kinds[kind] > CALLS / 1_000, kind);
  // And the case is still there and whole.
  assert.equal((await office.desk.by(citizen, later(24)).case(office.case)).row.id, office.case);
});

test('every method of the package is hurt', async () => {
  const office = await new Office(7).open();
  const hurt = new Set(office.callables.map(([name]) => name));
  for (const kind of [gr.Acting, gr.Cases, gr.CodeDesk, gr.Desk, gr.Measures, gr.Rulebook, gr.Table]) {
    const methods = Object.entries(Object.getOwnPropertyDescriptors(kind.prototype)).filter(([, { value }]) => typeof value === 'function');
    const statics = Object.entries(Object.getOwnPropertyDescriptors(kind)).filter(([, { value, writable }]) => typeof value === 'function' && writable);
    // What closes a desk has a test of its own.
    const left = [...methods, ...statics].map(([name]) => name).filter((name) => !hurt.has(name) && !['constructor', 'close'].includes(name));
    assert.deepEqual(left, [], kind.name);
  }
});

test('a desk is hurt while it is closed', async () => {
  const office = await new Office(7).open();
  const attack = office.attack(500, { anew: false }).catch((problem) => problem);
  await office.desk.close();
  const problem = await attack;
  assert(problem === undefined || problem instanceof gr.GrievanceError, problem?.stack);
});

test('threads load the addon for themselves and hurt desks of their own', async () => {
  const worker = (seed) => new Promise((resolve, reject) => {
    const source = `
      import { parentPort } from 'node:worker_threads';
      import { Office } from ${JSON.stringify(new URL('./hostile.mjs', import.meta.url).href)};
      const office = await new Office(${seed}).open();
      await office.attack(500);
      parentPort.postMessage(office.kinds);
      // Left with a promise that nobody waits for.
      void office.desk.by({ person: 'per_${'1'.padStart(32, '0')}', role: 'complainant' }, new Date()).search();`;
    const own = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
    own.once('message', resolve).once('error', reject);
  });
  const kinds = await Promise.all([1, 2, 3].map(worker));
  for (const own of kinds) assert(own.answered > 0 && own.TypeError > 0, JSON.stringify(own));
});

test('a handle that went to another thread is none any more', async () => {
  const sent = structuredClone(gr.KeyRing.forTests());
  const problem = await gr.Desk.open(':memory:', { keys: sent }).catch((own) => own);
  assert(problem instanceof TypeError && problem.where === 'keys');
  assert.throws(() => structuredClone(citizen, { transfer: [sent] }));
  assert(NOW instanceof Date);
});
