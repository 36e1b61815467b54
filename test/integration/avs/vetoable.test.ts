import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import {
  allocatedTo,
  allocates,
  blocks,
  BLOCK_SECONDS,
  completes,
  DELAY,
  ether,
  leaves,
  LIABILITY,
  queues,
  WAD,
} from "./engine";
import {
  announces,
  atTime,
  COOLDOWN,
  EXECUTION,
  faultOf,
  says,
  SLASH,
  slashers,
  veto,
  VETO,
  type World,
} from "./slashers-world";

const NONE = 0n;
const VETOED = 2n;
const half = WAD / 2n;
const slashed = half - half / 10n;

async function announced() {
  const world = await loadFixture(slashers);
  return { ...world, ...(await announces(world)) };
}

const now = async (): Promise<bigint> => BigInt(await time.latest());
const pending = ({ vetoable, avs }: World) => vetoable.pendingUntil(avs, 1n);

describe("VetoableSlasher", () => {
  describe("its windows", () => {
    it("lets the committee veto until the second before the deadline", async () => {
      const { vetoable, committee, id, vetoUntil } = await loadFixture(announced);
      await expect(atTime(vetoUntil - 1n, () => vetoable.connect(committee).veto(id)))
        .to.emit(vetoable, "SlashVetoed")
        .withArgs(id, committee);
    });

    it("refuses a veto at the deadline", async () => {
      const { vetoable, committee, id, vetoUntil } = await loadFixture(announced);
      await expect(atTime(vetoUntil, () => vetoable.connect(committee).veto(id)))
        .to.be.revertedWithCustomError(vetoable, "VetoTooLate")
        .withArgs(vetoUntil, vetoUntil);
    });

    it("refuses execution the second before the deadline", async () => {
      const { vetoable, id, vetoUntil } = await loadFixture(announced);
      await expect(atTime(vetoUntil - 1n, () => vetoable.execute(id)))
        .to.be.revertedWithCustomError(vetoable, "ExecutionTooEarly")
        .withArgs(vetoUntil - 1n, vetoUntil);
    });

    it("executes at the deadline, by anyone, exactly the fixed part of this set's allocation", async () => {
      const world = await loadFixture(announced);
      const { vetoable, avs, alice, operators, id, vetoUntil } = world;
      await expect(atTime(vetoUntil, () => vetoable.connect(alice).execute(id)))
        .to.emit(vetoable, "SlashExecuted")
        .withArgs(id);
      expect(await allocatedTo(world, operators[0], avs, 1n)).to.deep.equal([slashed, slashed]);
      expect(await allocatedTo(world, operators[0], avs, 0n)).to.deep.equal([half, half]);
      expect(await allocatedTo(world, operators[1], avs, 1n)).to.deep.equal([half, half]);
    });

    it("executes in the last second, and not after it", async () => {
      const { vetoable, id, until } = await loadFixture(announced);
      await expect(atTime(until + 1n, () => vetoable.execute(id)))
        .to.be.revertedWithCustomError(vetoable, "ExecutionTooLate")
        .withArgs(until + 1n, until);
      const again = await loadFixture(announced);
      await atTime(again.until, () => again.vetoable.execute(again.id));
      expect(await again.vetoable.timesPunished(again.operators[0])).to.equal(1n);
    });

    it("executes once", async () => {
      const { vetoable, id, vetoUntil } = await loadFixture(announced);
      await atTime(vetoUntil, () => vetoable.execute(id));
      await expect(vetoable.execute(id)).to.be.revertedWithCustomError(vetoable, "NotAnnounced").withArgs(id, 3n);
    });
  });

  describe("a veto", () => {
    it("is for ever: the request never executes and the fault is never announced again", async () => {
      const { vetoable, committee, operators, id, vetoUntil } = await loadFixture(announced);
      await vetoable.connect(committee).veto(id);
      await expect(atTime(vetoUntil, () => vetoable.execute(id)))
        .to.be.revertedWithCustomError(vetoable, "NotAnnounced")
        .withArgs(id, VETOED);
      const again = says(1, await now());
      await expect(vetoable.announce(operators[0], 1n, again))
        .to.be.revertedWithCustomError(vetoable, "WasVetoed")
        .withArgs(id);
    });

    it("is the committee's alone", async () => {
      const { vetoable, alice, committee, id } = await loadFixture(announced);
      await expect(vetoable.connect(alice).veto(id))
        .to.be.revertedWithCustomError(vetoable, "NotTheCommittee")
        .withArgs(alice, committee);
    });

    it("is of the committee of the time of the fault, not of one that came after it", async () => {
      const { vetoable, committee, successor, operators } = await loadFixture(slashers);
      const fault = (await now()) + 1n;
      await atTime(fault, () => vetoable.connect(committee).handOver(successor)); // in the second of the fault itself
      await vetoable.announce(operators[0], 1n, says(1, fault));
      await expect(vetoable.connect(successor).veto(1n))
        .to.be.revertedWithCustomError(vetoable, "NotTheCommittee")
        .withArgs(successor, committee);
      await vetoable.announce(operators[1], 1n, says(1, fault + 1n));
      await expect(vetoable.connect(committee).veto(2n)).to.be.revertedWithCustomError(vetoable, "NotTheCommittee");
      await vetoable.connect(successor).veto(2n);
      await expect(vetoable.connect(committee).veto(1n)).to.emit(vetoable, "SlashVetoed").withArgs(1n, committee);
    });

    it("cannot be given away to nobody, nor by one who has it no more", async () => {
      const { vetoable, committee, successor } = await loadFixture(slashers);
      await expect(vetoable.connect(committee).handOver(ethers.ZeroAddress)).to.be.revertedWithCustomError(
        vetoable,
        "CommitteeMissing",
      );
      await vetoable.connect(committee).handOver(successor);
      await expect(vetoable.connect(committee).handOver(committee)).to.be.revertedWithCustomError(
        vetoable,
        "NotTheCommittee",
      );
    });
  });

  describe("requests", () => {
    it("that never were can be neither vetoed nor executed", async () => {
      const { vetoable, committee } = await loadFixture(slashers);
      for (const id of [0n, 1n, 99n]) {
        await expect(vetoable.connect(committee).veto(id))
          .to.be.revertedWithCustomError(vetoable, "NotAnnounced")
          .withArgs(id, NONE);
        await expect(vetoable.execute(id)).to.be.revertedWithCustomError(vetoable, "NotAnnounced");
      }
    });

    it("stand beside each other: none is overwritten by another", async () => {
      const world = await loadFixture(slashers);
      const { vetoable, committee, avs, operators } = world;
      const [a, b, c] = [
        await announces(world, 1),
        await announces(world, 1, { operator: operators[1] }),
        await announces(world, 2, { operator: operators[1] }),
      ];
      expect([a.id, b.id, c.id]).to.deep.equal([1n, 2n, 3n]);
      await vetoable.connect(committee).veto(b.id);
      await atTime(c.vetoUntil, () => vetoable.execute(a.id));
      await vetoable.execute(c.id);
      expect(await allocatedTo(world, operators[0], avs, 1n)).to.deep.equal([slashed, slashed]);
      expect(await allocatedTo(world, operators[1], avs, 1n)).to.deep.equal([slashed, slashed]);
    });

    it("are one per fault while open", async () => {
      const { vetoable, operators, id } = await loadFixture(announced);
      await expect(vetoable.announce(operators[0], 1n, says(1, await now())))
        .to.be.revertedWithCustomError(vetoable, "AlreadyAnnounced")
        .withArgs(id);
    });

    it("that lapsed may come again while the fault is young, and are punished once", async () => {
      const { vetoable, operators } = await loadFixture(slashers);
      // Liable for 600 s; 300 s for the windows: two lapses would not fit, one does when the first was at once.
      const fault = await now();
      await atTime(fault + 1n, () => vetoable.announce(operators[0], 1n, says(1, fault)));
      const { vetoUntil } = await vetoable.request(1n);
      const late = vetoUntil + EXECUTION + 1n;
      await expect(atTime(late, () => vetoable.announce(operators[0], 1n, says(1, fault))))
        .to.be.revertedWithCustomError(vetoable, "FaultTooOld")
        .withArgs(late + VETO + EXECUTION, fault + LIABILITY);
      await atTime(late + 1n, () => vetoable.announce(operators[0], 1n, says(1, fault + 3n)));
      await atTime(late + 1n + VETO, () => vetoable.execute(2n));
      await expect(vetoable.announce(operators[0], 1n, says(1, await now())))
        .to.be.revertedWithCustomError(vetoable, "AlreadyPunished")
        .withArgs(operators[0], 1n, faultOf(1));
    });

    it("are refused for faults of the future and for those that nobody can date", async () => {
      const { vetoable, operators } = await loadFixture(slashers);
      const next = (await now()) + 1n;
      await expect(atTime(next, () => vetoable.announce(operators[0], 1n, says(1, next + 1n))))
        .to.be.revertedWithCustomError(vetoable, "FaultInFuture")
        .withArgs(next + 1n, next);
      await expect(vetoable.announce(operators[0], 1n, says(1, 0n))).to.be.revertedWithCustomError(
        vetoable,
        "FaultTooOld",
      );
    });

    it("are refused where nothing is at stake, and where the slasher may not slash", async () => {
      const { vetoable, operators, committee } = await loadFixture(slashers);
      await expect(vetoable.announce(committee, 1n, says(1, await now())))
        .to.be.revertedWithCustomError(vetoable, "NothingAllocated")
        .withArgs(committee, 1n);
      const { allocation } = await loadFixture(slashers);
      await vetoable.announce(operators[0], 0n, says(1, await now())); // the other slasher's set
      const { vetoUntil } = await vetoable.request(1n);
      await expect(atTime(vetoUntil, () => vetoable.execute(1n))).to.be.revertedWithCustomError(
        allocation,
        "InvalidCaller",
      );
    });
  });

  describe("an operator that leaves", () => {
    it("is slashed in full at the last possible moment, though it left and freed its stake right after the fault", async () => {
      const world = await loadFixture(slashers);
      const { vetoable, avs, operators } = world;
      await leaves(world, operators[0], avs, [1n]);
      const fault = await now(); // in the last second of its membership; from here on a block every twelve seconds
      const next = async () => time.setNextBlockTimestamp((await now()) + BLOCK_SECONDS);
      await next();
      await allocates(world, operators[0], avs, 0n, 1n);
      await next();
      await queues(world, operators[0], ether("100"));
      await blocks(22);
      await atTime(fault + LIABILITY - VETO - EXECUTION, () => vetoable.announce(operators[0], 1n, says(1, fault)));
      await blocks(24);
      await expect(atTime(fault + LIABILITY, () => vetoable.execute(1n))).to.emit(vetoable, "FaultPunished");
      expect(await allocatedTo(world, operators[0], avs, 1n)).to.deep.equal([slashed, slashed]);
      // 100 of each token were on their way out: half of them allocated here, of which a tenth is gone.
      await blocks(DELAY);
      await completes(world, operators[0]);
      for (const token of world.tokens) expect(await token.balanceOf(operators[0])).to.equal(ether("95"));
    });

    it("is out of reach for a fault that nobody announced in time", async () => {
      const { vetoable, operators } = await loadFixture(slashers);
      const fault = await now();
      const late = fault + LIABILITY - VETO - EXECUTION + 1n;
      await expect(atTime(late, () => vetoable.announce(operators[0], 1n, says(1, fault))))
        .to.be.revertedWithCustomError(vetoable, "FaultTooOld")
        .withArgs(late + VETO + EXECUTION, fault + LIABILITY);
    });
  });

  describe("pendingUntil", () => {
    it("is the last moment of the newest open request, and zero when none is open", async () => {
      const world = await loadFixture(slashers);
      const { vetoable, committee, avs, alice, operators } = world;
      expect(await pending(world)).to.equal(0n);
      const a = await announces(world, 1);
      const b = await announces(world, 2);
      const c = await announces(world, 1, { operator: operators[1] });
      expect(await pending(world)).to.equal(c.until);
      await vetoable.connect(committee).veto(b.id); // from the middle
      expect(await pending(world)).to.equal(c.until);
      await vetoable.connect(committee).veto(c.id);
      expect(await pending(world)).to.equal(a.until);
      expect(await vetoable.pendingUntil(avs, 0n)).to.equal(0n);
      expect(await vetoable.pendingUntil(alice, 1n)).to.equal(0n);
      await time.increaseTo(a.until);
      expect(await pending(world)).to.equal(a.until);
      await time.increaseTo(a.until + 1n);
      expect(await pending(world)).to.equal(0n);
    });

    it("is zero from execution on", async () => {
      const world = await loadFixture(announced);
      await atTime(world.vetoUntil, () => world.vetoable.execute(world.id));
      expect(await pending(world)).to.equal(0n);
    });
  });

  describe("the maximum over time", () => {
    it("refuses what could only be executed within the cooldown, and keeps the evidence", async () => {
      const world = await loadFixture(announced);
      const { vetoable, operators, id, vetoUntil } = world;
      const second = await announces(world, 2);
      await atTime(vetoUntil, () => vetoable.execute(id));
      const free = vetoUntil + COOLDOWN;
      await expect(atTime(second.vetoUntil, () => vetoable.execute(second.id)))
        .to.be.revertedWithCustomError(vetoable, "CooldownRunning")
        .withArgs(operators[0], second.vetoUntil, free);
      const early = free - VETO - EXECUTION - 1n;
      await expect(atTime(early, () => vetoable.announce(operators[0], 1n, says(2, early))))
        .to.be.revertedWithCustomError(vetoable, "CooldownRunning")
        .withArgs(operators[0], free - 1n, free);
      await atTime(early + 1n, () => vetoable.announce(operators[0], 1n, says(2, early + 1n)));
      await atTime(free, () => vetoable.execute(3n));
      expect(await vetoable.timesPunished(operators[0])).to.equal(2n);
    });
  });

  describe("deployment", () => {
    it("refuses windows that do not fit into the engine's delay, windows of nothing, and no committee", async () => {
      const { allocation, avs, vetoable, committee } = await loadFixture(slashers);
      const deploy = (terms: Partial<Record<string, bigint>>, seat = committee.address) =>
        ethers.deployContract("VetoableSlasher", [allocation, avs, SLASH, COOLDOWN, veto(seat, terms)]);
      await expect(deploy({ vetoWindow: LIABILITY - EXECUTION }))
        .to.be.revertedWithCustomError(vetoable, "WindowTooLong")
        .withArgs(LIABILITY, LIABILITY);
      await deploy({ vetoWindow: LIABILITY - EXECUTION - 1n });
      await expect(deploy({ vetoWindow: 0n })).to.be.revertedWithCustomError(vetoable, "WindowZero");
      await expect(deploy({ executionWindow: 0n })).to.be.revertedWithCustomError(vetoable, "WindowZero");
      await expect(deploy({}, ethers.ZeroAddress)).to.be.revertedWithCustomError(vetoable, "CommitteeMissing");
    });
  });
});
