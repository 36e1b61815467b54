import { loadFixture, takeSnapshot } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ether, rebaseTo, stakedLido } from "./lido";

describe("WstETHMock", () => {
  it("wraps and unwraps at the share rate", async () => {
    const { steth, wsteth, alice } = await loadFixture(stakedLido);
    await rebaseTo(steth, ether("200"));
    await wsteth.wrap(ether("10"));
    expect(await wsteth.balanceOf(alice)).to.equal(ether("5"));
    await rebaseTo(steth, ether("150"));
    await expect(wsteth.unwrap(ether("5"))).to.changeTokenBalance(steth, alice, ether("7.5"));
  });

  it("holds one share per unit after any wrap and unwrap", async () => {
    const { steth, wsteth, alice } = await loadFixture(stakedLido);
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt(ether("51"), ether("199")),
        fc.bigInt(3n, ether("40")),
        fc.bigInt(1n, 1000n),
        async (pooledEther, amount, permille) => {
          const snapshot = await takeSnapshot();
          await rebaseTo(steth, pooledEther);
          await wsteth.wrap(amount);
          expect(await wsteth.totalSupply()).to.equal(await steth.sharesOf(wsteth));
          await wsteth.unwrap(((await wsteth.balanceOf(alice)) * permille + 999n) / 1000n);
          // Unwrapping goes through a token amount, so each time at most two shares stay behind.
          expect((await steth.sharesOf(wsteth)) - (await wsteth.totalSupply())).to.be.within(0n, 2n);
          await snapshot.restore();
        },
      ),
      { numRuns: 40 },
    );
  });

  it("stakes plain ether", async () => {
    const { steth, wsteth, bob } = await loadFixture(stakedLido);
    await rebaseTo(steth, ether("200"));
    await bob.sendTransaction({ to: wsteth, value: ether("2") });
    expect(await wsteth.balanceOf(bob)).to.equal(ether("1"));
  });

  it("refuses plain ether while staking is paused", async () => {
    const { steth, wsteth, bob } = await loadFixture(stakedLido);
    await steth.pauseStaking();
    await expect(bob.sendTransaction({ to: wsteth, value: 1n })).to.be.revertedWithCustomError(steth, "StakingPaused");
  });

  it("tells its rates", async () => {
    const { steth, wsteth } = await loadFixture(stakedLido);
    await rebaseTo(steth, ether("125"));
    expect(await wsteth.stEthPerToken()).to.equal(ether("1.25"));
    expect(await wsteth.tokensPerStEth()).to.equal(ether("0.8"));
    expect(await wsteth.getStETHByWstETH(3n)).to.equal(3n);
    expect(await wsteth.getWstETHByStETH(3n)).to.equal(2n);
    expect(await wsteth.stETH()).to.equal(steth);
  });

  it("reverts for nothing", async () => {
    const { wsteth } = await loadFixture(stakedLido);
    await expect(wsteth.wrap(0n)).to.be.revertedWithCustomError(wsteth, "ZeroAmount");
    await expect(wsteth.unwrap(0n)).to.be.revertedWithCustomError(wsteth, "ZeroAmount");
  });
});
