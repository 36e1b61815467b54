import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import type { World } from "../../scripts/sim/world";
import type { ReentrantTokenMock } from "../../typechain-types";
import { comesHome, dayOf, struck } from "../basket-world";
import { FOREVER, NO_REFERRAL } from "../checks";
import { ETHER, ether, nextDay } from "../exit-world";
import { accept } from "../plain-asset";
import { staked } from "../world";

/** Alice and Bob have tickets of two baskets, of which all has come home and some is claimed; Bob has given one away. */
async function leaving() {
  const { world, alice, bob } = await staked();
  const { c } = world;
  await world.depositEther(bob, ether("9"));
  const ids = [await world.leaveByBasket(alice, ether("12")), await struck(world, bob, ether("7"))];
  await c.baskets.connect(alice).claim(ids[0], [ETHER]);
  ids.push(await struck(world, alice, ether("5")));
  await comesHome(world);
  await c.baskets.connect(bob).transferFrom(bob, alice, ids[1]);
  await c.baskets.connect(alice).claim(ids[2], [world.asset]);
  return { world, alice, bob, ids };
}

/** What a reader of events alone knows of every basket ticket. */
async function told({ c }: World): Promise<Map<bigint, { owner: string; claimable: Record<string, bigint> }>> {
  const { baskets, basketBook } = c;
  const assets = [...(await c.registry.assets())];
  const all = <T>(list: T[], key: (event: T) => bigint, value: (event: T) => bigint): Map<bigint, bigint> =>
    list.reduce((sums, one) => sums.set(key(one), (sums.get(key(one)) ?? 0n) + value(one)), new Map<bigint, bigint>());
  const requested = (await baskets.queryFilter(baskets.filters.BasketRequested())).map(({ args }) => args);
  const shares = all(
    requested,
    ({ id }) => dayOf(id),
    (event) => event.shares,
  );
  const strikes = new Map(
    (await baskets.queryFilter(baskets.filters.BasketStruck())).map(({ args }) => [args.day, args.strike]),
  );
  const credited = (await basketBook.queryFilter(basketBook.filters.Credited())).map(({ args }) => args);
  const claimed = (await baskets.queryFilter(baskets.filters.BasketClaimed())).map(({ args }) => args);
  const moves = (await baskets.queryFilter(baskets.filters.Transfer())).map(({ args }) => args);
  const units = (asset: string, id: bigint, own: bigint): bigint => {
    const given = credited.filter((one) => one.asset === asset && one.strike === strikes.get(dayOf(id)));
    const paid = claimed.filter((one) => one.asset === asset && one.id === id);
    const sum = (list: { units: bigint }[]) => list.reduce((total, one) => total + one.units, 0n);
    return (sum(given) * own) / (shares.get(dayOf(id)) ?? 1n) - sum(paid);
  };
  return new Map(
    requested.map(({ id, shares: own }) => [
      id,
      {
        owner: moves.filter(({ tokenId }) => tokenId === id).at(-1)?.to ?? "",
        claimable: Object.fromEntries(assets.map((asset) => [asset, units(asset, id, own)])),
      },
    ]),
  );
}

describe("Scenario: attacks on the basket", () => {
  it("BK-events: the logs alone are enough to rebuild every ticket", async () => {
    const { world, ids } = await loadFixture(leaving);
    const { baskets, registry } = world.c;
    const rebuilt = await told(world);
    expect([...rebuilt.keys()]).to.have.members(ids);
    let claimable = 0n;
    for (const [id, { owner, claimable: of }] of rebuilt) {
      expect(owner).to.equal(await baskets.ownerOf(id));
      for (const asset of await registry.assets()) {
        expect(of[asset], `${id} ${asset}`).to.equal(await baskets.claimable(id, asset));
        claimable += of[asset];
      }
    }
    expect(claimable).to.be.above(0n);
  });

  it("BK-gas: a strike with too little gas changes nothing, however little it lacks", async () => {
    const { world, alice } = await loadFixture(staked);
    const { baskets, basketBook, trEth } = world.c;
    const id = await world.leaveByBasket(alice, ether("11"));
    for (let day = 0; day < 2; ++day) await nextDay(world.ctx.provider, 60n);
    const supply = await trEth.totalSupply();
    const needed = await baskets.strike.estimateGas(dayOf(id));
    for (const part of [20n, 40n, 60n, 80n, 90n, 95n, 98n]) {
      const gasLimit = (needed * part) / 100n;
      await expect(baskets.strike(dayOf(id), { gasLimit })).to.be.rejected;
      expect(await basketBook.lastStrike()).to.equal(0n);
      expect(await trEth.totalSupply()).to.equal(supply);
    }
    await baskets.strike(dayOf(id), { gasLimit: (needed * 11n) / 10n });
    expect(await trEth.totalSupply()).to.equal(supply - ether("11"));
  });

  it("BK-reentry: a token that calls back while a claim is paid gets nothing more out", async () => {
    const { world } = await loadFixture(staked);
    const { c } = world;
    const carol = await world.person(2);
    const token = (await ethers.deployContract("ReentrantTokenMock")) as unknown as ReentrantTokenMock;
    const asset = await accept(world, token);
    await token.mint(carol, ether("60"));
    await token.connect(carol).approve(c.pool, FOREVER);
    await c.pool.connect(carol).reportAndDeposit(asset, ether("40"), carol, 0n, FOREVER, NO_REFERRAL);
    const id = await struck(world, carol, ether("20"));
    const units = await c.baskets.claimable(id, asset);
    expect(units).to.be.above(0n);
    await c.baskets.connect(carol).setApprovalForAll(token, true); // the token may even act for her
    const { interface: exit } = c.baskets;
    const { interface: book } = c.basketBook;
    const before = await token.balanceOf(carol);
    const calls = [
      [c.baskets, exit.encodeFunctionData("claim", [id, [asset]])],
      [c.baskets, exit.encodeFunctionData("claimTo", [id, [asset], await token.getAddress()])],
      [c.basketBook, book.encodeFunctionData("pay", [asset, units, await token.getAddress()])],
    ] as const;
    const snapshot = (await ethers.provider.send("evm_snapshot", [])) as string;
    let at = snapshot;
    for (const [callee, data] of calls) {
      await token.setCall(callee, data);
      await c.baskets.connect(carol).claim(id, [asset]);
      expect((await token.outcomes()).at(-1)).to.not.equal("0x00000000");
      expect((await token.balanceOf(carol)) - before).to.equal(units);
      expect(await c.pool.aside(asset)).to.equal(0n);
      await ethers.provider.send("evm_revert", [at]);
      at = (await ethers.provider.send("evm_snapshot", [])) as string;
    }
  });
});
