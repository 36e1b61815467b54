import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import type { Signer } from "ethers";
import { ethers } from "hardhat";
import { as, DAY, ether, WAD } from "../../../checks";
import { allocationsOf, exposeFully, slash } from "../../../exit-world";
import { staked } from "../../../world";
import type { World } from "../../../../scripts/sim/world";

const OTHER = 3n;
const NOWHERE = "0x000000000000000000000000000000000000dEaD";

async function quiet() {
  const scene = await loadFixture(staked);
  const { c, asset } = scene.world;
  await scene.world.deposit(await scene.world.person(2), "wstETH", ether("5")); // some of it idle
  await c.accountant.report();
  return { ...scene, c, asset, accountant: c.accountant };
}

/** Every loss that the last block entered: kind, subject, value. */
async function entered({ c: { accountant } }: World) {
  const events = await accountant.queryFilter(accountant.filters.LossRecognised(), -1);
  return events.map(({ args }) => ({ kind: args.kind, subject: args.subject, value: args.etherValue }));
}

const sum = (values: bigint[]): bigint => values.reduce((a, b) => a + b, 0n);

interface Losses {
  slashes: { operator: number; wad: bigint }[];
  strategy: bigint;
  issuerBps: bigint;
  other: bigint;
}

async function strike(world: World, { slashes, strategy, issuerBps, other }: Losses): Promise<void> {
  for (const { operator, wad } of slashes) {
    const allocation = await allocationsOf(world);
    const { account } = await world.c.operators.operator(operator);
    const set = { avs: await world.c.avss[0].getAddress(), id: 0n };
    const { currentMagnitude } = await allocation.getAllocation(account, set, world.c.strategy);
    if (currentMagnitude !== 0n) await slash(world, 0, 0n, operator, wad);
  }
  if (strategy !== 0n) await world.c.stEth.connect(await as(world.c.strategy)).transferShares(NOWHERE, strategy);
  if (issuerBps !== 0n) await world.lidoLoses(issuerBps);
  if (other !== 0n) {
    await world.c.pool.connect(await as(world.c.desk)).take(world.asset, other, world.asset, world.keeper);
  }
}

