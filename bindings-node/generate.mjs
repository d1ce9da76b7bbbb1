// Writes `index.d.ts` from the tables of the core: closed lists, verbs, measures, papers and records, laid into
// `stub/index.d.ts`.
//
//     node generate.mjs <where> [--check]
//
// With `--check` it fails where what is committed is not what would be written.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const native = createRequire(import.meta.url)('./grievance.node');
const { lists, verbs: rows, measures, papers, records } = JSON.parse(native.tables());
const verbs = rows.map(({ name: action, ...row }) => ({ action, ...row }));
const [where, check] = process.argv.slice(2);
const WORDS = new Map(lists.map((list) => [list.name, new Set(list.words.map(({ word }) => word))]));

/** Of what a caller may leave out: also where `exactOptionalPropertyTypes` is on. */
const MAY_BE_ABSENT = ' | null | undefined';

/** The only field of its kind. */
const EVIDENCE = `{ readonly [Kind in EvidenceKind]?: string${MAY_BE_ABSENT} }`;

const quoted = (words) => words.map((word) => `'${word}'`);
const camel = (action) => action.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
const fieldsOf = (action) => `${camel(`_${action}`)}Fields`;

/** A comment of one or several lines. */
function doc(indent, ...lines) {
  if (lines.length === 1) return [`${indent}/** ${lines[0]} */`];
  return [`${indent}/**`, ...lines.map((line) => (line === '' ? `${indent} *` : `${indent} * ${line}`)), `${indent} */`];
}

/**
 * The words that a sentence allows: it names a closed list, or begins with each word that there is, as in "By what: `a`, `b` or
 * `c`; `a` if absent." One that names words in passing allows any text.
 */
