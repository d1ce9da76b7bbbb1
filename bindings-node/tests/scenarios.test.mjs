// The scenario files that every language runs: same facts, same codes, same bytes.
import assert from 'node:assert/strict';
import test from 'node:test';

import { actionOf, DIGESTS, FILES, Run, scenario, VERBS } from './scenario.mjs';

const totals = { typed: 0, steps: 0 };

for (const name of FILES) {
  const stem = name.replace(/\.json$/, '');
  test(`${stem} ends as it says and leaves the same bytes`, async () => {
    const run = new Run(scenario(name));
    await run.play();
    assert.deepEqual(await run.digests(), DIGESTS[stem]);
    totals.typed += run.typed;
    totals.steps += run.scenario.steps.filter((step) => 'do' in step).length;
  });
}

test('every file has a digest and every verb is said', () => {
  assert.deepEqual(FILES.map((name) => name.replace(/\.json$/, '')), Object.keys(DIGESTS).sort());
  const said = new Set(FILES.flatMap((name) => scenario(name).steps.map(actionOf)));
  assert.deepEqual([...VERBS.keys()].filter((action) => !said.has(action)), []);
});

test('most steps go through the typed methods', () => {
  // The rest are requests that a typed method cannot even say: a field too many, a wrong type.
  assert(totals.steps > 0 && totals.typed > 0.9 * totals.steps, JSON.stringify(totals));
});

test('a runner that compares nothing would be noticed', async () => {
  const own = scenario(FILES[0]);
  Object.values(own.then)[0].phase = 'no such phase';
  await assert.rejects(new Run(own).play(), /no such phase/);
});
