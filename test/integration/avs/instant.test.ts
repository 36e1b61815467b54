import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import { allocatedTo, allocates, BLOCK_SECONDS, blocks, completes, DELAY, ether, leaves, queues, WAD } from "./engine";
import { atTime, COOLDOWN, faultOf, says, SLASH, slashers } from "./slashers-world";

const half = WAD / 2n;
const slashed = half - half / 10n;

describe("InstantSlasher", () => {
  it("slashes at once, by anyone, exactly the fixed part of this set's allocation", async () => {
    const world = await loadFixture(slashers);
    const { instant, avs, alice, operators } = world;
    await expect(instant.connect(alice).slash(operators[0], 0n, says(1, 7n)))
      .to.emit(instant, "FaultPunished")
      .withArgs(operators[0], 0n, faultOf(1), 7n);
    expect(await allocatedTo(world, operators[0], avs, 0n)).to.deep.equal([slashed, slashed]);
    expect(await allocatedTo(world, operators[0], avs, 1n)).to.deep.equal([half, half]);
    expect(await allocatedTo(world, operators[1], avs, 0n)).to.deep.equal([half, half]);
  });

  it("slashes once for a fault, and for another one only after the cooldown", async () => {
    const { instant, operators } = await loadFixture(slashers);
    const first = BigInt(await time.latest()) + 1n;
    await atTime(first, () => instant.slash(operators[0], 0n, says(1, 0n)));
    expect(await instant.nextSlashAt(operators[0], 0n)).to.equal(first + COOLDOWN);
    await expect(atTime(first + COOLDOWN - 1n, () => instant.slash(operators[0], 0n, says(2, 0n))))
      .to.be.revertedWithCustomError(instant, "CooldownRunning")
      .withArgs(operators[0], first + COOLDOWN - 1n, first + COOLDOWN);
    await atTime(first + COOLDOWN, () => instant.slash(operators[0], 0n, says(2, 0n)));
    await expect(atTime(first + 2n * COOLDOWN, () => instant.slash(operators[0], 0n, says(1, 0n))))
      .to.be.revertedWithCustomError(instant, "AlreadyPunished")
      .withArgs(operators[0], 0n, faultOf(1));
    expect(await instant.timesPunished(operators[0])).to.equal(2n);
  });

  it("cools down each operator and each set alone", async () => {
    const { instant, operators } = await loadFixture(slashers);
    await instant.slash(operators[0], 0n, says(1, 0n));
    await instant.slash(operators[1], 0n, says(1, 0n));
    expect(await instant.nextSlashAt(operators[0], 1n)).to.equal(0n);
  });

  it("reaches stake on its way out: left, freed and queued before the fault", async () => {
    const world = await loadFixture(slashers);
    const { instant, avs, operators } = world;
    await leaves(world, operators[0], avs, [0n]);
    await allocates(world, operators[0], avs, 0n, 0n);
    await queues(world, operators[0], ether("100"));
    await blocks(DELAY - 4);
    await instant.slash(operators[0], 0n, says(1, 0n));
    await blocks(DELAY);
    await completes(world, operators[0]);
    for (const token of world.tokens) expect(await token.balanceOf(operators[0])).to.equal(ether("95"));
  });

  it("spends no evidence on nothing", async () => {
    const world = await loadFixture(slashers);
    const { instant, avs, operators } = world;
    await allocates(world, operators[0], avs, 0n, 0n);
    await blocks(DELAY + 1);
    await expect(instant.slash(operators[0], 0n, says(1, 0n)))
      .to.be.revertedWithCustomError(instant, "NothingAllocated")
      .withArgs(operators[0], 0n);
    await allocates(world, operators[0], avs, half, 0n);
    await blocks(1);
    await expect(instant.slash(operators[0], 0n, says(1, 0n))).to.emit(instant, "FaultPunished");
  });

  it("slashes in no set but its own", async () => {
    const { instant, allocation, operators } = await loadFixture(slashers);
    await expect(instant.slash(operators[0], 1n, says(1, 0n))).to.be.revertedWithCustomError(
      allocation,
      "InvalidCaller",
    );
    expect(await instant.timesPunished(operators[0])).to.equal(0n);
  });

  it("announces nothing, and tells what it can take", async () => {
    const { instant, avs, operators } = await loadFixture(slashers);
    await instant.slash(operators[0], 0n, says(1, 0n));
    expect(await instant.pendingUntil(avs, 0n)).to.equal(0n);
    expect([await instant.slashWad(), await instant.cooldown()]).to.deep.equal([SLASH, COOLDOWN]);
    expect(await instant.verifier()).to.equal(avs);
  });

  it("refuses a part of nothing or more than all, and nobody to ask", async () => {
    const { instant, allocation, avs } = await loadFixture(slashers);
    const deploy = (verifier: string, wad: bigint) =>
      ethers.deployContract("InstantSlasher", [allocation, verifier, wad, COOLDOWN]);
    const address = await avs.getAddress();
    await expect(deploy(address, 0n)).to.be.revertedWithCustomError(instant, "SlashOutOfRange").withArgs(0n, WAD);
    await expect(deploy(address, WAD + 1n))
      .to.be.revertedWithCustomError(instant, "SlashOutOfRange")
      .withArgs(WAD + 1n, WAD);
    await expect(deploy(ethers.ZeroAddress, WAD)).to.be.revertedWithCustomError(instant, "VerifierMissing");
  });
});

describe("both slashers, whatever their verifier says", () => {
  it("take at most the fixed part of an allocation in any cooldown, and each fault once", async () => {
    const moves = fc.array(
      fc.record({
        slasher: fc.constantFrom("instant", "announce", "execute"),
        operator: fc.nat(1),
        fault: fc.integer({ min: 1, max: 4 }),
        wait: fc.constantFrom(0, 60, 200, 1_800, 3_700),
      }),
      { minLength: 5, maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(moves, async (sequence) => {
        const world = await loadFixture(slashers);
        const { instant, vetoable, operators } = world;
        const punished: { key: string; fault: string; time: bigint }[] = [];
        for (const { slasher, operator, fault, wait } of sequence) {
          await blocks(Math.ceil(wait / Number(BLOCK_SECONDS)) + 1);
          const evidence = says(fault, BigInt(await time.latest()));
          const who = operators[operator];
          const request = await vetoable.request(BigInt(fault));
          try {
            if (slasher === "instant") await instant.slash(who, 0n, evidence);
            else if (slasher === "announce") await vetoable.announce(who, 1n, evidence);
            else await vetoable.execute(BigInt(fault));
          } catch {
            continue; // refused: nothing was taken, as the magnitudes show below
          }
          if (slasher === "announce") continue;
          const isInstant = slasher === "instant";
          punished.push({
            key: `${slasher} ${isInstant ? who.address : request.operator}`,
            fault: isInstant ? faultOf(fault) : request.fault,
            time: BigInt(await time.latest()),
          });
        }
        expect(new Set(punished.map(({ key, fault }) => key + fault)).size).to.equal(punished.length);
        for (const [i, a] of punished.entries()) {
          for (const b of punished.slice(i + 1))
            if (a.key === b.key) expect(b.time - a.time >= COOLDOWN).to.equal(true);
        }
        for (const operator of operators.slice(0, 2)) {
          for (const [id, kind] of ["instant", "execute"].entries()) {
            let left = half;
            for (const { key } of punished)
              if (key === `${kind} ${operator.address}`) left -= (left * SLASH + WAD - 1n) / WAD;
            expect(await allocatedTo(world, operator, world.avs, id)).to.deep.equal([left, left]);
          }
        }
      }),
      { numRuns: 12 },
    );
  });
});
