import { loadFixture, setCode } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { World } from "../../../../scripts/sim/world";
import { restaked } from "../../../asset-world";
import { comingTo, dayOf, failingLens, struck } from "../../../basket-world";
import { as, ETHER, ether, expectWithin, exposeFully, nextDay, slash } from "../../../exit-world";
import { staked } from "../../../world";

/** What a stake, withdrawal or request may lose: where it leaves, twice where tokens change hands, where it is divided. */
const EACH = 4n;
const OPERATORS = 5n;
const REVERTS = "0x5f5ffd";

/**
 * Alice has left with 25 shares of 130 while there was something everywhere: idle ether, stakes, withdrawals of lines for
 * two assets, a request at the issuer.
 */
async function everywhere() {
  const { world, alice, bob, assets } = await restaked();
  const { c, asset } = world;
  await world.request(bob, ETHER, ether("10"));
  await world.days(1); // what the line lacks is asked back
  const id = await world.leaveByBasket(alice, ether("25"));
  await world.request(bob, asset, ether("5"));
  await world.request(bob, assets.rETH, ether("3"));
  await world.days(1); // it comes home, and the issuer is asked to redeem it; the other lines' is asked back
  await nextDay(world.ctx.provider, 60n);
  await world.depositEther(bob, ether("0.7")); // nobody stakes it before the strike
  const supply = await c.trEth.totalSupply();
  await c.baskets.connect(world.keeper).strike(dayOf(id));
  return { world, c, alice, bob, id, assets, part: (units: bigint) => (units * ether("25")) / supply };
}

const withdrawalsOf = async ({ c }: World): Promise<bigint> => {
  const all = await Promise.all(
    (await c.operators.delegators()).map((delegator) => c.delegation.getQueuedWithdrawalRoots(delegator)),
  );
  return BigInt(all.flat().length);
};

async function completeAll({ c, keeper }: World): Promise<void> {
  for (let i = 0n; i < OPERATORS; ++i) await c.desk.connect(keeper).complete(i, 99n);
}

