import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import type { WordCallHarness } from "../../../typechain-types";
import { ether } from "../../checks";

async function asked() {
  const [alice] = await ethers.getSigners();
  const calls = (await ethers.deployContract("WordCallHarness")) as unknown as WordCallHarness;
  const token = await ethers.deployContract("ERC20Mock", ["Token", "T"]);
  await token.mint(alice, ether("3"));
  await token.mint(calls, ether("2"));
  const selector = (name: "refuse" | "refuseOf" | "saysLittle" | "saysLittleOf") =>
    calls.interface.getFunction(name).selector;
  return { alice, calls, token, selector };
}

describe("WordCall", () => {
  it("answers what the call by its interface answers", async () => {
    const { alice, calls, token } = await loadFixture(asked);
    expect(await calls.supplyOf(token)).to.equal(ether("5"));
    expect(await calls.balanceOf(token, alice)).to.equal(ether("3"));
  });

  it("leaves memory as it was", async () => {
    const { calls, token } = await loadFixture(asked);
    const { kept, pointer, zero } = await calls.disturbed(token);
    expect(ethers.toUtf8String(kept)).to.equal("what was here before");
    expect([pointer, zero]).to.deep.equal([0xc0n, 0n]);
  });

  it("reverts with the reason of whom it asked", async () => {
    const { alice, calls, selector } = await loadFixture(asked);
    const target = await calls.getAddress();
    await expect(calls.ask(target, selector("refuse")))
      .to.be.revertedWithCustomError(calls, "Refused")
      .withArgs(target, 1n);
    await expect(calls.askOf(target, selector("refuseOf"), alice))
      .to.be.revertedWithCustomError(calls, "Refused")
      .withArgs(alice, 2n);
  });

  it("reverts when the answer is no whole word", async () => {
    const { alice, calls, selector } = await loadFixture(asked);
    await expect(calls.ask(calls, selector("saysLittle"))).to.be.revertedWithoutReason();
    await expect(calls.askOf(calls, selector("saysLittleOf"), alice)).to.be.revertedWithoutReason();
  });

  it("reverts when there is no code, or no such function", async () => {
    const { alice, calls, token, selector } = await loadFixture(asked);
    for (const target of [await alice.getAddress(), await token.getAddress()]) {
      await expect(calls.ask(target, selector("refuse"))).to.be.revertedWithoutReason();
      await expect(calls.askOf(target, selector("refuseOf"), alice)).to.be.revertedWithoutReason();
    }
  });
});
