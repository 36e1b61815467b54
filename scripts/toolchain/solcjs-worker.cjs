// Child process of scripts/toolchain/solcjs.ts: compiles one input for a list of output selections.
"use strict";
const wrapper = require("solc/wrapper");

let text = "";
process.stdin
  .setEncoding("utf8")
  .on("data", (chunk) => (text += chunk))
  .on("end", () => {
    const { input, selections } = JSON.parse(text);
    const solc = wrapper(require(process.argv[2]));
    const outputs = [];
    for (const outputSelection of selections) {
      const output = JSON.parse(
        solc.compile(JSON.stringify({ ...input, settings: { ...input.settings, outputSelection } })),
      );
      outputs.push(output);
      if (output.errors?.some((e) => e.severity === "error")) break;
    }
    process.stdout.write(JSON.stringify(outputs));
  });
