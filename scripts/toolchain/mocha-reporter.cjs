// Mocha's usual output, and its counts and failures in a file: `npm test` closes with them.
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
      const failed = this.failures.map((test) => `${test.fullTitle()}: ${String(test.err?.message).split("\n")[0]}`);
      writeFileSync(FILE, JSON.stringify({ ...this.stats, failed }));
    });
  }
};
