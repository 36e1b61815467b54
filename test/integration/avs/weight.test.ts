import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import { allocatedTo, allocates, blocks, DELAY, ether, leaves, queues } from "./engine";
import { says, SLASH, slashers, type World } from "./slashers-world";

const WAD = 10n ** 18n;
const PART = WAD / SLASH;

/** What an AVS of ours counts as the weight of a member: slashable for a whole deallocation delay from now. */
async function weightOf({ allocation, avs, strategies, operators }: World): Promise<bigint[]> {
  const horizon = (await ethers.provider.getBlockNumber()) + DELAY;
  const set = { avs, id: 0n };
  // The engine's view does not look whether the operator is in the set; an AVS asks about its members only.
  if (!(await allocation.isMemberOfOperatorSet(operators[0], set))) return strategies.map(() => 0n);
  const [weights] = await allocation.getMinimumSlashableStake(set, [operators[0]], strategies, horizon);
  return [...weights];
}

/** Shares of the operator that can be slashed now: with it, and in the queue. */
async function slashable({ delegation, strategies, operators }: World): Promise<bigint[]> {
  const shares = await delegation.getOperatorShares(operators[0], strategies);
  return Promise.all(
    strategies.map(async (s, i) => shares[i] + (await delegation.getSlashableSharesInQueue(operators[0], s))),
  );
}

const moves = fc.array(
  fc.record({
    what: fc.constantFrom("queue", "deallocate", "allocate", "leave", "wait"),
    part: fc.bigInt(1n, 9n),
    blocks: fc.integer({ min: 1, max: 20 }),
  }),
  { maxLength: 6 },
);

async function does(world: World, { what, part }: { what: string; part: bigint }): Promise<void> {
  const [operator] = world.operators;
  const [now] = await allocatedTo(world, operator, world.avs, 0n);
  const tried: Record<string, () => Promise<unknown>> = {
    queue: () => queues(world, operator, part * ether("2")),
    deallocate: () => allocates(world, operator, world.avs, (now * part) / 10n, 0n),
    allocate: () => allocates(world, operator, world.avs, now + part, 0n),
    leave: () => leaves(world, operator, world.avs, [0n]),
    wait: () => Promise.resolve(),
  };
  await tried[what]().catch(() => undefined); // what the engine refuses now changes nothing
}

describe("The weight of a member", () => {
  it("is never more than a slash within the engine's delay really takes of it, whatever it does meanwhile", async () => {
    let slashes = 0;
    await fc.assert(
      fc.asyncProperty(moves, moves, async (before, after) => {
        const world = await loadFixture(slashers);
        for (const move of before) {
          await does(world, move);
          await blocks(move.blocks);
        }
        const weight = await weightOf(world);
        let left = DELAY - 2; // one for the slash itself
        for (const move of after) {
          if (left <= move.blocks) break;
          await does(world, move);
          await blocks(move.blocks - 1);
          left -= move.blocks;
        }
        if (weight.every((w) => w === 0n)) return;
        const had = await slashable(world);
        await world.instant.slash(world.operators[0], 0n, says(1, 0n));
        const has = await slashable(world);
        ++slashes;
        // A slash takes a tenth of what is allocated, and rounds it down by a share in each place.
        for (const [i, w] of weight.entries()) expect((had[i] - has[i]) * PART + 2n * PART >= w).to.equal(true);
      }),
      { numRuns: 40 },
    );
    expect(slashes).to.be.above(15);
  });
});
