import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { PROXIES, READERS } from "../../deploy/steps/names";
import { World } from "../../scripts/sim/world";
import { books, changed, DAY, ether, FOREVER, NO_REFERRAL, WAD } from "../checks";
import { deployed, staked } from "../world";

/** A world with this many operators of equal weight, who can hold all of the stake. */
async function withOperators(count: number): Promise<World> {
  const config = changed((input) => {
    const [model] = input.operators;
    input.operators = Array.from({ length: count }, (_, i) => ({
      ...model,
      name: `operator-${i}`,
      nodeOperator: ethers.getAddress(ethers.id(`company ${i}`).slice(0, 42).toLowerCase()),
      entity: i + 1,
      weightBps: i === 0 ? 10_000 - Math.floor(10_000 / count) * (count - 1) : Math.floor(10_000 / count),
    }));
    input.avss = [];
    input.allocation.operatorCapBps = 10_000;
  });
  const world = await World.create(config);
  await world.depositEther(await world.person(0), ether("100"));
  await world.crank();
  await world.c.accountant.report();
  return world;
}

const SOURCES = ["wstETHRateSource", "rETHRateSource", "cbETHRateSource"];

/** Addresses of everything that is ours: modules, token, readers, stakers, accounts. */
async function everything({ c, ctx }: World): Promise<string[]> {
  const operators = await c.operators.operators();
  const named = [
    ...PROXIES,
    ...READERS,
    "TrEth",
    "ExposureReader",
    "StakeReader",
    "AccessManager",
    "DelegatorBeacon",
    ...SOURCES,
  ];
  return [...named.map((name) => ctx.address(name)), ...operators.flatMap((o) => [o.delegator, o.account])];
}

describe("promises of the accounting", () => {
  it("A1 a deposit and a look at the rate cost the same with 1, 5 and 16 operators", async () => {
    const costs: string[] = [];
    for (const count of [1, 5, 16]) {
      const { c, person } = await withOperators(count).then((world) => ({ c: world.c, person: world.person(1) }));
      const bob = await person;
      const pool = c.pool.connect(bob);
      await pool.depositEther(bob, 0n, FOREVER, NO_REFERRAL, { value: WAD }); // first touch of Bob's balance
      const receipt = await (await pool.depositEther(bob, 0n, FOREVER, NO_REFERRAL, { value: WAD })).wait();
      costs.push([receipt?.gasUsed, await pool.rate.estimateGas()].join(" "));
    }
    expect(new Set(costs).size, costs.join(", ")).to.equal(1);
  });

  it("A2 a report takes no number from its caller", async () => {
    const { c } = (await loadFixture(staked)).world;
    for (const name of ["report", "settle"] as const) {
      expect(c.accountant.interface.getFunction(name).inputs).to.deep.equal([]);
    }
    expect(c.accountant.interface.getFunction("sync").inputs.map(({ type }) => type)).to.deep.equal(["address"]);
  });

  describe("A3 donations", () => {
    it("of ETH, WETH, stETH, wstETH and trETH to any contract of ours change no rate", async () => {
      const { world, bob } = await loadFixture(staked);
      const { c } = world;
      const donor = await world.person(7);
      for (const token of ["WETH", "stETH", "wstETH"] as const) await world.acquire(donor, token, ether("60"));
      await c.accountant.report();
      const before = await books(world);
      for (const to of await everything(world)) {
        // Creation code that destroys itself in favour of its target: no code of the target runs.
        await donor.sendTransaction({ data: `0x73${to.slice(2)}ff`, value: WAD });
        expect(await ethers.provider.getBalance(to)).to.be.at.least(WAD);
        await c.weth.connect(donor).transfer(to, WAD);
        await c.stEth.connect(donor).transferShares(to, WAD);
        await c.wstEth.connect(donor).transfer(to, WAD);
        await c.trEth.connect(bob).transfer(to, WAD);
      }
      expect(await books(world)).to.deep.equal(before);
      await c.accountant.report();
      await c.accountant.settle();
      expect(await books(world)).to.deep.equal(before);
    });

    it("to a validator's or a miner's payee change no rate", async () => {
      const { world } = await loadFixture(staked);
      await world.c.accountant.report();
      const before = await books(world);
      await ethers.provider.send("hardhat_setCoinbase", [world.ctx.address("DepositPool")]);
      await world.pass(1_200n);
      await world.c.accountant.report();
      expect(await books(world)).to.deep.equal(before);
    });

    it("do not fail the cranks that follow", async () => {
      const world = await loadFixture(deployed);
      const { c } = world;
      const [alice, donor] = [await world.person(0), await world.person(7)];
      await world.acquire(donor, "stETH", ether("20"));
      await world.depositEther(alice, ether("10"));
      for (const to of await everything(world)) await c.stEth.connect(donor).transferShares(to, ether("0.3"));
      await world.crank();
      expect(await c.accountant.netAssetValue()).to.equal(ether("10.01"));
      expect((await c.accountant.backing(world.asset)).restaked).to.equal(ether("10.01"));
    });

    it("into an engine strategy are a gain like any other: smoothed, and lost to the donor", async () => {
      const { world, alice } = await loadFixture(staked);
      const { c } = world;
      const donor = await world.person(7);
      await world.acquire(donor, "stETH", ether("10"));
      await c.accountant.report();
      const at = BigInt(await time.latest());
      await c.stEth.connect(donor).transfer(c.strategy, ether("10"));
      await time.setNextBlockTimestamp(at + DAY);
      await c.accountant.report();
      const { rateWad, waitingWad } = await c.pool.terms();
      expect(rateWad).to.be.at.most(ether("1.001"));
      // All of it is counted (but for what the undelegated seed gets) and nine tenths and more of it wait.
      expect(await c.accountant.netAssetValue()).to.be.closeTo(ether("110.01"), 10n ** 10n);
      expect(rateWad + waitingWad).to.be.closeTo((ether("110.01") * WAD) / ether("100.01"), ether("0.0002"));
      expect(await c.trEth.balanceOf(donor)).to.equal(0n);
      expect(await c.trEth.balanceOf(alice)).to.equal(ether("60"));
    });
  });
});
