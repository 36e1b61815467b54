// Mocha's usual output, and its counts in a file: `npm test` adds them to forge's for its closing line.
"use strict";
const { mkdirSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const Mocha = require("mocha");

const FILE = join(__dirname, "../..", process.env.MOCHA_STATS || "cache/mocha-stats.json");

module.exports = class extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      mkdirSync(dirname(FILE), { recursive: true });
      writeFileSync(FILE, JSON.stringify(this.stats));
    });
  }
};
