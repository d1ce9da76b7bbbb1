'use strict';

// Measures over cases that a host brings, or that somebody sees at a desk. What they count, the core says.

const { amend, wrong } = require('./errors.cjs');
const { column, day, document, fields, instant, kindOf, list, mayBe, named, shape, text } = require('./given.cjs');
const { Handle, OURS, later, native, now, record, tables, within } = require('./handle.cjs');
const { method, shapes } = require('./rows.cjs');
const { Rulebook } = require('./rulebook.cjs');

/** The answer of a measure: columns of one length, and the rows that could not be counted. */
class Table {
  columns;
  rejected;
  about;

  constructor(token, columns, rejected, about) {
    if (token !== OURS) throw new TypeError('Illegal constructor');
    this.columns = columns;
    this.rejected = rejected;
    this.about = about;
    Object.freeze(this);
  }

  get length() {
    const [first = []] = Object.values(this.columns);
    return first.length;
  }

  toObjects() {
    const columns = Object.entries(this.columns);
    return Array.from({ length: this.length }, (_, row) => (
      Object.fromEntries(columns.map(([name, cells]) => [name, cells[row]]))
    ));
  }

  select(names) {
    const chosen = Array.from(list(text)('columns', names), (name) => {
      if (!Object.hasOwn(this.columns, name)) throw amend('invalid_command', name, 'the table has no such column');
      return [name, this.columns[name]];
    });
    return new Table(OURS, Object.freeze(Object.fromEntries(chosen)), this.rejected, this.about);
  }
}

async function table(question) {
  const { columns, rejected, about } = record('Json', await later(question));
  return new Table(OURS, Object.freeze(Object.fromEntries(columns)), rejected, about);
}

/** By so many columns of a host's may cases be grouped: each takes memory for every row. */
const MOST_GROUPS = 1_000;
const READ = shape({ zone: text, until: instant, columns: named(mayBe(text)), groups: groupsOf }, ['zone']);
const BOARD = shape(
  { as_of: day, rule: text, index: (where, value) => (typeof value === 'string' ? text : document)(where, value) },
  ['as_of', 'index'],
);
const REVIEW_PAGE = shape(
  { as_of: day, unit: text, rule: text, index: text, title: text, language: text, lists: text },
  ['as_of'],
);
/** Which cases: of each column a code, or several. */
const CHOSEN = named((where, value) => {
  if (typeof value === 'string') return text(where, value);
  if (Array.isArray(value)) return list(text)(where, value);
  throw wrong(where, `must be a string or an array of strings, not ${kindOf(value)}`);
});
const MIS = shape({ as_of: day, rule: text }, ['as_of']);

function groupsOf(where, value) {
  const own = list(text)(where, value);
  if (own.length > MOST_GROUPS) throw amend('invalid_command', where, `are more than ${MOST_GROUPS}`);
  return own;
}

const FIELDS = tables.lists.find(({ name }) => name === 'CaseField').words.map(({ word }) => word);

/** How cases are to be read, as the addon takes it. */
function reading(options) {
  const { zone, until, columns = Object.create(null), groups = [] } = fields('options', options, READ);
  return [JSON.stringify(columns), zone, until, Array.from(groups)];
}

/** Which columns the addon asks for: a host's own may be many, and as long as it likes. */
function wanted([map, , , groups]) {
  return new Set([...FIELDS, ...Object.values(JSON.parse(map)), ...groups]);
}

class Cases extends Handle {
  static async fromColumns(given, options) {
    const how = reading(options);
    const asked = wanted(how);
    const columns = native.Columns.none();
    const read = mayBe((name, value) => (asked.has(name) ? column(name, value) : ['other']));
    const own = named(read, (_, name) => name)('columns', given);
    for (const name of Object.keys(own)) {
      if (own[name] === undefined) continue;
      const [kind, ...values] = own[name];
      now(() => columns[kind](name, ...values));
    }
    return new Cases(OURS, await later(() => native.Cases.ofColumns(columns, ...how)));
  }

  static async fromJson(source, options) {
    const [rows, how] = [text('text', source), reading(options)];
    return new Cases(OURS, await later(() => native.Cases.ofJson(rows, ...how)));
  }

