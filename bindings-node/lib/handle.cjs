'use strict';

// Handles around those of the addon, and the two ways to ask them: at once, and by a promise.

const native = require('../grievance.node');
const errors = require('./errors.cjs');
const { kindOf } = require('./given.cjs');
const { frozen, readers } = require('./records.cjs');

const tables = frozen(JSON.parse(native.tables()));
const { record, shown } = readers(tables.records);

const OURS = Symbol('made by the package');
const handles = new WeakMap();

/** A handle that only the package makes, around one of the addon's. */
class Handle {
  // Of a class that others may extend, it says which class of the package it is.
  constructor(token, own, kind = new.target) {
    if (token !== OURS) throw new TypeError('Illegal constructor');
    handles.set(this, { kind, own });
  }
}

/** The addon's handle within one of ours. */
function within(where, value, kind) {
  const handle = handles.get(value);
  if (handle?.kind !== kind) throw errors.wrong(where, `must be ${/^[AEIOU]/.test(kind.name) ? 'an' : 'a'} ${kind.name}, not ${kindOf(value)}`);
  return handle.own;
}

/** Asks the addon at once. */
function now(question) {
  try {
    return question();
  } catch (problem) {
    throw raised(problem);
  }
}

/** Asks the addon, which answers by a promise. */
async function later(question) {
  try {
    return await question();
  } catch (problem) {
    throw raised(problem);
  }
}

function raised(problem) {
  return errors.raised(problem, (findings) => shown('Vec<Finding>', findings));
}

/** Asks the addon for records. */
async function answer(kind, question) {
  return record(kind, await later(question));
}

module.exports = { Handle, OURS, answer, later, native, now, record, shown, tables, within };
