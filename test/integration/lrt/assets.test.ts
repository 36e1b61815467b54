import { loadFixture, setCode, time } from "@nomicfoundation/hardhat-network-helpers";
import { anyValue } from "@nomicfoundation/hardhat-chai-matchers/withArgs";
import { expect } from "chai";
import { ethers } from "hardhat";
import { ETHER, type Plain } from "../../../scripts/sim/world";
import { as } from "../../checks";
import { DAY, ether, expectWithin, nextDay, WAD } from "../../exit-world";
import { fourAssets, isAlive, restaked } from "../../asset-world";
import { staked } from "../../world";

const PLAIN: Plain[] = ["rETH", "cbETH"];
/** Rates round down to 18 digits, once at the source and once per hop through the engine. */
const ROUNDING = 100n;

/** A token's own code at another place, and before it a door that burns all gas of every `transfer`. */
async function burnGasOnTransfer(token: string): Promise<void> {
  const copy = ethers.getAddress("0x00000000000000000000000000000000000c0de5");
  await setCode(copy, await ethers.provider.getCode(token));
  const transfer = ethers.id("transfer(address,uint256)").slice(2, 10);
  await setCode(
    token,
    `0x5f3560e01c63${transfer}14603b57` + // if the selector is transfer, to 3b
      `365f5f37` + // calldatacopy(0, 0, calldatasize)
      `5f5f365f73${copy.slice(2)}5af4` + // delegatecall(gas, copy, 0, calldatasize, 0, 0)
      `3d5f5f3e6037573d5ffd` + // returndatacopy; if it failed, revert
      `5b3d5ff3` + // 37: return
      `5bfe`, // 3b: invalid
  );
}

/** Operator 4 has sixteen withdrawals of cbETH in the engine, then one of wstETH, all due; cbETH burns gas. */
async function gasBurner() {
  const scene = await restaked();
  const { world, assets } = scene;
  const { delegator } = await world.c.operators.operator(4);
  const staker = await ethers.getContractAt("OperatorDelegator", delegator, await as(await world.c.desk.getAddress()));
  for (let i = 0; i < 16; ++i) await staker.unbond(world.ctx.address("cbETHStrategy"), ether("0.05"));
  await staker.unbond(world.ctx.address("wstETHStrategy"), ether("1"));
  await world.pass(60n * 12n);
  const code = await ethers.provider.getCode(assets.cbETH);
  await burnGasOnTransfer(assets.cbETH);
  return { ...scene, desk: world.c.desk.connect(scene.keeper), code };
}

describe("rETH and cbETH", () => {
  it("come in at their issuer's rate less the haircut, which is the holders'", async () => {
    const { world } = await loadFixture(staked);
    const dora = await world.person(3);
    const { pool, accountant, trEth } = world.c;
    await accountant.report();
    const before = await accountant.netAssetValue();
    const { rateWad, waitingWad } = await pool.terms(); // what the haircut leaves is in the next one's price
    const shares = await world.deposit(dora, "rETH", ether("20"));
    const value = (ether("20") * (await world.rateOf("rETH"))) / WAD;
    expectWithin(shares, (((value * 9_970n) / 10_000n) * WAD) / (rateWad + waitingWad), ROUNDING);
    expect(await trEth.balanceOf(dora)).to.equal(shares);
    await accountant.report();
    expectWithin((await accountant.netAssetValue()) - before, value, ROUNDING);
  });

  it("net asset value with 3 assets and 4 delegators equals the sum", async () => {
    const { world, assets, keeper } = await loadFixture(restaked);
    const { accountant, operators, delegation, desk, pool, issuer } = world.c;
    // One of the five operators is drained, so that four have stake.
    const tightening = await as(world.ctx.config.governance.tightening);
    await operators.connect(tightening).quarantine(4);
    for (const asset of [world.asset, ...Object.values(assets)]) await desk.connect(keeper).unbond(asset, 16n);
    await world.pass(60n * 12n);
    await desk.connect(keeper).complete(4, 16n);
    await accountant.report();
    const delegators = (await operators.operators()).map(({ delegator }) => delegator);
    let sum = (await pool.idle(ETHER)) + (await issuer.redeemingValue());
    let withStake = 0;
    for (const name of ["wstETH", "rETH", "cbETH"] as const) {
      const asset = world.ctx.address(name);
      const strategy = await ethers.getContractAt("StrategyBase", world.ctx.address(`${name}Strategy`));
      const token = await ethers.getContractAt("IERC20", name === "wstETH" ? world.ctx.address("stETH") : asset);
      let shares = 0n;
      for (const delegator of delegators) {
        const [[mine]] = await delegation.getWithdrawableShares(delegator, [strategy]);
        shares += mine;
        if (mine > 0n) withStake += 1;
      }
      const amount =
        (shares * ((await token.balanceOf(strategy)) + 1_000n)) / ((await strategy.totalShares()) + 1_000n);
      const units = name === "wstETH" ? await world.c.stEth.getSharesByPooledEth(amount) : amount;
      const rate = name === "wstETH" ? await world.c.stEth.getPooledEthByShares(WAD) : await world.rateOf(name);
      sum += (((await pool.idle(asset)) + units) * rate) / WAD;
    }
    expect(withStake).to.equal(3 * 4);
    expectWithin(await accountant.netAssetValue(), sum, ROUNDING);
  });

  for (const token of PLAIN) {
    it(`${token}: is restaked, unbonded, brought home and paid out in kind`, async () => {
      const { world, carol, assets } = await loadFixture(restaked);
      const asset = assets[token];
      const { accountant, pool, queue } = world.c;
      expect(await pool.idle(asset)).to.equal(0n);
      expect((await accountant.backing(asset)).restaked).to.be.above(ether("9.99"));
      const rateWad = await pool.rate();
      const id = await world.request(carol, asset, ether("5"));
      for (let day = 0; day < 3; ++day) {
        await nextDay(world.ctx.provider, 60n);
        await world.crank();
      }
      const expected = (ether("5") * rateWad) / (await world.rateOf(token));
      const contract = await ethers.getContractAt("IERC20", asset);
      const before = (await contract.balanceOf(carol)) as bigint;
      await world.claim(id);
      const paid = ((await contract.balanceOf(carol)) as bigint) - before;
      expect(paid).to.be.at.least(expected - ROUNDING); // the rate has grown by what waited: the haircuts
      expect(paid).to.be.at.most((expected * 1_004n) / 1_000n);
      expect(await queue.sharesOf(id)).to.equal(0n);
    });

    it(`${token}: a fall of its rate is everybody's loss at once, and in the ledger under its name`, async () => {
      const { world, assets } = await loadFixture(restaked);
      const { accountant, pool } = world.c;
      await accountant.report();
      const nav = await accountant.netAssetValue();
      const rate = await world.rateOf(token);
      await world.publish(token, (rate * 99n) / 100n);
      await accountant.report();
      const fallen = nav - (await accountant.netAssetValue());
      expect(await accountant.lossOf(assets[token])).to.equal(fallen);
      const units = token === "rETH" ? 20n : 10n;
      expectWithin(fallen, (units * rate) / 100n, ROUNDING);
      expect(((await pool.rate()) * (await world.c.trEth.totalSupply())) / WAD).to.be.at.most(nav - fallen);
    });
  }
});

