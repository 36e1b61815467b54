#!/usr/bin/env node
// Presents the npm package `solc` (WebAssembly) as a `solc` executable, for forge (see foundry.toml).
"use strict";
const { readFileSync } = require("node:fs");

const args = process.argv.slice(2);
if (args.includes("--version")) {
  const { version } = require("solc/package.json");
  process.stdout.write(
    `solc, the solidity compiler commandline interface\nVersion: ${version}+commit.00000000.Emscripten.clang\n`,
  );
} else if (args.includes("--standard-json")) {
  process.stdout.write(require("solc").compile(readFileSync(0, "utf8")));
} else {
  process.stderr.write("scripts/toolchain/solc.cjs supports only --version and --standard-json\n");
  process.exitCode = 1;
}
