// What is packed is all that it needs, and loads where nothing else is.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { folder } from './common.mjs';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const NATIVE = 'grievance.node';
const said = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));

/** Every file that a part of the manifest names. */
const named = (part) => (typeof part === 'string' ? [part.replace(/^\.\//, '')] : Object.values(part).flatMap(named));

/** Packs the package, unpacks it as npm does, and answers the files that were in it. */
function unpacked(place) {
  const laid = join(place, 'laid');
  cpSync(PACKAGE, laid, { recursive: true, filter: (from) => from !== join(PACKAGE, NATIVE) });
  // Of a build for tests the addon has a hundred megabytes, which nobody must wait to be packed: it is put there after.
  writeFileSync(join(laid, NATIVE), '');
  const asked = ['pack', '--json', '--offline', '--ignore-scripts', '--cache', join(place, 'cache'), '--pack-destination', place];
  const npm = (...more) => JSON.parse(execFileSync('npm', [...asked, ...more], { cwd: laid, encoding: 'utf8', shell: process.platform === 'win32' }))[0];
  const paths = npm('--dry-run').files.map(({ path }) => path);
  const { filename } = npm();
  const home = join(place, 'node_modules', said.name);
  mkdirSync(home, { recursive: true });
  execFileSync('tar', ['-xzf', join(place, filename), '-C', home, '--strip-components=1']);
  rmSync(join(home, NATIVE));
  try {
    linkSync(join(PACKAGE, NATIVE), join(home, NATIVE));
  } catch {
    copyFileSync(join(PACKAGE, NATIVE), join(home, NATIVE));
  }
  return paths;
}

test('the package holds what it names, says where it runs, and loads by itself', (t) => {
  const place = folder(t);
  const paths = unpacked(place);
  const wanted = [...named(said.main), ...named(said.types), ...named(said.exports), NATIVE, 'README.md', 'LICENSE', 'LICENSE-APACHE', 'LICENSE-MIT'];
  assert.deepEqual(wanted.filter((path) => !paths.includes(path)), []);
  assert.deepEqual(paths.filter((path) => /^(tests|stub|bench)\/|assemble|generate/.test(path)), []);
  assert.deepEqual([said.os, said.cpu], [[process.platform], [process.arch]]);

  const program = (name, source) => {
    writeFileSync(join(place, name), source);
    return execFileSync(process.execPath, [join(place, name)], { cwd: place, encoding: 'utf8' }).trim();
  };
  const use = 'Desk.open(":memory:").then((desk) => desk.close()).then(() => console.log(typeof Desk, words.Phase.length > 0));';
  assert.equal(program('a.mjs', `import { Desk, words } from 'grievance';\n${use}`), 'function true');
  assert.equal(program('a.cjs', `const { Desk, words } = require('grievance');\n${use}`), 'function true');
  assert.equal(program('b.cjs', `console.log(require('grievance/package.json').version);`), said.version);
  // As the types say: no default.
  const defaults = `import('./c.mjs').catch((problem) => console.log(problem.name));`;
  writeFileSync(join(place, 'c.mjs'), `import grievance from 'grievance';\n`);
  assert.equal(program('d.mjs', defaults), 'SyntaxError');
});
