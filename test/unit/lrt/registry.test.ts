import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import type { LidoRateSource } from "../../../typechain-types";
import { ETHER, World } from "../../../scripts/sim/world";
import { as, changed, ether, refuses, WAD } from "../../checks";
import { deployed } from "../../world";

/** Loosening is without delay here; that it waits is tested with governance. */
async function registryOf() {
  const world = await loadFixture(deployed);
  const { manager, registry } = world.c;
  const { admin, tightening, adminDelaySeconds } = world.ctx.config.governance;
  const loosening = await as(admin);
  const grant = manager.interface.encodeFunctionData("grantRole", [1n, admin, 0]);
  await manager.connect(loosening).schedule(manager, grant, 0);
  await time.increase(adminDelaySeconds);
  await manager.connect(loosening).execute(manager, grant);
  await time.increase(adminDelaySeconds);
  await world.c.accountant.report();
  const { strategy, rateSource } = await registry.configOf(world.asset);
  const limits = { inflowBps: 500n, inflowFloor: ether("10") };
  const config = { strategy, rateSource, cap: ether("10"), minDeposit: 1n, haircutBps: 0n, ...limits };
  return {
    world,
    asset: world.asset,
    config,
    loosening,
    tightening: await as(tightening),
    registry: registry.connect(loosening),
  };
}

/** A rate source that asks no market. */
const NO_MARKET = [ethers.ZeroAddress, 0n, 0n];

const deploy = async (name: string, args: unknown[]) => (await ethers.deployContract(name, args)).getAddress();

