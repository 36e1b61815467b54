#!/usr/bin/env node
// One way in from a fresh clone: installs and compiles what is missing, then runs a target.
//   node scripts/bootstrap.cjs <target> [arguments]; without a target it lists them
// Needs nothing but Node, and must parse on an old one (12), or its first message is never seen.
"use strict";
var spawn = require("child_process").spawn;
var crypto = require("crypto");
var fs = require("fs");
var os = require("os");
var path = require("path");

var ROOT = path.join(__dirname, "..");
var HARDHAT = "node_modules/hardhat/internal/cli/bootstrap.js";
var LOCK = "package-lock.json";
var INSTALLED = "node_modules/.trellis-lock";
var COMPILED = "cache/.trellis-sources";
var TIMES = "cache/test-times.json";
/** What a process of tests may take, and what a test file is taken to need that never ran here [ms]. */
var BATCH_MS = 150000;
var UNKNOWN_MS = 6000;
/** The chain in memory gets and gives back so much that the system spends as long on it as the tests do: let it keep some. */
var KEEPS_MEMORY = os.totalmem() > 12 * 2 ** 30 ? { MIMALLOC_PURGE_DELAY: "-1" } : {};
var OLDEST_NODE = [20, 19];

var at = (file) => path.join(ROOT, file);
var say = (line) => process.stdout.write(line + "\n");
var read = (file) => (fs.existsSync(at(file)) ? fs.readFileSync(at(file), "utf8") : "");

class Failure extends Error {
  constructor(message, code) {
    super(message);
    this.code = code;
  }
}

/* CHILDREN */

var running = new Set();
var stopped = false;

/**
 * Runs a program to its end and returns its exit code. Unless it talks to a person it gets a process group of its own,
 * so that stopping it also stops the compilers that it started. `onOutput` sees what it prints, besides the terminal.
 */
function run(program, args, options) {
  var settings = Object.assign({ interactive: false, quiet: false, onOutput: undefined, env: {} }, options);
  var ownGroup = !settings.interactive && process.platform !== "win32";
  return new Promise((resolve, reject) => {
    var child = spawn(program, args, {
      cwd: ROOT,
      detached: ownGroup,
      shell: process.platform === "win32" && program !== process.execPath,
      stdio: [settings.interactive ? "inherit" : "ignore", settings.onOutput ? "pipe" : "inherit", "inherit"],
      env: Object.assign({}, process.env, { HARDHAT_DISABLE_TELEMETRY_PROMPT: "true" }, settings.env),
    });
    var stop = (signal) => {
      try {
        process.kill(ownGroup ? -child.pid : child.pid, signal);
      } catch (error) {
        if (error.code !== "ESRCH") throw error; // it has ended by itself
      }
    };
    running.add(stop);
    if (settings.onOutput) {
      child.stdout.on("data", (chunk) => {
        if (!settings.quiet) process.stdout.write(chunk);
        settings.onOutput(chunk.toString());
      });
    }
    child.on("error", reject);
    child.on("close", (code, signal) => {
      running.delete(stop);
      if (stopped) return; // the whole run is ending, see below
      resolve(code === null ? 128 + (os.constants.signals[signal] || 1) : code);
    });
  });
}

["SIGINT", "SIGTERM", "SIGHUP"].forEach((signal) => {
  process.on(signal, () => {
    if (stopped) process.exit(1); // asked twice: do not wait
    stopped = true;
    running.forEach((stop) => stop(signal));
    process.exitCode = 128 + os.constants.signals[signal];
  });
});

var node = (args, options) => run(process.execPath, args, options);
var typescript = (file, args) => {
  if (!fs.existsSync(at(file))) throw new Failure(file + " does not exist", 1);
  return node(["-r", "ts-node/register/transpile-only", file].concat(args), { interactive: true });
};

/* INSTALL */

function hash(files) {
  var sum = crypto.createHash("sha256");
  files.forEach((file) => sum.update(file + "\0" + read(file) + "\0"));
  return sum.digest("hex");
}

function filesBelow(directory) {
  if (!fs.existsSync(at(directory))) return [];
  var found = [];
  fs.readdirSync(at(directory), { withFileTypes: true }).forEach((entry) => {
    var name = directory + "/" + entry.name;
    if (entry.isDirectory()) found.push.apply(found, filesBelow(name));
    else found.push(name);
  });
  return found.sort();
}

