import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { ContractFactory } from "ethers";
import { ethers } from "hardhat";
import { ETHER } from "../../../../scripts/sim/world";
import { as, DAY, FOREVER, refuses } from "../../../checks";
import { FLOOR, HOUR, onSale, plain } from "../../../rewards-world";

describe("RewardsRouter: settings", () => {
  it("lowers a floor by LOOSENING and raises it by TIGHTENING, each in its direction", async () => {
    const { world, address, tightening } = await loadFixture(plain);
    const { router } = world.c;
    const loosening = await as(world.ctx.config.governance.admin);
    await expect(router.connect(tightening).lowerFloor(address, 1n)).to.be.revertedWithCustomError(
      router,
      "AccessManagedUnauthorized",
    );
    await expect(router.connect(loosening).lowerFloor(address, 1n)).to.be.reverted; // not before its delay
    const raise = (token: string, price: bigint) => () => router.connect(tightening).raiseFloor(token, price);
    await refuses(world, tightening, raise(address, FLOOR), router, "WrongDirection", [FLOOR, FLOOR]);
    const unknown = ethers.Wallet.createRandom().address;
    await refuses(world, tightening, raise(unknown, FLOOR), router, "NoFloor", [unknown]);
    await expect(raise(address, 2n * FLOOR)())
      .to.emit(router, "FloorChanged")
      .withArgs(address, FLOOR, 2n * FLOOR);
    expect((await router.auction(address)).nextStartWad).to.equal(20n * FLOOR);
    await world.c.manager.connect(loosening).schedule(router, lower(address, 0n), 0n);
    await world.c.manager.connect(loosening).schedule(router, lower(address, 2n * FLOOR), 0n);
    await world.c.manager.connect(loosening).schedule(router, lower(address, FLOOR / 2n), 0n);
    await time.increase(world.ctx.config.governance.adminDelaySeconds);
    const execute = (data: string) => world.c.manager.connect(loosening).execute(router, data);
    await expect(execute(lower(address, 0n)))
      .to.be.revertedWithCustomError(router, "ZeroFloor")
      .withArgs(address);
    await expect(execute(lower(address, 2n * FLOOR)))
      .to.be.revertedWithCustomError(router, "WrongDirection")
      .withArgs(2n * FLOOR, 2n * FLOOR);
    await expect(execute(lower(address, FLOOR / 2n)))
      .to.emit(router, "FloorChanged")
      .withArgs(address, 2n * FLOOR, FLOOR / 2n);

    function lower(token: string, price: bigint): string {
      return router.interface.encodeFunctionData("lowerFloor", [token, price]);
    }
  });

  it("holds a running lot to a floor that was raised", async () => {
    const { router, address, tightening } = await onSale();
    await router.connect(tightening).raiseFloor(address, 20n * FLOOR); // above its start
    expect((await router.auction(address)).priceWad).to.equal(20n * FLOOR);
    await time.increase(11n * HOUR);
    expect((await router.auction(address)).priceWad).to.equal(20n * FLOOR);
  });

  it("closes by the guardian's pause, which ends the lots that run: none goes on at a fallen price", async () => {
    const { router, address, bob, guardian, startedAt, world } = await onSale();
    await expect(router.connect(bob).pauseAuctions(HOUR)).to.be.revertedWithCustomError(
      router,
      "AccessManagedUnauthorized",
    );
    const at = startedAt + HOUR;
    await time.setNextBlockTimestamp(at);
    await expect(router.connect(guardian).pauseAuctions(HOUR))
      .to.emit(router, "AuctionsPaused")
      .withArgs(at + HOUR);
    const bid = () => router.connect(bob).bid(address, 1n, ETHER, 1n, bob, FOREVER, { value: 1n });
    await time.setNextBlockTimestamp(at + 1n);
    await refuses(world, bob, bid, router, "AuctionsClosed", [at + 1n, at + HOUR]);
    expect((await router.auction(address)).left).to.equal(0n);
    await time.setNextBlockTimestamp(at + HOUR);
    await refuses(world, bob, bid, router, "NothingForSale", [address, at + HOUR, startedAt]);
    await time.setNextBlockTimestamp(startedAt + DAY);
    await router.startLot(address);
    expect((await router.auction(address)).priceWad).to.equal(5n * FLOOR);
    await expect(router.connect(guardian).pauseAuctions(HOUR)).to.be.revertedWithCustomError(router, "PauseTooSoon");
    await time.increase(8n * DAY);
    await router.connect(guardian).pauseAuctions(3n * DAY);
    await expect(router.startLot(address)).to.be.revertedWithCustomError(router, "AuctionsClosed");
    await expect(router.connect(guardian).resumeAuctions()).to.emit(router, "AuctionsPaused");
    await router.startLot(address);
  });

  it("is built with terms inside its bounds only", async () => {
    const { world } = await loadFixture(plain);
    const factory: ContractFactory = await ethers.getContractFactory("RewardsRouter");
    const modules = [
      "TrEth",
      "DepositPool",
      "Accountant",
      "AssetRegistry",
      "WithdrawalQueue",
      "RewardsCoordinator",
      "stETH",
      "wstETH",
      "WETH",
    ].map((name) => world.ctx.address(name));
    const cases: [bigint[], bigint, bigint][] = [
      [[HOUR - 1n, DAY, 10n, 1n], HOUR, HOUR - 1n],
      [[DAY, DAY - 1n, 10n, 1n], DAY, DAY - 1n],
      [[DAY, 30n * DAY + 1n, 10n, 1n], 30n * DAY + 1n, 30n * DAY],
      [[DAY, DAY, 0n, 1n], 1n, 0n],
      [[DAY, DAY, 101n, 1n], 101n, 100n],
      [[DAY, DAY, 10n, 0n], 1n, 0n],
    ];
    for (const [[duration, cooldown, startFactor, minLot], value, limit] of cases) {
      await expect(factory.deploy(modules, { duration, cooldown, startFactor, minLot }))
        .to.be.revertedWithCustomError(factory, "LotTermsOutOfBounds")
        .withArgs(value, limit);
    }
  });
});
