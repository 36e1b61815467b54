import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { ETHER, type World } from "../../../scripts/sim/world";
import { as, ether, FOREVER, NO_REFERRAL, refuses, settingsOf, WAD } from "../../checks";
import { deployed } from "../../world";

const HOUR = 3_600n;
const REST = 7n * 86_400n;

/** The pool with 10 ETH and 20 units of wstETH in it, and its modules as callers. */
async function filled() {
  const world = await loadFixture(deployed);
  const alice = await world.person(0);
  await world.depositEther(alice, ether("10"));
  await world.deposit(alice, "wstETH", ether("20"));
  const { c } = world;
  return {
    world,
    alice,
    pool: c.pool,
    trEth: c.trEth,
    accountant: await as(c.accountant),
    registry: await as(c.registry),
    queue: await as(c.queue),
    restaking: await as(c.desk),
    issuer: await as(c.issuer),
    guardian: await as(world.ctx.config.governance.guardian),
  };
}

const sharesOf = ({ c }: World, who: string) => c.stEth.sharesOf(who);

describe("DepositPool: its modules", () => {
  describe("seed", () => {
    it("gives the first shares to nobody, once, at a rate of one", async () => {
      const { world, pool, trEth } = await filled();
      expect(await trEth.balanceOf("0x000000000000000000000000000000000000dEaD")).to.equal(ether("0.01"));
      expect(await pool.SEED()).to.equal(ether("0.01"));
      const seed = () => pool.seed({ value: ether("0.01") });
      await refuses(world, await world.person(0), seed, pool, "AlreadySeeded", []);
    });

    it("takes exactly its amount", async () => {
      const world = await loadFixture(deployed);
      const { pool } = world.c;
      // The same code with empty storage: the slot of the terms is put back to zero.
      const slot = "0x16cba09a0727a437af3f64a6b8235fc2f74ee9876d39c7ea0b4eb3ac795d0f00";
      await ethers.provider.send("hardhat_setStorageAt", [await pool.getAddress(), slot, ethers.ZeroHash]);
      expect(await pool.rate()).to.equal(0n);
      for (const value of [0n, ether("0.01") - 1n, ether("0.01") + 1n]) {
        await expect(pool.seed({ value }))
          .to.be.revertedWithCustomError(pool, "WrongSeed")
          .withArgs(value, ether("0.01"));
      }
      await expect(pool.seed({ value: ether("0.01") }))
        .to.emit(pool, "Seeded")
        .withArgs(ether("0.01"));
      expect(await pool.rate()).to.equal(WAD);
    });
  });

  describe("take", () => {
    it("sends idle units in the form asked for and counts them out", async () => {
      const { world, pool, restaking, issuer } = await filled();
      const [stEth, wstEth] = [world.ctx.address("stETH"), world.asset];
      const to = ethers.Wallet.createRandom().address;
      await expect(pool.connect(restaking).take(world.asset, ether("5"), stEth, to))
        .to.emit(pool, "IdleTaken")
        .withArgs(world.asset, to, ether("5"), ether("5"));
      expect(await sharesOf(world, to)).to.equal(ether("5"));
      await pool.connect(restaking).take(world.asset, ether("3"), wstEth, to);
      expect(await world.c.wstEth.balanceOf(to)).to.equal(ether("3"));
      await pool.connect(issuer).take(ETHER, ether("4"), ETHER, to);
      expect(await ethers.provider.getBalance(to)).to.equal(ether("4"));
      expect(await pool.idle(world.asset)).to.equal(ether("12"));
      expect(await pool.idle(ETHER)).to.equal(ether("6.01"));
    });

    it("reverts above what is idle, and for an asset it does not know", async () => {
      const { world, pool, restaking } = await filled();
      const take = (asset: string, units: bigint) => () => pool.connect(restaking).take(asset, units, asset, restaking);
      const tooMuch = take(world.asset, ether("20") + 1n);
      await refuses(world, restaking, tooMuch, pool, "NotEnoughIdle", [world.asset, ether("20") + 1n, ether("20")]);
      const stEth = world.ctx.address("stETH");
      await refuses(world, restaking, take(stEth, 1n), pool, "AssetNotAccepted", [stEth]);
    });
  });

  describe("put", () => {
    it("counts what has arrived, never what was not sent", async () => {
      const { world, pool, restaking, issuer } = await filled();
      const address = await pool.getAddress();
      const put = (units: bigint) => () => pool.connect(restaking).put(world.asset, units);
      await refuses(world, restaking, put(1n), pool, "NotBacked", [world.asset, ether("20") + 1n, ether("20")]);
      await world.acquire(world.keeper, "wstETH", ether("2"));
      await world.c.wstEth.connect(world.keeper).transfer(address, ether("2"));
      await expect(put(ether("2"))())
        .to.emit(pool, "IdlePut")
        .withArgs(world.asset, restaking, ether("2"));
      expect(await pool.idle(world.asset)).to.equal(ether("22"));
      await pool.connect(issuer).put(ETHER, WAD, { value: WAD });
      expect(await pool.idle(ETHER)).to.equal(ether("11.01"));
    });

    it("reverts when ether does not come with ETH, or comes with a token", async () => {
      const { world, pool, issuer } = await filled();
      const put = (asset: string, units: bigint, value: bigint) => () =>
        pool.connect(issuer).put(asset, units, { value });
      await refuses(world, issuer, put(ETHER, WAD, 0n), pool, "WrongEtherValue", [0n, WAD]);
      await refuses(world, issuer, put(ETHER, 1n, 2n), pool, "WrongEtherValue", [2n, 1n]);
      await refuses(world, issuer, put(world.asset, 0n, 1n), pool, "WrongEtherValue", [1n, 0n]);
    });
  });

  describe("payLine", () => {
    it("sends units to the line, burns its shares and spreads the waiting gain over fewer shares", async () => {
      const { world, pool, trEth, alice, accountant, queue } = await filled();
      await pool.connect(accountant).setTerms(WAD, 1_000n, 0n);
      await trEth.connect(alice).transfer(queue, ether("10"));
      const supply = await trEth.totalSupply();
      await expect(pool.connect(queue).payLine(world.asset, ether("9"), ether("10")))
        .to.emit(pool, "Paid")
        .withArgs(world.asset, ether("9"), ether("9"), ether("10"));
      const left = supply - ether("10");
      expect(await trEth.totalSupply()).to.equal(left);
      // Rounded up, so that nobody buys it cheaper than it is.
      expect((await pool.terms()).waitingWad).to.equal((1_000n * supply + left - 1n) / left);
      expect(await world.c.wstEth.balanceOf(queue)).to.equal(ether("9"));
    });
  });

  describe("reporting", () => {
    it("stores the rate, the waiting gain and the later of both doors", async () => {
      const { pool, accountant, guardian } = await filled();
      await pool.connect(guardian).pauseDeposits(HOUR);
      const until = BigInt(await time.latest()) + HOUR;
      await expect(pool.connect(accountant).setTerms(7n, 3n, until - 1n))
        .to.emit(pool, "TermsChanged")
        .withArgs(7n, 3n, until);
      const reportedAt = BigInt(await time.latest());
      expect([...(await pool.terms())]).to.deep.equal([7n, 3n, reportedAt, until]);
      await pool.connect(accountant).setTerms(7n, 3n, until + 1n);
      expect((await pool.terms()).closedUntil).to.equal(until + 1n);
    });

    it("moves the time of the report only when everything could be read", async () => {
      const { pool, accountant } = await filled();
      await pool.connect(accountant).setTerms(7n, 3n, 0n);
      const { reportedAt } = await pool.terms();
      expect(reportedAt).to.equal(BigInt(await time.latest()));
      const forGood = 2n ** 40n - 1n;
      await pool.connect(accountant).setTerms(6n, 2n, forGood);
      expect([...(await pool.terms())]).to.deep.equal([6n, 2n, reportedAt, forGood]);
      await pool.connect(accountant).setTerms(6n, 2n, forGood - 1n);
      expect((await pool.terms()).reportedAt).to.equal(BigInt(await time.latest()));
    });

    it("tells a report the terms and what is idle in one answer, ETH first", async () => {
      const { world, pool } = await filled();
      const [terms, units] = await pool.standing([world.asset]);
      expect([...terms]).to.deep.equal([...(await pool.terms())]);
      expect([...units]).to.deep.equal([ether("10.01"), ether("20")]);
      expect([...(await pool.standing([])).units]).to.deep.equal([ether("10.01")]);
    });

    it("bounds the waiting gain by what its field holds instead of reverting", async () => {
      const { pool, accountant } = await filled();
      await pool.connect(accountant).setTerms(WAD, ethers.MaxUint256, 0n);
      expect((await pool.terms()).waitingWad).to.equal(2n ** 88n - 1n);
    });

    it("mints the fee as told by the accountant", async () => {
      const { pool, trEth, accountant, alice } = await filled();
      const before = await trEth.balanceOf(alice);
      await expect(pool.connect(accountant).mintFee(alice, 5n)).to.emit(pool, "FeeMinted").withArgs(alice, 5n);
      expect((await trEth.balanceOf(alice)) - before).to.equal(5n);
    });

    it("opens exactly what the cap leaves, nothing while more is inside", async () => {
      const { world, pool, registry, accountant } = await filled();
      const settings = await settingsOf(world, world.asset);
      const cap = (units: bigint) => pool.connect(registry).setAsset(world.asset, { ...settings, cap: units });
      const headroom = async () => (await pool.assetTerms(world.asset)).headroom;
      await cap(ether("30"));
      expect(await headroom()).to.equal(ether("10"));
      await cap(ether("25"));
      expect(await headroom()).to.equal(ether("5"));
      await cap(ether("12")); // 20 are in: 8 too many
      expect(await headroom()).to.equal(0n);
      await cap(ether("18")); // still 2 too many
      expect(await headroom()).to.equal(0n);
      await cap(ether("22"));
      expect(await headroom()).to.equal(ether("2"));
      await pool.connect(accountant).setAssetTerms([{ asset: world.asset, rateWad: WAD, totalUnits: ether("21") }]);
      expect(await headroom()).to.equal(ether("1"));
    });
  });

  describe("setAsset", () => {
    it("refuses forms of other assets and our own shares", async () => {
      const { world, pool, registry } = await filled();
      const settings = await settingsOf(world, world.asset);
      for (const asset of [world.ctx.address("stETH"), world.ctx.address("WETH"), world.ctx.address("TrEth")]) {
        const list = () => pool.connect(registry).setAsset(asset, settings);
        await refuses(world, registry, list, pool, "AssetNotAccepted", [asset]);
      }
    });

    it("keeps where a known asset's rate is read, and what is inside of it", async () => {
      const { world, pool, registry } = await filled();
      const before = await pool.assetTerms(world.asset);
      const settings = await settingsOf(world, world.asset);
      const [rateSource, minDeposit] = [await ethers.resolveAddress(world.c.registry), settings.minDeposit + 1n];
      const other = { ...settings, rateSource, minDeposit, haircutBps: 7n, cap: ether("21") };
      await pool.connect(registry).setAsset(world.asset, other);
      const { rateSource: source, listed, idle, rateWad } = before;
      const after = [source, minDeposit, 7n, listed, idle, ether("1"), rateWad];
      expect([...(await pool.assetTerms(world.asset))]).to.deep.equal(after);
    });
  });

  describe("the guardian's door", () => {
    it("closes deposits for at most three days", async () => {
      const { world, pool, guardian } = await filled();
      const longest = 3n * 86_400n;
      const pause = (duration: bigint) => () => pool.connect(guardian).pauseDeposits(duration);
      await refuses(world, guardian, pause(longest + 1n), pool, "PauseTooLong", [longest + 1n, longest]);
      await pause(longest)();
      expect((await pool.terms()).closedUntil).to.equal(BigInt(await time.latest()) + longest);
    });

    it("cannot be closed again before seven days after its end, resumed early or not", async () => {
      const { world, pool, guardian } = await filled();
      const pause = () => pool.connect(guardian).pauseDeposits(HOUR);
      await pause();
      const nextFrom = BigInt(await time.latest()) + HOUR + REST;
      await pool.connect(guardian).resumeDeposits();
      await time.setNextBlockTimestamp(nextFrom - 1n);
      await refuses(world, guardian, pause, pool, "PauseTooSoon", [nextFrom - 1n, nextFrom]);
      await pause();
    });

    it("reopens at once when resumed, but never a door that the accountant keeps closed", async () => {
      const { world, pool, alice, accountant, guardian } = await filled();
      const later = BigInt(await time.latest()) + 10n * HOUR;
      await pool.connect(accountant).setTerms(WAD, 0n, later);
      await pool.connect(guardian).pauseDeposits(HOUR);
      await pool.connect(guardian).resumeDeposits();
      expect((await pool.terms()).closedUntil).to.equal(later);
      await pool.connect(accountant).setTerms(WAD, 0n, 0n);
      const deposit = () => pool.connect(alice).depositEther(alice, 0n, FOREVER, NO_REFERRAL, { value: WAD });
      await expect(deposit()).to.emit(pool, "Deposited");
      expect((await pool.terms()).closedUntil).to.be.at.most(await time.latest());
      expect(await world.c.trEth.totalSupply()).to.equal(ether("31.01"));
    });
  });
});
