import { loadFixture, setCode, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { ETHER, World } from "../../../../scripts/sim/world";
import { changed, DAY, ether, FOREVER, NO_REFERRAL, WAD } from "../../../checks";
import { nextDay } from "../../../exit-world";
import { staked } from "../../../world";

const NOTHING_WAITS = 3n;

async function scene() {
  const base = await loadFixture(staked);
  const { c } = base.world;
  await c.accountant.report();
  return { ...base, c, lens: c.lens };
}

/** Bob waits for wstETH and for ETH; the first is filled in part. */
async function waiting() {
  const base = await scene();
  const { world, c, alice, bob } = base;
  const first = await world.request(bob, world.asset, ether("5"));
  const second = await world.request(bob, ETHER, ether("2"));
  const day = BigInt(await time.latest()) / DAY;
  await time.increaseTo((day + 2n) * DAY);
  await world.acquire(alice, "wstETH", ether("3"));
  await c.wstEth.connect(alice).approve(c.pool, FOREVER);
  await c.pool.connect(alice).reportAndDeposit(world.asset, ether("2"), alice, 0n, FOREVER, NO_REFERRAL);
  return { ...base, first, second, day };
}

describe("Lens", () => {
  describe("position", () => {
    it("is shares, their value and the tickets asked for, as the line tells them", async () => {
      const { c, lens, bob, first, second } = await waiting();
      const { shares, etherValue, ticketCount, tickets } = await lens.position(bob, [first, second]);
      expect(shares).to.equal(await c.trEth.balanceOf(bob));
      expect(etherValue).to.equal(await c.rate.convertToAssets(shares));
      expect(ticketCount).to.equal(2n);
      expect(tickets.map(({ id, exists }) => [id, exists])).to.deep.equal([
        [first, true],
        [second, true],
      ]);
      for (const [i, id] of [first, second].entries()) {
        expect([...tickets[i].status]).to.deep.equal([...(await c.queue.withdrawalStatus(id))]);
      }
    });

    it("shows a ticket that is gone as not there, and goes on", async () => {
      const { world, c, lens, bob, first, second } = await waiting();
      await world.deposit(await world.person(3), "wstETH", ether("9"));
      await c.queue.fill(world.asset, 8n);
      const before = (await lens.position(bob, [first])).tickets[0];
      expect([before.exists, before.status.waitsFor]).to.deep.equal([true, NOTHING_WAITS]);
      await c.queue.claim(first);
      const { ticketCount, tickets } = await lens.position(bob, [first, 2n ** 255n, second]);
      expect(ticketCount).to.equal(1n);
      expect(tickets.map(({ exists }) => exists)).to.deep.equal([false, false, true]);
      expect(tickets[0].status.owner).to.equal(ethers.ZeroAddress);
    });

    it("says with the count that tickets were not asked for", async () => {
      const { lens, bob } = await waiting();
      const { ticketCount, tickets } = await lens.position(bob, []);
      expect([ticketCount, tickets.length]).to.deep.equal([2n, 0]);
    });
  });

  describe("backing", () => {
    it("adds up to net asset value, per asset and per delegator", async () => {
      const { world, c, lens } = await waiting();
      await world.crank(); // fills what it can, unbonds and redeems
      await c.accountant.report();
      const { assets, redeeming, netAssetValue, supply, rateWad, waitingWad } = await lens.backing();
      expect(assets.map(({ asset }) => asset)).to.deep.equal([...(await c.registry.assets())]);
      const sum = assets.reduce((total, { etherValue }) => total + etherValue, redeeming);
      expect(netAssetValue).to.equal(await c.accountant.netAssetValue());
      expect(sum).to.be.closeTo(netAssetValue, 2n); // each place of an asset rounds down by itself
      const { rateWad: rate, waitingWad: gain } = await c.pool.terms();
      expect([supply, rateWad, waitingWad]).to.deep.equal([await c.trEth.totalSupply(), rate, gain]);
      const [, wst] = assets;
      const { pool, restaked, unbonding, rateWad: price } = await c.accountant.backing(world.asset);
      expect([wst.idle, wst.restaked, wst.unbonding, wst.rateWad]).to.deep.equal([pool, restaked, unbonding, price]);
      expect(wst.heldByLine).to.equal(await c.wstEth.balanceOf(c.queue));
      expect(wst.heldByLine).to.be.above(0n);
      const books = (await lens.books()).filter(({ asset }) => asset === world.asset);
      expect(books.map(({ operatorId }) => operatorId)).to.deep.equal([0n, 1n, 2n, 3n, 4n]);
      expect(books.reduce((total, b) => total + b.restaked, 0n)).to.be.closeTo(restaked, 5n);
      expect(books.reduce((total, b) => total + b.unbonding, 0n)).to.be.closeTo(unbonding, 5n);
      expect(unbonding).to.be.above(0n);
    });

    it("shows a donation as surplus, in every form of the asset", async () => {
      const { world, c, lens, bob } = await scene();
      await world.acquire(bob, "wstETH", ether("2"));
      await world.acquire(bob, "stETH", ether("2"));
      const before = (await lens.backing()).assets[1].surplus;
      await c.wstEth.connect(bob).transfer(c.pool, WAD);
      await c.stEth.connect(bob).transferShares(c.pool, 5n);
      const { assets } = await lens.backing();
      expect(assets[1].surplus - before).to.equal(WAD + 5n);
      expect(await lens.held(world.asset, c.pool)).to.equal(assets[1].idle + assets[1].surplus);
    });

    it("does not show as surplus what is set aside for a basket", async () => {
      const { world, c, lens, alice, bob } = await scene();
      await world.depositEther(bob, ether("7"));
      const id = await world.leaveByBasket(alice, ether("5"));
      for (let i = 0; i < 2; ++i) await nextDay(world.ctx.provider, 60n);
      const before = (await lens.backing()).assets[0];
      await c.baskets.strike(id >> 32n);
      const { idle, surplus } = (await lens.backing()).assets[0];
      expect(await c.pool.aside(ETHER)).to.be.above(ether("0.1"));
      expect(idle).to.equal(before.idle - (await c.pool.aside(ETHER)));
      expect(surplus).to.equal(before.surplus);
    });

    it("hides only what a token does not tell", async () => {
      const { c, lens } = await scene();
      const before = await lens.backing();
      for (const code of ["0x5f5ffd", "0xfe"]) {
        await setCode(await c.wstEth.getAddress(), code);
        const { assets, netAssetValue } = await lens.backing();
        expect(netAssetValue).to.equal(before.netAssetValue);
        expect([assets[1].isHeldKnown, assets[1].surplus, assets[1].heldByLine]).to.deep.equal([false, 0n, 0n]);
        expect(assets[1].etherValue).to.equal(before.assets[1].etherValue);
        expect(assets[0].isHeldKnown).to.equal(true);
      }
    });
  });

  describe("queue", () => {
    it("is empty when nobody waits", async () => {
      const { lens } = await scene();
      expect([...(await lens.queue(ETHER, 8n))]).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n, 0n, []]);
    });

    it("shows what is on its way: back from the engine, and for ether from the issuer", async () => {
      const { world, c, lens, alice } = await waiting();
      await world.request(alice, ETHER, ether("3"));
      await world.pass(DAY);
      await c.desk.connect(world.keeper).unbond(world.asset, 16n);
      const { unbonding } = await c.accountant.backing(world.asset);
      expect(unbonding).to.be.above(ether("5"));
      expect((await lens.queue(world.asset, 0n)).comingUnits).to.equal(unbonding);
      expect((await lens.queue(ETHER, 0n)).comingUnits).to.equal(0n);
      await world.pass(DAY);
      for (let i = 0; i < 5; ++i) await c.desk.connect(world.keeper).complete(i, 9n);
      await c.issuer.connect(world.keeper).redeem();
      expect((await lens.queue(world.asset, 0n)).comingUnits).to.equal(0n);
      expect((await lens.queue(ETHER, 0n)).comingUnits).to.equal(await c.accountant.redeeming());
      expect(await c.accountant.redeeming()).to.be.above(0n);
    });

    it("shows who waits, what is due, what is there and when the next fill is possible", async () => {
      const { world, c, lens, bob, day } = await waiting();
      await world.request(bob, world.asset, ether("1"));
      const line = await lens.queue(world.asset, 8n);
      const [all, due] = await c.queue.waitingUnits(world.asset);
      expect([line.waitingShares, line.waitingUnits, line.dueUnits]).to.deep.equal([ether("6"), all, due]);
      expect(due).to.be.below(all);
      expect(line.idleUnits).to.equal(await c.pool.idle(world.asset));
      expect(line.nextFillAt).to.equal((day + 2n) * DAY);
      expect(line.openBatches.map((b) => [b.day, b.fillableFrom, b.batch.remaining])).to.deep.equal([
        [day, (day + 2n) * DAY, ether("5")],
        [day + 2n, (day + 4n) * DAY, ether("1")],
      ]);
      expect((await lens.queue(world.asset, 1n)).openBatches).to.have.length(1);
      const none = await lens.queue(world.asset, 0n);
      expect([none.openBatches.length, none.nextFillAt]).to.deep.equal([0, line.nextFillAt]);
    });

    it("says that the next fill waits for a closed door", async () => {
      const { world, c, lens } = await waiting();
      await world.lidoLoses(100n);
      await c.accountant.report();
      const closedUntil = await c.accountant.fillsClosedUntil();
      expect(closedUntil).to.be.above(await time.latest());
      expect((await lens.queue(world.asset, 8n)).nextFillAt).to.equal(closedUntil);
    });
  });

  it("fees shows the fee, what was minted today, and nothing the day after", async () => {
    const { world, c, lens } = await scene();
    await world.lidoEarns(50n);
    await time.increaseTo((BigInt(await time.latest()) / DAY + 1n) * DAY);
    const recipient = world.ctx.config.accounting.feeRecipient;
    await c.accountant.report();
    const minted = await c.trEth.balanceOf(recipient);
    expect(minted).to.be.above(0n);
    const dayLimit = ((await c.trEth.totalSupply()) * 2n) / 10_000n;
    const { highWaterMarkWad: mark } = await c.accountant.fee();
    expect([...(await lens.fees())]).to.deep.equal([1_000n, recipient, minted, dayLimit, mark]);
    await time.increase(DAY);
    expect((await lens.fees()).mintedToday).to.equal(0n);
  });

  it("exposures are what each set can slash, with its cap, in pages", async () => {
    const { world, c, lens } = await scene();
    const all = await lens.exposures(0n, 32n);
    const sets = await c.sets.sets();
    const [, ...lsts] = await c.registry.assets();
    expect(all.map(({ avs, setId, asset }) => [asset, avs, setId])).to.deep.equal(
      lsts.flatMap((asset) => sets.map(({ avs, id }) => [asset, avs, id])),
    );
    const [, total] = await c.reader.stakeOf(0n, world.asset);
    for (const { avs, setId, isAdmitted, asset, engineShares, cap, etherValue } of all) {
      const { isAdmitted: admitted, capBps } = await c.sets.limitsOf({ avs, id: setId });
      const isStaked = asset === world.asset;
      expect(isAdmitted).to.equal(admitted);
      expect(engineShares).to.equal(await c.reader.exposure({ avs, id: setId }, asset));
      expect(engineShares > 0n).to.equal(isStaked);
      expect(cap).to.equal(isStaked ? (total * capBps) / 10_000n : 0n);
      expect(etherValue).to.equal(await c.accountant.unitsOfEngineShares(asset, engineShares)); // the rate is 1
    }
    for (const i of sets.keys()) {
      const page = await lens.exposures(BigInt(i), 1n); // a page counts sets; each has a row for every asset
      expect(page.map((e) => [...e])).to.deep.equal(lsts.map((_, k) => [...all[k * sets.length + i]]));
    }
    expect(await lens.exposures(BigInt(sets.length), 5n)).to.deep.equal([]);
    expect(await lens.exposures(2n ** 255n, 2n ** 255n)).to.deep.equal([]);
  });

  it("is read within the gas of one call with 16 operators", async () => {
    const config = changed((input) => {
      const [model] = input.operators;
      input.operators = Array.from({ length: 16 }, (_, i) => ({
        ...model,
        name: `operator-${i}`,
        nodeOperator: ethers.getAddress(ethers.id(`company ${i}`).slice(0, 42).toLowerCase()),
        entity: i + 1,
        weightBps: 625,
      }));
    });
    const world = await World.create(config);
    await world.depositEther(await world.person(0), ether("100"));
    await world.crank();
    const { lens } = world.c;
    const gas = {
      health: await lens.health.estimateGas(),
      backing: await lens.backing.estimateGas(),
      books: await lens.books.estimateGas(),
      exposures: await lens.exposures.estimateGas(0n, 3n),
    };
    expect(gas.health, "health").to.be.at.most(3_000_000n);
    expect(gas.backing, "backing").to.be.at.most(250_000n);
    expect(gas.books, "books").to.be.at.most(600_000n);
    expect(gas.exposures, "exposures").to.be.at.most(3_000_000n);
  });
});