  static indexes() {
    return record('Json', native.Cases.indexes());
  }

  get length() {
    return within('this', this, Cases).length();
  }

  get rejected() {
    return record('Json', within('this', this, Cases).rejected());
  }

  get zone() {
    return within('this', this, Cases).zone();
  }

  async under(rulebook) {
    const own = within('this', this, Cases);
    const book = within('rulebook', rulebook, Rulebook);
    return new Cases(OURS, await later(() => own.under(book)));
  }

  async only(columns) {
    const own = within('this', this, Cases);
    const chosen = JSON.stringify(CHOSEN('only', columns));
    return new Cases(OURS, await later(() => own.only(chosen)));
  }

  async toArrays() {
    const own = within('this', this, Cases);
    return later(() => own.toArrays());
  }

  async disposalIndex(options) {
    const own = within('this', this, Cases);
    const { as_of, index, rule = 'calendar' } = fields('options', options, BOARD);
    const [code, definition] = typeof index === 'string' ? [index] : ['', JSON.stringify(index)];
    return table(() => own.board(as_of, code, definition, rule));
  }

  async rank(options) {
    return (await this.disposalIndex(options)).select(['unit', 'group', 'score', 'rank']);
  }

  async mis(options) {
    return misOf(within('this', this, Cases), options);
  }

  async misJson(options) {
    return misJsonOf(within('this', this, Cases), options);
  }
}

/** The measures by their name: what each takes. */
const MEASURES = shapes(tables.measures);

/** The measures that cases can answer by themselves, in the form in which every desk answers them. */
const OF_CASES = ['pendency', 'durations', 'kaplan_meier', 'flow', 'rates', 'closures', 'trends'];

/** Makes a method of measures. */
function measured(Class, what) {
  method(Class, what, (name) => ({
    async [name](options) {
      const handle = within('this', this, Class);
      const given = fields('options', options, MEASURES.get(what));
      given.what = what;
      const question = JSON.stringify(given);
      return table(() => handle.measure(question));
    },
  }));
}

/** The measures of the cases that somebody sees at a desk: a method for each row of the measure table. */
class Measures extends Handle {
  async reviewHtml(options) {
    const own = within('this', this, Measures);
    const { title, language = 'en', lists, ...given } = fields('options', options, REVIEW_PAGE);
    const question = JSON.stringify({ __proto__: null, what: 'review', ...given });
    return later(() => own.reviewHtml(question, title, language, lists));
  }
}

for (const what of MEASURES.keys()) measured(Measures, what);
for (const what of OF_CASES) measured(Cases, what);

async function casesOf(acting, asOf) {
  const on = day('as_of', asOf);
  return new Cases(OURS, await later(() => acting.cases(on)));
}

async function misOf(own, options) {
  const { as_of, rule = 'calendar' } = fields('options', options, MIS);
  return table(() => own.mis(as_of, rule));
}

async function misJsonOf(own, options) {
  const { as_of, rule = 'calendar' } = fields('options', options, MIS);
  return later(() => own.misJson(as_of, rule));
}

/** Each measure of cases as a function, which takes what somebody sees at a desk as well. */
function functions(Acting) {
  const measure = (name, as_of) => async (data, options) => {
    if (data instanceof Cases) return data[name](options);
    if (!(data instanceof Acting)) throw wrong('data', 'must be Cases, or the desk as somebody uses it');
    if (name === 'mis') return data.mis(options);
    // The desk knows up to when its cases must be read, so that the last period is whole.
    if (name === 'flow') return data.measures.flow(options);
    // Each option is read once: what is asked twice may answer twice.
    const once = Object.assign(Object.create(null), options);
    return (await data.cases(once[as_of]))[name](once);
  };
  const all = ['pendency', 'durations', 'kaplanMeier', 'rates', 'closures', 'disposalIndex', 'rank', 'mis'];
  const ofDays = Object.fromEntries(all.map((name) => [name, measure(name, 'as_of')]));
  return { ...ofDays, flow: measure('flow', 'until'), trends: measure('trends', 'until') };
}

module.exports = { Cases, Measures, Table, casesOf, functions, misJsonOf, misOf };
