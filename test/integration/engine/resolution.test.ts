import { expect } from "chai";
import { ethers } from "hardhat";
import { ZeroAddress } from "ethers";
import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import {
  completes,
  delegates,
  deposits,
  engineWorld,
  ether,
  mine,
  operates,
  queues,
  SET,
  slashes,
  WAD,
  withdrawableOf,
  type EngineWorld,
} from "./world";

const DELAY = 30;
const BURN = "0x00000000000000000000000000000000000E16E4";
const CLEARING = 2n; // pause bit 1

const setOf = ({ avs }: EngineWorld) => ({ avs: avs.address, id: SET });
const clear = (w: EngineWorld, id = 1n) => w.sm.clearBurnOrRedistributableShares(setOf(w), id);
const clearOne = (w: EngineWorld, i: number) =>
  w.sm.clearBurnOrRedistributableSharesByStrategy(setOf(w), 1n, w.strategies[i]);
const resolution = (w: EngineWorld, id = 1n) => w.sm.getSlashResolutionBlock(setOf(w), id);
const blockNumber = async () => BigInt(await ethers.provider.getBlockNumber());

/** Alice has 100 of both tokens with an operator, all of it at the risk of one set. */
async function delayed() {
  const w = await engineWorld({ config: { slashResolutionDelayBlocks: DELAY } });
  await operates(w, w.operator, SET, [WAD, WAD]);
  for (const i of [0, 1]) await deposits(w, w.alice, ether("100"), i);
  await delegates(w, w.alice, w.operator);
  return w;
}

/** Half of both was slashed in the last block. */
async function slashed() {
  const w = await delayed();
  const sent = slashes(w, w.operator, [WAD / 2n, WAD / 2n]);
  await sent;
  return { ...w, sent, slashedAt: await blockNumber() };
}

describe("slashed shares with a resolution delay", () => {
  it("have the selectors and the topic of release 1.13", async () => {
    const { sm } = await loadFixture(delayed);
    expect(await sm.SLASH_RESOLUTION_DELAY_BLOCKS()).to.equal(DELAY);
    expect(sm.SLASH_RESOLUTION_DELAY_BLOCKS.fragment.selector).to.equal("0x07a79355");
    expect(sm.getSlashResolutionBlock.fragment.selector).to.equal("0x4b3262f7");
    expect(sm.interface.getError("SlashResolutionDelayNotElapsed")?.selector).to.equal("0x06f6f070");
    const topic = "0xa8fd1473d1b9b7b4c9033ecb92a0f6e43f107aec7720ede3709521d122f89fa5";
    expect(sm.interface.getEvent("SlashResolutionBlockSet").topicHash).to.equal(topic);
  });

  it("get one block of resolution for all strategies of a slash", async () => {
    const w = await loadFixture(slashed);
    const resolved = w.slashedAt + BigInt(DELAY);
    const receipt = await (await w.sent).wait();
    const set = (receipt?.logs ?? []).map((log) => w.sm.interface.parseLog(log));
    const events = set.filter((log) => log?.name === "SlashResolutionBlockSet");
    expect(events.map((log) => log?.args.toArray(true))).to.deep.equal([[Object.values(setOf(w)), 1n, resolved]]);
    expect(await resolution(w)).to.equal(resolved);
    expect(await resolution(w, 2n)).to.equal(0n);
  });

  it("wait through that block, and are cleared by anyone in the next", async () => {
    const w = await loadFixture(slashed);
    await mine(DELAY - 1);
    await expect(clear(w)).to.be.revertedWithCustomError(w.sm, "SlashResolutionDelayNotElapsed"); // in that block
    expect(await blockNumber()).to.equal(await resolution(w));
    await w.sm.connect(w.stranger).clearBurnOrRedistributableShares(setOf(w), 1n);
    for (const token of w.tokens) expect(await token.balanceOf(BURN)).to.equal(ether("50"));
    expect(await w.sm.getPendingSlashIds(setOf(w))).to.deep.equal([]);
    expect(await w.sm.getPendingOperatorSets()).to.deep.equal([]);
  });

  it("wait strategy by strategy too, and forget the block with the last one", async () => {
    const w = await loadFixture(slashed);
    await expect(clearOne(w, 0)).to.be.revertedWithCustomError(w.sm, "SlashResolutionDelayNotElapsed");
    await mine(DELAY);
    await clearOne(w, 0);
    expect(await resolution(w)).to.equal(w.slashedAt + BigInt(DELAY));
    await clearOne(w, 1);
    expect(await resolution(w)).to.equal(0n);
    await clear(w); // nothing is left, and nothing is refused
    for (const token of w.tokens) expect(await token.balanceOf(BURN)).to.equal(ether("50"));
  });

  it("wait each for the delay of its own slash", async () => {
    const w = await loadFixture(slashed);
    await mine(9);
    await slashes(w, w.operator, [WAD / 2n]);
    expect(await resolution(w, 2n)).to.equal((await resolution(w)) + 10n);
    await mine(DELAY - 10);
    await clear(w, 1n);
    await expect(clear(w, 2n)).to.be.revertedWithCustomError(w.sm, "SlashResolutionDelayNotElapsed");
    await mine(9);
    await clear(w, 2n);
    expect(await w.tokens[0].balanceOf(BURN)).to.equal(ether("75"));
  });

  it("wait also when they round down to none", async () => {
    const w = await engineWorld({ config: { slashResolutionDelayBlocks: DELAY } });
    await operates(w, w.operator);
    await slashes(w, w.operator, [1n]);
    expect(await resolution(w)).to.equal((await blockNumber()) + BigInt(DELAY));
    await expect(clear(w)).to.be.revertedWithCustomError(w.sm, "SlashResolutionDelayNotElapsed");
    await mine(DELAY);
    await clear(w);
    expect(await w.sm.getPendingSlashIds(setOf(w))).to.deep.equal([]);
  });

  it("are stopped by a pause, which is said first and undoes no slash", async () => {
    const w = await loadFixture(slashed);
    await w.sm.pause(CLEARING);
    for (const call of [clear(w), clearOne(w, 0), w.sm.burnShares(w.strategies[0])]) {
      await expect(call).to.be.revertedWithCustomError(w.sm, "CurrentlyPaused");
    }
    await mine(DELAY);
    await expect(clear(w)).to.be.revertedWithCustomError(w.sm, "CurrentlyPaused");
    expect(await withdrawableOf(w, w.alice)).to.equal(ether("50"));
    expect(await w.sm.getBurnOrRedistributableCount(setOf(w), 1n)).to.equal(2n);
    await w.sm.unpause(0n);
    await clear(w);
    expect(await w.tokens[0].balanceOf(BURN)).to.equal(ether("50"));
  });

  it("hold up neither stakers nor further slashes", async () => {
    const w = await loadFixture(slashed);
    await queues(w, w.alice, [ether("100"), ether("100")]);
    await mine(20);
    const before = await w.tokens[0].balanceOf(w.alice);
    await completes(w, w.alice);
    expect((await w.tokens[0].balanceOf(w.alice)) - before).to.equal(ether("50"));
    expect(await w.sm.getBurnOrRedistributableCount(setOf(w), 1n)).to.equal(2n);
    await mine(DELAY);
    await clear(w);
    expect(await w.tokens[0].balanceOf(w.strategies[0])).to.equal(0n);
  });

  it("that nobody has recorded are a matter of no delay", async () => {
    const w = await loadFixture(delayed);
    await clear(w, 7n);
    expect(await resolution(w, 7n)).to.equal(0n);
    expect(await w.am.getRedistributionRecipient(setOf(w))).to.not.equal(ZeroAddress);
  });
});