describe("AssetRegistry", () => {
  it("knows ETH as number 0 and the configured tokens in their order", async () => {
    const { world, registry, asset } = await registryOf();
    const { ctx } = world;
    expect([...(await registry.assets())]).to.deep.equal([ETHER, asset, ctx.address("rETH"), ctx.address("cbETH")]);
    expect(await registry.idOf(ETHER)).to.equal(0n);
    expect(await registry.idOf(asset)).to.equal(1n);
    const strategies = ["wstETHStrategy", "rETHStrategy", "cbETHStrategy"].map((name) => ctx.address(name));
    expect([...(await registry.strategies())]).to.deep.equal([ethers.ZeroAddress, ...strategies]);
    const { cap, minDeposit, haircutBps } = await registry.configOf(asset);
    expect([cap, minDeposit, haircutBps]).to.deep.equal([ether("1000000"), ether("0.0001"), 0n]);
    for (const known of [ETHER, asset]) {
      const { inflowBps, inflowFloor } = await registry.configOf(known);
      expect([inflowBps, inflowFloor]).to.deep.equal([500n, ether("5000")]);
    }
  });

  it("reads the rate and what an engine share holds, from their sources", async () => {
    const { world, registry, asset } = await registryOf();
    await world.deposit(await world.person(0), "wstETH", ether("10"));
    await world.crank();
    await world.lidoEarns(1_000n);
    const [rateWad, unitsPerShareWad] = await registry.read(asset);
    expect(rateWad).to.equal(await world.c.stEth.getPooledEthByShares(WAD));
    const amount = await world.c.strategy.sharesToUnderlyingView(WAD);
    expect(unitsPerShareWad).to.equal(await world.c.stEth.getSharesByPooledEth(amount));
  });

  it("reverts for an asset it does not know", async () => {
    const { world, registry } = await registryOf();
    const stEth = world.ctx.address("stETH");
    const views = [() => registry.idOf(stEth), () => registry.configOf(stEth), () => registry.read(stEth)];
    for (const view of views) {
      await expect(view()).to.be.revertedWithCustomError(registry, "UnknownAsset").withArgs(stEth);
    }
  });

  describe("addAsset", () => {
    it("an asset with any unset field is refused", async () => {
      const { world, registry, config, loosening } = await registryOf();
      const token = world.ctx.address("WETH");
      const zeros = { cap: 0n, minDeposit: 0n, inflowBps: 0n, inflowFloor: 0n };
      const empty = { strategy: ethers.ZeroAddress, rateSource: ethers.ZeroAddress, ...zeros };
      for (const field of ["strategy", "rateSource", "cap", "minDeposit", "inflowBps", "inflowFloor"] as const) {
        const add = () => registry.addAsset(token, { ...config, [field]: empty[field] });
        await refuses(world, loosening, add, registry, "FieldUnset", [token, field]);
      }
      const nothing = () => registry.addAsset(ethers.ZeroAddress, config);
      await refuses(world, loosening, nothing, registry, "ZeroAddress", []);
    });

    it("refuses a haircut above the limit", async () => {
      const { world, registry, asset, config, loosening } = await registryOf();
      const add = () => registry.addAsset(asset, { ...config, haircutBps: 501n });
      await refuses(world, loosening, add, registry, "HaircutTooHigh", [501n, 500n]);
    });

    it("refuses an inflow limit above the hard limit", async () => {
      const { world, registry, asset, config, loosening } = await registryOf();
      const add = () => registry.addAsset(asset, { ...config, inflowBps: 2_001n });
      await refuses(world, loosening, add, registry, "InflowTooHigh", [2_001n, 2_000n]);
    });

    it("refuses a rate source of another asset", async () => {
      const { world, registry, asset, config, loosening } = await registryOf();
      const token = world.ctx.address("WETH");
      const add = () => registry.addAsset(token, config);
      await refuses(world, loosening, add, registry, "WrongRateSource", [token, asset]);
    });

    it("refuses a rate that is in something else than ETH", async () => {
      const { world, registry, config, loosening } = await registryOf();
      // sfrxETH is worth so much frxETH, which is no ETH.
      const [sfrxEth, frxEth] = [
        await deploy("ERC20Mock", ["Staked Frax Ether", "sfrxETH"]),
        await deploy("ERC20Mock", ["Frax Ether", "frxETH"]),
      ];
      const rateSource = await deploy("FixedRateMock", [sfrxEth, WAD, frxEth, 0n]);
      const add = () => registry.addAsset(sfrxEth, { ...config, rateSource });
      await refuses(world, loosening, add, registry, "WrongUnit", [sfrxEth, frxEth, ETHER]);
    });

    it("refuses a token that does not have 18 digits", async () => {
      const { world, registry, config, loosening } = await registryOf();
      const feed = await deploy("MarketFeedMock", [8, "eight digits", 1n]);
      const rateSource = await deploy("FixedRateMock", [feed, WAD, ETHER, 0n]);
      const add = () => registry.addAsset(feed, { ...config, rateSource });
      await refuses(world, loosening, add, registry, "WrongDecimals", [feed, 8n, 18n]);
    });

    it("refuses a market that may fall as far as the haircut, and any market is tight enough without one", async () => {
      const { world, registry, config, loosening } = await registryOf();
      const token = await deploy("ERC20Mock", ["Other", "OTH"]);
      const rateSource = await deploy("FixedRateMock", [token, WAD, ETHER, 30n]);
      const { ctx } = world;
      const args = [ctx.address("StrategyManager"), ctx.address("PauserRegistry"), token];
      const strategy = await deploy("StrategyBase", args);
      const add = (haircutBps: bigint) => () =>
        registry.addAsset(token, { ...config, strategy, rateSource, haircutBps });
      await refuses(world, loosening, add(30n), registry, "MarketBoundTooLoose", [token, 30n, 30n]);
      await refuses(world, loosening, add(1n), registry, "MarketBoundTooLoose", [token, 30n, 1n]);
      await add(31n)();
      const lower = (haircutBps: bigint) => () => registry.lowerHaircut(token, haircutBps);
      await refuses(world, loosening, lower(30n), registry, "MarketBoundTooLoose", [token, 30n, 30n]);
      await lower(0n)();
      expect((await registry.configOf(token)).haircutBps).to.equal(0n);
    });

    it("refuses a rate source that cannot answer now", async () => {
      const { world, registry, asset, config, loosening } = await registryOf();
      const stEth = world.ctx.address("stETH");
      const rateSource = await deploy("LidoRateSource", [stEth, asset, [ether("2"), ether("3")], NO_MARKET]);
      const add = () => registry.addAsset(asset, { ...config, rateSource });
      const source = await ethers.getContractAt("LidoRateSource", rateSource);
      await refuses(world, loosening, add, source, "RateOutOfBounds", [WAD, ether("2"), ether("3")]);
    });

    it("refuses a strategy whose token is no form of the asset", async () => {
      const { world, registry, asset, config, loosening } = await registryOf();
      const other = await deploy("ERC20Mock", ["Other", "OTH"]);
      const { ctx } = world;
      const args = [ctx.address("StrategyManager"), ctx.address("PauserRegistry"), other];
      const strategy = await deploy("StrategyBase", args);
      const add = () => registry.addAsset(asset, { ...config, strategy });
      const source = await ethers.getContractAt("LidoRateSource", config.rateSource);
      await refuses(world, loosening, add, source, "UnknownToken", [other]);
    });

    it("refuses a strategy that serves another asset, and an asset it has already", async () => {
      const { world, registry, asset, config, loosening } = await registryOf();
      const token = world.ctx.address("WETH");
      const source = await deploy("FixedRateMock", [token, WAD, ETHER, 0n]);
      const shared = () => registry.addAsset(token, { ...config, rateSource: source });
      await refuses(world, loosening, shared, registry, "StrategyInUse", [config.strategy]);
      const { ctx } = world;
      const args = [ctx.address("StrategyManager"), ctx.address("PauserRegistry"), ctx.address("wstETH")];
      const strategy = await deploy("StrategyBase", args);
      const again = () => registry.addAsset(asset, { ...config, strategy });
      await refuses(world, loosening, again, registry, "AssetExists", [asset]);
    });

    it("refuses an asset that the pool cannot hold", async () => {
      const { world, registry, config, loosening } = await registryOf();
      const token = world.ctx.address("WETH");
      const rateSource = await deploy("FixedRateMock", [token, WAD, ETHER, 0n]);
      const { ctx } = world;
      const args = [ctx.address("StrategyManager"), ctx.address("PauserRegistry"), ctx.address("wstETH")];
      const strategy = await deploy("StrategyBase", args);
      const add = () => registry.addAsset(token, { ...config, strategy, rateSource });
      await refuses(world, loosening, add, world.c.pool, "AssetNotAccepted", [token]);
      expect((await registry.assets()).length).to.equal(4);
    });
  });

  describe("terms", () => {
    it("lets caps be raised by raising and lowered by lowering only, and tells the pool", async () => {
      const { world, registry, asset, loosening, tightening } = await registryOf();
      const cap = ether("1000000");
      const tight = registry.connect(tightening);
      await refuses(world, loosening, () => registry.raiseCap(asset, cap), registry, "WrongDirection", [cap, cap]);
      await refuses(world, tightening, () => tight.lowerCap(asset, cap), registry, "WrongDirection", [cap, cap]);
      await expect(tight.lowerCap(asset, 5n)).to.emit(registry, "CapChanged").withArgs(asset, cap, 5n);
      expect((await world.c.pool.assetTerms(asset)).headroom).to.equal(5n);
      await expect(registry.raiseCap(asset, 9n)).to.emit(registry, "CapChanged").withArgs(asset, 5n, 9n);
      expect((await world.c.pool.assetTerms(asset)).headroom).to.equal(9n);
      expect((await registry.configOf(asset)).cap).to.equal(9n);
    });

    it("lets haircuts be raised by raising, up to a limit, and lowered by lowering only", async () => {
      const { world, registry, asset, loosening, tightening } = await registryOf();
      const tight = registry.connect(tightening);
      await refuses(world, tightening, () => tight.raiseHaircut(asset, 0n), registry, "WrongDirection", [0n, 0n]);
      await refuses(world, tightening, () => tight.raiseHaircut(asset, 501n), registry, "HaircutTooHigh", [501n, 500n]);
      await expect(tight.raiseHaircut(asset, 500n)).to.emit(registry, "HaircutChanged").withArgs(asset, 0n, 500n);
      expect((await world.c.pool.assetTerms(asset)).haircutBps).to.equal(500n);
      await refuses(world, loosening, () => registry.lowerHaircut(asset, 500n), registry, "WrongDirection", [
        500n,
        500n,
      ]);
      await expect(registry.lowerHaircut(asset, 3n)).to.emit(registry, "HaircutChanged").withArgs(asset, 500n, 3n);
      expect((await world.c.pool.assetTerms(asset)).haircutBps).to.equal(3n);
    });

    it("lets inflow limits be raised by raising, up to a limit, and lowered by lowering only", async () => {
      const { world, registry, asset, loosening, tightening } = await registryOf();
      const tight = registry.connect(tightening);
      const floor = ether("5000");
      const raise = (bps: bigint, units: bigint) => () => registry.raiseInflowLimit(asset, bps, units);
      const lower = (bps: bigint, units: bigint) => () => tight.lowerInflowLimit(asset, bps, units);
      await refuses(world, loosening, raise(499n, floor + 1n), registry, "WrongDirection", [500n, 499n]);
      await refuses(world, loosening, raise(501n, floor - 1n), registry, "WrongDirection", [floor, floor - 1n]);
      await refuses(world, loosening, raise(500n, floor), registry, "WrongDirection", [floor, floor]);
      await refuses(world, loosening, raise(2_001n, floor), registry, "InflowTooHigh", [2_001n, 2_000n]);
      await refuses(world, tightening, lower(501n, floor - 1n), registry, "WrongDirection", [500n, 501n]);
      await refuses(world, tightening, lower(499n, floor + 1n), registry, "WrongDirection", [floor, floor + 1n]);
      await refuses(world, tightening, lower(500n, floor), registry, "WrongDirection", [floor, floor]);
      await expect(raise(2_000n, floor)())
        .to.emit(registry, "InflowLimitChanged")
        .withArgs(asset, 500n, 2_000n, floor, floor);
      await expect(lower(2_000n, 7n)())
        .to.emit(registry, "InflowLimitChanged")
        .withArgs(asset, 2_000n, 2_000n, floor, 7n);
      expect((await world.c.pool.inflow(asset)).limit).to.equal(ether("0.002")); // a fifth of 0.01
      const { inflowBps, inflowFloor } = await registry.configOf(asset);
      expect([inflowBps, inflowFloor]).to.deep.equal([2_000n, 7n]);
    });

    it("reverts for an asset it does not know", async () => {
      const { world, registry, loosening, tightening } = await registryOf();
      const unknown = world.ctx.address("WETH");
      const tight = registry.connect(tightening);
      const loose: [() => Promise<unknown>, typeof loosening][] = [
        [() => registry.raiseCap(unknown, 1n), loosening],
        [() => registry.lowerHaircut(unknown, 1n), loosening],
        [() => registry.raiseInflowLimit(unknown, 1n, 1n), loosening],
        [() => tight.lowerInflowLimit(unknown, 1n, 1n), tightening],
        [() => tight.lowerCap(unknown, 1n), tightening],
        [() => tight.raiseHaircut(unknown, 1n), tightening],
      ];
      for (const [call, by] of loose) await refuses(world, by, call, registry, "UnknownAsset", [unknown]);
    });
  });
});

