'use strict';

const { document, text } = require('./given.cjs');
const { Handle, OURS, native, now, record, within } = require('./handle.cjs');

class Rulebook extends Handle {
  static preset(name) {
    return new Rulebook(OURS, now(() => native.Rulebook.preset(text('name', name))));
  }

  static presets() {
    return Object.freeze(native.Rulebook.presets());
  }

  static fromToml(source) {
    return new Rulebook(OURS, now(() => native.Rulebook.fromToml(text('text', source))));
  }

  static fromJson(source) {
    return new Rulebook(OURS, now(() => native.Rulebook.fromJson(text('text', source))));
  }

  static fromObject(given) {
    const source = JSON.stringify(document('document', given));
    return new Rulebook(OURS, now(() => native.Rulebook.fromJson(source)));
  }

  lint() {
    return record('Vec<Finding>', within('this', this, Rulebook).lint());
  }

  get version() {
    return within('this', this, Rulebook).version();
  }

  get zone() {
    return within('this', this, Rulebook).zone();
  }

  toObject() {
    return record('Json', within('this', this, Rulebook).document());
  }
}

module.exports = { Rulebook };
