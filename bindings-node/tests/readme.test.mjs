// What the README and the guide show is run, and prints what they say.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { folder } from './common.mjs';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const README = readFileSync(join(PACKAGE, 'README.md'), 'utf8');
const GUIDE = readFileSync(join(process.env.GRIEVANCE_ROOT, 'docs', 'guide', 'node.md'), 'utf8');
const shown = (text) => text.match(/^```\w+$/gm).length;
const blocks = (text, kind = 'js') => [...text.matchAll(new RegExp('^```(?:' + kind + ')\\n(.*?)```', 'gms'))].map(([, block]) => block);

/** Runs a program that finds the package, in a folder of its own. */
function run(t, program) {
  const path = join(PACKAGE, `shown-${process.pid}-${Math.random()}.mjs`);
  t.after(() => rmSync(path));
  writeFileSync(path, program);
  return execFileSync(process.execPath, [path], { cwd: folder(t), encoding: 'utf8' }).trimEnd().split('\n');
}

test('the first lines work', (t) => {
  const [first] = blocks(README);
  assert(README.indexOf('```js') < 40, 'the README begins with them');
  assert(first.split('\n').filter(Boolean).length <= 10);
  assert.deepEqual(run(t, first), ['CITY-2026-000001 registered', '[ 1 ]']);
});

test('the lines on columns work', async () => {
  const [, second] = blocks(README);
  const pending = new Function('require', `${second}\nreturn pending;`)(createRequire(import.meta.url));
  const [received, ended] = [[new Date('2026-03-01T10:00:00Z'), null], [null, null]];
  const [rows, rejected] = await pending(received, ended, ['Works', 'Works']);
  assert.deepEqual([rows[0].pending, rejected[0].row], [1, 1]);
});

test('the guide is one program that works', (t) => {
  const ran = blocks(GUIDE);
  // What needs a server, `portal.test.mjs` runs.
  t.diagnostic(`node.md: ${ran.length} blocks were run, ${shown(GUIDE) - ran.length} were not`);
  assert.equal(ran.length, 7);
  assert.deepEqual(run(t, ran.join('\n')), ['conflict reload true', '1 1 0', '2 2 0 received 1 1', '2 0 true']);
});

test('what is shown is strict TypeScript, too', (t) => {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript')), 'tsc.js');
  const guide = blocks(GUIDE, 'js|ts').join('\n');
  const paths = [guide, blocks(README)[0]].map((program) => {
    const path = join(PACKAGE, `shown-${process.pid}-${Math.random()}.mts`);
    t.after(() => rmSync(path));
    writeFileSync(path, program);
    return path;
  });
  const asked = ['--strict', '--noEmit', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022', '--types', 'node', ...paths];
  const { status, stdout } = spawnSync(process.execPath, [tsc, ...asked], { cwd: PACKAGE, encoding: 'utf8' });
  assert.equal(status, 0, stdout);
});
