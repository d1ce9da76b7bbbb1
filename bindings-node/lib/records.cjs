'use strict';

// Makes what people see of what the addon answers: frozen, plain, instants as `Date`s. The addon's
// table of records says which field is what.

/** Readers by the types of the record table: of JSON, and of what was parsed of it. */
function readers(table) {
  const known = new Map([
    ['Instant', instant],
    ['Json', frozen],
    ['SqlValue', sqlValue],
  ]);
  for (const { name, fields } of table) {
    known.set(name, (own) => {
      for (const field of fields) own[field.name] = reader(field.kind)(own[field.name]);
      return Object.freeze(own);
    });
  }

  /** What `JSON.parse` gave is the caller's alone, so that it is changed where it stands. */
  function reader(kind) {
    let read = known.get(kind);
    if (read === undefined) {
      const [, outer, inner] = /^(Option|Vec)<(.*)>$/.exec(kind) ?? [];
      if (outer === 'Option') read = optional(reader(inner));
      else if (outer === 'Vec') read = every(reader(inner));
      else read = same;
      known.set(kind, read);
    }
    return read;
  }
  const shown = (kind, value) => reader(kind)(value);
  return { record: (kind, text) => shown(kind, JSON.parse(text)), shown };
}

function same(value) {
  return value;
}

/** An instant as the core writes it. JavaScript wants six digits of a year that has not just four. */
function instant(text) {
  return new Date(text.replace(/^([+-])(\d+)-/, (_, sign, year) => `${sign}${year.padStart(6, '0')}-`));
}

function optional(read) {
  return (value) => (value === null ? null : read(value));
}

function every(read) {
  return (values) => {
    for (let at = 0; at < values.length; at += 1) values[at] = read(values[at]);
    return Object.freeze(values);
  };
}

function frozen(value) {
  if (typeof value === 'object' && value !== null) {
    for (const name of Object.keys(value)) frozen(value[name]);
    Object.freeze(value);
  }
  return value;
}

/** A parameter as drivers take it. A whole number that JavaScript cannot tell from its neighbours is a bigint. */
function sqlValue(value) {
  if (typeof value !== 'object' || value === null) return value;
  if (Object.hasOwn(value, 'blob')) return Buffer.from(value.blob, 'hex');
  const number = Number(value.integer);
  return Number.isSafeInteger(number) ? number : BigInt(value.integer);
}

module.exports = { frozen, readers };
