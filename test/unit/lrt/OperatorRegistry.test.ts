import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { Contract, type Signer } from "ethers";
import type { World } from "../../../scripts/sim/world";
import { ROLE } from "../../../deploy/steps/roles";
import { BLOCK_SECONDS } from "../../../scripts/sim/time";
import { allocationsOf, ether, exposeFully, slash } from "../../exit-world";
import { grants } from "../../risk-walk";
import { BY } from "../../risk-world";
import { deployed, staked } from "../../world";

const NO_SIGNATURE = { signature: "0x", expiry: 0n };
const NO_SALT = `0x${"00".repeat(32)}`;

async function operator(world: World, id: number) {
  const { account, delegator, nodeOperator, weight, quarantined } = await world.c.operators.operator(id);
  return { account, delegator, nodeOperator, weight, quarantined, signer: await world.signer(nodeOperator) };
}

async function tightening(world: World) {
  return world.c.operators.connect(await world.signer(world.ctx.config.governance.tightening));
}

/** Everything that would give power over the stake, tried by `by`: each as [what, call]. */
async function attempts(world: World, by: Signer, id: number): Promise<[string, () => Promise<unknown>][]> {
  const { account, delegator } = await operator(world, id);
  const delegation = world.c.delegation.connect(by);
  const permissions = world.c.permissions.connect(by);
  const allocation = (await allocationsOf(world)).connect(by);
  const strategy = await world.c.strategy.getAddress();
  const avs = await world.c.avss[0].getAddress();
  const set = { avs, id: 0n };
  const me = await by.getAddress();
  const { selector } = world.c.delegation.interface.getFunction("undelegate");
  const params = [{ operatorSet: set, strategies: [strategy], newMagnitudes: [10n ** 18n] }];
  const one = [{ strategies: [strategy], depositShares: [1n], __deprecated_withdrawer: me }];
  return [
    ["undelegates the staker", () => delegation.undelegate(delegator)],
    ["undelegates the operator", () => delegation.undelegate(account)],
    ["sets an approver", () => delegation.modifyOperatorDetails(account, me)],
    ["queues its withdrawal", () => delegation.queueWithdrawals(one)],
    ["allocates", () => allocation.modifyAllocations(account, params)],
    ["changes the allocation delay", () => allocation.setAllocationDelay(account, 0n)],
    ["registers", () => allocation.registerForOperatorSets(account, { avs, operatorSetIds: [0n], data: "0x" })],
    ["leaves a set", () => allocation.deregisterFromOperatorSets({ operator: account, avs, operatorSetIds: [0n] })],
    ["adds an admin", () => permissions.addPendingAdmin(account, me)],
    ["accepts the admin seat", () => permissions.acceptAdmin(account)],
    ["removes the admin", () => permissions.removeAdmin(account, world.c.controller.getAddress())],
    ["appoints itself", () => permissions.setAppointee(account, me, world.c.delegation, selector)],
    ["adds an admin of the staker", () => permissions.addPendingAdmin(delegator, me)],
  ];
}

