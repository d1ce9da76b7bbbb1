// What `require` of the package allows. `tsc` reads it under each resolution; it is never run.
import gr = require('grievance');

// One package: a desk is the same for both ways.
async function open(): Promise<import('grievance', { with: { 'resolution-mode': 'import' } }).Desk> {
  const at: gr.Instant = new Date();
  const desk = await gr.Desk.open(':memory:');
  await desk.sweep(at);
  return desk;
}

// @ts-expect-error: there is no such name
export = { open, none: gr.default };