var isLink = (file) => fs.existsSync(at(file)) && fs.lstatSync(at(file)).isSymbolicLink();

/** npm leaves a list of what it installed; a person's own `npm ci` is as good as ours. */
function installedByHand() {
  var list = read("node_modules/.package-lock.json");
  if (list === "" || fs.existsSync(at(INSTALLED))) return false;
  var installed = JSON.parse(list).packages;
  var wanted = JSON.parse(read(LOCK)).packages;
  return Object.keys(wanted).every((name) => {
    if (name === "" || wanted[name].optional || wanted[name].peer) return true;
    return installed[name] !== undefined && installed[name].version === wanted[name].version;
  });
}

async function install() {
  if (isLink("node_modules")) return; // a shared install: not ours to change
  var wanted = hash([LOCK]);
  if (read(INSTALLED) === wanted) return;
  if (!installedByHand()) {
    say("installing dependencies (once, about a minute)");
    var args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    var npm = process.env.npm_execpath || "";
    var code = /npm-cli\.js$/.test(npm) ? await node([npm].concat(args)) : await run("npm", args);
    if (code !== 0) throw new Failure("npm ci failed", code);
  }
  fs.writeFileSync(at(INSTALLED), wanted);
}

/* COMPILE */

async function build() {
  await install();
  var sources = filesBelow("contracts").concat("hardhat.config.ts", LOCK, filesBelow("scripts/toolchain"));
  var wanted = hash(sources);
  if (read(COMPILED) === wanted && fs.existsSync(at("artifacts"))) return;
  say("compiling contracts (minutes the first time, then only what changed)");
  var code = await node([HARDHAT, "compile"]);
  if (code !== 0) throw new Failure("compilation failed", code);
  fs.mkdirSync(at("cache"), { recursive: true });
  fs.writeFileSync(at(COMPILED), wanted);
}

/* TESTS */

var isForge = (file) => /\.t\.sol$/.test(file);
/** All of forge's tests, which are one among the files of tests: they take one core. */
var FORGE = "test/invariant";

/** Whatever ends without a result, or fails without a failing test, counts as one failure. */
function tally(code, passed, failed, titles, times) {
  return {
    passed: passed,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    titles: titles || [],
    times: times || {},
  };
}

/** One mocha process. `onOutput` sees what it prints, instead of the terminal. */
async function mocha(args, name, onOutput) {
  var file = "cache/mocha-stats-" + name + ".json";
  fs.rmSync(at(file), { force: true });
  var code = await node(["--expose-gc", HARDHAT, "test", "--no-compile"].concat(args), {
    quiet: onOutput !== undefined,
    onOutput: onOutput,
    env: Object.assign({ MOCHA_STATS: file }, KEEPS_MEMORY),
  });
  if (!fs.existsSync(at(file))) {
    say("mocha ended without a result");
    return tally(code || 1, 0, 0);
  }
  var stats = JSON.parse(read(file));
  return tally(code, stats.passes, stats.failures, stats.failed, stats.times);
}

/** Every test, in processes that each take two minutes or so: to begin takes ten seconds, and a chain keeps its memory. */
async function inPool() {
  var times = JSON.parse(read(TIMES) || "{}");
  var found = filesBelow("test");
  var files = found.filter((file) => /\.test\.ts$/.test(file));
  var beside = hasForge() && found.some(isForge);
  var queue = batches(files.concat(beside ? FORGE : []).sort(), times);
  var results = [];
  var worker = async () => {
    while (queue.length > 0) {
      var batch = queue.shift();
      var chosen = batch.filter((file) => file !== FORGE);
      if (chosen.length < batch.length) {
        var start = Date.now();
        results.push(await forge([]));
        times[FORGE] = Date.now() - start;
      }
      if (chosen.length === 0) continue;
      var printed = "";
      var result = await mocha(chosen, "batch-" + queue.length, (text) => (printed += text));
      say(printed);
      results.push(result);
      Object.assign(times, result.times);
    }
  };
  await Promise.all([worker(), worker()]);
  fs.writeFileSync(at(TIMES), JSON.stringify(times, null, 1));
  if (!beside && found.some(isForge)) results.push(await forge([])); // says that there is none
  return results;
}