describe("OperatorRegistry, OperatorAccount and OperatorDelegator", () => {
  describe("a new operator", () => {
    it("has no approver, the configured delay and one admin: the controller", async () => {
      const { world } = await loadFixture(staked);
      const { delegation, permissions, controller, operators } = world.c;
      const allocation = await allocationsOf(world);
      for (const [i, wanted] of world.ctx.config.operators.entries()) {
        const { account, delegator, nodeOperator, weight } = await operator(world, i);
        expect(await delegation.isOperator(account)).to.equal(true);
        expect(await delegation.delegationApprover(account)).to.equal(`0x${"00".repeat(20)}`);
        expect(await delegation.delegatedTo(delegator)).to.equal(account);
        expect(await permissions.getAdmins(account)).to.deep.equal([await controller.getAddress()]);
        expect(await permissions.getPendingAdmins(account)).to.deep.equal([]);
        const [isSet, delay] = await allocation.getAllocationDelay(account);
        expect([isSet, delay]).to.deep.equal([true, wanted.allocationDelayBlocks]);
        expect([nodeOperator, weight]).to.deep.equal([wanted.nodeOperator, wanted.weightBps]);
        expect(await operators.accountOf(delegator)).to.equal(account);
      }
    });

    it("is refused with a delay below the minimum, without a company, and above the limit", async () => {
      const world = await loadFixture(deployed);
      const { operators, manager } = world.c;
      // The delay of governance is not what is tested here: give the role to an account without delay.
      const free = await world.person(7);
      const governor = await world.signer(world.ctx.config.governance.admin);
      const grant = manager.interface.encodeFunctionData("grantRole", [1n, await free.getAddress(), 0n]);
      await manager.connect(governor).schedule(manager, grant, 0n);
      await world.pass(world.ctx.config.governance.adminDelaySeconds + 60n);
      await manager.connect(governor).execute(manager, grant);
      const connected = operators.connect(free);
      const company = await free.getAddress();
      await expect(connected.addOperator(company, 9n, 9n, 1n, ""))
        .to.be.revertedWithCustomError(operators, "DelayTooShort")
        .withArgs(9n, 10n);
      await expect(connected.addOperator(`0x${"00".repeat(20)}`, 9n, 10n, 1n, "")).to.be.revertedWithCustomError(
        operators,
        "ZeroAddress",
      );
      for (let i = 5; i < 16; ++i) await connected.addOperator(company, 9n, 10n, 1n, "");
      await expect(connected.addOperator(company, 9n, 10n, 1n, ""))
        .to.be.revertedWithCustomError(operators, "TooManyOperators")
        .withArgs(16n, 16n);
    });
  });

  describe("the node operator", () => {
    it("has no power over the stake: everything it tries is refused", async () => {
      const { world } = await loadFixture(staked);
      const { signer } = await operator(world, 0);
      for (const [what, call] of await attempts(world, signer, 0)) {
        await expect(call(), what).to.be.reverted;
      }
    });

    it("can change its public description, and nobody else can", async () => {
      const { world, alice } = await loadFixture(staked);
      const { account, signer } = await operator(world, 0);
      const { delegation } = world.c;
      await expect(delegation.connect(signer).updateOperatorMetadataURI(account, "x")).to.emit(
        delegation,
        "OperatorMetadataURIUpdated",
      );
      await expect(delegation.connect(alice).updateOperatorMetadataURI(account, "x")).to.be.reverted;
    });

    it("cannot register for a set that is not admitted, nor for another operator", async () => {
      const { world } = await loadFixture(staked);
      const { signer, nodeOperator } = await operator(world, 0);
      const { controller } = world.c;
      const avs = await world.c.avss[0].getAddress();
      await expect(controller.connect(signer).register(0, avs, [9n], "0x"))
        .to.be.revertedWithCustomError(controller, "SetNotAdmitted")
        .withArgs(avs, 9n);
      const other = await operator(world, 1);
      await expect(controller.connect(signer).register(1, avs, [0n], "0x"))
        .to.be.revertedWithCustomError(controller, "NotNodeOperator")
        .withArgs(nodeOperator, other.nodeOperator);
    });
  });

  describe("a stranger", () => {
    it("has no power over the stake either, nor over the staker", async () => {
      const { world, alice } = await loadFixture(staked);
      for (const [what, call] of await attempts(world, alice, 0)) await expect(call(), what).to.be.reverted;
      const { delegator } = await operator(world, 0);
      const staker = await world.ctx.chain.abi("OperatorDelegator");
      const contract = new Contract(delegator, staker, alice);
      const strategy = await world.c.strategy.getAddress();
      for (const [name, args] of [
        ["stake", [strategy, 1n]],
        ["unbond", [strategy, 1n]],
        ["delegateTo", [await alice.getAddress()]],
      ] as [string, unknown[]][]) {
        await expect(contract.getFunction(name)(...args), name).to.be.revertedWithCustomError(contract, "OnlyModule");
      }
    });

    it("cannot put more than his own stake behind our operator, and that changes nothing for us", async () => {
      const { world, alice } = await loadFixture(staked);
      const { account } = await operator(world, 0);
      await world.c.delegation.connect(alice).delegateTo(account, NO_SIGNATURE, NO_SALT);
      const token = await world.acquire(alice, "stETH", ether("5"));
      await token.connect(alice).approve(world.c.strategies, ether("5"));
      await world.c.strategies.connect(alice).depositIntoStrategy(world.c.strategy, token, ether("5"));
      const before = await world.c.accountant.netAssetValue();
      await world.c.accountant.report();
      expect(await world.c.accountant.netAssetValue()).to.be.lessThanOrEqual(before + 2n);
    });

    it("cannot accept an account for the controller", async () => {
      const { world, alice } = await loadFixture(staked);
      const { controller } = world.c;
      await expect(controller.connect(alice).acceptAccount(alice)).to.be.revertedWithCustomError(
        controller,
        "OnlyModule",
      );
    });
  });

  describe("reportFault", () => {
    it("is refused while nothing is wrong, also at exactly half of the magnitude", async () => {
      const { world } = await loadFixture(staked);
      const { operators } = world.c;
      await expect(operators.connect(world.keeper).reportFault(0))
        .to.be.revertedWithCustomError(operators, "NotFaulty")
        .withArgs(0n);
      const exposed = await exposeFully(world, 0);
      await slash(world, 0, 0n, 0, (5n * 10n ** 35n) / exposed);
      const maximum = await world.c.allocation.getMaxMagnitude((await operator(world, 0)).account, world.c.strategy);
      expect(maximum).to.be.greaterThanOrEqual(ether("0.5") - 1n);
      expect(await operators.isFaulty(0)).to.equal(maximum < ether("0.5"));
    });

    it("quarantines below half, by anybody", async () => {
      const { world } = await loadFixture(staked);
      const { operators } = world.c;
      await exposeFully(world, 0);
      await slash(world, 0, 0n, 0, ether("0.7"));
      await expect(operators.connect(world.keeper).reportFault(0))
        .to.emit(operators, "QuarantineChanged")
        .withArgs(0n, true);
      expect((await operator(world, 0)).quarantined).to.equal(true);
    });

    it("is told of all operators at once, with the addresses that every report reads", async () => {
      const { world } = await loadFixture(staked);
      const { operators } = world.c;
      await exposeFully(world, 1);
      await slash(world, 0, 0n, 1, ether("0.7"));
      const all = await operators.operators();
      expect(await operators.faults()).to.deep.equal(all.map((_, id) => id === 1));
      const [accounts, delegators] = await operators.stakers();
      expect([...accounts]).to.deep.equal(all.map(({ account }) => account));
      expect([...delegators]).to.deep.equal(all.map(({ delegator }) => delegator));
    });
  });

  describe("entities", () => {
    /** Somebody who may loosen and tighten without waiting. */
    async function governed() {
      const { world, alice, bob } = await staked();
      const operators = world.c.operators.connect(await grants(world, [ROLE.LOOSENING, ROLE.TIGHTENING]));
      return { world, alice, bob, operators };
    }
    const entities = async (world: World) => (await world.c.operators.operators()).map(({ entity }) => entity);

    it("are given with the operator, and one key cannot serve two", async () => {
      const { world, bob, operators } = await loadFixture(governed);
      const { nodeOperator } = await operator(world, 2);
      await expect(operators.addOperator(bob, 0n, 10n, 1n, "")).to.be.revertedWithCustomError(operators, "NoEntity");
      await expect(operators.addOperator(nodeOperator, 4n, 10n, 1n, ""))
        .to.be.revertedWithCustomError(operators, "OneKeyTwoEntities")
        .withArgs(nodeOperator, 3n, 4n);
      await operators.addOperator(nodeOperator, 3n, 10n, 1n, "");
      await expect(operators.addOperator(bob, 3n, 10n, 1n, "")).to.emit(operators, "OperatorAdded");
      expect(await entities(world)).to.deep.equal([1n, 2n, 3n, 4n, 5n, 3n, 3n]);
    });

    it("merge at once: nothing more is restaked with both, and neither allocates more, until they are parted again", async () => {
      const { world, bob, operators } = await loadFixture(governed);
      const { controller, desk, risk, reader, sets } = world.c;
      const [{ avs, id }] = await sets.sets();
      const holder = controller.connect(operators.runner);
      await expect(operators.mergeEntities(2n, 1n)).to.emit(operators, "EntityChanged").withArgs(1n, 2n, 1n);
      expect(await entities(world)).to.deep.equal([1n, 1n, 3n, 4n, 5n]);
      const [units, total] = await reader.stakeOfEntity(1n, world.asset);
      expect((units * 10_000n) / total).to.be.within(3_990n, 4_000n); // two of five: above the 25 % of one
      expect((await risk.exposures(BY.entity)).map(({ key }) => BigInt(key))).to.deep.equal([1n, 3n, 4n, 5n]);
      const stakes = async () =>
        Promise.all((await world.c.operators.delegators()).map(async (d) => world.c.accountant.book(d, world.asset)));
      const before = await stakes();
      await world.deposit(bob, "stETH", ether("10"));
      await desk.connect(world.keeper).restake(world.asset, 16n);
      const after = await stakes();
      expect(after.map(({ restaked }, i) => restaked > before[i].restaked)).to.deep.equal([
        false,
        false,
        true,
        true,
        true,
      ]);
      await holder.lowerTarget(1n, { avs, id }, ether("0.01"));
      await controller.connect(world.keeper).allocate(1n, { avs, id });
      await world.pass(60n * BLOCK_SECONDS);
      await holder.raiseTarget(1n, { avs, id }, ether("0.05"));
      const engine = await allocationsOf(world);
      const { account, nodeOperator } = await operator(world, 1);
      // Of assets of which neither has anything the targets may be raised: there is nothing to be above a cap.
      const raises = async () => {
        await controller.connect(world.keeper).allocate(1n, { avs, id });
        await world.pass(11n * BLOCK_SECONDS);
        return (await engine.getAllocation(account, { avs, id }, world.c.strategy)).currentMagnitude;
      };
      expect(await raises()).to.equal(ether("0.01"));
      await expect(operators.moveToEntity(nodeOperator, 77n)).to.emit(operators, "EntityChanged").withArgs(1n, 1n, 77n);
      expect(await raises()).to.equal(ether("0.05"));
    });

    it("move with everything that their key runs", async () => {
      const { world, operators } = await loadFixture(governed);
      const { nodeOperator } = await operator(world, 0);
      await operators.addOperator(nodeOperator, 1n, 10n, 1n, "");
      await operators.moveToEntity(nodeOperator, 2n);
      expect(await entities(world)).to.deep.equal([2n, 2n, 3n, 4n, 5n, 2n]);
    });

    it("are refused when nobody belongs to them, nothing changes, or the wrong role asks", async () => {
      const { world, bob, operators } = await loadFixture(governed);
      const { nodeOperator } = await operator(world, 0);
      const refused = (call: Promise<unknown>, error: string) =>
        expect(call, error).to.be.revertedWithCustomError(operators, error);
      await refused(operators.mergeEntities(9n, 1n), "UnknownEntity");
      await refused(operators.mergeEntities(1n, 9n), "UnknownEntity");
      await refused(operators.mergeEntities(1n, 1n), "WrongDirection");
      await refused(operators.moveToEntity(bob, 1n), "UnknownNodeOperator");
      await refused(operators.moveToEntity(nodeOperator, 0n), "NoEntity");
      await refused(operators.moveToEntity(nodeOperator, 1n), "WrongDirection");
      const tight = await tightening(world);
      await refused(tight.moveToEntity(nodeOperator, 8n), "AccessManagedUnauthorized");
      await refused(operators.connect(bob).mergeEntities(1n, 2n), "AccessManagedUnauthorized");
      await expect(tight.mergeEntities(1n, 2n)).to.emit(operators, "EntityChanged");
    });
  });

  describe("weights", () => {
    it("only go in the direction of each function", async () => {
      const { world } = await loadFixture(staked);
      const { operators } = world.c;
      const tight = await tightening(world);
      await expect(tight.lowerWeight(0, 2_000))
        .to.be.revertedWithCustomError(operators, "WrongDirection")
        .withArgs(2_000n, 2_000n);
      await expect(tight.raiseWeight(0, 3_000)).to.be.revertedWithCustomError(operators, "AccessManagedUnauthorized");
      await expect(tight.lowerWeight(0, 1_000)).to.emit(operators, "WeightChanged").withArgs(0n, 2_000n, 1_000n);
      await expect(tight.lowerWeight(9, 0))
        .to.be.revertedWithCustomError(operators, "UnknownOperator")
        .withArgs(9n, 5n);
    });
  });
});