describe("An issuer that fails", () => {
  it("a late report of Rocket Pool closes the entrance of rETH, and nothing else", async () => {
    const { world, carol, assets } = await loadFixture(restaked);
    await world.acquire(carol, "rETH", WAD);
    await time.increase(2n * DAY + 60n);
    await world.c.accountant.report();
    const source = await ethers.getContractAt("RocketRateSource", world.ctx.address("rETHRateSource"));
    await expect(world.c.pool.previewDeposit(assets.rETH, WAD)).to.be.revertedWithCustomError(source, "AnswerTooOld");
    expect(await world.c.accountant.fillsClosedUntil()).to.equal(0n);
    await isAlive(world, assets.rETH);
  });

  it("a rate of cbETH that nobody moves closes its entrance, and nothing else", async () => {
    const { world, assets } = await loadFixture(restaked);
    await time.increase(3n * DAY + 60n);
    await world.c.accountant.report();
    const source = await ethers.getContractAt("CbEthRateSource", world.ctx.address("cbETHRateSource"));
    await source.getFunction("poke").send();
    await expect(world.c.pool.previewDeposit(assets.cbETH, WAD)).to.be.revertedWithCustomError(source, "AnswerTooOld");
    await isAlive(world, assets.cbETH);
  });

  it("a market below its bound closes the entrance of its asset, and nothing else", async () => {
    const { world, assets } = await loadFixture(restaked);
    const feed = world.c.markets.rETH;
    const rate = await world.rateOf("rETH");
    await feed?.report((rate * 9_979n) / 10_000n);
    const source = await ethers.getContractAt("RocketRateSource", world.ctx.address("rETHRateSource"));
    await expect(world.c.pool.previewDeposit(assets.rETH, WAD))
      .to.be.revertedWithCustomError(source, "MarketOutOfBounds")
      .withArgs((rate * 9_979n) / 10_000n, (rate * 9_980n) / 10_000n, ether("3"));
    expect(await world.c.pool.previewDeposit(assets.cbETH, WAD)).to.be.above(WAD);
    await isAlive(world, assets.rETH);
  });

  it("a rate that cannot be read keeps the last value and closes priced doors until it can", async () => {
    const { world, assets, rocket } = await loadFixture(restaked);
    const { accountant, pool } = world.c;
    await accountant.report();
    const nav = await accountant.netAssetValue();
    const code = await ethers.provider.getCode(rocket.token);
    await setCode(await rocket.token.getAddress(), "0xfe"); // burns all gas it gets
    await expect(accountant.report()).to.emit(accountant, "ReadabilityChanged").withArgs(assets.rETH, false);
    expect(await accountant.netAssetValue()).to.equal(nav);
    expect((await pool.terms()).closedUntil).to.equal(2n ** 40n - 1n);
    await setCode(await rocket.token.getAddress(), code);
    await expect(accountant.report()).to.not.emit(accountant, "ReadabilityChanged"); // a report leaves it alone
    await expect(accountant.syncAsset(assets.rETH))
      .to.emit(accountant, "ReadabilityChanged")
      .withArgs(assets.rETH, true);
    await accountant.report();
    await isAlive(world, assets.rETH);
  });

  it("a token that burns all gas on transfer does not starve the operator's other withdrawals", async () => {
    const { world, assets, desk, code } = await loadFixture(gasBurner);
    const tx = await desk.complete(4, 32n, { gasLimit: 6_000_000n });
    await expect(tx).to.emit(desk, "Completed").withArgs(4n, world.asset, anyValue, anyValue);
    await expect(tx).to.emit(desk, "Skipped").withArgs(4n, assets.cbETH, anyValue);
    await setCode(assets.cbETH, code);
    expect(await desk.complete.staticCall(4, 32n)).to.equal(16n);
  });

  it("a caller who forwards too little gas does not choose that a withdrawal is passed over", async () => {
    const { desk } = await loadFixture(gasBurner);
    const stingy = desk.complete(4, 1n, { gasLimit: 1_200_000n });
    const needed = 1_000_000n + 1_000_000n / 32n;
    await expect(stingy).to.be.revertedWithCustomError(desk, "NotEnoughGas").withArgs(anyValue, needed);
  });

  it("a rate out of its bounds is one that cannot be read", async () => {
    const { world, assets } = await loadFixture(restaked);
    const { accountant } = world.c;
    await accountant.report();
    const nav = await accountant.netAssetValue();
    await world.publish("cbETH", ether("30")); // a digit too many
    await expect(accountant.report()).to.emit(accountant, "ReadabilityChanged").withArgs(assets.cbETH, false);
    expect(await accountant.netAssetValue()).to.equal(nav);
  });
});

