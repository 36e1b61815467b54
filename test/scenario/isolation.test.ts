import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import type { World } from "../../scripts/sim/world";
import { allocationsOf, nextDay, slash, WAD } from "../exit-world";
import { staked } from "../world";

/** The operator sets of the local configuration: [index of the AVS, set]. */
const SETS: [number, bigint][] = [
  [0, 0n],
  [0, 1n],
  [1, 0n],
];

interface Seen {
  magnitude: bigint;
  allocated: bigint;
  slashable: bigint;
}

/** What every set could take of every operator, by the engine. Keys: operator/set. */
async function seen(world: World): Promise<Map<string, Seen>> {
  const allocation = await allocationsOf(world);
  const strategy = await world.c.strategy.getAddress();
  const accounts = (await world.c.operators.operators()).map(({ account }) => account);
  const block = BigInt(await world.ctx.provider.getBlockNumber());
  const found = new Map<string, Seen>();
  for (const [s, [avsIndex, id]] of SETS.entries()) {
    const set = { avs: await world.c.avss[avsIndex].getAddress(), id };
    const slashable = await allocation.getMinimumSlashableStake(set, accounts, [strategy], block);
    const allocated = await allocation.getAllocatedStake(set, accounts, [strategy]);
    for (const [i, account] of accounts.entries()) {
      const { currentMagnitude } = await allocation.getAllocation(account, set, strategy);
      found.set(`${i}/${s}`, {
        magnitude: currentMagnitude,
        allocated: allocated[i][0],
        slashable: slashable[i][0],
      });
    }
  }
  return found;
}

/**
 * Magnitudes of other sets move by nothing. Their stake is read as `shares × (magnitude / maximum)`: a slash of another set
 * moves shares and maximum together, and the engine keeps the quotient to 18 digits, so the product to shares / 1e18 wei
 * (20 ether per operator here), plus one wei for the product and one for the slash itself, each rounded down.
 */
const ROUNDING = 20n + 2n;

const orders = fc.array(
  fc.record({
    set: fc.integer({ min: 0, max: SETS.length - 1 }),
    operator: fc.integer({ min: 0, max: 4 }),
    wad: fc.bigInt(1n, WAD),
    unbondBefore: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);

describe("Scenario: a slash stays within its set", () => {
  it("changes only that set's stake of that operator, over random sets, operators, sizes and orders", async () => {
    await fc.assert(
      fc.asyncProperty(orders, async (slashes) => {
        const { world, bob } = await loadFixture(staked);
        await world.request(bob, world.asset, 20n * WAD);
        await nextDay(world.ctx.provider, 60n);
        for (const { set, operator, wad, unbondBefore } of slashes) {
          if (unbondBefore) {
            await world.c.desk
              .connect(world.keeper)
              .unbond(world.asset, 1n)
              .catch(() => undefined);
          }
          const before = await seen(world);
          const hit = `${operator}/${set}`;
          if (before.get(hit)?.magnitude === 0n) continue; // slashed to nothing before
          const [avsIndex, id] = SETS[set];
          await slash(world, avsIndex, id, operator, wad);
          const after = await seen(world);
          for (const [key, was] of before) {
            const is = after.get(key);
            if (is === undefined) throw new Error(`no stake of ${key}`);
            if (key === hit) {
              expect(is.magnitude < was.magnitude, key).to.equal(true);
              continue;
            }
            expect(is.magnitude, `magnitude of ${key}`).to.equal(was.magnitude);
            if (!key.startsWith(`${operator}/`)) {
              expect([is.allocated, is.slashable], key).to.deep.equal([was.allocated, was.slashable]);
              continue;
            }
            for (const what of ["allocated", "slashable"] as const) {
              const off = is[what] > was[what] ? is[what] - was[what] : was[what] - is[what];
              expect(off <= ROUNDING, `${what} of ${key}: ${was[what]} became ${is[what]}`).to.equal(true);
            }
          }
        }
      }),
      { numRuns: 12 },
    );
  });
});
