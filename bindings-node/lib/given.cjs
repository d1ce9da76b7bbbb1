'use strict';

// Looks at what a caller gives. Only an object's own properties are read, each once, and what goes on
// from here has no prototype: nothing that somebody hung on `Object.prototype` gets in.

const { types } = require('node:util');
const { wrong, amend, nearest } = require('./errors.cjs');

const MOST_DEEP = 100;

function kindOf(value) {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (types.isDate(value)) return 'a Date';
  if (typeof value === 'object') return 'an object';
  return value === undefined ? 'undefined' : `a ${typeof value}`;
}

const A_DATE_AS_TEXT = 'toISOString() tells an instant, YYYY-MM-DD a day';

function text(where, value) {
  if (typeof value !== 'string') {
    throw wrong(where, `must be a string, not ${kindOf(value)}`, types.isDate(value) ? A_DATE_AS_TEXT : null);
  }
  if (!value.isWellFormed()) throw amend('invalid_command', where, 'holds half a character');
  return value;
}

function flag(where, value) {
  if (typeof value !== 'boolean') throw wrong(where, `must be a boolean, not ${kindOf(value)}`);
  return value;
}

/** A reader of whole numbers from one up to another. */
function whole(most = Number.MAX_SAFE_INTEGER, least = 0) {
  return (where, value) => {
    if (typeof value !== 'number') throw wrong(where, `must be a number, not ${kindOf(value)}`);
    if (!Number.isInteger(value) || value < least || value > most) {
      throw amend('invalid_command', where, `is no whole number from ${least} to ${most}`);
    }
    return value;
  };
}

/** A number that JSON can say. */
function finite(where, value) {
  if (typeof value !== 'number') throw wrong(where, `must be a number, not ${kindOf(value)}`);
  if (!Number.isFinite(value)) throw amend('invalid_command', where, 'is no number');
  return value;
}

/** A seed of 64 bits, as its digits. */
function seed(where, value) {
  const given = typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof given !== 'bigint') throw wrong(where, `must be a whole number or a bigint, not ${kindOf(value)}`);
  return given.toString();
}

/** An instant, as RFC 3339: of a `Date`, or of a text that the addon reads. */
function instant(where, value) {
  if (typeof value === 'string') return text(where, value);
  if (!types.isDate(value)) throw wrong(where, `must be a Date or a string, not ${kindOf(value)}`);
  const at = Date.prototype.getTime.call(value);
  if (Number.isNaN(at)) throw amend('date_invalid', where, 'is an invalid Date');
  return new Date(at).toISOString();
}

/** A day: YYYY-MM-DD. A `Date` is an instant, and on which day it lies depends on where one is. */
function day(where, value) {
  if (types.isDate(value)) throw wrong(where, 'must be a day, not a Date', 'YYYY-MM-DD, in the zone of the offices');
  return text(where, value);
}

/** A reader of arrays. */
function list(each) {
  return (where, value) => {
    if (!Array.isArray(value)) throw wrong(where, `must be an array, not ${kindOf(value)}`);
    const own = [];
    for (let at = 0, length = value.length; at < length; at += 1) own.push(each(`${where}[${at}]`, value[at]));
    return bare(own);
  };
}

/** So that `JSON.stringify` finds no `toJSON` on it. */
function bare(own) {
  return Object.setPrototypeOf(own, null);
}

function isPlain(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const above = Object.getPrototypeOf(value);
  return above === null || Object.getPrototypeOf(above) === null;
}

function plainOnly(where, value) {
  if (isPlain(value)) return;
  const instance = typeof value === 'object' && value !== null && !Array.isArray(value);
  throw wrong(where, `must be a plain object, not ${kindOf(value)}`, instance ? 'of an instance of a class, { ...it }' : null);
}

/** Things by their names, each read alike. */
function named(each, place = (where, name) => `${where}.${name}`) {
  return (where, value) => {
    plainOnly(where, value);
    const own = Object.create(null);
    for (const name of Object.keys(value)) own[text(where, name)] = each(place(where, name), value[name]);
    return own;
  };
}

/** A shape: which fields an object may have, each with its reader, and which it must. */
function shape(fields, must = []) {
  return { readers: new Map(Object.entries(fields)), must: new Set(must) };
}

/** The fields of an object, and none that its shape does not have. `null` stands for what is absent. */
function fields(where, value, { readers, must }) {
  plainOnly(where, value);
  const own = Object.create(null);
  for (const name of Object.keys(value)) {
    const reader = readers.get(name);
    if (reader === undefined) throw amend('invalid_command', name, `${where} has no such field`, nearest(name, readers.keys()));
    const given = value[name];
    if (given === undefined) continue;
    if (given !== null) own[name] = reader(name, given);
    else if (must.has(name)) throw amend('invalid_command', name, 'must be there, and is null');
  }
  for (const name of must) {
    if (own[name] === undefined) throw amend('invalid_command', name, 'is missing');
  }
  return own;
}

