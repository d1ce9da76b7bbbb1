// Lays out the package as people install it: its files, the licences, and the addon of one platform.
//
//     node assemble.mjs <addon> <where>
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [addon, where] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const LICENCES = ['LICENSE', 'LICENSE-APACHE', 'LICENSE-MIT'];
const NATIVE = 'grievance.node';

const said = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
rmSync(where, { recursive: true, force: true });
mkdirSync(where, { recursive: true });
for (const name of ['README.md', ...said.files]) {
  if (name === NATIVE) copyFileSync(addon, join(where, name));
  else cpSync(LICENCES.includes(name) ? join(here, '..', name) : join(here, name), join(where, name), { recursive: true });
}
// npm then refuses to install it where the addon cannot run.
const { glibcVersionRuntime: glibc } = process.report.getReport().header;
const libc = process.platform === 'linux' ? { libc: [glibc ? 'glibc' : 'musl'] } : {};
const own = { ...said, os: [process.platform], cpu: [process.arch], ...libc };
writeFileSync(join(where, 'package.json'), `${JSON.stringify(own, null, 2)}\n`);
