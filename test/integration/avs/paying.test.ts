import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import type { ERC20Mock, IRewardsCoordinator } from "../../../typechain-types";
import { ether, WAD } from "./engine";
import { finality } from "./finality-world";

const DAY = 86_400n;

/** Somebody has 50 reward tokens and terms for three days from today on. */
async function paying() {
  const world = await finality();
  const [payer] = (await ethers.getSigners()).slice(-1);
  const token = (await ethers.deployContract("ERC20Mock", ["Reward", "RWD"])) as unknown as ERC20Mock;
  await token.mint(payer, ether("50"));
  const today = (BigInt(await time.latest()) / DAY) * DAY;
  const ascending = [...world.strategies].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  const submission: IRewardsCoordinator.RewardsSubmissionStruct = {
    strategiesAndMultipliers: ascending.map((strategy) => ({ strategy, multiplier: WAD })),
    token: await token.getAddress(),
    amount: ether("30"),
    startTimestamp: today,
    duration: 3n * DAY,
  };
  return { ...world, payer, token, submission };
}

describe("An AVS of ours: pay", () => {
  it("passes what anyone pays for a set on to the engine's rewards, by allocated stake", async () => {
    const { avs, rewards, payer, token, submission } = await loadFixture(paying);
    await token.connect(payer).approve(avs, ether("30"));
    await expect(avs.connect(payer).pay(1n, submission)).to.emit(avs, "Paid").withArgs(payer, 1n, token, ether("30"));
    expect(await token.balanceOf(rewards)).to.equal(ether("30"));
    expect(await token.balanceOf(avs)).to.equal(0n);
    expect(await token.allowance(avs, rewards)).to.equal(0n);
    const [event] = await rewards.queryFilter(rewards.filters.UniqueStakeRewardsSubmissionCreated());
    expect(event.args.operatorSet).to.deep.equal([await avs.getAddress(), 1n]);
    expect(event.args.rewardsSubmission.amount).to.equal(ether("30"));
  });

  it("takes nothing that was not approved to it, and nothing that the engine refuses", async () => {
    const { avs, rewards, payer, token, submission } = await loadFixture(paying);
    await expect(avs.connect(payer).pay(0n, submission)).to.be.revertedWithCustomError(
      token,
      "ERC20InsufficientAllowance",
    );
    await token.connect(payer).approve(avs, ether("50"));
    await expect(avs.connect(payer).pay(7n, submission)).to.be.revertedWithCustomError(rewards, "InvalidOperatorSet");
    const odd = { ...submission, duration: DAY + 1n };
    await expect(avs.connect(payer).pay(0n, odd)).to.be.revertedWithCustomError(rewards, "InvalidDurationRemainder");
    expect(await token.balanceOf(payer)).to.equal(ether("50"));
  });
});
