import { loadFixture, setBalance, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { ETHER } from "../../../../scripts/sim/world";
import { as, books, DAY, ether, FOREVER, NO_REFERRAL, refuses, WAD } from "../../../checks";
import { deployed } from "../../../world";

/** 10 ETH and 20 wstETH are in; then strangers sent 1 ETH, 2 wstETH and 3 stETH. Loosening is without delay here. */
async function donated() {
  const world = await loadFixture(deployed);
  const alice = await world.person(0);
  await world.depositEther(alice, ether("10"));
  await world.deposit(alice, "wstETH", ether("20"));
  const { manager, accountant, pool, stEth, wstEth } = world.c;
  const { admin, adminDelaySeconds } = world.ctx.config.governance;
  const loosening = await as(admin);
  const grant = manager.interface.encodeFunctionData("grantRole", [1n, admin, 0]);
  await manager.connect(loosening).schedule(manager, grant, 0);
  await time.increase(adminDelaySeconds);
  await manager.connect(loosening).execute(manager, grant);
  await time.increase(adminDelaySeconds);
  await accountant.report();
  const before = await books(world);
  const address = await pool.getAddress();
  await setBalance(address, (await ethers.provider.getBalance(address)) + WAD); // forced in: no code of ours runs
  await world.acquire(world.keeper, "wstETH", ether("2"));
  await wstEth.connect(world.keeper).transfer(address, ether("2"));
  await world.acquire(world.keeper, "stETH", ether("3"));
  await stEth.connect(world.keeper).transferShares(address, ether("3"));
  const router = world.c.router.connect(loosening);
  return { world, alice, pool: pool.connect(loosening), router, loosening, accountant, before, address };
}

describe("RewardsRouter: surplus", () => {
  it("shows what is there without being counted, in every form", async () => {
    const { world, pool, router } = await donated();
    expect(await router.surplus(ETHER)).to.equal(WAD);
    expect(await router.surplus(world.asset)).to.equal(ether("5"));
    const stranger = ethers.Wallet.createRandom().address;
    await expect(router.surplus(stranger)).to.be.revertedWithCustomError(pool, "AssetNotAccepted").withArgs(stranger);
  });

  it("changes no rate, no value and no price before it is recognised", async () => {
    const { world, pool, accountant, before } = await donated();
    await accountant.report();
    expect(await books(world)).to.deep.equal(before);
    expect(await pool.previewDeposit(ETHER, WAD)).to.equal(WAD);
  });

  it("becomes waiting gain when it is recognised: no jump of the rate, and newcomers pay for it at once", async () => {
    const { world, pool, router, accountant, before } = await donated();
    await expect(router.recogniseSurplus(ETHER, WAD)).to.emit(router, "SurplusRecognised").withArgs(ETHER, WAD);
    const after = await books(world);
    expect(after.rateWad).to.equal(before.rateWad);
    expect(after.netAssetValue).to.equal(before.netAssetValue + WAD);
    expect(after.idleEther).to.equal(before.idleEther + WAD);
    expect(after.waitingWad).to.equal((WAD * WAD + before.supply - 1n) / before.supply); // rounds up
    expect(await router.surplus(ETHER)).to.equal(0n);
    expect(await pool.previewDeposit(ETHER, WAD)).to.equal((WAD * WAD) / (before.rateWad + after.waitingWad));
    await time.increase(DAY);
    await accountant.report();
    expect(await pool.rate()).to.be.within(before.rateWad, before.rateWad + before.rateWad / 1_000n); // 10 bps a day
  });

  it("is recognised in part, of a token in its units, and what is recognised is idle like the rest", async () => {
    const { world, pool, router } = await donated();
    await router.recogniseSurplus(world.asset, ether("4"));
    expect(await router.surplus(world.asset)).to.equal(WAD);
    expect(await pool.idle(world.asset)).to.equal(ether("24"));
    await router.recogniseSurplus(world.asset, 0n);
    const desk = await as(world.c.desk);
    const to = ethers.Wallet.createRandom().address;
    await world.c.pool.connect(desk).take(world.asset, ether("24"), world.asset, to);
    expect(await world.c.wstEth.balanceOf(to)).to.equal(ether("24"));
    expect(await router.surplus(world.asset)).to.equal(WAD);
  });

  it("cannot be recognised twice, nor beyond what is there, nor for an asset it does not know", async () => {
    const { world, pool, router, loosening } = await donated();
    const recognise = (asset: string, units: bigint) => () => router.recogniseSurplus(asset, units);
    const held = ether("11.01");
    await refuses(world, loosening, recognise(ETHER, WAD + 1n), pool, "NotBacked", [ETHER, held + 1n, held]);
    await recognise(ETHER, WAD)();
    await refuses(world, loosening, recognise(ETHER, 1n), pool, "NotBacked", [ETHER, held + 1n, held]);
    const stEth = world.ctx.address("stETH");
    await refuses(world, loosening, recognise(stEth, 1n), pool, "AssetNotAccepted", [stEth]);
  });

  it("is nobody else's: neither deposits nor pay-outs nor strangers reach it", async () => {
    const { world, alice, pool, router } = await donated();
    const stranger = world.c.pool.connect(alice);
    await expect(world.c.router.connect(alice).recogniseSurplus(ETHER, 1n))
      .to.be.revertedWithCustomError(router, "AccessManagedUnauthorized")
      .withArgs(alice);
    await stranger.depositEther(alice, WAD, FOREVER, NO_REFERRAL, { value: WAD });
    await world.deposit(alice, "stETH", WAD);
    const queue = await as(world.c.queue);
    await world.c.trEth.connect(alice).transfer(queue, ether("12"));
    const all = await pool.idle(ETHER);
    const more = () => world.c.pool.connect(queue).payLine(ETHER, all + 1n, ether("12"));
    await refuses(world, queue, more, pool, "NotEnoughIdle", [ETHER, all + 1n, all]);
    expect(await router.surplus(ETHER)).to.equal(WAD);
    expect(await router.surplus(world.asset)).to.equal(ether("5"));
  });
});

describe("IssuerDesk: sweep", () => {
  /** Strangers left 1 ETH, 2 wstETH and 3 stETH at the desk. */
  async function littered() {
    const scene = await donated();
    const { world } = scene;
    const desk = await world.c.issuer.getAddress();
    await setBalance(desk, WAD);
    await world.acquire(world.keeper, "wstETH", ether("2"));
    await world.c.wstEth.connect(world.keeper).transfer(desk, ether("2"));
    await world.acquire(world.keeper, "stETH", ether("3"));
    await world.c.stEth.connect(world.keeper).transferShares(desk, ether("3"));
    return { ...scene, desk, issuer: world.c.issuer.connect(scene.alice) };
  }

  it("lets anyone send what lies there to the pool's surplus, which changes no value", async () => {
    const { world, router, issuer, desk, before } = await littered();
    await expect(issuer.sweep()).to.emit(issuer, "Swept").withArgs(WAD, ether("5"));
    expect(await router.surplus(ETHER)).to.equal(2n * WAD);
    expect(await router.surplus(world.asset)).to.equal(ether("10"));
    expect(await ethers.provider.getBalance(desk)).to.equal(0n);
    expect(await world.c.stEth.sharesOf(desk)).to.equal(0n);
    expect(await world.c.wstEth.balanceOf(desk)).to.equal(0n);
    expect(await books(world)).to.deep.equal(before);
  });

  it("reverts when nothing is there", async () => {
    const { world, alice, issuer } = await littered();
    await issuer.sweep();
    await refuses(world, alice, () => issuer.sweep(), issuer, "NothingToConvert", []);
  });

  it("leaves open redemptions alone", async () => {
    const { world, alice, issuer, router } = await littered();
    await world.request(alice, ETHER, ether("25"));
    await time.increase(2n * DAY);
    await world.c.accountant.report();
    await issuer.redeem();
    const redeeming = await issuer.redeemingValue();
    expect(redeeming).to.be.above(ether("10"));
    await issuer.sweep();
    expect(await issuer.redeemingValue()).to.equal(redeeming);
    await world.finaliseLido();
    await issuer.claim(16n);
    expect(await router.surplus(ETHER)).to.equal(2n * WAD); // paid is counted, never surplus
  });
});
