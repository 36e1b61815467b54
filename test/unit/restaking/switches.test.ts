import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MaxUint256 } from "ethers";
import { ethers } from "hardhat";
import type { IPausable } from "../../../typechain-types";
import { engine } from "./strategies";

/** Words at the edges of what fits in the small slot; the last of them is stored as the mark of one that does not. */
const WORDS = [
  1n,
  (1n << 46n) - 1n,
  1n << 46n,
  1n << 47n,
  1n << 48n,
  1n << 255n,
  MaxUint256 - (1n << 46n),
  MaxUint256 - (1n << 200n),
  (MaxUint256 << 47n) & MaxUint256,
  (MaxUint256 << 46n) & MaxUint256,
];

async function paused() {
  const { addresses, owner } = await engine();
  const at = async (address: string) => (await ethers.getContractAt("IPausable", address)) as unknown as IPausable;
  // One has the owner and settings in the slot of the switches, the other nothing.
  const shared = await at(addresses.rewardsCoordinator);
  const alone = await at(addresses.delegationManager);
  const rewards = await ethers.getContractAt("RewardsCoordinator", addresses.rewardsCoordinator);
  return { shared, alone, rewards, owner };
}

describe("the switches", () => {
  for (const word of WORDS) {
    it(`are all that was set: 0x${word.toString(16)}`, async () => {
      const { shared, alone } = await loadFixture(paused);
      for (const contract of [shared, alone]) {
        await contract.pause(word);
        expect(await contract["paused()"]()).to.equal(word);
        await contract.unpause(0n);
        expect(await contract["paused()"]()).to.equal(0n);
        await contract.pauseAll();
        expect(await contract["paused()"]()).to.equal(MaxUint256);
        await contract.unpause(word);
        expect(await contract["paused()"]()).to.equal(word);
      }
    });
  }

  it("tell each bit of a word that does not fit", async () => {
    const { alone } = await loadFixture(paused);
    await alone.pause((1n << 200n) | 2n);
    expect(await alone["paused(uint8)"](200)).to.equal(true);
    expect(await alone["paused(uint8)"](1)).to.equal(true);
    expect(await alone["paused(uint8)"](46)).to.equal(false);
  });

  it("leave alone what shares their slot", async () => {
    const { shared, rewards, owner } = await loadFixture(paused);
    const before = [await rewards.owner(), await rewards.activationDelay(), await rewards.defaultOperatorSplitBips()];
    expect(before[0]).to.equal(owner.address);
    await shared.pauseAll();
    await shared.unpause(1n << 255n);
    const after = [await rewards.owner(), await rewards.activationDelay(), await rewards.defaultOperatorSplitBips()];
    expect(after).to.deep.equal(before);
  });
});
