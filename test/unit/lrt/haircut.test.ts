import { loadFixture, takeSnapshot, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ETHER } from "../../../scripts/sim/world";
import { as, ether, FOREVER, NO_REFERRAL, WAD } from "../../checks";
import { deployed } from "../../world";

const BPS = 10_000n;
const ceil = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

/** 100 ETH are in; wstETH, worth 1.25 ether, has a haircut; Alice has 50 units of it ready. */
async function withHaircut(haircutBps = 30) {
  const world = await loadFixture(deployed);
  const { c, ctx, asset } = world;
  const [alice, bob, carol] = [await world.person(0), await world.person(1), await world.person(2)];
  await world.lidoEarns(2_500n);
  await world.depositEther(carol, ether("99.99"));
  if (haircutBps > 0)
    await c.registry.connect(await as(ctx.config.governance.tightening)).raiseHaircut(asset, haircutBps);
  const token = await world.acquire(alice, "wstETH", ether("50"));
  await token.connect(alice).approve(c.pool, FOREVER);
  await c.accountant.report();
  const bring = (units: bigint) => c.pool.connect(alice).deposit(asset, units, alice, 0n, FOREVER, NO_REFERRAL);
  const enter = (value: bigint) => c.pool.connect(bob).depositEther(bob, 0n, FOREVER, NO_REFERRAL, { value });
  return { world, alice, bob, pool: c.pool, accountant: c.accountant, trEth: c.trEth, bring, enter };
}

describe("DepositPool: what a depositor leaves", () => {
  it("waits from the deposit on, to the wei", async () => {
    const { world, pool, trEth, bring } = await withHaircut();
    const [{ rateWad, waitingWad }, supply] = [await pool.terms(), await trEth.totalSupply()];
    const price = rateWad + waitingWad;
    const { rateWad: unitWad } = await pool.assetTerms(world.asset);
    await bring(ether("8"));
    const shares = (ether("8") * unitWad * (BPS - 30n)) / (price * BPS);
    expect(await trEth.totalSupply()).to.equal(supply + shares);
    const leftWad = ether("8") * unitWad - shares * price; // 0.03 of 10 ether
    expect(leftWad / WAD).to.be.within(ether("0.03") - 100n, ether("0.03") + 100n);
    const after = await pool.terms();
    expect([after.rateWad, after.waitingWad]).to.deep.equal([rateWad, waitingWad + ceil(leftWad, supply + shares)]);
  });

  it("A4: is nothing that the next depositor buys, whatever both bring", async () => {
    const { world, bob, accountant, trEth, bring, enter } = await withHaircut();
    const start = await takeSnapshot();
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt(ether("0.0001"), ether("25")),
        fc.bigInt(ether("0.0001"), ether("25")),
        fc.bigInt(ether("0.0001"), ether("100")),
        fc.integer({ min: 1, max: 80_000 }), // seconds between
        async (first, second, value, seconds) => {
          await start.restore();
          await bring(first);
          await bring(second);
          await time.increase(seconds);
          await enter(value);
          const [supply, shares] = [await trEth.totalSupply(), await trEth.balanceOf(bob)]; // before the report's fee
          await accountant.report();
          const worth = (shares * (await accountant.netAssetValue())) / supply;
          expect(worth).to.be.at.most(value);
          // Rounded against him twice, and of each of the others' by a wei for every whole share.
          expect(value - worth).to.be.at.most(4n + (4n * supply) / WAD);
          expect(await accountant.lossOf(await accountant.getAddress())).to.equal(0n);
          expect(await world.c.pool.idle(ETHER)).to.equal(ether("100") + value);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("is also what the token has fallen since the report, until the report enters that as a loss", async () => {
    const { world, pool, accountant, trEth, bring } = await withHaircut(0);
    const { rateWad: counted } = await pool.assetTerms(world.asset);
    await world.lidoLoses(10n);
    const [{ rateWad, waitingWad }, supply] = [await pool.terms(), await trEth.totalSupply()];
    await bring(ether("8"));
    const fallen = await world.c.stEth.getPooledEthByShares(WAD);
    const shares = (ether("8") * fallen) / (rateWad + waitingWad);
    const leftWad = ether("8") * counted - shares * (rateWad + waitingWad);
    expect((await pool.terms()).waitingWad).to.equal(waitingWad + ceil(leftWad, supply + shares));
    await accountant.report();
    expect(await accountant.totalLoss()).to.equal((ether("8") * (counted - fallen)) / WAD);
    expect(await accountant.lossOf(world.asset)).to.equal(await accountant.totalLoss());
    const terms = await pool.terms();
    expect(terms.rateWad + terms.waitingWad).to.be.within(rateWad + waitingWad - 1n, rateWad + waitingWad + 1n);
  });

  it("is nothing without a haircut, in every form of what has none", async () => {
    const { world, alice, pool, enter } = await withHaircut(0);
    const before = await pool.terms();
    await enter(ether("3"));
    for (const form of ["WETH", "stETH", "wstETH"] as const) {
      const token = await world.acquire(alice, form, ether("1"));
      await token.connect(alice).approve(pool, FOREVER);
      await pool.connect(alice).deposit(token, ether("1"), alice, 0n, FOREVER, NO_REFERRAL);
    }
    expect([...(await pool.terms())]).to.deep.equal([...before]);
  });

  it("does not change what is previewed: the depositor pays it once", async () => {
    const { world, alice, pool, trEth, bring } = await withHaircut();
    const preview = await pool.previewDeposit(world.asset, ether("8"));
    await bring(ether("8"));
    expect(await trEth.balanceOf(alice)).to.equal(preview);
  });
});
