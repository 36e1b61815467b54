import { expect } from "chai";
import { codeSize } from "../../../scripts/check/rules/code-size";
import { environment } from "../../../scripts/check/rules/environment";
import { leftovers } from "../../../scripts/check/rules/leftovers";
import { violations } from "./made-up";

describe("check: leftovers", () => {
  it("accepts ordinary text, and words that only look like a leftover", () => {
    const found = violations(leftovers, {
      "docs/a.md": "todo lists are fine",
      "test/a.test.ts": 'it("skips", () => {});',
    });
    expect(found).to.deep.equal([]);
  });

  it("finds notes to oneself anywhere", () => {
    const note = "TO" + "DO";
    expect(
      violations(leftovers, { "contracts/A.sol": `a\n// ${note}: b`, ".ci/run": `# ${"FIX" + "ME"}` }),
    ).to.deep.equal([`.ci/run:1 leftover \`${"FIX" + "ME"}\``, `contracts/A.sol:2 leftover \`${note}\``]);
  });

  it("finds focused and skipped tests", () => {
    const found = violations(leftovers, {
      "test/a.test.ts": ["only", "skip"].map((word) => `it.${word}("a");`).concat(`${"x"}it("b");`),
    });
    expect(found).to.have.length(3);
  });
});

describe("check: environment", () => {
  const config = "const { RPC_URL, KEY: key } = process.env;\n";

  it("accepts a list that matches the code, whichever way a variable is read", () => {
    const found = violations(environment, {
      ".env.example": "# node\nRPC_URL=\nKEY=\nWORKERS=2\nQUOTED=\n",
      "hardhat.config.ts": config,
      "scripts/a.ts": 'run(process.env.WORKERS ?? process.env["QUOTED"] ?? process.env.npm_execpath);',
      "deploy/b.ts": 'process.env.SET_ONLY = "x";',
    });
    expect(found).to.deep.equal([]);
  });

  it("finds a variable that the list lacks and one that nothing reads", () => {
    const found = violations(environment, {
      ".env.example": "KEY=\nOLD=\n",
      "hardhat.config.ts": config,
      "test/a.ts": '\nif (process.env.DEEP === "1") run();',
    });
    expect(found).to.deep.equal([
      "hardhat.config.ts:1 RPC_URL is not in .env.example",
      "test/a.ts:2 DEEP is not in .env.example",
      ".env.example:2 nothing reads OLD",
    ]);
  });
});

describe("check: code size", () => {
  const artifact = (bytes: number) => JSON.stringify({ deployedBytecode: `0x${"00".repeat(bytes)}` });

  it("accepts code below its limit, and a tree where nothing is compiled", () => {
    const found = violations(codeSize, {
      "artifacts/contracts/lrt/A.sol/A.json": artifact(20_479),
      "artifacts/contracts/restaking/B.sol/B.json": artifact(24_575),
      "artifacts/contracts/lrt/A.sol/A.dbg.json": "{}",
    });
    expect(found).to.deep.equal([]);
    expect(violations(codeSize, { "contracts/A.sol": "" })).to.deep.equal([]);
  });

  it("finds code at the limit", () => {
    const found = violations(codeSize, {
      "artifacts/contracts/lrt/A.sol/A.json": artifact(20_480),
      "artifacts/contracts/restaking/B.sol/B.json": artifact(24_576),
    });
    expect(found.sort()).to.deep.equal([
      "contracts/lrt/A.sol has 20480 bytes of code, must stay below 20480",
      "contracts/restaking/B.sol has 24576 bytes of code, must stay below 24576",
    ]);
  });
});
