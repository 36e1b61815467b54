// Mocha's usual output, and its counts, failures and times in a file: `npm test` closes with them, and goes by them.
"use strict";
const { mkdirSync, writeFileSync } = require("node:fs");
const { dirname, join, relative } = require("node:path");
const Mocha = require("mocha");

const ROOT = join(__dirname, "../..");
const FILE = join(ROOT, process.env.MOCHA_STATS || "cache/mocha-stats.json");

module.exports = class extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const times = {}; // by file, with what was set up for its tests [ms]
    let last = Date.now();
    runner.on(Mocha.Runner.constants.EVENT_TEST_END, ({ file }) => {
      const [now, name] = [Date.now(), relative(ROOT, file).replaceAll("\\", "/")];
      times[name] = (times[name] ?? 0) + now - last;
      last = now;
    });
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      mkdirSync(dirname(FILE), { recursive: true });
      const failed = this.failures.map((test) => `${test.fullTitle()}: ${String(test.err?.message).split("\n")[0]}`);
      writeFileSync(FILE, JSON.stringify({ ...this.stats, failed, times }));
    });
  }
};
