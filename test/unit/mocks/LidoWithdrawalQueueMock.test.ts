import { loadFixture, takeSnapshot, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import { E27, ether, rebaseTo, shareRate, stakedLido } from "./lido";

const ALL = ethers.MaxUint256;

/** Three requests of 10, 20 and 30 stETH of Alice. */
async function requestedThree() {
  const world = await stakedLido();
  await world.queue.requestWithdrawals([ether("10"), ether("20"), ether("30")], ethers.ZeroAddress);
  return world;
}

describe("LidoWithdrawalQueueMock", () => {
  describe("requestWithdrawals", () => {
    it("takes the stETH and counts requests from 1", async () => {
      const { steth, queue, alice, bob } = await loadFixture(stakedLido);
      await rebaseTo(steth, ether("200"));
      await expect(queue.requestWithdrawals([ether("10"), 100n], bob))
        .to.emit(queue, "WithdrawalRequested")
        .withArgs(1n, alice, bob, ether("10"), ether("5"))
        .and.to.emit(queue, "WithdrawalRequested")
        .withArgs(2n, alice, bob, 100n, 50n);
      expect(await steth.sharesOf(queue)).to.equal(ether("5") + 50n);
      expect(await queue.ownerOf(2n)).to.equal(bob);
      expect(await queue.getWithdrawalRequests(bob)).to.deep.equal([1n, 2n]);
      expect(await queue.unfinalizedStETH()).to.equal(ether("10") + 100n);
      expect(await queue.getLastRequestId()).to.equal(2n);
    });

    it("makes the caller the owner when none is named", async () => {
      const { queue, alice } = await loadFixture(requestedThree);
      expect(await queue.ownerOf(1n)).to.equal(alice);
    });

    it("reverts below 100 wei and above 1000 stETH", async () => {
      const { steth, queue } = await loadFixture(stakedLido);
      await steth.submit(ethers.ZeroAddress, { value: ether("2000") });
      await expect(queue.requestWithdrawals([99n], ethers.ZeroAddress))
        .to.be.revertedWithCustomError(queue, "RequestAmountTooSmall")
        .withArgs(99n);
      await expect(queue.requestWithdrawals([ether("1000") + 1n], ethers.ZeroAddress))
        .to.be.revertedWithCustomError(queue, "RequestAmountTooLarge")
        .withArgs(ether("1000") + 1n);
      await expect(queue.requestWithdrawals([ether("1000")], ethers.ZeroAddress)).not.to.be.reverted;
    });

    it("unwraps wstETH at the rate of the request", async () => {
      const { steth, wsteth, queue, alice } = await loadFixture(stakedLido);
      await wsteth.wrap(ether("40"));
      await rebaseTo(steth, ether("150"));
      await queue.requestWithdrawalsWstETH([ether("40")], ethers.ZeroAddress);
      const [status] = await queue.getWithdrawalStatus([1n]);
      expect(status.amountOfStETH).to.equal(ether("60"));
      expect(status.amountOfShares).to.equal(ether("40"));
      expect(status.owner).to.equal(alice);
      expect(await steth.sharesOf(queue)).to.equal(ether("40"));
    });
  });

  describe("finalisation", () => {
    it("pays the nominal amount when the rate rose, and the gain stays with the holders", async () => {
      const { steth, queue, alice } = await loadFixture(requestedThree);
      await steth.reward({ value: ether("100") });
      await steth.finalizeWithdrawals(ALL);
      expect(await queue.getLockedEtherAmount()).to.equal(ether("60"));
      expect(await steth.getTotalPooledEther()).to.equal(ether("140"));
      expect(await steth.getTotalShares()).to.equal(ether("40"));
      await expect(queue.claimWithdrawal(1n)).to.changeEtherBalance(alice, ether("10"));
    });

    it("pays a tenth less when the rate fell by a tenth", async () => {
      const { steth, queue, alice } = await loadFixture(requestedThree);
      await steth.penalize(ether("10"));
      await steth.finalizeWithdrawals(ALL);
      await expect(queue.claimWithdrawal(1n)).to.changeEtherBalance(alice, ether("9"));
      await expect(queue.claimWithdrawal(3n)).to.changeEtherBalance(alice, ether("27"));
    });

    it("cuts a batch where requests lie on both sides of the rate", async () => {
      const { steth, queue } = await loadFixture(requestedThree);
      await steth.reward({ value: ether("100") });
      await queue.requestWithdrawals([ether("20")], ethers.ZeroAddress);
      await steth.penalize(ether("50")); // 1.5 a share: above the first three, below the fourth
      expect(await queue.finalizationBatches(await shareRate(steth), ALL)).to.deep.equal([3n, 4n]);
      await steth.finalizeWithdrawals(ALL);
      const hints = await queue.findCheckpointHints([1n, 2n, 3n, 4n], 1n, 1n);
      expect(await queue.getClaimableEther([1n, 2n, 3n, 4n], [...hints])).to.deep.equal(
        ["10", "20", "30", "15"].map(ether),
      );
    });

    it("leaves the share rate where it was and burns what it paid for", async () => {
      const { steth, queue } = await loadFixture(requestedThree);
      await steth.penalize(ether("33.333333333333333333"));
      const before = await shareRate(steth);
      await expect(steth.finalizeWithdrawals(ALL))
        .to.emit(steth, "SharesBurnt")
        .and.to.emit(steth, "TokenRebased")
        .and.to.emit(queue, "WithdrawalsFinalized");
      // One wei of ether over 40e18 shares.
      expect((await shareRate(steth)) - before).to.be.within(0n, E27 / ether("40") + 1n);
      expect(await steth.sharesOf(queue)).to.equal(0n);
    });

    it("pays at most as many requests as asked, oldest first", async () => {
      const { steth, queue } = await loadFixture(requestedThree);
      expect(await steth.finalizeWithdrawals.staticCall(2n)).to.equal(2n);
      await steth.finalizeWithdrawals(2n);
      expect(await queue.getLastFinalizedRequestId()).to.equal(2n);
      expect(await queue.unfinalizedStETH()).to.equal(ether("30"));
      await steth.finalizeWithdrawals(2n);
      expect(await steth.finalizeWithdrawals.staticCall(2n)).to.equal(0n);
      expect(await queue.getLastCheckpointIndex()).to.equal(2n);
    });

    it("costs the same for 1 and for 500 requests", async () => {
      const { steth, queue } = await loadFixture(stakedLido);
      const amounts = Array.from({ length: 100 }, () => 1_000n);
      for (let i = 0; i < 5; i++) await queue.requestWithdrawals(amounts, ethers.ZeroAddress);
      const rate = await shareRate(steth);
      await queue.finalize(1n, rate, { value: 1_000n });
      const one = await queue.finalize.estimateGas(2n, rate, { value: 1_000n });
      const all = await queue.finalize.estimateGas(500n, rate, { value: 499_000n });
      expect(all - one).to.be.within(-10_000n, 10_000n);
    });

    it("reverts for more ether than nominal and for ids out of order", async () => {
      const { queue } = await loadFixture(requestedThree);
      await expect(queue.finalize(1n, E27, { value: ether("11") }))
        .to.be.revertedWithCustomError(queue, "TooMuchEtherToFinalize")
        .withArgs(ether("11"), ether("10"));
      await expect(queue.finalize(0n, E27)).to.be.revertedWithCustomError(queue, "InvalidRequestId").withArgs(0n);
      await expect(queue.finalize(4n, E27)).to.be.revertedWithCustomError(queue, "InvalidRequestId").withArgs(4n);
    });

    it("prices only sorted batches of waiting requests at a rate", async () => {
      const { queue } = await loadFixture(requestedThree);
      expect(await queue.prefinalize([1n, 3n], E27 / 2n)).to.deep.equal([ether("30"), ether("60")]);
      await expect(queue.prefinalize([1n], 0n)).to.be.revertedWithCustomError(queue, "ZeroShareRate");
      await expect(queue.prefinalize([], E27)).to.be.revertedWithCustomError(queue, "EmptyBatches");
      await expect(queue.prefinalize([2n, 1n], E27)).to.be.revertedWithCustomError(queue, "BatchesAreNotSorted");
      await expect(queue.prefinalize([4n], E27)).to.be.revertedWithCustomError(queue, "InvalidRequestId");
    });

    it("locks enough for every claim, and leaves at most 2 wei a request behind", async () => {
      const { steth, queue } = await loadFixture(stakedLido);
      const step = fc.record({
        amount: fc.bigInt(100n, ether("1")),
        pooledEther: fc.bigInt(ether("60"), ether("180")),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), fc.nat(6), async (steps, first) => {
          const snapshot = await takeSnapshot();
          for (const { amount, pooledEther } of steps) {
            await rebaseTo(steth, pooledEther);
            await queue.requestWithdrawals([amount], ethers.ZeroAddress);
          }
          await steth.finalizeWithdrawals(first);
          await rebaseTo(steth, ether("120"));
          await steth.finalizeWithdrawals(ALL);
          for (let id = 1n; id <= steps.length; id++) await queue.claimWithdrawal(id);
          const left = await queue.getLockedEtherAmount();
          expect(left).to.be.within(0n, 2n * BigInt(steps.length));
          expect(await ethers.provider.getBalance(queue)).to.equal(left);
          expect(await ethers.provider.getBalance(steth)).to.equal(await steth.getTotalPooledEther());
          await snapshot.restore();
        }),
        { numRuns: 25 },
      );
    });
  });

  describe("bunker mode", () => {
    it("keeps requests made after the incident from being finalised until a report ends it", async () => {
      const { steth, queue } = await loadFixture(requestedThree);
      const since = (await time.latest()) + 100;
      await time.increaseTo(since + 100);
      await queue.requestWithdrawals([ether("5")], ethers.ZeroAddress);
      await expect(queue.onOracleReport(true, since, since))
        .to.emit(queue, "BunkerModeEnabled")
        .withArgs(since);
      expect(await queue.isBunkerModeActive()).to.equal(true);
      expect(await queue.bunkerModeSinceTimestamp()).to.equal(since);
      await steth.finalizeWithdrawals(ALL);
      expect(await queue.getLastFinalizedRequestId()).to.equal(3n);

      await expect(queue.onOracleReport(false, since, since)).to.emit(queue, "BunkerModeDisabled");
      expect(await queue.bunkerModeSinceTimestamp()).to.equal(ALL);
      await steth.finalizeWithdrawals(ALL);
      expect(await queue.getLastFinalizedRequestId()).to.equal(4n);
    });

    it("reverts for an incident in the future", async () => {
      const { queue } = await loadFixture(stakedLido);
      const future = (await time.latest()) + 1_000;
      await expect(queue.onOracleReport(true, future, 0n)).to.be.revertedWithCustomError(
        queue,
        "InvalidReportTimestamp",
      );
    });
  });

  describe("pause", () => {
    it("stops requests and finalisation, never claims, and ends by itself", async () => {
      const { steth, queue, alice } = await loadFixture(requestedThree);
      await steth.finalizeWithdrawals(1n);
      await queue.pauseFor(1_000n);
      expect(await queue.isPaused()).to.equal(true);
      await expect(queue.requestWithdrawals([100n], alice)).to.be.revertedWithCustomError(queue, "ResumedExpected");
      await expect(steth.finalizeWithdrawals(1n)).to.be.revertedWithCustomError(queue, "ResumedExpected");
      await expect(queue.claimWithdrawal(1n)).to.changeEtherBalance(alice, ether("10"));
      await time.increase(1_000n);
      expect(await queue.isPaused()).to.equal(false);
      await expect(steth.finalizeWithdrawals(1n)).not.to.be.reverted;
    });

    it("can be for ever and be ended", async () => {
      const { queue } = await loadFixture(stakedLido);
      await expect(queue.resume()).to.be.revertedWithCustomError(queue, "PausedExpected");
      await queue.pauseFor(ALL);
      expect(await queue.getResumeSinceTimestamp()).to.equal(ALL);
      await queue.resume();
      expect(await queue.isPaused()).to.equal(false);
    });
  });
});
