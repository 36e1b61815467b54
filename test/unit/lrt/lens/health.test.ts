import { loadFixture, setCode, setStorageAt, takeSnapshot, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { decodeBytes32String, encodeBytes32String, ZeroAddress } from "ethers";
import { ethers } from "hardhat";
import { ETHER } from "../../../../scripts/sim/world";
import type { BooksHarness, Lens } from "../../../../typechain-types";
import { struck } from "../../../basket-world";
import { as, DAY, ether, WAD } from "../../../checks";
import { FAULT, failingReader } from "../../../failing";
import { staked } from "../../../world";

const REVERTS = "0x5f5ffd";
const BURNS = "0xfe";
const FOR_GOOD = 2n ** 40n - 1n;

async function looked() {
  const scene = await loadFixture(staked);
  const { world } = scene;
  const { c } = world;
  await c.accountant.report();
  const [first] = await c.operators.operators();
  const findings = async () =>
    (await c.lens.health()).map(({ id, subject, holds, isEvaluated, measured, limit, reason }) => ({
      id: decodeBytes32String(id),
      subject,
      holds,
      isEvaluated,
      measured,
      limit,
      reason,
    }));
  /** What does not hold: "id subject". */
  const broken = async () =>
    (await findings()).filter(({ holds }) => !holds).map(({ id, subject }) => `${id} ${subject}`);
  const find = async (id: string, subject = ZeroAddress) =>
    (await findings()).find((f) => f.id === id && f.subject === subject)!;
  const check = async (id: string, subject = ZeroAddress) => [
    ...(await c.lens.check(encodeBytes32String(id), subject)),
  ];
  return { ...scene, c, lens: c.lens, first, findings, broken, find, check, accountant: await as(c.accountant) };
}

describe("Lens: health", () => {
  it("evaluates every promise, and all hold after a report", async () => {
    const { c, findings, lens } = await looked();
    const operators = await c.operators.operators();
    const [, ...lsts] = await c.registry.assets();
    const found = await findings();
    expect(found.filter(({ holds, isEvaluated }) => !holds || !isEvaluated)).to.deep.equal([]);
    const single = ["A3-line", "A3-places", "A4-rate", "A7", "A8-cap", "A8-mark"];
    const doors = ["A9-deposits", "A9-fills", "A10-floor", "A10-seed", "AGE", "RW-claimers", "RW-open"];
    expect(found.map(({ id, subject }) => [id, subject])).to.deep.equal([
      ...[...single, ...doors].map((id) => [id, ZeroAddress]),
      ["A3-pool", ETHER],
      ...lsts.flatMap((asset) => [
        ["A3-pool", asset],
        ["A4-issuer", asset],
        ["A4-strategy", asset],
      ]),
      ...operators.flatMap(({ account, delegator }) => [
        ["BOOK", delegator],
        ["AL-3", account],
      ]),
    ]);
    expect((await lens.promises()).map(({ id, subject }) => [decodeBytes32String(id), subject])).to.deep.equal(
      found.map(({ id, subject }) => [id, subject]),
    );
  });

  it("answers one promise with the same numbers, and reverts when there is no such promise", async () => {
    const { findings, lens } = await looked();
    for (const { id, subject, holds, measured, limit } of await findings()) {
      const one = await lens.check(encodeBytes32String(id), subject);
      expect([...one], id).to.deep.equal([
        holds,
        id === "AGE" || id === "RW-open" || id.startsWith("A9") ? one.measured : measured,
        limit,
      ]);
    }
    const unknown = encodeBytes32String("A99");
    await expect(lens.check(unknown, ZeroAddress))
      .to.be.revertedWithCustomError(lens, "UnknownPromise")
      .withArgs(unknown);
  });

  it("sees a pool that holds less than it counts, of ETH and of a token", async () => {
    const { c, world, check, find, broken } = await looked();
    await world.depositEther(await world.person(4), ether("7"));
    const pool = await as(c.pool);
    const idle = await c.pool.idle(ETHER);
    const surplus = (await ethers.provider.getBalance(c.pool)) - idle;
    const gone = { to: ethers.ZeroAddress, value: surplus + ether("1"), gasPrice: 0n, gasLimit: 21_000n };
    await ethers.provider.send("hardhat_setNextBlockBaseFeePerGas", ["0x0"]);
    await pool.sendTransaction(gone);
    expect(await check("A3-pool", ETHER)).to.deep.equal([false, idle - ether("1"), idle]);
    expect(await broken()).to.deep.equal([`A3-pool ${ETHER}`]);
    await world.deposit(await world.person(4), "wstETH", ether("5"));
    const units = await c.pool.idle(world.asset);
    await c.wstEth.connect(await as(c.pool)).transfer(world.keeper, 5n);
    const { holds, measured, limit } = await find("A3-pool", world.asset);
    expect([holds, measured < limit, limit]).to.deep.equal([false, true, units]);
  });

  it("does not mind a donation to the pool or to the line", async () => {
    const { c, world, bob, broken, check } = await looked();
    await world.acquire(bob, "wstETH", ether("2"));
    await c.wstEth.connect(bob).transfer(c.pool, WAD);
    await c.trEth.connect(bob).transfer(c.queue, WAD);
    expect(await broken()).to.deep.equal([]);
    expect(await check("A3-line")).to.deep.equal([true, WAD, 0n]);
    expect((await check("A3-pool", world.asset))[1]).to.be.at.least(WAD);
  });

  it("counts what is set aside for a basket, and the shares of one that is not struck", async () => {
    const { c, world, alice, broken, check } = await looked();
    await world.depositEther(await world.person(4), ether("7"));
    await c.accountant.report();
    const id = await struck(world, alice, ether("3"));
    await c.accountant.report();
    const [idle, aside] = [await c.pool.idle(ETHER), await c.pool.aside(ETHER)];
    expect(aside).to.be.above(0n);
    expect((await check("A3-pool", ETHER))[2]).to.equal(idle + aside);
    expect(await broken()).to.deep.equal([]); // the books too: a strike rounds up
    await c.trEth.connect(alice).approve(c.baskets, ether("2"));
    await c.baskets.connect(alice).request(ether("2"), alice);
    expect(await check("A3-line")).to.deep.equal([true, ether("2"), ether("2")]);
    await c.baskets.connect(alice).claim(id, [ETHER]);
    expect((await check("A3-pool", ETHER))[2]).to.equal(idle);
  });

  it("sees shares that wait and are not there", async () => {
    const { c, world, bob, check } = await looked();
    await world.request(bob, world.asset, ether("3"));
    expect(await check("A3-line")).to.deep.equal([true, ether("3"), ether("3")]);
    await c.trEth.connect(await as(c.queue)).transfer(bob, 1n);
    expect(await check("A3-line")).to.deep.equal([false, ether("3") - 1n, ether("3")]);
  });

  it("sees a rate above net asset value, above the mark, and below the floor", async () => {
    const { c, accountant, broken, check, find } = await looked();
    const pool = c.pool.connect(accountant);
    const [supply, nav] = [await c.trEth.totalSupply(), await c.accountant.netAssetValue()];
    await pool.setTerms(WAD + 1n * 10n ** 12n, 0n, 0n);
    expect(await broken()).to.deep.equal([`A4-rate ${ZeroAddress}`, `A8-mark ${ZeroAddress}`]);
    const { measured, limit } = await find("A4-rate");
    expect([measured, limit]).to.deep.equal([supply + supply / 10n ** 6n, nav]);
    expect(await check("A8-mark")).to.deep.equal([false, WAD + 10n ** 12n, WAD]);
    await pool.setTerms(10n ** 15n - 1n, 0n, 0n);
    expect(await check("A10-floor")).to.deep.equal([false, 10n ** 15n - 1n, 10n ** 15n]);
  });

  it("sees places that do not add up to net asset value, either way", async () => {
    const { c } = await looked();
    const harness = (await ethers.deployContract("BooksHarness")) as unknown as BooksHarness;
    const modules = { ...c, accountant: harness, stakes: await c.accountant.STAKES() } as Record<string, unknown>;
    const order = [
      "trEth",
      "pool",
      "accountant",
      "registry",
      "operators",
      "stakes",
      "controller",
      "sets",
      "reader",
      "queue",
      "baskets",
      "basketBook",
      "router",
      "allocation",
    ];
    const lens = (await ethers.deployContract("Lens", [
      [...order.map((name) => modules[name]), c.stEth, c.wstEth],
    ])) as unknown as Lens;
    const places = async (nav: bigint) => {
      await harness.set(nav, 10n, { pool: 5n, restaked: 3n, unbonding: 2n, rateWad: WAD });
      return [...(await lens.check(encodeBytes32String("A3-places"), ZeroAddress))];
    };
    const gwei = 10n ** 9n;
    const sum = 10n + 10n * BigInt((await c.registry.assets()).length - 1) + 10n; // each asset, and what is redeeming
    expect(await places(sum)).to.deep.equal([true, sum, sum]);
    expect(await places(sum + gwei)).to.deep.equal([true, sum, sum + gwei]);
    expect(await places(sum + 1n + gwei)).to.deep.equal([false, sum, sum + 1n + gwei]);
    await harness.set(0n, gwei, { pool: 1n, restaked: 0n, unbonding: 0n, rateWad: WAD });
    expect((await lens.check(encodeBytes32String("A3-places"), ZeroAddress)).holds).to.equal(false);
  });

  it("sees shares of nobody that somebody moved", async () => {
    const { c, world, check } = await looked();
    const nobody = await as("0x000000000000000000000000000000000000dEaD");
    await c.trEth.connect(nobody).transfer(world.keeper, 1n);
    expect(await check("A10-seed")).to.deep.equal([false, ether("0.01") - 1n, ether("0.01")]);
  });

  it("sees closed doors, and when they open", async () => {
    const { c, world, accountant, broken, find } = await looked();
    const guardian = await as(world.ctx.config.governance.guardian);
    await c.pool.connect(guardian).pauseDeposits(DAY);
    const opens = BigInt(await time.latest()) + DAY;
    expect(await broken()).to.deep.equal([`A9-deposits ${ZeroAddress}`]);
    expect((await find("A9-deposits")).limit).to.equal(opens);
    await c.pool.connect(guardian).resumeDeposits();
    await world.lidoLoses(100n); // rings the alarm
    await c.pool.connect(accountant).setTerms(WAD, 0n, 0n);
    await c.accountant.report();
    const closedUntil = await c.accountant.fillsClosedUntil();
    expect(await broken()).to.deep.equal([`A9-deposits ${ZeroAddress}`, `A9-fills ${ZeroAddress}`]);
    expect((await find("A9-fills")).limit).to.equal(closedUntil);
  });

  it("sees a slash and a fall before anybody reports, and that a report settles them", async () => {
    const { c, world, first, broken, find } = await looked();
    await world.equivocate(0, 0);
    await world.lidoLoses(30n);
    expect(await broken()).to.deep.equal([`A4-issuer ${world.asset}`, `BOOK ${first.delegator}`]);
    const { measured: engine, limit: booked } = await find("BOOK", first.delegator);
    expect(booked - engine).to.equal(ether("1.0001"));
    await c.accountant.report();
    expect((await broken()).filter((line) => !line.startsWith("A9"))).to.deep.equal([]);
  });

  it("sees a strategy that holds less per share", async () => {
    const { c, world, broken } = await looked();
    const strategy = await as(c.strategy);
    await c.stEth.connect(strategy).transferShares(world.keeper, WAD);
    expect(await broken()).to.deep.equal([`A4-strategy ${world.asset}`]);
  });

  it("sees an old report", async () => {
    const { world, check, broken } = await looked();
    const { maxReportAgeSeconds: most } = world.ctx.config.deposits;
    await time.increase(most + 1n);
    expect(await broken()).to.deep.equal([`AGE ${ZeroAddress}`]);
    const [, age, limit] = await check("AGE");
    expect([age > limit, limit]).to.deep.equal([true, most]);
  });

  it("sees a fee above the day's limit", async () => {
    const { c, world, check } = await looked();
    await time.increaseTo((BigInt(await time.latest()) / DAY + 1n) * DAY);
    await c.accountant.report();
    await world.lidoEarns(200n);
    await time.increase(DAY / 2n);
    await c.accountant.report();
    const [holds, minted, limit] = await check("A8-cap");
    expect(holds).to.equal(true);
    expect(minted).to.be.above(0n);
    expect(limit).to.equal(((await c.trEth.totalSupply()) * 2n) / 10_000n);
    // Had most of the supply left since: what was minted is above the limit of what is left.
    const supply = await c.trEth.totalSupply();
    await setStorageAt(await c.trEth.getAddress(), 2, ethers.toBeHex(supply / 100n, 32));
    expect(await c.trEth.totalSupply()).to.equal(supply / 100n);
    expect((await check("A8-cap"))[0]).to.equal(false);
  });

  for (const [what, fault, error] of [
    ["reverts", FAULT.Reverts, "CannotBeRead"],
    ["burns all gas", FAULT.Burns, ""],
  ] as const) {
    it(`goes on when a delegator ${what}: one finding is not evaluated`, async () => {
      const { world, c, first, broken, find, findings, lens } = await looked();
      const count = (await findings()).length;
      const reader = await failingReader(world);
      await reader.setFault(first.delegator, fault);
      expect(await broken()).to.deep.equal([`BOOK ${first.delegator}`]);
      const { isEvaluated, measured, limit, reason: found } = await find("BOOK", first.delegator);
      expect([isEvaluated, measured, limit]).to.deep.equal([false, 0n, 0n]);
      expect(found === "0x" ? "" : reader.interface.parseError(found)?.name).to.equal(error);
      await expect(lens.check(encodeBytes32String("BOOK"), first.delegator)).to.be.reverted;
      await c.accountant.report();
      expect(await broken()).to.deep.equal([
        `A7 ${ZeroAddress}`,
        `A9-deposits ${ZeroAddress}`,
        `A9-fills ${ZeroAddress}`,
        `BOOK ${first.delegator}`,
      ]);
      expect((await find("A7")).measured).to.equal(FOR_GOOD);
      expect((await findings()).length).to.equal(count);
    });
  }

  it("goes on when the token, the issuer or the engine does not answer, and gives the reason", async () => {
    const { c, world, broken, find } = await looked();
    const start = await takeSnapshot();
    await world.lidoLoses(6_000n); // out of the bounds of the rate source
    expect(await broken()).to.deep.equal([`A4-issuer ${world.asset}`, `A4-strategy ${world.asset}`]);
    const source = await ethers.getContractAt("IRateSource", ETHER);
    const { reason } = await find("A4-issuer", world.asset);
    expect(source.interface.parseError(reason)?.name).to.equal("RateOutOfBounds");
    await start.restore();
    await setCode(await c.stEth.getAddress(), REVERTS);
    const lines = await broken();
    expect(lines).to.include.members([`A3-pool ${world.asset}`, `A4-issuer ${world.asset}`]);
    expect(lines).not.to.include(`A4-rate ${ZeroAddress}`);
    await start.restore();
    await setCode(await c.allocation.getAddress(), BURNS);
    expect(await c.lens.health({ gasLimit: 60_000_000n })).to.have.length((await c.lens.promises()).length);
  });

  it("sees a reserve that is allocated", async () => {
    const { c, world, check, first } = await looked();
    expect(await check("AL-3", first.account)).to.deep.equal([true, 0n, 0n]);
    // The controller keeps the reserve; its seat is used to break it.
    const controller = await as(c.controller);
    const [set] = await c.sets.sets();
    await c.allocation
      .connect(controller)
      .modifyAllocations(first.account, [
        { operatorSet: { avs: set.avs, id: set.id }, strategies: [c.strategy], newMagnitudes: [ether("0.9")] },
      ]);
    await world.pass(12n * 20n);
    const [holds, allocated, most] = await check("AL-3", first.account);
    expect([holds, most]).to.deep.equal([false, ether("0.9")]);
    expect(allocated).to.be.above(ether("0.9"));
  });
});
