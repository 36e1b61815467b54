import { anyValue } from "@nomicfoundation/hardhat-chai-matchers/withArgs";
import { loadFixture, setBalance, takeSnapshot } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import { DEAD, ether, lido, rebaseTo, stakedLido } from "./lido";

describe("StETHMock", () => {
  describe("submit", () => {
    it("mints one share per wei while nothing was earned", async () => {
      const { steth, alice } = await loadFixture(stakedLido);
      expect(await steth.sharesOf(alice)).to.equal(ether("90"));
      expect(await steth.balanceOf(alice)).to.equal(ether("90"));
      expect(await steth.totalSupply()).to.equal(ether("100"));
    });

    it("mints fewer shares after a gain", async () => {
      const { steth, bob } = await loadFixture(stakedLido);
      await steth.reward({ value: ether("100") });
      await steth.connect(bob).submit(ethers.ZeroAddress, { value: ether("3") });
      expect(await steth.sharesOf(bob)).to.equal(ether("1.5"));
    });

    it("emits the referral and both transfers", async () => {
      const { steth, bob, carol } = await loadFixture(stakedLido);
      await expect(steth.connect(bob).submit(carol, { value: 7n }))
        .to.emit(steth, "Submitted")
        .withArgs(bob, 7n, carol)
        .and.to.emit(steth, "Transfer")
        .withArgs(ethers.ZeroAddress, bob, 7n)
        .and.to.emit(steth, "TransferShares")
        .withArgs(ethers.ZeroAddress, bob, 7n);
    });

    it("stakes plain ether", async () => {
      const { steth, bob } = await loadFixture(stakedLido);
      await bob.sendTransaction({ to: steth, value: ether("2") });
      expect(await steth.sharesOf(bob)).to.equal(ether("2"));
    });

    it("reverts without ether", async () => {
      const { steth } = await loadFixture(lido);
      await expect(steth.submit(ethers.ZeroAddress)).to.be.revertedWithCustomError(steth, "ZeroDeposit");
    });

    it("reverts while staking is paused and says that nothing can be staked", async () => {
      const { steth } = await loadFixture(lido);
      expect(await steth.getCurrentStakeLimit()).to.equal(ethers.MaxUint256);
      await steth.pauseStaking();
      expect(await steth.getCurrentStakeLimit()).to.equal(0n);
      await expect(steth.submit(ethers.ZeroAddress, { value: 1n })).to.be.revertedWithCustomError(
        steth,
        "StakingPaused",
      );
      await steth.resumeStaking();
      await expect(steth.submit(ethers.ZeroAddress, { value: 1n })).not.to.be.reverted;
    });

    it("uses up the stake limit and reverts beyond it", async () => {
      const { steth } = await loadFixture(lido);
      await steth.setStakeLimit(10n);
      await steth.submit(ethers.ZeroAddress, { value: 7n });
      expect(await steth.getCurrentStakeLimit()).to.equal(3n);
      await expect(steth.submit(ethers.ZeroAddress, { value: 4n }))
        .to.be.revertedWithCustomError(steth, "StakeLimitExceeded")
        .withArgs(4n, 3n);
    });
  });

  describe("reports", () => {
    it("a gain raises every balance and no share", async () => {
      const { steth, alice } = await loadFixture(stakedLido);
      await steth.reward({ value: ether("10") });
      expect(await steth.balanceOf(alice)).to.equal(ether("99"));
      expect(await steth.sharesOf(alice)).to.equal(ether("90"));
    });

    it("a loss lowers every balance and burns the ether", async () => {
      const { steth, alice } = await loadFixture(stakedLido);
      await expect(steth.penalize(ether("10"))).to.changeEtherBalances([steth, DEAD], [ether("-10"), ether("10")]);
      expect(await steth.balanceOf(alice)).to.equal(ether("81"));
    });

    it("emits what a report changed", async () => {
      const { steth } = await loadFixture(stakedLido);
      await expect(steth.reward({ value: 5n }))
        .to.emit(steth, "TokenRebased")
        .withArgs(anyValue, anyValue, ether("100"), ether("100"), ether("100"), ether("100") + 5n, 0n);
    });

    it("a total is set with exactly the ether gained", async () => {
      const { steth } = await loadFixture(stakedLido);
      await expect(steth.setTotalPooledEther(ether("101"), { value: 1n }))
        .to.be.revertedWithCustomError(steth, "ExactEtherNeeded")
        .withArgs(1n, ether("1"));
      await steth.setTotalPooledEther(ether("101"), { value: ether("1") });
      await steth.setTotalPooledEther(ether("55"));
      expect(await steth.getTotalPooledEther()).to.equal(ether("55"));
      expect(await ethers.provider.getBalance(steth)).to.equal(ether("55"));
    });

    it("forced ether changes no balance", async () => {
      const { steth, alice } = await loadFixture(stakedLido);
      await setBalance(await steth.getAddress(), ether("1000"));
      expect(await steth.balanceOf(alice)).to.equal(ether("90"));
    });
  });

  describe("transfer", () => {
    it("moves shares rounded down, so the receiver sees 0 to 2 wei less", async () => {
      const { steth, alice, bob } = await loadFixture(stakedLido);
      await fc.assert(
        fc.asyncProperty(
          fc.bigInt(ether("51"), ether("199")), // a share is worth 0.51 to 1.99 wei
          fc.bigInt(1n, ether("1")),
          fc.bigInt(0n, ether("1")),
          async (pooledEther, amount, before) => {
            const snapshot = await takeSnapshot();
            await rebaseTo(steth, pooledEther);
            await steth.transferShares(bob, before);
            const [tokensBefore, sharesBefore] = [await steth.balanceOf(bob), await steth.sharesOf(bob)];
            const aliceShares = await steth.sharesOf(alice);
            await steth.transfer(bob, amount);
            const moved = (await steth.sharesOf(bob)) - sharesBefore;
            expect(moved).to.equal((amount * ether("100")) / pooledEther);
            expect(aliceShares - (await steth.sharesOf(alice))).to.equal(moved);
            expect(amount - ((await steth.balanceOf(bob)) - tokensBefore)).to.be.within(0n, 2n);
            await snapshot.restore();
          },
        ),
        { numRuns: 60 },
      );
    });

    it("moves the whole balance, and leaves at most a wei behind", async () => {
      const { steth, alice, bob } = await loadFixture(stakedLido);
      await rebaseTo(steth, ether("133.333333333333333333"));
      await steth.transfer(bob, await steth.balanceOf(alice));
      expect(await steth.balanceOf(alice)).to.be.at.most(1n);
      expect(await steth.sharesOf(alice)).to.be.at.most(1n);
    });

    it("emits the amount asked for beside the shares moved", async () => {
      const { steth, alice, bob } = await loadFixture(stakedLido);
      await rebaseTo(steth, ether("150"));
      await expect(steth.transfer(bob, 100n))
        .to.emit(steth, "Transfer")
        .withArgs(alice, bob, 100n)
        .and.to.emit(steth, "TransferShares")
        .withArgs(alice, bob, 66n);
      expect(await steth.balanceOf(bob)).to.equal(99n);
    });

    it("reverts to zero, to the token itself, beyond the balance and while stopped", async () => {
      const { steth, alice, bob } = await loadFixture(stakedLido);
      await expect(steth.transfer(ethers.ZeroAddress, 1n))
        .to.be.revertedWithCustomError(steth, "ERC20InvalidReceiver")
        .withArgs(ethers.ZeroAddress);
      await expect(steth.transfer(steth, 1n))
        .to.be.revertedWithCustomError(steth, "ERC20InvalidReceiver")
        .withArgs(steth);
      await expect(steth.transfer(bob, ether("91")))
        .to.be.revertedWithCustomError(steth, "ERC20InsufficientBalance")
        .withArgs(alice, ether("90"), ether("91"));
      await steth.stop();
      expect(await steth.isStopped()).to.equal(true);
      expect(await steth.isStakingPaused()).to.equal(true);
      await expect(steth.transfer(bob, 1n)).to.be.revertedWithCustomError(steth, "Stopped");
      await steth.resume();
      await expect(steth.transfer(bob, 1n)).not.to.be.reverted;
    });
  });

  describe("transferShares", () => {
    it("moves exactly the shares and returns their worth rounded down", async () => {
      const { steth, bob } = await loadFixture(stakedLido);
      await rebaseTo(steth, ether("150"));
      expect(await steth.transferShares.staticCall(bob, 3n)).to.equal(4n);
      await steth.transferShares(bob, 3n);
      expect(await steth.sharesOf(bob)).to.equal(3n);
    });
  });

  describe("allowances", () => {
    it("are spent in tokens by transferFrom", async () => {
      const { steth, alice, bob } = await loadFixture(stakedLido);
      await steth.approve(bob, 100n);
      await steth.connect(bob).transferFrom(alice, bob, 60n);
      expect(await steth.allowance(alice, bob)).to.equal(40n);
      await expect(steth.connect(bob).transferFrom(alice, bob, 41n))
        .to.be.revertedWithCustomError(steth, "ERC20InsufficientAllowance")
        .withArgs(bob, 40n, 41n);
    });

    it("are spent in tokens rounded up by transferSharesFrom", async () => {
      const { steth, alice, bob } = await loadFixture(stakedLido);
      await rebaseTo(steth, ether("150"));
      await steth.approve(bob, 100n);
      await steth.connect(bob).transferSharesFrom(alice, bob, 3n);
      expect(await steth.sharesOf(bob)).to.equal(3n);
      expect(await steth.allowance(alice, bob)).to.equal(95n);
    });

    it("stay when they are infinite", async () => {
      const { steth, alice, bob } = await loadFixture(stakedLido);
      await steth.approve(bob, ethers.MaxUint256);
      await steth.connect(bob).transferFrom(alice, bob, 60n);
      expect(await steth.allowance(alice, bob)).to.equal(ethers.MaxUint256);
    });
  });

  describe("conversions", () => {
    it("round as their names say at any rate", async () => {
      const { steth } = await loadFixture(stakedLido);
      await fc.assert(
        fc.asyncProperty(
          fc.bigInt(ether("1"), ether("1000")),
          fc.bigInt(0n, 2n ** 128n - 1n),
          async (pooledEther, amount) => {
            await rebaseTo(steth, pooledEther);
            const down = (amount * pooledEther) / ether("100");
            const exact = (amount * pooledEther) % ether("100") === 0n;
            expect(await steth.getPooledEthByShares(amount)).to.equal(down);
            expect(await steth.getPooledEthBySharesRoundUp(amount)).to.equal(exact ? down : down + 1n);
            expect(await steth.getSharesByPooledEth(amount)).to.equal((amount * ether("100")) / pooledEther);
          },
        ),
        { numRuns: 60 },
      );
    });

    it("revert from 2^128 on", async () => {
      const { steth } = await loadFixture(stakedLido);
      await expect(steth.getPooledEthByShares(2n ** 128n))
        .to.be.revertedWithCustomError(steth, "ConversionTooLarge")
        .withArgs(2n ** 128n, 2n ** 128n - 1n);
      await expect(steth.getSharesByPooledEth(2n ** 128n)).to.be.revertedWithCustomError(steth, "ConversionTooLarge");
    });
  });
});
