'use strict';

// What can go wrong, by what the caller can do about it.

/** A sentence with what may help, unless it says that already. */
function withHint(sentence, hint) {
  return hint === null || sentence.includes(hint) ? sentence : `${sentence} (${hint})`;
}

class GrievanceError extends Error {
  // Named here, so that they are its own whatever hangs above it.
  code;
  remedy;
  where;
  hint;
  findings;

  // A class of the host's own says what it likes of this, or nothing but its sentence.
  constructor(sentence = 'was refused', told = null) {
    const { code = 'invalid_command', remedy = 'amend', where = null, hint = null, findings = [] } = Object.assign(Object.create(null), told);
    super(withHint(sentence, hint));
    this.code = code;
    this.remedy = remedy;
    this.where = where;
    this.hint = hint;
    this.findings = findings;
  }

  toJSON() {
    const { name, message, code, remedy, where, hint, findings } = this;
    const own = { __proto__: null, name, message, code, remedy, where, hint };
    return findings.length === 0 ? own : { __proto__: null, ...own, findings };
  }

  get name() {
    return this.constructor.name;
  }
}
class AmendError extends GrievanceError {}
class ReloadError extends GrievanceError {}
class RetryError extends GrievanceError {}
class WaitError extends GrievanceError {}

/** Thrown by a host's gateway: it will never take this message, so that trying again is of no use. */
class MessageRefusedError extends AmendError {
  constructor(sentence = 'the gateway will not take the message') {
    super(sentence, { code: 'message_not_sent', remedy: 'amend', where: null, hint: null, findings: [] });
  }
}

const BY_REMEDY = new Map([
  ['amend', AmendError],
  ['reload', ReloadError],
  ['retry', RetryError],
  ['wait', WaitError],
]);

/** What was given is not of the type that it must have: JavaScript's own error, with a code and a place. */
function wrong(where, problem, hint = null) {
  const error = new TypeError(withHint(`${where}: ${problem}`, hint));
  const own = { code: 'invalid_command', remedy: 'amend', where, hint };
  for (const [name, value] of Object.entries(own)) {
    Object.defineProperty(error, name, { __proto__: null, value, enumerable: true, configurable: true, writable: true });
  }
  const toJSON = () => ({ __proto__: null, name: 'TypeError', message: error.message, ...own });
  Object.defineProperty(error, 'toJSON', { __proto__: null, value: toJSON, configurable: true, writable: true });
  return error;
}

/** What was given is of the type and cannot be so. */
function amend(code, where, problem, hint = null) {
  return new AmendError(`${where}: ${problem}`, { code, remedy: 'amend', where, hint, findings: [] });
}

/** Of an error that the addon raised, the one that people see. The addon puts the whole fault into its message. */
function raised(problem, findings) {
  let fault;
  try {
    fault = JSON.parse(problem.message);
  } catch {
    // Node-API's own: the addon was given what it did not expect.
    return wrong('argument', problem instanceof Error ? problem.message : 'cannot be used');
  }
  const kind = BY_REMEDY.get(fault.remedy) ?? GrievanceError;
  return new kind(fault.sentence, { __proto__: null, ...fault, findings: findings(fault.findings) });
}

/** A longer word is no slip of the pen, and takes long to compare. */
const MOST_COMPARED = 60;

/** The word that is nearest to one that is not known, as a question; all of them, where none is near. */
function nearest(word, known) {
  const all = [...known];
  let best = null;
  let least = Math.max(Math.floor(word.length / 2), 2) + 1;
  for (const one of word.length > MOST_COMPARED ? [] : all) {
    const apart = distance(word, one);
    if (apart < least) [best, least] = [one, apart];
  }
  return best === null ? `there are ${all.join(', ')}` : `did you mean ${JSON.stringify(best)}?`;
}

function distance(a, b) {
  let above = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const line = [i];
    for (let j = 1; j <= b.length; j += 1) {
      line[j] = Math.min(above[j] + 1, line[j - 1] + 1, above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    above = line;
  }
  return above[b.length];
}

module.exports = {
  GrievanceError, AmendError, MessageRefusedError, ReloadError, RetryError, WaitError, wrong, amend, raised, nearest,
};
