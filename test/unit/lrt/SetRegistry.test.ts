import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { encodeBytes32String, id as hash } from "ethers";
import { ethers } from "hardhat";
import { BLOCK_SECONDS, DAY, now } from "../../../scripts/sim/time";
import type { World } from "../../../scripts/sim/world";
import { ether } from "../../exit-world";
import { admits, governs, objectiveTerms, proposes, type SetOf } from "../../governance";
import { announcerIn, FAULT, STAGE } from "../../risk-world";
import { staked } from "../../world";

/** `staked` with an AVS that does what it is told, and one set of it that nobody has proposed. */
async function newcomer() {
  const { world, alice } = await staked();
  const { announcer, set } = await announcerIn(world);
  const { sets } = world.c;
  const tight = sets.connect(await world.signer(world.ctx.config.governance.tightening));
  const anyone = sets.connect(world.keeper);
  return { world, alice, announcer, set, sets, tight, anyone };
}

async function admitted() {
  const fixture = await newcomer();
  await admits(fixture.world, fixture.set);
  return fixture;
}

describe("SetRegistry", () => {
  describe("proposing", () => {
    it("publishes terms, what they are based on, and the day, in an event and a view", async () => {
      const { world, sets, set, announcer } = await loadFixture(newcomer);
      const terms = objectiveTerms({ name: "bridge", capBps: 321n });
      const admin = sets.connect(await world.signer(world.ctx.config.governance.admin));
      await expect(admin.proposeSet(set, terms)).to.emit(sets, "SetProposed");
      expect((await sets.proposals()).map(({ avs, id }) => ({ avs, id }))).to.deep.equal([set]);
      const status = await sets.statusOf(set);
      expect([status.stage, status.fault]).to.deep.equal([STAGE.proposed, FAULT.none]);
      expect([status.terms.name, status.terms.capBps, status.terms.judge]).to.deep.equal(["bridge", 321n, terms.judge]);
      expect([status.basis.slasher, status.basis.registrar]).to.deep.equal([set.avs, set.avs]);
      const code = await ethers.provider.getCode(announcer);
      expect(status.basis.slasherCode).to.equal(ethers.keccak256(code));
      expect(status.admissibleFrom).to.equal(status.proposedAt + (await sets.ADMISSION_WAIT()));
    });

    it("waits at least as long as any loosening, and longer than leaving takes", async () => {
      const { world, sets } = await loadFixture(newcomer);
      expect(await sets.ADMISSION_WAIT()).to.equal(world.ctx.config.governance.adminDelaySeconds);
      expect(await sets.ADMISSION_WAIT()).to.be.greaterThan(await world.c.queue.EXIT_TIME());
    });

    it("refuses unknown, admitted and redistributing sets, and bad terms", async () => {
      const { world, sets, set, announcer } = await loadFixture(newcomer);
      const admin = sets.connect(await world.signer(world.ctx.config.governance.admin));
      const [first] = await sets.sets();
      const strategy = await world.c.strategy.getAddress();
      const create = world.c.allocation.interface.encodeFunctionData(
        "createRedistributingOperatorSets(address,(uint32,address[])[],address[])",
        [set.avs, [{ operatorSetId: 5n, strategies: [strategy] }], [await world.keeper.getAddress()]],
      );
      await announcer.act(create);
      const most = await sets.MAX_SLASH_WINDOW();
      const bad = [
        [{ avs: set.avs, id: 77n }, {}, "UnknownSet"],
        [{ avs: first.avs, id: first.id }, {}, "SetAlreadyAdmitted"],
        [{ avs: set.avs, id: 5n }, {}, "RedistributingSet"],
        [set, { capBps: 1_001n }, "CapTooHigh"],
        [set, { judge: ethers.ZeroAddress }, "TermsIncomplete"],
        [set, { group: ethers.ZeroHash }, "TermsIncomplete"],
        [set, { name: "" }, "TermsIncomplete"],
        [set, { metadataURI: "x".repeat(201) }, "TextTooLong"],
        [set, { slashWindow: 1n }, "BadSlashWindow"],
        [set, { faultClass: 1n }, "BadSlashWindow"],
        [set, { faultClass: 1n, slashWindow: most + 1n }, "BadSlashWindow"],
      ] as const;
      for (const [which, change, error] of bad) {
        await expect(admin.proposeSet(which, objectiveTerms(change)), error).to.be.revertedWithCustomError(sets, error);
      }
    });
  });

  describe("admission", () => {
    it("waits in public, and not a second less, for anybody", async () => {
      const { world, anyone, sets, set } = await loadFixture(newcomer);
      await expect(anyone.admitSet(set)).to.be.revertedWithCustomError(sets, "SetNotProposed");
      await proposes(world, set);
      const { admissibleFrom } = await sets.statusOf(set);
      await world.pass(admissibleFrom - (await now(world.ctx.provider)) - 3n * BLOCK_SECONDS);
      await expect(anyone.admitSet(set)).to.be.revertedWithCustomError(sets, "TooEarlyToAdmit");
      await world.pass(5n * BLOCK_SECONDS);
      await expect(anyone.admitSet(set)).to.emit(sets, "SetAdmitted").withArgs(set.avs, set.id, 500n);
      expect((await sets.limitsOf(set)).isAdmitted).to.equal(true);
      expect(await sets.proposals()).to.deep.equal([]);
    });

    it("begins to wait anew when other terms are published", async () => {
      const { world, anyone, sets, set } = await loadFixture(newcomer);
      await proposes(world, set);
      await world.pass(5n * DAY);
      await proposes(world, set, objectiveTerms({ capBps: 600n }));
      await world.pass(2n * DAY);
      await expect(anyone.admitSet(set)).to.be.revertedWithCustomError(sets, "TooEarlyToAdmit");
      expect(await sets.proposals()).to.have.length(1);
    });

    it("does not count the time in which holders cannot leave", async () => {
      const { world, anyone, sets, set } = await loadFixture(newcomer);
      await proposes(world, set);
      const before = (await sets.statusOf(set)).admissibleFrom;
      await world.lidoLoses(300n);
      await world.c.accountant.report(); // the alarm closes pay-outs for a day
      const after = (await sets.statusOf(set)).admissibleFrom;
      expect(after - before).to.be.within(DAY - 60n, DAY + 60n);
      await world.pass(before - (await now(world.ctx.provider)) + 60n);
      await expect(anyone.admitSet(set)).to.be.revertedWithCustomError(sets, "TooEarlyToAdmit");
    });

    it("refuses what has changed since it was published", async () => {
      const { world, anyone, announcer, sets, set } = await loadFixture(newcomer);
      await proposes(world, set);
      await world.pass(7n * DAY);
      const other = await world.keeper.getAddress();
      await announcer.act(world.c.allocation.interface.encodeFunctionData("updateSlasher", [set, other]));
      await expect(anyone.admitSet(set))
        .to.be.revertedWithCustomError(sets, "UnsoundSet")
        .withArgs(set.avs, set.id, FAULT.pendingSlasher);
    });
  });

  describe("quarantine", () => {
    const changes: [string, bigint, (world: World, set: SetOf) => Promise<string>][] = [
      [
        "a strategy was added",
        FAULT.strategies,
        ({ c, ctx }, { avs, id }) =>
          Promise.resolve(
            c.allocation.interface.encodeFunctionData("addStrategiesToOperatorSet", [
              avs,
              id,
              [ctx.address("rETHStrategy")],
            ]),
          ),
      ],
      [
        "a strategy was removed",
        FAULT.strategies,
        async ({ c }, { avs, id }) =>
          c.allocation.interface.encodeFunctionData("removeStrategiesFromOperatorSet", [
            avs,
            id,
            [await c.strategy.getAddress()],
          ]),
      ],
      [
        "another slasher is on its way",
        FAULT.pendingSlasher,
        async ({ c, keeper }, set) =>
          c.allocation.interface.encodeFunctionData("updateSlasher", [set, await keeper.getAddress()]),
      ],
      [
        "there is another registrar",
        FAULT.registrar,
        async ({ c }, { avs }) => {
          const registrar = await (await ethers.deployContract("AVSRegistrarMock")).getAddress();
          return c.allocation.interface.encodeFunctionData("setAVSRegistrar", [avs, registrar]);
        },
      ],
    ];
    for (const [what, fault, change] of changes) {
      it(`drops a set, by anybody, when ${what}`, async () => {
        const { world, anyone, announcer, sets, set } = await loadFixture(admitted);
        await expect(anyone.quarantineSet(set))
          .to.be.revertedWithCustomError(sets, "NoFault")
          .withArgs(set.avs, set.id);
        await announcer.act(await change(world, set));
        await expect(anyone.quarantineSet(set)).to.emit(sets, "SetQuarantined").withArgs(set.avs, set.id, fault);
        expect((await sets.limitsOf(set)).isAdmitted).to.equal(false);
      });
    }

    it("drops a set whose slasher has other code, or that another account may slash", async () => {
      const { world, anyone, announcer, sets, set } = await loadFixture(admitted);
      const other = await world.keeper.getAddress();
      await announcer.act(world.c.allocation.interface.encodeFunctionData("updateSlasher", [set, other]));
      await world.pass(80n * BLOCK_SECONDS);
      expect(await sets.faultOf(set)).to.equal(FAULT.slasher);
      await anyone.quarantineSet(set);
      expect(await sets.faultOf(set)).to.equal(FAULT.none); // nothing is promised of it any more
    });

    it("lets a set return only forgotten and proposed anew; what is allocated must be down first", async () => {
      const { world, anyone, tight, sets } = await loadFixture(admitted);
      const [first] = await sets.sets();
      const before = (await sets.sets()).length;
      const set = { avs: first.avs, id: first.id };
      const admin = sets.connect(await world.signer(world.ctx.config.governance.admin));
      await tight.dropSet(set);
      await expect(admin.proposeSet(set, objectiveTerms())).to.be.revertedWithCustomError(sets, "SetInUse");
      await expect(anyone.forgetSet(set)).to.be.revertedWithCustomError(sets, "SetInUse");
      for (let i = 0; i < 5; ++i) await world.c.controller.connect(world.keeper).allocate(i, set);
      await world.pass(52n * BLOCK_SECONDS);
      // The engine tidies up with the next change of an allocation.
      for (const { account } of await world.c.operators.operators()) {
        const strategies = ["wstETH", "rETH", "cbETH"].map((asset) => world.ctx.address(`${asset}Strategy`));
        await world.c.allocation.clearDeallocationQueue(account, strategies, [9n, 9n, 9n]);
      }
      await expect(anyone.forgetSet(set)).to.emit(sets, "SetForgotten");
      expect(await sets.sets()).to.have.length(before - 1);
      await proposes(world, set);
      expect((await sets.statusOf(set)).stage).to.equal(STAGE.proposed);
    });
  });

  describe("caps and roles", () => {
    it("keeps each function to its role, its direction and its limit", async () => {
      const { world, anyone, tight, sets, set } = await loadFixture(admitted);
      const guardian = sets.connect(await world.signer(world.ctx.config.governance.guardian));
      for (const call of [
        () => anyone.proposeSet(set, objectiveTerms()),
        () => tight.proposeSet(set, objectiveTerms()),
        () => anyone.dropSet(set),
        () => guardian.dropSet(set),
        () => tight.raiseSetCap(set, 900n),
        () => tight.raiseAvsCap(set.avs, 900n),
        () => tight.verifySlasher(hash("code"), 1n, 1n),
        () => anyone.lowerSetCap(set, 1n),
        () => anyone.reportRewardRate(set, 1n),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(sets, "AccessManagedUnauthorized");
      }
      for (const [name, args, error] of [
        ["raiseSetCap", [set, 1_001n], "CapTooHigh"],
        ["raiseAvsCap", [set.avs, 1_001n], "CapTooHigh"],
        ["raiseSetCap", [set, 500n], "WrongDirection"],
        ["verifySlasher", [hash(""), 1n, 30n * DAY], "NotCode"],
        ["verifySlasher", [ethers.ZeroHash, 1n, 30n * DAY], "NotCode"],
        ["verifySlasher", [hash("code"), 0n, 30n * DAY], "BadMaximum"],
        ["verifySlasher", [hash("code"), ether("1") + 1n, 30n * DAY], "BadMaximum"],
        ["verifySlasher", [hash("code"), 1n, DAY], "WindowTooShort"],
      ] as const) {
        await expect(governs(world, name, [...args], sets), name).to.be.revertedWithCustomError(sets, error);
      }
      await expect(tight.lowerSetCap(set, 500n)).to.be.revertedWithCustomError(sets, "WrongDirection");
      await tight.lowerSetCap(set, 10n);
      expect((await sets.limitsOf(set)).capBps).to.equal(10n);
    });

    it("counts a verified slasher's sets with the proven part, until its code is no longer verified or is about to be another", async () => {
      const { world, announcer, tight, sets, set } = await loadFixture(admitted);
      const code = ethers.keccak256(await ethers.provider.getCode(announcer));
      const counted = async () => {
        const { isVerified, countedWad } = await sets.limitsOf(set);
        return [isVerified, countedWad];
      };
      expect(await counted()).to.deep.equal([false, ether("1")]);
      await governs(world, "verifySlasher", [code, ether("0.1"), 30n * DAY], sets);
      expect(await counted()).to.deep.equal([true, ether("0.1")]);
      await tight.unverifySlasher(code);
      expect(await counted()).to.deep.equal([false, ether("1")]);
      await governs(world, "verifySlasher", [code, ether("0.1"), 30n * DAY], sets);
      const other = await world.keeper.getAddress();
      await announcer.act(world.c.allocation.interface.encodeFunctionData("updateSlasher", [set, other]));
      expect(await counted()).to.deep.equal([false, ether("1")]);
    });

    it("names the group of the configured sets", async () => {
      const { world, sets } = await loadFixture(newcomer);
      const groups = new Set((await sets.limits()).map(({ group }) => group));
      const configured = world.ctx.config.avss.flatMap((avs) =>
        avs.sets.map(({ group }) => encodeBytes32String(group)),
      );
      expect([...groups]).to.deep.equal([...new Set(configured)]);
    });
  });
});