describe("Accountant: the ledger of losses", () => {
  it("has exactly one entry for every cause, and all of them add up to what net asset value lost", async () => {
    const losses = fc.record({
      slashes: fc.array(fc.record({ operator: fc.integer({ min: 0, max: 4 }), wad: fc.bigInt(10n ** 9n, WAD) }), {
        maxLength: 6,
      }),
      strategy: fc.oneof(fc.constant(0n), fc.bigInt(ether("0.0001"), ether("30"))),
      issuerBps: fc.oneof(fc.constant(0n), fc.bigInt(1n, 3_000n)),
      other: fc.oneof(fc.constant(0n), fc.bigInt(ether("0.0001"), ether("4"))),
    });
    await fc.assert(
      fc.asyncProperty(losses, async (struck) => {
        const { world, accountant } = await quiet();
        const before = await accountant.netAssetValue();
        await strike(world, struck);
        await accountant.report();
        const lost = before - (await accountant.netAssetValue());
        const entries = await entered(world);
        const keys = entries.map(({ kind, subject }) => `${kind} ${subject}`);
        expect(new Set(keys).size).to.equal(keys.length);
        // Rates have 18 digits, so that each of the three conversions of 105 ETH is off by 105 wei at most; a loss up to a
        // gwei has no entry of its own.
        const dust = entries.length === 0 ? 10n ** 9n : 10n ** 9n + 315n;
        const total = sum(entries.map(({ value }) => value));
        expect(total <= lost + 315n && total + dust >= lost, `${total} entered, ${lost} lost`).to.equal(true);
        expect(await accountant.totalLoss()).to.equal(total);
        for (const { subject } of entries) {
          const values = entries.filter((e) => e.subject === subject).map(({ value }) => value);
          expect(await accountant.lossOf(subject)).to.equal(sum(values));
        }
        if (struck.other === 0n) expect(entries.map(({ kind }) => kind)).not.to.include(OTHER);
        const again = await accountant.report();
        await expect(again).not.to.emit(accountant, "LossRecognised");
      }),
      { numRuns: 12 },
    );
  });

  it("enters no loss twice that a sync has found before the report", async () => {
    const { world, accountant, c } = await quiet();
    const [first] = await c.operators.operators();
    await world.equivocate(0, 0);
    await accountant.sync(first.delegator);
    await accountant.syncAsset(world.asset);
    await accountant.syncIssuers();
    const found = await accountant.totalLoss();
    expect(found).to.equal(ether("1.0001"));
    await accountant.report();
    await accountant.settle();
    expect(await accountant.totalLoss()).to.equal(found);
  });

  describe("one slash and the same in slices in one block", () => {
    /** Slashes so many ten-thousandths of an operator's stake in equal slices, settling after each; then at one go. */
    async function compare(scene: Awaited<ReturnType<typeof quiet>>, part: bigint, slices: number) {
      const { world, accountant, c } = scene;
      const { account, delegator } = await c.operators.operator(0);
      const allocation = await allocationsOf(world);
      const set = { avs: await c.avss[0].getAddress(), id: 0n };
      const maximum = () => allocation.getMaxMagnitude(account, c.strategy);
      const current = async () => (await allocation.getAllocation(account, set, c.strategy)).currentMagnitude;
      const start = await maximum();
      const slice = ((await current()) * part) / 10_000n / BigInt(slices);
      const outcome = async () => ({
        rate: await c.pool.rate(),
        nav: await accountant.netAssetValue(),
        lost: await accountant.lossOf(delegator),
        closedUntil: await accountant.fillsClosedUntil(),
      });
      const clean = (await ethers.provider.send("evm_snapshot", [])) as string;
      const when = BigInt(await time.latest()) + 1_000n;

      await inOneBlock(when, async (send) => {
        const { slasher, slashing } = await slasherOf(world);
        let left = await current();
        for (let i = 0; i < slices && left > slice; ++i) {
          await send(slasher, slashing((slice * WAD) / left));
          await send(world.keeper, await accountant.settle.populateTransaction());
          left -= slice;
        }
      });
      const [slashed, sliced] = [start - (await maximum()), await outcome()];

      await ethers.provider.send("evm_revert", [clean]);
      await slash(world, 0, 0n, 0, (slashed * WAD) / (await current()));
      expect(start - (await maximum())).to.equal(slashed);
      await time.setNextBlockTimestamp(when);
      await accountant.settle();
      const whole = await outcome();
      expect(sliced).to.deep.equal(whole);
      return { rang: whole.closedUntil === when + DAY, whole };
    }

    async function exposed() {
      const scene = await quiet();
      await exposeFully(scene.world, 0);
      await scene.accountant.report();
      return scene;
    }

    for (const [what, part] of [
      ["a loss just below the alarm", 291n],
      ["a loss just above it", 292n],
      ["all of the operator", 10_000n],
    ] as const) {
      it(`end at the same rate, ledger and alarm in fifty: ${what}`, async () => {
        const { rang, whole } = await compare(await exposed(), part, 50);
        expect(rang).to.equal(part > 291n);
        if (!rang) expect(whole.closedUntil).to.equal(0n);
      });
    }

    it("end at the same rate, ledger and alarm, over random sizes and numbers of slices", async () => {
      const sizes = fc.oneof(fc.bigInt(1n, 600n), fc.bigInt(1n, 10_000n));
      await fc.assert(
        fc.asyncProperty(sizes, fc.integer({ min: 1, max: 50 }), async (part, slices) => {
          await compare(await exposed(), part, slices);
        }),
        { numRuns: 6 },
      );
    });
  });
});

type Send = (from: Signer, call: { to: string; data: string }) => Promise<void>;

/** Sends everything that `action` sends in one block at `when`, in order. */
async function inOneBlock(when: bigint, action: (send: Send) => Promise<void>): Promise<void> {
  const limit = (await ethers.provider.getBlock("latest"))!.gasLimit;
  await ethers.provider.send("evm_setBlockGasLimit", ["0x17d78400"]); // 400 M
  await ethers.provider.send("evm_setAutomine", [false]);
  const nonces = new Map<string, number>();
  try {
    await action(async (signer, { to, data }) => {
      const from = await signer.getAddress();
      // Counted here: asking the node for a pending one makes it run the whole block again.
      const nonce = nonces.get(from) ?? (await ethers.provider.getTransactionCount(from));
      nonces.set(from, nonce + 1);
      const gas = { gas: "0x2dc6c0", gasPrice: "0x2540be400" }; // three million, at 10 gwei
      await ethers.provider.send("eth_sendTransaction", [{ from, to, data, ...gas, nonce: ethers.toQuantity(nonce) }]);
    });
    await time.setNextBlockTimestamp(when);
    await ethers.provider.send("hardhat_mine", ["0x1"]);
  } finally {
    await ethers.provider.send("evm_setAutomine", [true]);
    await ethers.provider.send("evm_setBlockGasLimit", [ethers.toQuantity(limit)]);
  }
}

/** The slasher of a set, and its call that takes a part of what the first operator has allocated. */
async function slasherOf(world: World) {
  const allocation = await allocationsOf(world);
  const avs = await world.c.avss[0].getAddress();
  const { account } = await world.c.operators.operator(0);
  const slasher = await as(await allocation.getSlasher({ avs, id: 0n }));
  const strategies = [await world.c.strategy.getAddress()];
  const to = await allocation.getAddress();
  const slashing = (wad: bigint) => {
    const params = { operator: account, operatorSetId: 0n, strategies, wadsToSlash: [wad], description: "slice" };
    return { to, data: allocation.interface.encodeFunctionData("slashOperator", [avs, params]) };
  };
  return { slasher, slashing };
}
