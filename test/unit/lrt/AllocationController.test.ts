import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { World } from "../../../scripts/sim/world";
import { BLOCK_SECONDS } from "../../../scripts/sim/time";
import { allocationsOf, ether, expectWithin, slash } from "../../exit-world";
import { governs } from "../../governance";
import { staked } from "../../world";

interface Set {
  avs: string;
  id: bigint;
}

async function parts(world: World) {
  const { governance } = world.ctx.config;
  const { controller, sets } = world.c;
  const tightening = await world.signer(governance.tightening);
  return {
    controller,
    sets,
    allocation: await allocationsOf(world),
    strategy: await world.c.strategy.getAddress(),
    set: { avs: await world.c.avss[0].getAddress(), id: 0n },
    tight: controller.connect(tightening),
    tightSets: sets.connect(tightening),
    guardian: controller.connect(await world.signer(governance.guardian)),
    crank: controller.connect(world.keeper),
  };
}

async function magnitudeOf(world: World, operatorId: number, set: Set): Promise<[bigint, bigint, bigint]> {
  const { account } = await world.c.operators.operator(operatorId);
  const { allocation, strategy } = await parts(world);
  const { currentMagnitude, pendingDiff, effectBlock } = await allocation.getAllocation(account, set, strategy);
  return [currentMagnitude, pendingDiff, effectBlock];
}