describe("cbETH that does not move", () => {
  /** Somebody waits for cbETH, somebody for rETH, and both are on their way home when cbETH stops. */
  async function onTheWay() {
    const scene = await restaked();
    const { world, carol, assets } = scene;
    const ids = {
      cbETH: await world.request(carol, assets.cbETH, ether("5")),
      rETH: await world.request(carol, assets.rETH, ether("5")),
    };
    await nextDay(world.ctx.provider, 60n);
    await world.crank();
    return { ...scene, ids };
  }

  for (const [what, stop, go] of [
    [
      "paused",
      async ({ coinbase }: Awaited<ReturnType<typeof fourAssets>>) => coinbase.token.setPaused(true),
      async ({ coinbase }: Awaited<ReturnType<typeof fourAssets>>) => coinbase.token.setPaused(false),
    ],
    [
      "refusing our pool",
      async ({ coinbase, world }: Awaited<ReturnType<typeof fourAssets>>) =>
        coinbase.token.setBlacklisted(world.c.pool, true),
      async ({ coinbase, world }: Awaited<ReturnType<typeof fourAssets>>) =>
        coinbase.token.setBlacklisted(world.c.pool, false),
    ],
  ] as const) {
    it(`because it is ${what}: all other assets are completed, paid, taken in; its own tickets wait`, async () => {
      const scene = await loadFixture(onTheWay);
      const { world, assets, ids } = scene;
      const { queue } = world.c;
      await stop(scene);
      for (let day = 0; day < 2; ++day) {
        await nextDay(world.ctx.provider, 60n);
        await world.crank();
      }
      expect((await queue.withdrawalStatus(ids.rETH)).remainingShares).to.equal(0n);
      await world.claim(ids.rETH);
      expect(await queue.claimable(ids.cbETH)).to.equal(0n);
      await isAlive(world, assets.rETH);
      await isAlive(world, ETHER);
      await go(scene);
      await nextDay(world.ctx.provider, 60n);
      await world.crank();
      await world.claim(ids.cbETH);
      expect(await queue.sharesOf(ids.cbETH)).to.equal(0n);
    });
  }

  it("because it refuses the line: its own tickets wait, and a batch of claims is paid without them", async () => {
    const { world, coinbase, ids, carol } = await loadFixture(onTheWay);
    const { queue } = world.c;
    for (let day = 0; day < 2; ++day) {
      await nextDay(world.ctx.provider, 60n);
      await world.crank();
    }
    await coinbase.token.setBlacklisted(queue, true);
    await expect(queue.claimBatch([ids.rETH, ids.cbETH]))
      .to.be.revertedWithCustomError(coinbase.token, "Blocked")
      .withArgs(queue);
    await queue.claimBatch([ids.rETH]);
    await coinbase.token.setBlacklisted(queue, false);
    await expect(queue.claim(ids.cbETH)).to.emit(queue, "Claimed");
    expect(await coinbase.token.balanceOf(carol)).to.be.above(ether("4.6"));
  });
});
