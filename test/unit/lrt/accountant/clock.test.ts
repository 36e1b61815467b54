import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { DAY } from "../../../checks";
import { FAULT, failingReader } from "../../../failing";
import { staked } from "../../../world";

async function ticking() {
  const scene = await loadFixture(staked);
  const { c } = scene.world;
  await c.accountant.report();
  const reader = await failingReader(scene.world);
  const delegators = (await c.operators.operators()).map(({ delegator }) => delegator);
  const accountant = c.accountant;
  const now = async () => BigInt(await time.latest());
  /** Open seconds since now, as of a block `at`. */
  const start = await accountant.openSeconds();
  const open = async () => (await accountant.openSeconds()) - start;
  const fails = async (i: number) => {
    await reader.setFault(delegators[i], FAULT.Reverts);
    await accountant.sync(delegators[i]);
  };
  const answers = async (i: number) => {
    await reader.setFault(delegators[i], FAULT.None);
    await accountant.sync(delegators[i]);
  };
  return { ...scene, c, accountant, begun: await now(), now, open, fails, answers };
}

describe("Accountant: the clock of open doors", () => {
  it("counts every second while pay-outs are open, whoever reports", async () => {
    const { accountant, begun, now, open } = await ticking();
    await time.increase(1_000n);
    expect(await open()).to.equal((await now()) - begun);
    await accountant.report();
    await accountant.settle();
    await time.increase(3n * DAY);
    expect(await open()).to.equal((await now()) - begun);
  });

  it("stands still for exactly the closing time of an alarm", async () => {
    const { world, accountant, begun, now, open } = await ticking();
    await world.equivocate(0, 0);
    await accountant.report();
    const [rang, before] = [await now(), await open()];
    expect(before).to.equal(rang - begun);
    await time.increaseTo(rang + DAY);
    expect(await open()).to.equal(before);
    await time.increaseTo(rang + DAY + 7n);
    expect(await open()).to.equal(before + 7n);
    await accountant.report();
    expect(await open()).to.equal(before + (await now()) - rang - DAY);
  });

  it("stands still while a value cannot be read, until the last of them is", async () => {
    const { begun, now, open, fails, answers } = await ticking();
    await fails(0);
    const before = await open();
    expect(before).to.equal((await now()) - begun);
    await time.increase(40n * DAY);
    await fails(1);
    await answers(0);
    await time.increase(DAY);
    expect(await open()).to.equal(before);
    await answers(1);
    const again = await now();
    await time.increase(9n);
    expect(await open()).to.equal(before + (await now()) - again);
  });

  it("counts once what is closed twice, whichever began first", async () => {
    const { world, accountant, now, open, fails, answers } = await ticking();
    await world.equivocate(0, 0);
    await accountant.report();
    const [rang, before] = [await now(), await open()];
    await time.increaseTo(rang + DAY / 2n);
    await fails(1);
    await time.increaseTo(rang + (3n * DAY) / 4n);
    await answers(1); // within the alarm
    await time.increaseTo(rang + DAY);
    expect(await open()).to.equal(before);
    await fails(1);
    const failed = await open();
    await time.increaseTo(rang + 8n * DAY);
    await world.equivocate(0, 2);
    await accountant.report(); // an alarm while a value is unreadable
    const second = await now();
    await answers(1);
    await time.increaseTo(second + DAY);
    expect(await open()).to.equal(failed);
    await time.increaseTo(second + DAY + 5n);
    expect(await open()).to.equal(failed + 5n);
  });

  it("agrees with every interval added up, over random events", async () => {
    const events = fc.array(
      fc.record({
        what: fc.constantFrom("loss", "fails", "answers", "report"),
        which: fc.integer({ min: 1, max: 3 }),
        wait: fc.bigInt(1n, 2n * DAY),
      }),
      { minLength: 1, maxLength: 14 },
    );
    await fc.assert(
      fc.asyncProperty(events, async (list) => {
        const { world, accountant, begun, now, open, fails, answers } = await ticking();
        // What the doors were like from each moment on; the closing by an alarm ends by itself.
        const changes: { at: bigint; alarmUntil: bigint; failing: boolean }[] = [
          { at: begun, alarmUntil: 0n, failing: false },
        ];
        const failing = new Set<number>();
        for (const { what, which, wait } of list) {
          await time.increase(wait);
          if (what === "loss") await world.lidoLoses(60n);
          if (what === "loss" || what === "report") await accountant.report();
          if (what === "fails") await fails(which);
          if (what === "answers") await answers(which);
          if (what === "fails") failing.add(which);
          if (what === "answers") failing.delete(which);
          const [rang] = await accountant.queryFilter(accountant.filters.AlarmRang(), -1);
          const last = changes[changes.length - 1];
          const alarmUntil = rang === undefined ? last.alarmUntil : rang.args.closedUntil;
          changes.push({ at: await now(), alarmUntil, failing: failing.size > 0 });
        }
        const end = await now();
        let expected = 0n;
        for (const [i, { at, alarmUntil, failing: shut }] of changes.entries()) {
          const until = changes[i + 1]?.at ?? end;
          const from = alarmUntil > at ? alarmUntil : at;
          if (!shut && until > from) expected += until - from;
        }
        expect(await open()).to.equal(expected);
      }),
      { numRuns: 12 },
    );
  });
});