describe("AllocationController", () => {
  describe("targets", () => {
    it("keeps each function to its role and its direction", async () => {
      const { world } = await loadFixture(staked);
      const { controller, crank, guardian, tight, set } = await parts(world);
      for (const call of [
        () => crank.raiseTarget(0, set, 1n),
        () => crank.lowerTarget(0, set, 1n),
        () => tight.raiseTarget(0, set, 1n),
        () => guardian.lowerTarget(0, set, 1n),
        () => tight.pauseIncreases(60n),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(controller, "AccessManagedUnauthorized");
      }
      const { magnitude } = await controller.targetOf(0, set);
      await expect(tight.lowerTarget(0, set, magnitude)).to.be.revertedWithCustomError(controller, "WrongDirection");
    });

    it("refuses targets that break the reserve", async () => {
      const { world } = await loadFixture(staked);
      const { controller, set } = await parts(world);
      // 3 % and 7 % are promised to the other sets: 80 % is the most for this one.
      const most = ether("0.8");
      await expect(governs(world, "raiseTarget", [0n, set, most + 1n]))
        .to.be.revertedWithCustomError(controller, "ReserveBroken")
        .withArgs(0n, ether("0.9") + 1n, ether("0.9"));
      await governs(world, "raiseTarget", [0n, set, most]);
    });
  });

  describe("allocate", () => {
    it("reached every target, and has nothing to do there", async () => {
      const { world } = await loadFixture(staked);
      const { controller, crank } = await parts(world);
      for (const { avs, id } of await world.c.sets.sets()) {
        const { magnitude } = await controller.targetOf(0, { avs, id });
        expect((await magnitudeOf(world, 0, { avs, id }))[0]).to.equal(magnitude);
        await expect(crank.allocate(0, { avs, id }))
          .to.be.revertedWithCustomError(controller, "NothingToChange")
          .withArgs(0n, avs, id);
      }
    });

    it("allocates nothing to a set nobody admitted", async () => {
      const { world } = await loadFixture(staked);
      const { controller, crank, set } = await parts(world);
      await expect(crank.allocate(0, { avs: set.avs, id: 9n })).to.be.revertedWithCustomError(
        controller,
        "NothingToChange",
      );
      await expect(crank.allocate(9, set)).to.be.revertedWithCustomError(world.c.operators, "UnknownOperator");
    });

    it("raises after the operator's delay, in public", async () => {
      const { world } = await loadFixture(staked);
      const { crank, set } = await parts(world);
      await governs(world, "raiseTarget", [0n, set, ether("0.06")]);
      await crank.allocate(0, set);
      const [current, pending] = await magnitudeOf(world, 0, set);
      expect([current, pending]).to.deep.equal([ether("0.05"), ether("0.01")]);
      await expect(crank.allocate(0, set)).to.be.revertedWithCustomError(world.c.controller, "NothingToChange");
      await world.pass(10n * BLOCK_SECONDS);
      expect((await magnitudeOf(world, 0, set))[0]).to.equal(ether("0.06"));
    });

    it("counts a pending increase as exposure at once, and a decrease until the engine says it is over", async () => {
      const { world } = await loadFixture(staked);
      const { crank, tight, set } = await parts(world);
      const before = await world.c.reader.exposure(set, world.asset);
      const { restaked } = await world.c.accountant.backing(world.asset);
      expectWithin(before, restaked / 20n, 10n); // 5 %; rounded up per operator
      await governs(world, "raiseTarget", [0n, set, ether("0.06")]);
      await crank.allocate(0, set);
      const raised = await world.c.reader.exposure(set, world.asset);
      expectWithin(raised, before + restaked / 500n, 10n); // 1 % of a fifth
      await world.pass(11n * BLOCK_SECONDS);
      await tight.lowerTarget(0, set, 0);
      await crank.allocate(0, set);
      expect(await world.c.reader.exposure(set, world.asset)).to.equal(raised);
      await world.pass(49n * BLOCK_SECONDS);
      expect(await world.c.reader.exposure(set, world.asset)).to.equal(raised);
      await world.pass(3n * BLOCK_SECONDS);
      expectWithin(await world.c.reader.exposure(set, world.asset), (before * 4n) / 5n, 10n);
    });

    it("counts what is queued in the engine as exposed", async () => {
      const { world, bob } = await loadFixture(staked);
      const { set } = await parts(world);
      const before = await world.c.reader.exposure(set, world.asset);
      await world.request(bob, world.asset, ether("20"));
      await world.days(1);
      expectWithin(await world.c.reader.exposure(set, world.asset), before, 100n);
    });

    it("stays under the set's and the AVS's caps, whatever the target", async () => {
      const { world } = await loadFixture(staked);
      const { set } = await parts(world);
      for (let i = 0; i < 5; ++i) await governs(world, "raiseTarget", [BigInt(i), set, ether("0.5")]);
      for (let round = 0; round < 3; ++round) {
        await world.allocateAll();
        await world.pass(11n * BLOCK_SECONDS);
      }
      const total = (await world.c.accountant.backing(world.asset)).restaked;
      // The set's cap is 6 %, its sister's allocation 3 % of an AVS cap of 10 %.
      const exposed = await world.c.reader.exposure(set, world.asset);
      expect(exposed).to.be.lessThanOrEqual((total * 600n) / 10_000n + 10n);
      expectWithin(exposed, (total * 600n) / 10_000n, ether("0.01"));
      const ofAvs = await world.c.reader.exposureOfAvs(set.avs, world.asset);
      expect(ofAvs).to.be.lessThanOrEqual((total * 1_000n) / 10_000n + 20n);
    });

    it("comes down when a cap is lowered or the set is dropped, by anybody", async () => {
      const { world } = await loadFixture(staked);
      const { crank, tightSets, set } = await parts(world);
      await tightSets.lowerSetCap(set, 100n);
      await crank.allocate(0, set);
      const [current, pending] = await magnitudeOf(world, 0, set);
      expect(current + pending).to.be.lessThan(ether("0.05"));
      await tightSets.dropSet(set);
      await crank.allocate(1, set);
      const dropped = await magnitudeOf(world, 1, set);
      expect(dropped[0] + dropped[1]).to.equal(0n);
    });

    it("does not raise after a slash of the set until governance renews the target", async () => {
      const { world } = await loadFixture(staked);
      const { crank, set } = await parts(world);
      await slash(world, 0, 0n, 0, ether("0.5"));
      await world.c.accountant.report();
      for (let i = 0; i < 5; ++i) {
        const before = (await magnitudeOf(world, i, set))[0];
        await crank.allocate(i, set).catch(() => undefined);
        const [current, pending] = await magnitudeOf(world, i, set);
        expect(current + pending).to.be.lessThanOrEqual(before);
      }
      await governs(world, "raiseTarget", [0n, set, ether("0.05")]);
      await crank.allocate(0, set);
      expect((await magnitudeOf(world, 0, set))[1]).to.be.greaterThan(0n);
    });

    it("does not raise while increases are paused, and lowers all the same; the pause ends by itself", async () => {
      const { world } = await loadFixture(staked);
      const { controller, crank, guardian, tight, set } = await parts(world);
      await governs(world, "raiseTarget", [0n, set, ether("0.06")]);
      await guardian.pauseIncreases(3n * 86_400n);
      await expect(crank.allocate(0, set)).to.be.revertedWithCustomError(controller, "NothingToChange");
      await tight.lowerTarget(1, set, ether("0.01"));
      await expect(crank.allocate(1, set)).to.emit(controller, "Allocated");
      await expect(guardian.pauseIncreases(86_400n)).to.be.reverted;
      await world.pass(3n * 86_400n + 60n);
      await crank.allocate(0, set);
      expect((await magnitudeOf(world, 0, set))[1]).to.equal(ether("0.01"));
    });
  });

  describe("membership", () => {
    it("ends by tightening alone, and stays slashable for the engine's delay", async () => {
      const { world, alice } = await loadFixture(staked);
      const { controller, tight, set, allocation } = await parts(world);
      const { account } = await world.c.operators.operator(0);
      await expect(controller.connect(alice).deregister(0, set.avs, [set.id])).to.be.revertedWithCustomError(
        controller,
        "AccessManagedUnauthorized",
      );
      await tight.deregister(0, set.avs, [set.id]);
      expect(await allocation.isMemberOfOperatorSet(account, set)).to.equal(false);
      expect(await allocation.isOperatorSlashable(account, set)).to.equal(true);
      await world.pass(52n * BLOCK_SECONDS);
      expect(await allocation.isOperatorSlashable(account, set)).to.equal(false);
    });
  });
});
