// A portal's desk over HTTP: who lodges, who works, who looks.
//
// The portal knows people by its log-in and has a clock; the library knows neither. What a person may do
// and see is the rulebook's business: nothing here looks at a role or a stage.
import { createServer } from 'node:http';

import { GrievanceError } from 'grievance';

const MOST_BYTES = 64 * 1024;

// What a remedy is in HTTP.
const STATUS = { amend: 422, reload: 409, retry: 503, wait: 503 };

/** What a page may ask of a case: the part of the address, and the verb. */
const STEPS = { remind: 'remind', dispose: 'dispose', feedback: 'recordFeedback', reopen: 'reopen' };

class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * A server of the desk. `sessions` says whose token is whose: a `Map` from token to actor, which the
 * portal's log-in fills. `zone` is the rulebook's, `now` the portal's clock.
 */
export function serve(desk, { sessions, zone, now = () => new Date() }) {
  return createServer(async (request, response) => {
    try {
      const [status, type, body] = await answer(desk, request, { sessions, zone, now });
      reply(response, status, type, body);
    } catch (problem) {
      const [status, body] = refusal(problem);
      reply(response, status, 'application/json', JSON.stringify(body));
    }
  });
}

/**
 * Does some work once and again: one round at a time, however long it takes. `wait` is called before each round with what begins it.
 * What goes wrong in a round is told, and the next comes all the same.
 */
export function rounds(work, wait, tell = (problem) => console.error(problem.code, problem.message)) {
  async function round() {
    try {
      await work();
    } catch (problem) {
      tell(problem);
    }
    wait(round);
  }
  wait(round);
}

async function answer(desk, request, { sessions, zone, now }) {
  const url = new URL(request.url, 'http://desk');
  const [what, id, step, ...more] = url.pathname.split('/').filter(Boolean);
  const actor = sessions.get(/^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]);
  if (actor === undefined) throw new Refused(401, 'log in first');
  // A page draws the identity of a command once: sent again, the same step is done once.
  const command = request.headers['idempotency-key'];
  const acting = desk.by(actor, now(), command === undefined ? {} : { command });
  const told = (status, value) => [status, 'application/json', JSON.stringify(value)];

  const route = `${request.method} ${what ?? ''}${id ? '/case' : ''}${step ? '/step' : ''}`;
  if (more.length > 0) throw new Refused(404, 'there is no such page');
  if (route === 'POST grievances') return told(201, await acting.lodge(await fields(request)));
  if (route === 'GET grievances') return told(200, await acting.search({ after: url.searchParams.get('after') }));
  if (route === 'GET grievances/case') {
    return told(200, { progress: await acting.progress(id), options: await acting.options(id) });
  }
  if (route === 'POST grievances/case/step' && Object.hasOwn(STEPS, step)) {
    return told(200, await acting[STEPS[step]](id, await fields(request)));
  }
  if (route === 'GET statement') {
    const asOf = { as_of: url.searchParams.get('as_of') ?? today(now(), zone) };
    if (!/\btext\/html\b/.test(request.headers.accept ?? '')) return told(200, (await acting.mis(asOf)).about);
    return [200, 'text/html; charset=utf-8', await acting.misHtml({ ...asOf, title: 'Weekly statement' })];
  }
  throw new Refused(404, 'there is no such page');
}

/** The offices' day: in Kolkata that of UTC is yesterday's until half past five in the morning. */
function today(at, zone) {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(at);
}

/** The fields of a step as JSON. Whether they fit the verb, the library says. */
async function fields(request) {
  const parts = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new Refused(413, 'that is too much');
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8') || '{}');
  } catch {
    throw new Refused(400, 'the body is no JSON');
  }
}

/** An error as the page sees it: the code, the field and the sentence, which names nobody. */
function refusal(problem) {
  if (problem instanceof Refused) return [problem.status, { message: problem.message }];
  if (!(problem instanceof GrievanceError) && problem.code !== 'invalid_command') {
    console.error(problem);
    return [500, { message: 'something went wrong' }];
  }
  const { code, remedy, where, message } = problem;
  return [code === 'not_found' ? 404 : STATUS[remedy], { code, remedy, where, message }];
}

function reply(response, status, type, body) {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}
