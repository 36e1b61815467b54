import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ethers } from "hardhat";
import { example } from "../../../docs/examples/engine";
import { connect, start } from "../../../scripts/engine/kit";

const DOCS = join(__dirname, "../../../docs");
const code = readFileSync(join(DOCS, "examples/engine.ts"), "utf8");

describe("docs/engine.md", () => {
  it("has the example word for word", () => {
    expect(readFileSync(join(DOCS, "engine.md"), "utf8")).to.include("```ts\n" + code + "```\n");
  });

  it("has an example that works, also a second time on the same node: 100 tokens, a tenth slashed", async () => {
    expect(await example()).to.equal(ethers.parseEther("90"));
    expect(await example()).to.equal(ethers.parseEther("90"));
  });

  it("needs about twenty lines from the start of the engine to the withdrawn tokens", () => {
    const body = code.slice(code.indexOf("await start()"), code.indexOf("return token.balanceOf"));
    const lines = body.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("//"));
    expect(lines.length).to.be.within(15, 22);
  });

  it("has a kit that connects to an engine that is there already", async () => {
    const { kit, token } = await start();
    const [, someone] = await ethers.getSigners();
    const again = connect(kit);
    await again.fund(someone, 5n);
    expect(await token.balanceOf(someone)).to.equal(5n);
    expect(await token.allowance(someone, kit.strategyManager)).to.equal(5n);
    expect(await again.queued(someone)).to.deep.equal([]);
  });
});
