import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { LIABILITY } from "./engine";
import { announces, atTime, COOLDOWN, EXECUTION, says, slashers, VETO, type World } from "./slashers-world";

const now = async (): Promise<bigint> => BigInt(await time.latest());

/** Announces a fault of this second at a moment. */
const announceAt = ({ vetoable, operators }: World, moment: bigint, fault: number, operator = operators[0]) =>
  atTime(moment, () => vetoable.announce(operator, 1n, says(fault, moment)));

/** One fault is announced, at `began`. */
async function begun() {
  const world = await slashers();
  const { vetoUntil } = await announces(world, 1);
  return { ...world, began: vetoUntil - VETO };
}

describe("VetoableSlasher: an operator that files its own faults", () => {
  it("keeps a slash announced for the veto window and its liability at most, then not for a cooldown", async () => {
    const world = await loadFixture(begun);
    const { vetoable, operators, began } = world;
    await announceAt(world, began + VETO, 2); // the last moment
    const rest = began + VETO + LIABILITY + COOLDOWN;
    for (const moment of [began + VETO + 1n, began + VETO + EXECUTION + 1n, rest - 1n]) {
      await expect(announceAt(world, moment, 3))
        .to.be.revertedWithCustomError(vetoable, "FilingRests")
        .withArgs(operators[0], moment, rest);
    }
    await announceAt(world, rest, 3);
    expect(await vetoable.pendingUntil(world.avs, 1n)).to.equal(rest + VETO + EXECUTION);
  });

  it("is no shield: who executes ends the rest, and the cooldown of a slash begins", async () => {
    const world = await loadFixture(begun);
    const { vetoable, operators, began } = world;
    await atTime(began + VETO, () => vetoable.execute(1n));
    const free = began + VETO + COOLDOWN;
    await announceAt(world, free - VETO - EXECUTION, 2); // can be executed when the cooldown is over, not before
    await atTime(free, () => vetoable.execute(2n));
    expect(await vetoable.timesPunished(operators[0])).to.equal(2n);
  });

  it("is no shield: a veto of all that was announced ends the rest, of a part of it does not", async () => {
    const world = await loadFixture(begun);
    const { vetoable, committee, began } = world;
    await announceAt(world, began + 20n, 2);
    const late = began + VETO + 10n;
    await vetoable.connect(committee).veto(1n);
    await vetoable.connect(committee).veto(2n);
    await announceAt(world, late, 3);
    const other = await loadFixture(begun);
    await announceAt(other, other.began + 20n, 2);
    await other.vetoable.connect(other.committee).veto(2n);
    await expect(announceAt(other, late, 3)).to.be.revertedWithCustomError(vetoable, "FilingRests");
  });

  it("counts a fault that lapsed and came again as one: its veto ends the rest", async () => {
    const world = await loadFixture(slashers);
    const { vetoable, committee, operators } = world;
    const began = (await now()) + 5n;
    await announceAt(world, began, 1);
    await expect(announceAt(world, began + VETO + EXECUTION + 1n, 2)).to.be.revertedWithCustomError(
      vetoable,
      "FilingRests",
    );
    // The same fault: the mock says that it was committed a little later, so that it is still young.
    await vetoable.announce(operators[0], 1n, says(1, began + 10n));
    await vetoable.connect(committee).veto(2n);
    await announceAt(world, began + VETO + EXECUTION + 10n, 2);
  });

  it("holds up nobody else: every operator and set has a time of its own", async () => {
    const world = await loadFixture(begun);
    const { vetoable, operators, began } = world;
    const late = began + VETO + 1n;
    await announceAt(world, late, 1, operators[1]);
    await expect(announceAt(world, late + 1n, 2)).to.be.revertedWithCustomError(vetoable, "FilingRests");
    await atTime(late + 2n, () => vetoable.announce(operators[0], 0n, says(2, late)));
  });

  it("cannot keep pendingUntil alive, whatever it files and whenever, while nobody executes or vetoes", async () => {
    const files = fc.array(
      fc.record({ fault: fc.integer({ min: 1, max: 12 }), age: fc.bigInt(0n, 250n), wait: fc.bigInt(1n, 400n) }),
      { minLength: 10, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(files, async (list) => {
        const world = await loadFixture(slashers);
        const { vetoable, operators } = world;
        const alive: { from: bigint; until: bigint }[] = [];
        const committed = new Map<number, bigint>();
        for (const { fault, age, wait } of list) {
          const moment = (await now()) + wait;
          const at = committed.get(fault) ?? moment - age;
          committed.set(fault, at); // a fault has one time
          await atTime(moment, () => vetoable.announce(operators[0], 1n, says(fault, at))).then(
            () => {
              const last = alive.at(-1);
              const until = moment + VETO + EXECUTION;
              if (last !== undefined && moment <= last.until) last.until = until;
              else alive.push({ from: moment, until });
            },
            () => undefined, // refused: nothing is pending for it
          );
        }
        // Between two rests everything lies within a veto window and a liability from the first announcement.
        let began = alive[0].from;
        for (const { from, until } of alive) {
          if (from > began + VETO + LIABILITY) {
            expect(from - began >= VETO + LIABILITY + COOLDOWN).to.equal(true);
            began = from;
          }
          expect(until <= began + VETO + LIABILITY).to.equal(true);
        }
      }),
      { numRuns: 15 },
    );
  });
});