function allowed(about) {
  const named = /words? of `(\w+)`/.exec(about)?.[1];
  if (named !== undefined) {
    if (!WORDS.has(named)) throw new Error(`there is no list ${named}: ${about}`);
    return named;
  }
  const told = /^(?:[^`:]*: )?(`[^;.]*)[;.]/.exec(about)?.[1] ?? '';
  // A word may have a clause behind it: "`below`, with everything below the office, or `alone`".
  if (!/^`[\w-]+`(?:, `[\w-]+`|(?:,[^`,(]*,)? or `[\w-]+`)+$/.test(told)) return null;
  const said = [...told.matchAll(/`([\w-]+)`/g)].map(([, word]) => word);
  if (new Set(said).size !== said.length) throw new Error(`a word is said twice: ${about}`);
  const list = [...WORDS].find(([, words]) => said.length === words.size && said.every((word) => words.has(word)));
  return list?.[0] ?? quoted(said).join(' | ');
}

/** The type of a Rust one. What is given may be a word more narrowly than a text. */
function typed(kind, about) {
  const inner = /^(Option|Vec)<(.*)>$/.exec(kind);
  if (inner?.[1] === 'Option') return `${typed(inner[2], about)} | null`;
  if (inner?.[1] === 'Vec') {
    const one = typed(inner[2], about);
    return `readonly ${/[ |]/.test(one) ? `(${one})` : one}[]`;
  }
  const plain = {
    String: allowed(about) || 'string',
    bool: 'boolean',
    u32: 'number',
    f64: 'number',
    u64: 'number',
    i64: 'number',
    Instant: 'Date',
    Day: 'Day',
    Json: 'JsonValue',
    SqlValue: 'SqlValue',
    'BTreeMap<String,String>': EVIDENCE,
  };
  return plain[kind] ?? kind;
}

function verbLines() {
  return verbs.flatMap(({ action, about, fields }) => {
    const [name, all] = [camel(action), fieldsOf(action)];
    const values = fields.some(({ must }) => must) ? `fields: ${all}` : `fields?: ${all} | null`;
    const given = action === 'lodge' ? values : `case_id: string, ${values}`;
    return [...doc('  ', about), `  ${name}(${given}): Promise<Done>;`];
  });
}

const asked = (name) => camel(`_${name}`).concat('Question');
const OF_CASES = ['pendency', 'durations', 'kaplan_meier', 'flow', 'rates', 'closures', 'trends'];

function measureLines(of = measures) {
  return of.flatMap(({ name, about }) => [
    ...doc('  ', about),
    `  ${camel(name)}(options: ${asked(name)}): Promise<Table>;`,
  ]);
}

const paperLines = () => papers.flatMap(({ name, about }) => [
  ...doc('  ', about),
  `  ${camel(name)}(options: ${asked(name)}): Promise<string>;`,
]);

const casesLines = () => measureLines(measures.filter(({ name }) => OF_CASES.includes(name)));

function functionLines() {
  return OF_CASES.map(camel).flatMap((name) => [
    ...doc('', `{@link Cases.${name}}; of a desk, {@link Measures.${name}}.`),
    `export function ${name}(data: CaseData, options: ${asked(name)}): Promise<Table>;`,
  ]);
}

function questionLines() {
  const of = (Class, rows) => rows.flatMap(({ name, about, fields }) => [
    ...doc('', `${about} What {@link ${Class}.${camel(name)}} is asked.`),
    `export interface ${asked(name)} {`,
    ...fields.flatMap(({ name: field, kind, must, about: sentence }) => [
      ...doc('  ', sentence),
      `  readonly ${field}${must ? '' : '?'}: ${typed(kind, sentence)}${must ? '' : MAY_BE_ABSENT};`,
    ]),
    '}',
    '',
  ]);
  return [...of('Measures', measures), ...of('Papers', papers)];
}

function requestLines() {
  const each = verbs.flatMap(({ action, about, fields }) => [
    ...doc('', `${about} What {@link Acting.${camel(action)}} takes.`),
    `export interface ${fieldsOf(action)} {`,
    ...fields.flatMap(({ name, kind, must, about: sentence }) => [
      ...doc('  ', sentence),
      `  readonly ${name}${must ? '' : '?'}: ${typed(kind, sentence)}${must ? '' : MAY_BE_ABSENT};`,
    ]),
    '}',
    '',
  ]);
  return [
    ...each,
    ...doc('', 'A request of any verb, told apart by its `action`.'),
    'export type Request =',
    ...verbs.map(({ action }, at) => `  | ({ readonly action: '${action}' } & ${fieldsOf(action)})${at === verbs.length - 1 ? ';' : ''}`),
  ];
}

/** Records of which one field says what the others are. */
const VARIANTS = {
  Offer: [
    { allowed: 'true', missing: 'readonly []', because: 'readonly []' },
    { allowed: 'false', asks: 'readonly []' },
  ],
  Ahead: [
    { what: "'missed' | 'goes_on' | 'window_ends'", target: 'TargetKind', unit: 'null', level: 'null' },
    { what: "'told_to' | 'goes_to' | 'proposed'", target: 'null', unit: 'string', level: 'number' },
  ],
  Preparation: [{ ready: 'true' }, { ready: 'false', statements: 'readonly []' }],
  Message: [
    { to: "'mobile' | 'email' | 'postal' | 'inbox'", address: 'string', unit: 'null', post: 'null' },
    { to: "'unit'", address: 'null', unit: 'string', post: 'null' },
    { to: "'post'", address: 'null', unit: 'string', post: 'string' },
  ],
};

const SAYS = [
  '`kind` tells the variants apart. `says` is JSON as it is stored, with the names of the wire format: instants in it are numbers,',
  'milliseconds since 1970 UTC, and no `Date`s.',
];

function recordLines() {
  return records.flatMap(({ name, about, fields }) => {
    const rows = (own) => fields.flatMap(({ name: field, kind, about: sentence }) => [
      ...doc('  ', sentence),
      `  readonly ${field}: ${own[field] ?? typed(kind, sentence)};`,
    ]);
    const variants = VARIANTS[name];
    if (name === 'EventView') {
      const one = rows({ kind: 'Kind' });
      return [
        ...doc('', about, '', ...SAYS),
        'export type EventView = { [Kind in EventKind]: EventOf<Kind> }[EventKind];',
        ...doc('', 'An event of one kind.'),
        'export interface EventOf<Kind extends EventKind> {', ...one, '}', '',
      ];
    }
    if (!variants) return [...doc('', about), `export interface ${name} {`, ...rows({}), '}', ''];
    return [
      ...doc('', about),
      `export type ${name} =`,
      ...variants.flatMap((own, at) => ['  | {', ...rows(own).map((row) => `    ${row}`), `    }${at === variants.length - 1 ? ';' : ''}`]),
      '',
    ];
  });
}

function wordLines() {
  const unions = lists.flatMap(({ name, about, words }) => [
    ...doc('', about, '', ...words.map(({ word, about: sentence }) => `- \`${word}\`: ${sentence}`)),
    `export type ${name} =`,
    ...quoted(words.map(({ word }) => word)).map((word, at) => `  | ${word}${at === words.length - 1 ? ';' : ''}`),
    '',
  ]);
  return [
    ...unions,
    ...doc('', 'The closed lists: each an array of its words, in order.'),
    'export const words: {',
    ...lists.map(({ name }) => `  readonly ${name}: readonly ${name}[];`),
    '};',
  ];
}

const laid = {
  cases: casesLines,
  functions: functionLines,
  measures: measureLines,
  papers: paperLines,
  questions: questionLines,
  verbs: verbLines, records: recordLines,
  requests: requestLines,
  words: wordLines,
};
const lines = readFileSync(new URL('./stub/index.d.ts', import.meta.url), 'utf8').split('\n');
const written = ['// Written by `generate.mjs` from the tables of the core and `stub/index.d.ts`.', ...lines]
  .flatMap((line) => laid[/^ *\/\/ (\w+)$/.exec(line)?.[1]]?.() ?? [line])
  .join('\n');
if (check !== '--check') writeFileSync(where, written);
else if (readFileSync(where, 'utf8') !== written) {
  console.error('index.d.ts is not what generate.mjs writes: scripts/node --generate');
  process.exitCode = 1;
}
