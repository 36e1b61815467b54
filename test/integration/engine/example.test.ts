import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { artifacts, ethers } from "hardhat";
import type { InterfaceAbi } from "ethers";
import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { example } from "../../../docs/examples/engine";
import { deployKit } from "../../../scripts/lib/kit";

const DOCS = join(__dirname, "../../../docs");

async function kit() {
  const [deployer] = await ethers.getSigners();
  return deployKit(deployer, async (name) => {
    const { abi, bytecode } = await artifacts.readArtifact(name);
    return { abi: abi as InterfaceAbi, bytecode };
  });
}

describe("docs/engine.md", () => {
  it("has the example word for word", () => {
    const text = readFileSync(join(DOCS, "engine.md"), "utf8");
    const code = readFileSync(join(DOCS, "examples/engine.ts"), "utf8");
    expect(text).to.include("```ts\n" + code + "```\n");
  });

  it("has an example that works: 100 tokens, a tenth slashed", async () => {
    expect(await example(await loadFixture(kit))).to.equal(ethers.parseEther("90"));
  });
});
