import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { ETHER } from "../../../../scripts/sim/world";
import { as, books, DAY, ether, refuses, WAD } from "../../../checks";
import { Distribution } from "../../../../scripts/rewards/distribution";
import { plain, post } from "../../../rewards-world";

/** Two of our stakers and one operator have earned reward tokens, the first staker wstETH as well. */
async function earned() {
  const scene = await loadFixture(plain);
  const { world, token, address } = scene;
  const [first, second] = await world.c.operators.operators();
  await token.mint(world.c.rewards, ether("1000"));
  await world.acquire(world.keeper, "wstETH", ether("3"));
  await world.c.wstEth.connect(world.keeper).transfer(world.c.rewards, ether("3"));
  const { distribution, index } = await post(world, [
    { earner: first.delegator, token: address, amount: ether("600") },
    { earner: first.delegator, token: world.asset, amount: ether("3") },
    { earner: second.delegator, token: address, amount: ether("300") },
    { earner: first.account, token: address, amount: ether("100") },
  ]);
  await world.c.accountant.report();
  const claim = (earner: string, tokens?: string[]) => distribution.claim(index, earner, tokens);
  return { ...scene, router: world.c.router, rewards: world.c.rewards, first, second, claim };
}

describe("RewardsRouter: income", () => {
  describe("claim", () => {
    it("is for anyone, and what our stakers earned comes here alone", async () => {
      const { router, rewards, token, first, second, claim, bob, address } = await earned();
      for (const by of [bob, await as(first.delegator), await as(first.nodeOperator)]) {
        await expect(rewards.connect(by).processClaim(claim(first.delegator), by)).to.be.revertedWithCustomError(
          rewards,
          "UnauthorizedCaller",
        );
      }
      await router.connect(bob).claim(claim(first.delegator, [address]));
      expect(await token.balanceOf(router)).to.equal(ether("600"));
      await router.connect(bob).claim(claim(second.delegator));
      expect(await token.balanceOf(router)).to.equal(ether("900"));
      await expect(router.connect(bob).claim(claim(second.delegator))).to.be.revertedWithCustomError(
        rewards,
        "EarningsNotGreaterThanClaimed",
      );
    });

    it("changes no value: what lies here is in no net asset value", async () => {
      const { world, router, first, claim } = await earned();
      const before = await books(world);
      await router.claim(claim(first.delegator));
      await world.c.accountant.report();
      expect(await books(world)).to.deep.equal(before);
    });

    it("leaves the operator's part to whom its node operator names", async () => {
      const { router, rewards, token, first, claim, carol, bob } = await earned();
      const company = await as(first.nodeOperator);
      const ofAccount = rewards.connect(company)["setClaimerFor(address,address)"];
      const ofOther = rewards.connect(bob)["setClaimerFor(address,address)"];
      await expect(ofOther(first.account, bob)).to.be.revertedWithCustomError(rewards, "InvalidPermissions");
      await ofAccount(first.account, carol);
      await expect(ofAccount(first.delegator, carol)).to.be.revertedWithCustomError(rewards, "InvalidPermissions");
      await rewards.connect(carol).processClaim(claim(first.account), carol);
      expect(await token.balanceOf(carol)).to.equal(ether("100"));
      await expect(router.claim(claim(first.account))).to.be.revertedWithCustomError(rewards, "UnauthorizedCaller");
      await router.claim(claim(first.delegator)); // the stakers' part is independent of him
      expect(await token.balanceOf(router)).to.equal(ether("600"));
    });

    it("gives a node operator no say about how much stakers get", async () => {
      const { rewards, first, world } = await earned();
      const company = rewards.connect(await as(first.nodeOperator));
      const avs = await world.c.avss[0].getAddress();
      for (const split of [
        () => company.setOperatorAVSSplit(first.account, avs, 10_000n),
        () => company.setOperatorPISplit(first.account, 10_000n),
        () => company.setOperatorSetSplit(first.account, { avs, id: 0n }, 10_000n),
      ]) {
        await expect(split()).to.be.revertedWithCustomError(rewards, "InvalidPermissions");
      }
    });
  });

  describe("claimers", () => {
    it("are set at birth, and by anyone again", async () => {
      const { world, router, rewards, bob } = await earned();
      const [{ delegator }] = await world.c.operators.operators();
      expect(await rewards.claimerFor(delegator)).to.equal(router);
      await rewards.connect(await as(delegator))["setClaimerFor(address)"](ethers.ZeroAddress); // as before an upgrade
      const find = async () => world.c.lens.check(ethers.encodeBytes32String("RW-claimers"), ethers.ZeroAddress);
      expect([...(await find())]).to.deep.equal([false, 4n, 5n]);
      const staker = await ethers.getContractAt("OperatorDelegator", delegator, bob);
      await staker.setClaimer();
      expect(await rewards.claimerFor(delegator)).to.equal(router);
      expect([...(await find())]).to.deep.equal([true, 5n, 5n]);
    });
  });

  describe("deliver", () => {
    it("gives the pool wstETH that was a reward; it waits, and newcomers pay for it at once", async () => {
      const { world, router, first, claim, bob } = await earned();
      await router.claim(claim(first.delegator, [world.asset]));
      const before = await books(world);
      await expect(router.connect(bob).deliver(world.asset))
        .to.emit(router, "Delivered")
        .withArgs(world.asset, world.asset, ether("3"));
      const after = await books(world);
      expect(after.idleUnits).to.equal(before.idleUnits + ether("3"));
      expect(after.rateWad).to.equal(before.rateWad);
      const gain = after.netAssetValue - before.netAssetValue;
      expect(gain).to.be.within(ether("3"), ether("4"));
      expect(after.waitingWad - before.waitingWad).to.be.within(
        (gain * WAD) / after.supply,
        (gain * WAD) / after.supply + 1n,
      );
      await time.increase(DAY);
      await world.c.accountant.report();
      const grown = await books(world);
      expect(grown.rateWad).to.be.within(after.rateWad, after.rateWad + after.rateWad / 1_000n); // 10 bps a day
    });

    it("takes every form: WETH and forced ether as ETH, stETH in its shares, plain tokens", async () => {
      const { world, router, bob } = await earned();
      const { pool, weth, stEth, wstEth, rocket } = world.c;
      await world.acquire(bob, "WETH", ether("2"));
      await weth.connect(bob).transfer(router, ether("2"));
      await ethers.provider.send("hardhat_setBalance", [await router.getAddress(), "0x1"]);
      const idle = await pool.idle(ETHER);
      await router.deliver(await weth.getAddress());
      expect(await pool.idle(ETHER)).to.equal(idle + ether("2") + 1n);
      await world.acquire(bob, "stETH", ether("1"));
      await stEth.connect(bob).transferShares(router, ether("0.5"));
      await world.acquire(bob, "wstETH", ether("1"));
      await wstEth.connect(bob).transfer(router, ether("1"));
      const units = await pool.idle(world.asset);
      await router.deliver(await stEth.getAddress()); // both forms at once
      expect(await pool.idle(world.asset)).to.equal(units + ether("1.5"));
      await world.acquire(bob, "rETH", ether("1"));
      const rEth = await rocket!.token.getAddress();
      await rocket!.token.connect(bob).transfer(router, ether("1"));
      await router.deliver(rEth);
      expect(await pool.idle(rEth)).to.equal(ether("1"));
      for (const asset of [ETHER, world.asset, rEth]) expect(await router.surplus(asset)).to.equal(0n);
    });

    it("burns shares of ours, which all others gain", async () => {
      const { world, router, alice } = await earned();
      const { trEth, pool } = world.c;
      await trEth.connect(alice).transfer(router, ether("6"));
      const before = await books(world);
      await expect(router.deliver(trEth)).to.emit(router, "SharesBurnt").withArgs(ether("6"));
      const after = await books(world);
      expect(after.supply).to.equal(before.supply - ether("6"));
      expect([after.rateWad, after.netAssetValue]).to.deep.equal([before.rateWad, before.netAssetValue]);
      // All that is there belongs to fewer shares, and nobody buys the gain.
      expect((after.rateWad + after.waitingWad) * after.supply).to.be.at.least(after.netAssetValue * WAD);
      expect(await trEth.balanceOf(await world.c.queue.getAddress())).to.equal(0n);
      await expect(pool.connect(alice).burnReward(1n)).to.be.revertedWithCustomError(pool, "OnlyModule");
    });

    it("is refused for what is sold, and when nothing is there", async () => {
      const { world, router, alice, address } = await earned();
      const deliver = (token: string) => () => router.connect(alice).deliver(token);
      await refuses(world, alice, deliver(address), router, "NeedsAuction", [address]);
      for (const name of ["WETH", "stETH", "wstETH", "rETH", "TrEth"]) {
        const token = world.ctx.address(name);
        await refuses(world, alice, deliver(token), router, "NothingToDeliver", [token]);
      }
      await refuses(world, alice, deliver(ETHER), router, "NothingToDeliver", [ETHER]);
    });
  });

  it("a donation of reward tokens changes no rate, no value and no price", async () => {
    const { world, router, token } = await earned();
    const { accountant, pool } = world.c;
    const before = await books(world);
    const price = await pool.previewDeposit(ETHER, WAD);
    await token.mint(router, ether("1000000"));
    await token.mint(pool, ether("1000000"));
    await accountant.report();
    expect(await books(world)).to.deep.equal(before);
    expect(await pool.previewDeposit(ETHER, WAD)).to.equal(price);
  });

  it("a wrong root that is disabled in its delay pays nobody", async () => {
    const { world, router, rewards, token, address, bob } = await earned();
    const [{ delegator }] = await world.c.operators.operators();
    const thief = await bob.getAddress();
    const wrong = new Distribution([
      { earner: thief, token: address, amount: ether("1000") },
      { earner: delegator, token: address, amount: ether("700") },
    ]);
    const updater = rewards.connect(await as(world.ctx.config.governance.admin));
    await updater.submitRoot(wrong.root, (await time.latest()) - 1);
    const claim = (earner: string) => wrong.claim(1n, earner);
    await expect(rewards.connect(bob).processClaim(claim(thief), bob)).to.be.revertedWithCustomError(
      rewards,
      "RootNotActivated",
    );
    await updater.disableRoot(1n);
    await time.increase(30n * DAY);
    await expect(rewards.connect(bob).processClaim(claim(thief), bob)).to.be.revertedWithCustomError(
      rewards,
      "RootDisabled",
    );
    await expect(router.claim(claim(delegator))).to.be.revertedWithCustomError(rewards, "RootDisabled");
    expect(await token.balanceOf(rewards)).to.equal(ether("1000"));
  });
});
