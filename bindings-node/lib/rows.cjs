'use strict';

// Methods of the rows of a table: what each takes, and by which name people call it.

const { READERS, shape } = require('./given.cjs');

/** The rows of a table by their name: the shape of what each takes. */
function shapes(rows) {
  return new Map(rows.map(({ name, fields }) => {
    const taken = Object.fromEntries(fields.map(({ name: field, kind }) => [field, READERS.get(kind)]));
    return [name, shape(taken, fields.filter(({ must }) => must).map(({ name: field }) => field))];
  }));
}

/** As JavaScript names methods. */
function camel(name) {
  return name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
}

/** Gives a class the method of a row. */
function method(Class, row, make) {
  const name = camel(row);
  const own = make(name)[name];
  Object.defineProperty(Class.prototype, name, { __proto__: null, value: own, writable: true, configurable: true });
}

module.exports = { method, shapes };
