'use strict';

// Papers: what an office gives out of its reviews, and keeps. Each is a text of the core's, which nothing here looks into.

const { fields } = require('./given.cjs');
const { Handle, later, tables, within } = require('./handle.cjs');
const { method, shapes } = require('./rows.cjs');

/** The papers of a desk, for whoever sees it: a method for each row of the paper table. */
class Papers extends Handle {}

for (const [what, taken] of shapes(tables.papers)) {
  method(Papers, what, (name) => ({
    async [name](options) {
      const own = within('this', this, Papers);
      const given = fields('options', options, taken);
      given.what = what;
      const question = JSON.stringify(given);
      return later(() => own.paper(question));
    },
  }));
}

module.exports = { Papers };