describe("LidoRateSource", () => {
  async function source() {
    const world = await loadFixture(deployed);
    const contract = await ethers.getContractAt("LidoRateSource", world.ctx.address("wstETHRateSource"));
    return { world, source: contract as unknown as LidoRateSource };
  }

  it("speaks of wstETH and answers the issuer's share rate", async () => {
    const { world, source: s } = await source();
    await world.lidoEarns(1_000n);
    expect(await s.asset()).to.equal(world.asset);
    expect(await s.rate()).to.equal(await world.c.stEth.getPooledEthByShares(WAD));
  });

  it("answers at its bounds and reverts outside of them", async () => {
    const { world } = await source();
    const [stEth, pooled] = [world.c.stEth, await world.c.stEth.getTotalPooledEther()];
    const rate = await stEth.getPooledEthByShares(WAD);
    const build = async (min: bigint, max: bigint) =>
      ethers.getContractAt(
        "LidoRateSource",
        await deploy("LidoRateSource", [stEth, world.asset, [min, max], NO_MARKET]),
      );
    expect(await (await build(rate, rate)).rate()).to.equal(rate);
    expect(pooled).to.be.above(0n);
    for (const [min, max] of [
      [rate + 1n, rate + 2n],
      [rate - 2n, rate - 1n],
    ]) {
      const bounded = await build(min, max);
      await expect(bounded.rate()).to.be.revertedWithCustomError(bounded, "RateOutOfBounds").withArgs(rate, min, max);
    }
  });

  it("counts wstETH one to one, stETH by its shares, and no other token", async () => {
    const { world, source: s } = await source();
    await world.lidoEarns(1_000n);
    const stEth = world.ctx.address("stETH");
    expect(await s.unitsOf(world.asset, 7n)).to.equal(7n);
    expect(await s.unitsOf(stEth, WAD)).to.equal(await world.c.stEth.getSharesByPooledEth(WAD));
    await expect(s.unitsOf(ETHER, 1n)).to.be.revertedWithCustomError(s, "UnknownToken").withArgs(ETHER);
  });
});

describe("AssetRegistry: a strategy of wstETH itself", () => {
  it("reads one unit per engine share when the strategy's token is the asset", async () => {
    const config = changed(({ assets }) => {
      assets[0].strategy = { kind: "deploy", underlying: "wstETH" };
    });
    const world = await World.create(config);
    await world.deposit(await world.person(0), "wstETH", ether("10"));
    await world.crank();
    await world.lidoEarns(1_000n);
    expect((await world.c.registry.read(world.asset)).unitsPerShareWad).to.equal(WAD);
    await world.c.accountant.report();
    const { pool, restaked, rateWad } = await world.c.accountant.backing(world.asset);
    expect(pool + restaked).to.equal(ether("10.01")); // with the first 0.01 ETH staked
    expect(rateWad).to.equal(await world.c.stEth.getPooledEthByShares(WAD));
  });
});
