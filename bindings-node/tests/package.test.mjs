// What the package says of itself, by `import` and by `require`.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import test from 'node:test';

import * as esm from 'grievance';

const require = createRequire(import.meta.url);
const cjs = require('grievance');
const { lists, verbs } = JSON.parse(require('../grievance.node').tables());

test('import and require give the same things', () => {
  assert.deepEqual(Object.keys(esm).sort(), Object.keys(cjs).sort());
  for (const name of Object.keys(cjs)) assert.equal(esm[name], cjs[name]);
});

test('every word of the core is there', () => {
  for (const { name, words } of lists) assert.deepEqual(cjs.words[name], words.map(({ word }) => word));
  assert(Object.isFrozen(cjs.words) && Object.isFrozen(cjs.words.Phase));
});

test('no type repeats a word, and a field whose sentence names a closed list is typed by it', () => {
  const types = readFileSync(new URL('../index.d.ts', import.meta.url), 'utf8');
  for (const [line] of types.matchAll(/^.*'[\w-]+'(?: \| '[\w-]+')+.*$/gm)) {
    const said = line.match(/'[\w-]+'/g);
    assert.equal(new Set(said).size, said.length, line);
  }
  const known = lists.map(({ name }) => name);
  const named = [...types.matchAll(/\/\*\* [^*]*?words? of `(\w+)`[^*]* \*\/\s+readonly (\w+)\??: (.*);/g)];
  assert(named.length > 20);
  for (const [, list, field, type] of named) {
    // Where one field of a record says what the others are, it may be known that there is none.
    const narrower = ['null', 'readonly []'].includes(type);
    assert(known.includes(list) && (narrower || new RegExp(`\\b${list}\\b|\\bKind\\b`).test(type)), `${field}: ${type}`);
  }
});

test('an instant of any year becomes a Date', () => {
  const { readers } = require('../lib/records.cjs');
  const { record: read } = readers([]);
  const at = (text) => read('Option<Instant>', JSON.stringify(text));
  assert.equal(at(null), null);
  assert.equal(at('2026-03-02T04:30:00.005Z').toISOString(), '2026-03-02T04:30:00.005Z');
  assert.equal(at('+12026-03-02T04:30:00Z').toISOString(), '+012026-03-02T04:30:00.000Z');
  assert.equal(at('-0001-03-02T04:30:00Z').toISOString(), '-000001-03-02T04:30:00.000Z');
});

test('every verb is a method', () => {
  for (const { name: action } of verbs) {
    const name = action.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
    assert.equal(cjs.Acting.prototype[name].name, name);
  }
  assert.equal(cjs.words.Action.length, verbs.length);
});

test('what only the package makes cannot be made', () => {
  for (const name of ['Acting', 'CodeDesk', 'Desk', 'Measures', 'Papers', 'Rulebook', 'VerifiedMobile']) {
    assert.throws(() => new cjs[name](), TypeError);
    assert.throws(() => new cjs[name](Symbol('made by the package'), {}), TypeError);
  }
});

test('a method that is taken off its handle is refused by it', async () => {
  const { close } = cjs.Desk.prototype;
  for (const own of [undefined, {}, cjs.Desk.prototype, cjs.KeyRing.forTests()]) {
    await assert.rejects(close.call(own), { name: 'TypeError', code: 'invalid_command' });
  }
});
