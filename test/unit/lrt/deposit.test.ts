import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { Signer } from "ethers";
import { ethers } from "hardhat";
import { ETHER, type World } from "../../../scripts/sim/world";
import { as, books, ether, FOREVER, NO_REFERRAL, refuses, WAD } from "../../checks";
import { deployed } from "../../world";

const REFERRAL = ethers.id("a friend");

async function entrance() {
  const world = await loadFixture(deployed);
  const [alice, bob] = [await world.person(0), await world.person(1)];
  const { pool, stEth, wstEth, weth, trEth } = world.c;
  return { world, alice, bob, pool, stEth, wstEth, weth, trEth, guardian: await guardianOf(world) };
}

function guardianOf({ ctx }: World): Promise<Signer> {
  return as(ctx.config.governance.guardian);
}

/** Alice holds and has approved a token. */
async function holding(token: "WETH" | "stETH" | "wstETH", amount: bigint) {
  const scene = await entrance();
  const contract = await scene.world.acquire(scene.alice, token, amount);
  await contract.connect(scene.alice).approve(await scene.pool.getAddress(), FOREVER);
  return { ...scene, token: await contract.getAddress() };
}

describe("DepositPool", () => {
  describe("deposit", () => {
    it("mints shares for ETH at the rate, to the receiver", async () => {
      const { pool, trEth, alice, bob } = await entrance();
      const deposit = pool.connect(alice).depositEther(bob, ether("3"), FOREVER, REFERRAL, { value: ether("3") });
      await expect(deposit).to.emit(pool, "Deposited").withArgs(alice, bob, ETHER, ether("3"), ether("3"), REFERRAL);
      expect(await trEth.balanceOf(bob)).to.equal(ether("3"));
      expect(await trEth.balanceOf(alice)).to.equal(0n);
      expect(await pool.idle(ETHER)).to.equal(ether("3.01"));
    });

    it("takes WETH as ETH", async () => {
      const { pool, weth, trEth, alice, token } = await holding("WETH", ether("2"));
      await pool.connect(alice).deposit(token, ether("2"), alice, ether("2"), FOREVER, NO_REFERRAL);
      expect(await trEth.balanceOf(alice)).to.equal(ether("2"));
      expect(await pool.idle(ETHER)).to.equal(ether("2.01"));
      expect(await weth.balanceOf(pool)).to.equal(0n);
      expect(await ethers.provider.getBalance(pool)).to.equal(ether("2.01"));
    });

    it("counts stETH in its shares, which are wstETH units", async () => {
      const { world, pool, stEth, trEth, alice, token } = await holding("stETH", ether("8"));
      await world.lidoEarns(2_500n);
      await world.c.accountant.report();
      const [pooled, total] = [await stEth.getTotalPooledEther(), await stEth.getTotalShares()];
      const units = (ether("5") * total) / pooled; // about 4
      const shares = (units * ((WAD * pooled) / total)) / WAD; // about 5
      expect(await pool.previewDeposit(token, ether("5"))).to.equal(shares);
      await pool.connect(alice).deposit(token, ether("5"), alice, 0n, FOREVER, NO_REFERRAL);
      expect(await trEth.balanceOf(alice)).to.equal(shares);
      expect(await pool.idle(world.asset)).to.equal(units);
      expect(await stEth.sharesOf(pool)).to.equal(units);
      expect(ether("5") - shares).to.be.below(10n);
    });

    it("counts wstETH one to one and values it by its issuer's rate", async () => {
      const { world, pool, trEth, alice, token } = await holding("wstETH", ether("4"));
      await world.lidoEarns(2_500n);
      await world.c.accountant.report();
      await pool.connect(alice).deposit(token, ether("4"), alice, 0n, FOREVER, NO_REFERRAL);
      const rate = await world.c.stEth.getPooledEthByShares(WAD); // 1.25 less the rounding of what was earned
      expect(await trEth.balanceOf(alice)).to.equal((ether("4") * rate) / WAD);
      expect(await pool.idle(world.asset)).to.equal(ether("4"));
      expect(await world.c.wstEth.balanceOf(pool)).to.equal(ether("4"));
    });

    it("counts a fall of the token at once and a rise only when it has been reported", async () => {
      const { world, pool, alice, token } = await holding("wstETH", ether("4"));
      await world.c.accountant.report();
      await world.lidoEarns(2_500n);
      expect(await pool.previewDeposit(token, WAD)).to.equal(WAD);
      await world.lidoLoses(4_000n); // 1.25 × 0.6
      expect(await pool.connect(alice).previewDeposit(token, WAD)).to.equal(ether("0.75"));
    });

    it("leaves the haircut to the holders", async () => {
      const { world, pool, trEth, alice, token } = await holding("wstETH", ether("1"));
      await world.c.registry.connect(await as(world.ctx.config.governance.tightening)).raiseHaircut(token, 30);
      await pool.connect(alice).deposit(token, WAD, alice, 0n, FOREVER, NO_REFERRAL);
      expect(await trEth.balanceOf(alice)).to.equal(ether("0.997"));
      await world.c.accountant.report();
      // 1.01 ETH for 1.007 shares, of which an allowance is recognised and the rest waits.
      expect(await world.c.accountant.netAssetValue()).to.equal(ether("1.01"));
    });

    it("previews what it mints", async () => {
      const { world, pool, trEth, alice, token } = await holding("wstETH", ether("4"));
      await world.lidoEarns(1_234n);
      await world.c.accountant.report();
      const preview = await pool.previewDeposit(token, 1_234_567_890_123_456_789n);
      await pool.connect(alice).deposit(token, 1_234_567_890_123_456_789n, alice, preview, FOREVER, NO_REFERRAL);
      expect(await trEth.balanceOf(alice)).to.equal(preview);
    });

    it("is possible against a report of exactly the greatest age, and not a second later", async () => {
      const { world, pool, alice } = await entrance();
      const { reportedAt } = await pool.terms();
      const age = await pool.MAX_REPORT_AGE();
      const deposit = () => pool.connect(alice).depositEther(alice, 0n, FOREVER, NO_REFERRAL, { value: WAD });
      await time.setNextBlockTimestamp(reportedAt + age);
      await deposit();
      await time.setNextBlockTimestamp(reportedAt + age + 1n);
      await refuses(world, alice, deposit, pool, "ReportTooOld", [reportedAt, reportedAt + 1n]);
      await world.c.accountant.report();
      await deposit();
    });
  });

  describe("reportAndDeposit", () => {
    it("deposits at the rate of the report it has made", async () => {
      const { world, pool, trEth, alice } = await entrance();
      await world.deposit(await world.person(2), "wstETH", ether("10"));
      await world.lidoLoses(40n); // too little for the alarm
      const value = ether("0.01") + (ether("10") * (await world.c.stEth.getPooledEthByShares(WAD))) / WAD;
      await pool.connect(alice).reportAndDeposit(ETHER, WAD, alice, 0n, FOREVER, NO_REFERRAL, { value: WAD });
      const { rateWad, waitingWad } = await pool.terms();
      expect(rateWad).to.equal((value * WAD) / ether("10.01"));
      expect(waitingWad).to.equal(1n); // the rate rounds down, the price of a deposit up
      expect(await trEth.balanceOf(alice)).to.equal((WAD * WAD) / (rateWad + waitingWad));
    });

    it("reverts when the ether sent is not the amount, or comes with a token", async () => {
      const { world, pool, alice, token } = await holding("wstETH", ether("1"));
      const connected = pool.connect(alice);
      const send = (what: string, value: bigint) => () =>
        connected.reportAndDeposit(what, WAD, alice, 0n, FOREVER, NO_REFERRAL, { value });
      await refuses(world, alice, send(ETHER, WAD - 1n), pool, "WrongEtherValue", [WAD - 1n, WAD]);
      await refuses(world, alice, send(ETHER, WAD + 1n), pool, "WrongEtherValue", [WAD + 1n, WAD]);
      await refuses(world, alice, send(token, 1n), pool, "WrongEtherValue", [1n, 0n]);
    });
  });

  describe("refusals", () => {
    it("reverts for a token it does not accept, ETH by its number included", async () => {
      const { world, pool, alice, trEth } = await entrance();
      const stranger = await (await ethers.deployContract("ERC20Mock", ["Stranger", "STR"])).getAddress();
      for (const token of [stranger, await trEth.getAddress(), ETHER, ethers.ZeroAddress]) {
        const deposit = () => pool.connect(alice).deposit(token, WAD, alice, 0n, FOREVER, NO_REFERRAL);
        await refuses(world, alice, deposit, pool, "AssetNotAccepted", [token]);
      }
      await expect(pool.previewDeposit(stranger, WAD))
        .to.be.revertedWithCustomError(pool, "AssetNotAccepted")
        .withArgs(stranger);
    });

    it("reverts below the smallest deposit, zero included", async () => {
      const { world, pool, alice, token } = await holding("wstETH", ether("1"));
      const min = ether("0.0001");
      const inEther = (value: bigint) => () =>
        pool.connect(alice).depositEther(alice, 0n, FOREVER, NO_REFERRAL, { value });
      const inUnits = (units: bigint) => () =>
        pool.connect(alice).deposit(token, units, alice, 0n, FOREVER, NO_REFERRAL);
      await refuses(world, alice, inEther(0n), pool, "DepositTooSmall", [ETHER, 0n, min]);
      await refuses(world, alice, inEther(min - 1n), pool, "DepositTooSmall", [ETHER, min - 1n, min]);
      await refuses(world, alice, inUnits(0n), pool, "DepositTooSmall", [token, 0n, min]);
      await refuses(world, alice, inUnits(min - 1n), pool, "DepositTooSmall", [token, min - 1n, min]);
      await inEther(min)();
      await inUnits(min)();
    });

    it("reverts when fewer shares come out than asked for", async () => {
      const { world, pool, alice } = await entrance();
      const deposit = () => pool.connect(alice).depositEther(alice, WAD + 1n, FOREVER, NO_REFERRAL, { value: WAD });
      await refuses(world, alice, deposit, pool, "TooFewShares", [WAD, WAD + 1n]);
    });

    it("reverts past the deadline, whichever way in", async () => {
      const { world, pool, alice, token } = await holding("wstETH", ether("1"));
      const connected = pool.connect(alice);
      const ways = [
        (d: bigint) => connected.depositEther(alice, 0n, d, NO_REFERRAL, { value: WAD }),
        (d: bigint) => connected.deposit(token, ether("0.1"), alice, 0n, d, NO_REFERRAL),
        (d: bigint) => connected.reportAndDeposit(token, ether("0.1"), alice, 0n, d, NO_REFERRAL),
      ];
      for (const way of ways) {
        const deadline = BigInt(await time.latest()) + 100n;
        await time.setNextBlockTimestamp(deadline);
        await way(deadline);
        await time.setNextBlockTimestamp(deadline + 1n);
        await refuses(world, alice, () => way(deadline), pool, "DeadlinePassed", [deadline + 1n, deadline]);
      }
    });

    it("reverts without a receiver", async () => {
      const { world, pool, alice } = await entrance();
      const nobody = ethers.ZeroAddress;
      const deposit = () => pool.connect(alice).depositEther(nobody, 0n, FOREVER, NO_REFERRAL, { value: WAD });
      await refuses(world, alice, deposit, pool, "ZeroAddress", []);
    });

    it("reverts above an asset's cap and takes the last unit below it", async () => {
      const { world, pool, alice, token } = await holding("wstETH", ether("20"));
      const tightening = await as(world.ctx.config.governance.tightening);
      await world.c.registry.connect(tightening).lowerCap(token, ether("10"));
      const deposit = (units: bigint) => () =>
        pool.connect(alice).deposit(token, units, alice, 0n, FOREVER, NO_REFERRAL);
      await refuses(world, alice, deposit(ether("10") + 1n), pool, "CapExceeded", [
        token,
        ether("10") + 1n,
        ether("10"),
      ]);
      await deposit(ether("6"))();
      await refuses(world, alice, deposit(ether("4") + 1n), pool, "CapExceeded", [token, ether("4") + 1n, ether("4")]);
      await deposit(ether("4"))();
      await world.c.accountant.report();
      await refuses(world, alice, deposit(WAD), pool, "CapExceeded", [token, WAD, 0n]);
    });

    it("reverts when ETH would pass its cap, which is on net asset value", async () => {
      const { world, pool, alice } = await entrance();
      const tightening = await as(world.ctx.config.governance.tightening);
      await world.deposit(alice, "wstETH", ether("5"));
      await world.c.registry.connect(tightening).lowerCap(ETHER, ether("7.01"));
      await world.c.accountant.report();
      const deposit = (value: bigint) => () =>
        pool.connect(alice).depositEther(alice, 0n, FOREVER, NO_REFERRAL, { value });
      await refuses(world, alice, deposit(ether("2") + 1n), pool, "CapExceeded", [ETHER, ether("2") + 1n, ether("2")]);
      await deposit(ether("2"))();
    });

    it("reverts while the guardian has closed it, and opens by itself", async () => {
      const { world, pool, alice, guardian } = await entrance();
      await pool.connect(guardian).pauseDeposits(3_600n);
      const until = BigInt(await time.latest()) + 3_600n;
      const deposit = () => pool.connect(alice).depositEther(alice, 0n, FOREVER, NO_REFERRAL, { value: WAD });
      await time.setNextBlockTimestamp(until - 1n);
      await refuses(world, alice, deposit, pool, "DepositsClosed", [until - 1n, until]);
      await time.setNextBlockTimestamp(until);
      await deposit();
    });

    it("reverts below the floor rate for good, while the rate itself goes on", async () => {
      const { world, pool, alice } = await entrance();
      const accountant = await as(world.c.accountant);
      await pool.connect(accountant).setTerms(10n ** 15n - 1n, 0n, 0n);
      const deposit = () => pool.connect(alice).depositEther(alice, 0n, FOREVER, NO_REFERRAL, { value: WAD });
      await refuses(world, alice, deposit, pool, "RateBelowFloor", [10n ** 15n - 1n, 10n ** 15n]);
      await pool.connect(accountant).setTerms(10n ** 15n, 0n, 0n);
      await deposit();
    });

    it("reverts while the token's rate cannot be read, though its report is young", async () => {
      const { world, pool, alice, token } = await holding("wstETH", ether("1"));
      await world.lidoLoses(6_000n); // to 0.4, below the source's bounds
      const deposit = () => pool.connect(alice).deposit(token, WAD, alice, 0n, FOREVER, NO_REFERRAL);
      const source = world.ctx.address("wstETHRateSource");
      const abi = await ethers.getContractAt("LidoRateSource", source);
      const args = [ether("0.4"), ether("0.5"), ether("3")];
      await refuses(world, alice, deposit, abi, "RateOutOfBounds", args);
    });
  });

  it("refuses ether that is just sent to it", async () => {
    const { world, pool, alice } = await entrance();
    const before = await books(world);
    await expect(alice.sendTransaction({ to: pool, value: 1n }))
      .to.be.revertedWithCustomError(pool, "UnexpectedEther")
      .withArgs(alice);
    expect(await books(world)).to.deep.equal(before);
  });
});
