import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { E27, ether, stakedLido } from "./lido";

const ALL = ethers.MaxUint256;

/** Requests 1 to 3 finalised at two rates (1 alone, then 2 and 3 a tenth lower), request 4 waiting. */
async function finalizedTwice() {
  const world = await stakedLido();
  const { steth, queue } = world;
  await queue.requestWithdrawals([ether("10"), ether("20"), ether("30")], ethers.ZeroAddress);
  await steth.finalizeWithdrawals(1n);
  await steth.penalize(ether("9"));
  await steth.finalizeWithdrawals(ALL);
  await queue.requestWithdrawals([ether("1")], ethers.ZeroAddress);
  return world;
}

describe("LidoWithdrawalQueueMock claims", () => {
  describe("hints", () => {
    it("name the checkpoint of each request, and zero for one that waits", async () => {
      const { queue } = await loadFixture(finalizedTwice);
      expect(await queue.findCheckpointHints([1n, 2n, 3n, 4n], 1n, 2n)).to.deep.equal([1n, 2n, 2n, 0n]);
    });

    it("are zero outside the range searched", async () => {
      const { queue } = await loadFixture(finalizedTwice);
      expect(await queue.findCheckpointHints([1n], 2n, 2n)).to.deep.equal([0n]);
      expect(await queue.findCheckpointHints([2n], 1n, 1n)).to.deep.equal([0n]);
    });

    it("revert for unsorted ids, unknown ids and unknown checkpoints", async () => {
      const { queue } = await loadFixture(finalizedTwice);
      await expect(queue.findCheckpointHints([2n, 1n], 1n, 2n)).to.be.revertedWithCustomError(
        queue,
        "RequestIdsNotSorted",
      );
      await expect(queue.findCheckpointHints([5n], 1n, 2n)).to.be.revertedWithCustomError(queue, "InvalidRequestId");
      await expect(queue.findCheckpointHints([1n], 1n, 3n))
        .to.be.revertedWithCustomError(queue, "InvalidRequestIdRange")
        .withArgs(1n, 3n);
    });

    it("are found among many checkpoints", async () => {
      const { steth, queue } = await loadFixture(stakedLido);
      for (let i = 0; i < 12; i++) {
        await queue.requestWithdrawals([100n, 100n], ethers.ZeroAddress);
        await steth.finalizeWithdrawals(ALL);
      }
      const ids = Array.from({ length: 24 }, (_, i) => BigInt(i + 1));
      expect(await queue.findCheckpointHints(ids, 1n, 12n)).to.deep.equal(ids.map((id) => (id + 1n) / 2n));
    });
  });

  describe("claimWithdrawals", () => {
    it("pays each request by its own checkpoint", async () => {
      const { queue, alice } = await loadFixture(finalizedTwice);
      await expect(queue.claimWithdrawals([1n, 3n], [1n, 2n])).to.changeEtherBalance(alice, ether("37"));
    });

    it("emits the payment and burns the token", async () => {
      const { queue, alice } = await loadFixture(finalizedTwice);
      await expect(queue.claimWithdrawal(2n))
        .to.emit(queue, "WithdrawalClaimed")
        .withArgs(2n, alice, alice, ether("18"))
        .and.to.emit(queue, "Transfer")
        .withArgs(alice, ethers.ZeroAddress, 2n);
      expect(await queue.getWithdrawalRequests(alice)).not.to.include(2n);
    });

    it("reverts with a wrong hint", async () => {
      const { queue } = await loadFixture(finalizedTwice);
      for (const [id, hint] of [
        [1n, 2n],
        [2n, 1n],
        [2n, 0n],
        [2n, 3n],
      ]) {
        await expect(queue.claimWithdrawals([id], [hint]))
          .to.be.revertedWithCustomError(queue, "InvalidHint")
          .withArgs(hint);
      }
    });

    it("reverts when there is a hint too few", async () => {
      const { queue } = await loadFixture(finalizedTwice);
      await expect(queue.claimWithdrawals([1n, 2n], [1n]))
        .to.be.revertedWithCustomError(queue, "ArraysLengthMismatch")
        .withArgs(2n, 1n);
    });

    it("reverts the second time, for another's request and for one that waits", async () => {
      const { queue, alice, bob } = await loadFixture(finalizedTwice);
      await expect(queue.connect(bob).claimWithdrawal(1n))
        .to.be.revertedWithCustomError(queue, "NotOwner")
        .withArgs(bob, alice);
      await queue.claimWithdrawal(1n);
      await expect(queue.claimWithdrawal(1n))
        .to.be.revertedWithCustomError(queue, "RequestAlreadyClaimed")
        .withArgs(1n);
      await expect(queue.claimWithdrawals([4n], [2n]))
        .to.be.revertedWithCustomError(queue, "RequestNotFoundOrNotFinalized")
        .withArgs(4n);
    });

    it("reverts when whoever finalised brought too little", async () => {
      const { queue } = await loadFixture(finalizedTwice);
      await queue.claimWithdrawals([1n, 2n, 3n], [1n, 2n, 2n]);
      await queue.finalize(4n, E27, { value: ether("0.5") });
      await expect(queue.claimWithdrawal(4n)).to.be.revertedWithCustomError(queue, "NotEnoughEther");
    });

    it("reverts when the receiver refuses ether", async () => {
      const { steth, queue, wsteth } = await loadFixture(finalizedTwice);
      await steth.pauseStaking(); // wstETH refuses ether now
      await expect(queue.claimWithdrawalsTo([1n], [1n], wsteth)).to.be.revertedWithCustomError(
        queue,
        "CantSendValueRecipientMayHaveReverted",
      );
    });
  });

  describe("claimWithdrawalsTo", () => {
    it("pays someone else", async () => {
      const { queue, bob } = await loadFixture(finalizedTwice);
      await expect(queue.claimWithdrawalsTo([1n], [1n], bob)).to.changeEtherBalance(bob, ether("10"));
    });

    it("reverts for nobody", async () => {
      const { queue } = await loadFixture(finalizedTwice);
      await expect(queue.claimWithdrawalsTo([1n], [1n], ethers.ZeroAddress)).to.be.revertedWithCustomError(
        queue,
        "ZeroRecipient",
      );
    });
  });

  describe("transfers", () => {
    it("hand the claim to the new owner", async () => {
      const { queue, alice, bob } = await loadFixture(finalizedTwice);
      await queue.transferFrom(alice, bob, 1n);
      expect(await queue.getWithdrawalRequests(bob)).to.deep.equal([1n]);
      await expect(queue.claimWithdrawal(1n)).to.be.revertedWithCustomError(queue, "NotOwner").withArgs(alice, bob);
      await expect(queue.connect(bob).claimWithdrawal(1n)).to.changeEtherBalance(bob, ether("10"));
    });
  });

  describe("views", () => {
    it("tell the status of each request, the last owner of a claimed one included", async () => {
      const { queue, alice } = await loadFixture(finalizedTwice);
      await queue.claimWithdrawal(1n);
      const [claimed, finalized, waiting] = await queue.getWithdrawalStatus([1n, 2n, 4n]);
      expect([claimed.isFinalized, claimed.isClaimed, claimed.owner]).to.deep.equal([true, true, alice.address]);
      expect([finalized.isFinalized, finalized.isClaimed, finalized.amountOfStETH]).to.deep.equal([
        true,
        false,
        ether("20"),
      ]);
      expect([waiting.isFinalized, waiting.isClaimed, waiting.owner]).to.deep.equal([false, false, alice.address]);
      await expect(queue.getWithdrawalStatus([5n])).to.be.revertedWithCustomError(queue, "InvalidRequestId");
    });

    it("tell what can be claimed: nothing of a claimed or waiting request", async () => {
      const { queue } = await loadFixture(finalizedTwice);
      await queue.claimWithdrawal(1n);
      expect(await queue.getClaimableEther([1n, 2n, 4n], [1n, 2n, 0n])).to.deep.equal([0n, ether("18"), 0n]);
    });
  });
});
