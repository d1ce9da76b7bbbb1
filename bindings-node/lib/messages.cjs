'use strict';

// Messages to a gateway of the host's: one after the other, each until it is settled.

const { MessageRefusedError, wrong } = require('./errors.cjs');
const { kindOf } = require('./given.cjs');
const { answer, later, now, shown } = require('./handle.cjs');

/** Looks whether something may be a gateway. */
function gatewayOf(where, value) {
  if (typeof value !== 'function') throw wrong(where, `must be a function, not ${kindOf(value)}`);
  return value;
}

/** The name of what was thrown: its words may hold an address. */
function nameOf(problem) {
  try {
    const { name } = problem.constructor;
    return typeof name === 'string' && /^\w{1,64}$/.test(name) ? name : kindOf(problem);
  } catch {
    return 'something';
  }
}

/** Gives one message to the gateway; what it threw, if it did. */
async function give(round, gateway, message) {
  let reference;
  try {
    reference = await gateway(message);
  } catch (problem) {
    const name = nameOf(problem);
    round.failed(`the gateway threw ${name}`, problem instanceof MessageRefusedError);
    return name;
  }
  if (reference === undefined || reference === null || typeof reference === 'string') {
    round.taken(reference ?? undefined);
    return null;
  }
  // Some say `false` for what they did not send.
  round.failed('the gateway answered neither a reference nor nothing', false);
  return `returned ${kindOf(reference)}`;
}

/** Sends what a round has to send; what the round answers, with what the gateway threw. */
async function sent(kind, begin, gateway) {
  const round = now(begin);
  const raised = [];
  for (;;) {
    const message = await answer('Option<Message>', () => round.next());
    if (message === null) break;
    const problem = await give(round, gateway, message);
    if (problem !== null) raised.push({ message: message.id, name: problem });
  }
  const told = JSON.parse(await later(() => round.done()));
  if (Object.hasOwn(told, 'raised')) told.raised = raised;
  return shown(kind, told);
}

module.exports = { gatewayOf, sent };
