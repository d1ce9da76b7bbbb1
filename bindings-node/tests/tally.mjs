// A reporter of one line, in the form of cargo's, which `scripts/test` adds up.
export default async function* tally(events) {
  let [passed, failed, skipped] = [0, 0, 0];
  for await (const { type, data } of events) {
    if ((type !== 'test:pass' && type !== 'test:fail') || data.details?.type === 'suite') continue;
    if (data.skip !== undefined || data.todo !== undefined) skipped += 1;
    else if (type === 'test:pass') passed += 1;
    else failed += 1;
  }
  yield `\ntest result: ${failed ? 'FAILED' : 'ok'}. ${passed} passed; ${failed} failed; ${skipped} ignored; node\n`;
}