/** A document of what JSON has, whole. */
function document(where, value, deep = 0) {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return text(where, value);
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value;
    throw amend('invalid_command', where, 'is a number that JSON does not have');
  }
  if (deep === MOST_DEEP) throw amend('invalid_command', where, 'lies too deep, or within itself');
  if (Array.isArray(value)) return list((at, one) => document(at, one, deep + 1))(where, value);
  if (types.isDate(value)) throw wrong(where, 'must be what JSON has, not a Date', A_DATE_AS_TEXT);
  plainOnly(where, value);
  const own = Object.create(null);
  for (const name of Object.keys(value)) {
    const one = value[name];
    if (one !== undefined) own[text(where, name)] = document(deep === 0 ? name : `${where}.${name}`, one, deep + 1);
  }
  return own;
}

/** A copy of bytes: what the caller has may change while the pool works. */
function bytes(where, value) {
  if (!types.isUint8Array(value)) throw wrong(where, `must be a Uint8Array, not ${kindOf(value)}`);
  return copied(where, Uint8Array, value);
}

function copied(where, kind, value) {
  try {
    return new kind(value);
  } catch {
    throw wrong(where, 'has lost its memory');
  }
}

/** A row without a text has the highest key. */
const NO_KEY = 2 ** 32 - 1;
/** Of an array, which may say that it is longer than memory. A typed array is as long as it is. */
const MOST_ROWS = 2 ** 22;

/**
 * A column as the addon takes it: `[kind, …]`. Typed arrays as they are, arrays of what their first value
 * is, or texts as `{ codes, indexes }`. Null is what is not known.
 */
function column(where, value) {
  if (types.isBigInt64Array(value)) return ['longs', copied(where, BigInt64Array, value)];
  if (types.isBigUint64Array(value)) throw wrong(where, 'must be a BigInt64Array, not a BigUint64Array');
  // Only the host knows whether these are milliseconds or a count.
  if (types.isFloat64Array(value)) return ['numbers', copied(where, Float64Array, value)];
  if (types.isTypedArray(value)) return ['counts', copied(where, Float64Array, value)];
  if (!Array.isArray(value)) {
    const { codes, indexes } = fields(where, value, CODED);
    return ['texts', codes, indexes];
  }
  if (value.length > MOST_ROWS) throw amend('invalid_command', where, 'has too many rows for an array', 'a typed array, or { codes, indexes }');
  const first = value.find((one) => one !== null && one !== undefined);
  if (first === undefined) return ['nothing', value.length];
  if (typeof first === 'string') return ['texts', ...coded(where, value)];
  return types.isDate(first)
    ? ['instants', numbered(where, value, millis)]
    : ['counts', numbered(where, value, number)];
}

const CODED = shape(
  {
    codes: (where, value) => Array.from(list(text)(where, value)),
    indexes: (where, value) => {
      if (!types.isUint32Array(value)) throw wrong(where, `must be a Uint32Array, not ${kindOf(value)}`);
      return copied(where, Uint32Array, value);
    },
  },
  ['codes', 'indexes'],
);

/** Each different text once, and for each row its place. */
function coded(where, values) {
  const [places, codes, keys] = [new Map(), [], new Uint32Array(values.length)];
  for (let at = 0; at < keys.length; at += 1) {
    const one = values[at];
    if (one === null || one === undefined) {
      keys[at] = NO_KEY;
      continue;
    }
    let place = places.get(one);
    if (place === undefined) {
      codes.push(text(`${where}[${at}]`, one));
      places.set(one, (place = codes.length - 1));
    }
    keys[at] = place;
  }
  return [codes, keys];
}

/** A number for each: what is not known is NaN. */
function numbered(where, values, each) {
  const own = new Float64Array(values.length);
  for (let at = 0; at < own.length; at += 1) {
    const one = values[at];
    own[at] = one === null || one === undefined ? NaN : each(where, at, one);
  }
  return own;
}

function millis(where, at, value) {
  if (!types.isDate(value)) throw wrong(`${where}[${at}]`, `must be a Date like the others, not ${kindOf(value)}`);
  const own = Date.prototype.getTime.call(value);
  if (Number.isNaN(own)) throw amend('date_invalid', `${where}[${at}]`, 'is an invalid Date');
  return own;
}

function number(where, at, value) {
  if (typeof value !== 'number' && typeof value !== 'boolean') {
    throw wrong(`${where}[${at}]`, `must be a number like the others, not ${kindOf(value)}`);
  }
  if (Number.isNaN(value)) throw amend('invalid_command', `${where}[${at}]`, 'is no number', 'null for what is not known');
  return Number(value);
}

/** A reader of what may be absent. */
function mayBe(read) {
  return (where, value) => (value === undefined || value === null ? undefined : read(where, value));
}

/** Readers by the types of the tables. */
const READERS = new Map([
  ['String', text],
  ['bool', flag],
  ['u32', whole(2 ** 32 - 1)],
  ['f64', finite],
  ['Day', day],
  ['Vec<u32>', list(whole(2 ** 32 - 1))],
  ['Vec<f64>', list(finite)],
  ['Vec<String>', list(text)],
  ['BTreeMap<String,String>', named(mayBe(text))],
]);

module.exports = {
  READERS, bytes, column, day, document, fields, flag, instant, kindOf, list, mayBe, named, seed, shape, text, whole,
};
