import { expect } from "chai";
import { ethers } from "hardhat";
import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import {
  completes,
  delegates,
  deposits,
  engineWorld,
  ether,
  mine,
  operates,
  queuedOf,
  queues,
  slashes,
  WAD,
} from "./world";

const UNDERFLOW = 0x11;

async function withDelay(delay: number, old: boolean) {
  const w = await engineWorld({ withdrawalDelay: delay, deallocationDelay: delay, old });
  await operates(w, w.operator, 1n, [WAD]);
  await deposits(w, w.alice, ether("100"));
  await delegates(w, w.alice, w.operator);
  return w;
}
const local = () => withDelay(3, true);
const real = () => withDelay(100_800, true);
/** A delay that the chain, whatever ran on it before, has not reached yet. */
const young = async () => withDelay((await ethers.provider.getBlockNumber()) + 100_800, false);

describe("the engine over time", () => {
  let untouched: unknown;
  before(async () => {
    untouched = await ethers.provider.send("evm_snapshot", []);
  });
  after(async () => {
    await ethers.provider.send("evm_revert", [untouched]); // other tests find a chain that is not weeks older
  });

  for (const [name, fixture, delay] of [
    ["a local chain, 3 blocks", local, 3],
    ["a real network, 100800 blocks", real, 100_800],
  ] as const) {
    describe(`delays of ${name}`, () => {
      it("keeps a withdrawal slashable through the last block of the delay, and not one longer", async () => {
        const w = await loadFixture(fixture);
        await queues(w, w.alice, [ether("40")]);
        const start = BigInt(await ethers.provider.getBlockNumber());
        await mine(delay - 1);
        await slashes(w, w.operator, [WAD / 2n]); // in the last slashable block
        expect(BigInt(await ethers.provider.getBlockNumber())).to.equal(start + BigInt(delay));
        expect((await queuedOf(w, w.alice)).worth).to.deep.equal([ether("20")]);
        await slashes(w, w.operator, [WAD / 2n]); // one later: the stake, not the queue
        expect((await queuedOf(w, w.alice)).worth).to.deep.equal([ether("20")]);
        const before = await w.tokens[0].balanceOf(w.alice);
        await completes(w, w.alice);
        expect((await w.tokens[0].balanceOf(w.alice)) - before).to.equal(ether("20"));
      });

      it("does not complete a withdrawal in the last slashable block", async () => {
        const w = await loadFixture(fixture);
        await queues(w, w.alice, [ether("40")]);
        await mine(delay - 1);
        await expect(completes(w, w.alice)).to.be.revertedWithCustomError(w.dm, "WithdrawalDelayNotElapsed");
        await completes(w, w.alice);
      });
    });
  }

  describe("a chain younger than the delay", () => {
    it("cannot slash nor ask what is slashable in the queue, until it is old enough", async () => {
      const w = await loadFixture(young);
      await expect(slashes(w, w.operator, [WAD / 2n])).to.be.revertedWithPanic(UNDERFLOW);
      await expect(w.dm.getSlashableSharesInQueue(w.operator, w.strategies[0])).to.be.revertedWithPanic(UNDERFLOW);
      const delay = await w.dm.minWithdrawalDelayBlocks();
      await mine(delay - BigInt(await ethers.provider.getBlockNumber()) - 1n); // the slash would be in block `delay`
      await expect(slashes(w, w.operator, [WAD / 2n])).to.be.revertedWithPanic(UNDERFLOW);
      await slashes(w, w.operator, [WAD / 2n]);
      expect(await w.am.getMaxMagnitude(w.operator, w.strategies[0])).to.equal(WAD / 2n);
    });
  });
});