describe("BasketLens", () => {
  describe("what is still to come", () => {
    it("BK-coming: comes, from place to place as it was told, when nothing else happens", async () => {
      const { world, c, id, assets } = await loadFixture(everywhere);
      const told = await comingTo(world, id);
      for (const [asset, places] of [
        [ETHER, ["claimable", "redeeming"]],
        [world.asset, ["restaked", "unbonding"]],
        [assets.rETH, ["restaked", "unbonding"]],
        [assets.cbETH, ["restaked"]],
      ] as const) {
        for (const place of places) expect(told[asset][place], `${place} of ${asset}`).to.be.above(ether("0.01"));
      }
      const withdrawals = await withdrawalsOf(world);
      // What the issuer has finalised comes as ether, and waits in the pool until it is divided.
      await world.finaliseLido();
      const requests = BigInt((await c.issuer.openRequests()).length);
      await c.issuer.connect(world.keeper).claim(99n);
      const paid = await comingTo(world, id);
      expect(paid[ETHER].redeeming).to.equal(0n);
      expectWithin(paid[ETHER].inPool, told[ETHER].inPool + told[ETHER].redeeming, EACH * requests, "paid");
      // What is in the engine's queue follows after its delay.
      await world.pass(900n);
      await completeAll(world);
      const completed = await comingTo(world, id);
      for (const asset of [world.asset, assets.rETH]) {
        expect(completed[asset].unbonding).to.equal(0n);
        const { inPool, unbonding, restaked: stakes } = told[asset];
        expectWithin(completed[asset].inPool, inPool + unbonding, EACH * withdrawals, "completed");
        expect(completed[asset].restaked).to.equal(stakes);
      }
      // Division adds to what can be claimed exactly what was told to lie in the pool.
      await c.basketBook.divide(99n);
      const divided = await comingTo(world, id);
      for (const asset of Object.keys(told)) {
        expect(divided[asset].inPool).to.equal(0n);
        expectWithin(divided[asset].claimable, completed[asset].claimable + completed[asset].inPool, 1n, asset);
      }
      // And the stakes, once they were asked back.
      await world.days(8);
      const came = await comingTo(world, id);
      for (const asset of [world.asset, assets.rETH, assets.cbETH]) {
        expectWithin(
          came[asset].claimable,
          divided[asset].claimable + divided[asset].restaked,
          EACH * OPERATORS,
          asset,
        );
        expect([came[asset].inPool, came[asset].restaked, came[asset].unbonding]).to.deep.equal([0n, 0n, 0n]);
      }
    });

    it("is told of a ticket that is not struck as if its basket were struck now", async () => {
      const { world, alice } = await loadFixture(restaked);
      const { c } = world;
      await world.depositEther(alice, ether("0.5"));
      const id = await world.leaveByBasket(alice, ether("12"));
      const other = await world.leaveByBasket(alice, ether("3"));
      for (let i = 0; i < 2; ++i) await nextDay(world.ctx.provider, 60n);
      const told = await comingTo(world, id);
      expect(told[ETHER].inPool).to.be.above(0n);
      expect(told[world.asset].restaked).to.be.above(ether("5"));
      await c.baskets.connect(world.keeper).strike(dayOf(id));
      const now = await comingTo(world, id);
      for (const asset of Object.keys(told)) {
        expect(told[asset].claimable).to.equal(0n);
        expect(now[asset].claimable, asset).to.equal(told[asset].inPool);
        expectWithin(now[asset].restaked, told[asset].restaked, EACH * OPERATORS, asset);
        expectWithin((await comingTo(world, other))[asset].restaked * 4n, now[asset].restaked, 4n, asset);
      }
    });

    it("falls with a slash at once, by its part of it, on its way as in the stake", async () => {
      const { world, c, id } = await loadFixture(everywhere);
      await completeAll(world); // what the engine does not slash any more
      const strike = (await c.baskets.basket(dayOf(id))).strike;
      const strategy = await c.strategy.getAddress();
      /** Lets an operator be slashed; returns its basket's part of what it had, and of what that lost [units]. */
      const slashed = async (operatorId: number) => {
        await exposeFully(world, operatorId);
        const { account, delegator } = await c.operators.operator(operatorId);
        const [[staked], [queued]] = await c.basketLens.inEngine(strike, delegator);
        const was = await c.allocation.getMaxMagnitude(account, strategy);
        await slash(world, 0, 0n, operatorId, ether("0.3"));
        const is = await c.allocation.getMaxMagnitude(account, strategy);
        const lost = async (shares: bigint) => {
          const amount = await c.strategy.sharesToUnderlyingView((shares * (was - is)) / was);
          return c.stEth.getSharesByPooledEth(amount);
        };
        return { staked: await lost(staked), queued: await lost(queued) };
      };
      const before = (await comingTo(world, id))[world.asset];
      const first = await slashed(0);
      expect([first.staked > ether("0.1"), first.queued]).to.deep.equal([true, 0n]);
      const stakes = (await comingTo(world, id))[world.asset];
      expectWithin(before.restaked - stakes.restaked, first.staked, EACH, "staked");
      await c.desk.connect(world.keeper).unbond(world.asset, 16n);
      const asked = (await comingTo(world, id))[world.asset];
      expectWithin(asked.unbonding, stakes.restaked, EACH * OPERATORS, "asked back");
      const second = await slashed(1);
      expect([second.staked, second.queued > ether("0.1")]).to.deep.equal([0n, true]);
      const after = (await comingTo(world, id))[world.asset];
      expectWithin(asked.unbonding - after.unbonding, second.queued, EACH, "queued");
    });

    it("tells of two baskets of different days each its own, also after a claim of a part", async () => {
      const { world, c, id, bob, assets } = await loadFixture(everywhere);
      const first = await comingTo(world, id);
      const second = await struck(world, bob, ether("20")); // the first one's arrivals are on their way, or not asked for
      await c.baskets.connect(world.keeper).claim(id, [ETHER]);
      const later = await comingTo(world, id);
      expect(later[ETHER].claimed).to.equal(first[ETHER].claimable);
      expect(later[ETHER].claimable).to.equal(0n);
      for (const asset of Object.keys(first)) {
        const still = ({ inPool, restaked: stakes, unbonding, redeeming }: (typeof first)[string]) =>
          inPool + stakes + unbonding + redeeming;
        expectWithin(still(later[asset]), still(first[asset]), EACH * OPERATORS, asset); // a later basket takes none of it
      }
      const told = await comingTo(world, second);
      // What they are owed leaves the stakes in the same withdrawals, of which each has its own part.
      await c.desk.connect(world.keeper).unbond(world.asset, 16n);
      for (const [ticket, { restaked: stakes, unbonding }] of [
        [id, later[world.asset]],
        [second, told[world.asset]],
      ] as const) {
        const asked = (await comingTo(world, ticket))[world.asset];
        expect(stakes).to.be.above(ether("1"));
        expectWithin(asked.unbonding, unbonding + stakes, EACH * OPERATORS, `asked back for ${ticket}`);
        expect(asked.restaked).to.equal(0n);
      }
      await world.days(9);
      for (const [ticket, coming] of [
        [id, later],
        [second, told],
      ] as const) {
        const came = await comingTo(world, ticket);
        for (const asset of [ETHER, world.asset, assets.rETH, assets.cbETH]) {
          const { claimable, inPool, restaked: stakes, unbonding, redeeming } = coming[asset];
          const wanted = claimable + inPool + stakes + unbonding + redeeming;
          expectWithin(came[asset].claimable, wanted, EACH * 3n * OPERATORS, `${ticket} ${asset}`);
        }
      }
    });

    it("knows what the engine queued by itself, with whatever was struck before and after", async () => {
      const { world, alice } = await staked();
      const { c } = world;
      const id = await struck(world, alice, ether("25"));
      const before = (await comingTo(world, id))[world.asset];
      const { delegator } = await c.operators.operator(1);
      await c.delegation.connect(await as(await c.controller.getAddress())).undelegate(delegator);
      const after = (await comingTo(world, id))[world.asset];
      expect(after.unbonding).to.be.above(ether("1"));
      expectWithin(after.restaked + after.unbonding, before.restaked, EACH, "queued by force");
      const second = await struck(world, alice, ether("10"));
      const [early, late] = [await comingTo(world, id), await comingTo(world, second)];
      expectWithin(early[world.asset].unbonding, after.unbonding, 1n, "the first");
      expect(late[world.asset].unbonding).to.be.above(ether("0.5"));
    });
  });

  describe("what cannot be read", () => {
    it("is named, and costs no other number: a delegator, a strategy, the issuer, the length of a queue", async () => {
      const { world, c, id, assets } = await loadFixture(everywhere);
      await c.issuer.connect(world.keeper).claim(99n);
      const { lens, engine, book } = await failingLens(world);
      const whole = await lens.ticket(id);
      expect(whole.unreadable).to.deep.equal([]);
      expect(whole.coming.map(({ isComplete }) => isComplete)).to.deep.equal([true, true, true, true]);
      const [{ delegator: first }, { delegator: second }] = await c.operators.operators();
      const strike = (await c.baskets.basket(dayOf(id))).strike;
      const own = await Promise.all([first, second].map((delegator) => c.basketLens.inEngine(strike, delegator)));
      await engine.fails("getWithdrawableShares", first, "reverts");
      await engine.fails("getQueuedWithdrawals", second, "burns");
      const seen = await lens.ticket(id);
      expect(seen.unreadable).to.deep.equal([first, second]);
      expect(seen.coming.map(({ isComplete }) => isComplete)).to.deep.equal([true, false, false, false]);
      expect(seen.coming[0]).to.deep.equal(whole.coming[0]);
      for (const [i, asset] of [assets.rETH, assets.cbETH].entries()) {
        const missing = own.reduce((sum, [stakes]) => sum + stakes[i + 1], 0n);
        const { restaked: all } = whole.coming[i + 2];
        expectWithin(seen.coming[i + 2].restaked, all - missing, EACH, asset); // a new strategy's share is a unit
      }
      await engine.fails("getWithdrawableShares", first, "answers");
      await engine.fails("getQueuedWithdrawals", second, "answers");
      await setCode(await c.strategy.getAddress(), REVERTS);
      await setCode(await c.lidoQueue.getAddress(), REVERTS);
      await book.fails("undividedOf", strike, "reverts");
      const dark = await lens.ticket(id);
      const desk = await c.issuer.getAddress();
      expect(dark.unreadable).to.deep.equal([await book.front.getAddress(), desk, world.asset]);
      expect(dark.coming.map(({ isComplete }) => isComplete)).to.deep.equal([false, false, false, false]);
      expect([dark.coming[1].restaked, dark.coming[1].unbonding]).to.deep.equal([0n, 0n]);
      expect(dark.coming[2].restaked).to.equal(whole.coming[2].restaked);
      expect(dark.status.claimable).to.deep.equal(whole.status.claimable);
    });

    it("is not judged by a caller with too little gas", async () => {
      const { world, c, id } = await loadFixture(everywhere);
      const { lens, engine } = await failingLens(world);
      const { delegator } = await c.operators.operator(0);
      await engine.fails("getWithdrawableShares", delegator, "burns");
      expect((await lens.ticket(id, { gasLimit: 12_000_000n })).unreadable).to.deep.equal([delegator]);
      await expect(lens.ticket(id, { gasLimit: 5_000_000n })).to.be.revertedWithCustomError(lens, "NotEnoughGas");
    });
  });

  describe("pages", () => {
    it("add up to the whole, and name no place twice", async () => {
      const { c, id } = await loadFixture(everywhere);
      const [whole, ...pages] = await Promise.all([
        c.basketLens.ticket(id),
        c.basketLens.ticketPage(id, 0n, 2n),
        c.basketLens.ticketPage(id, 2n, 2n),
        c.basketLens.ticketPage(id, 4n, 9n),
        c.basketLens.ticketPage(id, 5n, 9n),
      ]);
      for (const [i, asset] of whole.coming.entries()) {
        for (const place of ["inPool", "restaked", "unbonding", "redeeming"] as const) {
          const sum = pages.reduce((all, { coming }) => all + coming[i][place], 0n);
          expect(asset[place] - sum, `${place} of ${asset.asset}`).to.be.within(0n, EACH);
        }
      }
      expect(pages[1].coming[1].restaked).to.be.above(ether("1"));
      expect(pages[3].coming.every(({ restaked: stakes }) => stakes === 0n)).to.equal(true);
      expect(pages.every(({ status }) => status.owner === whole.status.owner)).to.equal(true);
    });

    it("refuse a ticket that there is not", async () => {
      const { world, c, id } = await loadFixture(everywhere);
      await expect(c.basketLens.ticket(id + 1n))
        .to.be.revertedWithCustomError(c.baskets, "UnknownBasketTicket")
        .withArgs(id + 1n);
      expect(world.asset).to.equal((await c.basketLens.ticket(id)).coming[1].asset);
    });
  });
});