/** forge is native: there are platforms for which npm has none. */
function hasForge() {
  var arch = { x64: "amd64", arm64: "arm64" }[process.arch];
  return fs.existsSync(at("node_modules/@foundry-rs/forge-" + process.platform + "-" + arch));
}

/**
 * Splits files into an even number of batches that take equally long by what they took last time: two at a time end
 * together. Neighbours stay together, for they use the same worlds, and a process makes each of its worlds anew.
 */
function batches(files, times) {
  var took = (file) => times[file] || UNKNOWN_MS;
  var total = files.reduce((sum, file) => sum + took(file), 0);
  var count = 2 * Math.ceil(total / BATCH_MS / 2);
  var all = [];
  var before = 0;
  files.forEach((file) => {
    var batch = Math.floor(((before + took(file) / 2) / total) * count);
    all[batch] = (all[batch] || []).concat(file);
    before += took(file);
  });
  return all.filter((batch) => batch !== undefined);
}

async function forge(args) {
  if (!hasForge()) {
    say("THE CAMPAIGN DID NOT RUN: there is no forge for " + process.platform + " on " + process.arch);
    return tally(0, 0, process.env.CI ? 1 : 0);
  }
  await build();
  var recorded = await typescript("scripts/campaign.ts", ["--record"]);
  if (recorded !== 0) return tally(recorded, 0, 0);
  var output = "";
  var keep = (text) => (output += text);
  var code = await node(["scripts/toolchain/forge.cjs", "test", "--color", "never"].concat(args), { onOutput: keep });
  var totals = output.match(/\d+ tests? passed, \d+ failed, \d+ skipped/g);
  if (totals === null) {
    say("forge ended without a result");
    return tally(code || 1, 0, 0);
  }
  var total = /(\d+) tests? passed, (\d+) failed/.exec(totals[totals.length - 1]);
  return tally(code, Number(total[1]), Number(total[2]));
}

async function test(args) {
  var results = [];
  if (args.some(isForge)) {
    if (args.length > 1) throw new Failure("give one .t.sol file, without other arguments", 2);
    await install();
    results.push(await forge(["--match-path", args[0]]));
  } else {
    await build();
    results = args.length > 0 ? [await mocha(args, "chosen")] : await inPool();
  }
  var passed = results.reduce((sum, result) => sum + result.passed, 0);
  var failed = results.reduce((sum, result) => sum + result.failed, 0);
  // Once more at the end: the place that everybody reads first.
  results.forEach((result) => result.titles.forEach((title) => say("failed: " + title)));
  if (passed + failed === 0) say("no test ran");
  say(passed + " passed, " + failed + " failed");
  return passed === 0 || failed > 0 ? 1 : 0;
}

/* TARGETS */

var compiled = (file) => async (args) => {
  await build();
  return typescript(file, args);
};
var TARGETS = {
  install: () => install().then(() => 0),
  build: () => build().then(() => 0),
  story: compiled("scripts/story/main.ts"),
  test: test,
  conformance: compiled("scripts/conformance.ts"),
  walk: compiled("scripts/walk.ts"),
  campaign: compiled("scripts/campaign.ts"),
  engine: compiled("scripts/engine.ts"),
  bench: compiled("scripts/bench.ts"),
  deploy: compiled("scripts/deploy.ts"),
  checklist: compiled("scripts/checklist/main.ts"),
  rewards: compiled("scripts/rewards/main.ts"),
};

async function main(argv) {
  var version = process.versions.node.split(".").map(Number);
  if (version[0] < OLDEST_NODE[0] || (version[0] === OLDEST_NODE[0] && version[1] < OLDEST_NODE[1])) {
    throw new Failure("Trellis needs Node " + OLDEST_NODE.join(".") + " or newer; this is " + process.versions.node, 2);
  }
  if (!Object.prototype.hasOwnProperty.call(TARGETS, argv[0])) {
    throw new Failure("usage: node scripts/bootstrap.cjs <" + Object.keys(TARGETS).join(" | ") + "> [arguments]", 2);
  }
  return TARGETS[argv[0]](argv.slice(1));
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error instanceof Failure ? error.message : error);
    process.exitCode = error instanceof Failure ? error.code : 1;
  },
);
