import { loadFixture, takeSnapshot } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import type { ReentrantTokenMock } from "../../../typechain-types";
import { books, FOREVER, NO_REFERRAL } from "../../checks";
import { ETHER, ether, nextDay, WAD } from "../../exit-world";
import { accept, RATE } from "../../plain-asset";
import { staked } from "../../world";

/**
 * A token that calls out in the middle of every transfer is accepted, worth 1.25 ether. Carol has 40 of it inside, in all
 * places at once: some idle, some restaked, some that may be completed now; a ticket that may be filled, one that may be
 * claimed. The token itself holds shares and tokens and may act for itself.
 */
async function hooked() {
  const { world, alice } = await staked();
  const { c, ctx, keeper } = world;
  const token = (await ethers.deployContract("ReentrantTokenMock")) as unknown as ReentrantTokenMock;
  const asset = await accept(world, token);
  const carol = await world.person(2);
  await token.mint(carol, ether("60"));
  await token.mint(token, ether("10"));
  await token.connect(carol).approve(c.pool, FOREVER);
  const enter = (amount: bigint) =>
    c.pool.connect(carol).reportAndDeposit(asset, amount, carol, 0n, FOREVER, NO_REFERRAL);
  await enter(ether("30"));
  await c.desk.connect(keeper).restake(asset, 16n);
  const claimable = await world.request(carol, asset, ether("5"));
  await nextDay(ctx.provider, 60n);
  await c.desk.connect(keeper).unbond(asset, 16n);
  await nextDay(ctx.provider, 60n);
  for (let i = 0n; i < 5n; ++i) await c.desk.connect(keeper).complete(i, 16n);
  await c.queue.connect(keeper).fill(asset, 9n);
  await world.request(carol, asset, ether("5"));
  await nextDay(ctx.provider, 60n);
  await c.desk.connect(keeper).unbond(asset, 16n);
  await nextDay(ctx.provider, 60n);
  await enter(ether("8"));
  await c.trEth.connect(alice).transfer(token, ether("3"));
  await c.accountant.report();
  return { world, c, carol, token, asset, keeper, claimable };
}

type Scene = Awaited<ReturnType<typeof hooked>>;
type Call = { to: string; data: string };

/** What the token tries in the middle of a transfer, by name. */
async function tries({ world, c, token, asset, claimable }: Scene): Promise<Record<string, Call>> {
  const { delegator } = await c.operators.operator(0n);
  const self = await token.getAddress();
  const [pool, accountant] = [c.pool.interface, c.accountant.interface];
  const [queue, desk] = [c.queue.interface, c.desk.interface];
  const enter = [asset, ether("1"), self, 0n, FOREVER, NO_REFERRAL] as const;
  const at = (name: string, data: string): Call => ({ to: world.ctx.address(name), data });
  return {
    look: { to: self, data: token.interface.encodeFunctionData("totalSupply") }, // harmless
    deposit: at("DepositPool", pool.encodeFunctionData("deposit", [...enter])),
    reportAndDeposit: at("DepositPool", pool.encodeFunctionData("reportAndDeposit", [...enter])),
    report: at("Accountant", accountant.encodeFunctionData("report")),
    settle: at("Accountant", accountant.encodeFunctionData("settle")),
    sync: at("Accountant", accountant.encodeFunctionData("sync", [delegator])),
    syncAsset: at("Accountant", accountant.encodeFunctionData("syncAsset", [asset])),
    request: at("WithdrawalQueue", queue.encodeFunctionData("request", [ETHER, WAD, self])),
    fill: at("WithdrawalQueue", queue.encodeFunctionData("fill", [asset, 9n])),
    claim: at("WithdrawalQueue", queue.encodeFunctionData("claim", [claimable])),
    restake: at("RestakingDesk", desk.encodeFunctionData("restake", [asset, 16n])),
    unbond: at("RestakingDesk", desk.encodeFunctionData("unbond", [asset, 16n])),
    complete: at("RestakingDesk", desk.encodeFunctionData("complete", [0n, 16n])),
  };
}

/** Everything of ours that makes the token move, by name. */
function moves({ c, carol, asset, keeper, claimable }: Scene): Record<string, () => Promise<unknown>> {
  const pool = c.pool.connect(carol);
  const desk = c.desk.connect(keeper);
  return {
    deposit: () => pool.deposit(asset, ether("2"), carol, 0n, FOREVER, NO_REFERRAL),
    reportAndDeposit: () => pool.reportAndDeposit(asset, ether("2"), carol, 0n, FOREVER, NO_REFERRAL),
    restake: () => desk.restake(asset, 16n),
    complete: () => desk.complete(0n, 16n),
    fill: () => c.queue.connect(keeper).fill(asset, 9n),
    claim: () => c.queue.connect(keeper).claim(claimable),
  };
}

describe("A token that calls out in the middle of every transfer", () => {
  for (const move of ["deposit", "reportAndDeposit", "restake", "complete", "fill", "claim"]) {
    it(`moves no value by what it calls in a ${move}`, async () => {
      const scene = await loadFixture(hooked);
      const { world, c, carol, token, asset } = scene;
      const people = [carol, token];
      const held = async () => {
        const shares = await Promise.all(people.map((who) => c.trEth.balanceOf(who)));
        const tokens = await Promise.all(people.map((who) => token.balanceOf(who)));
        const sum = (list: bigint[]) => list.reduce((a, b) => a + b, 0n);
        // Shares in line and units that are filled are theirs too.
        const waiting = (await c.queue.waitingShares(asset)) + (await c.queue.waitingShares(ETHER));
        const value = sum(tokens) + (await token.balanceOf(c.queue));
        return sum(shares) + waiting + (value * RATE) / WAD;
      };
      const before = { ...(await books(world)), held: await held() };
      expect(before.rateWad).to.equal(WAD);
      for (const [name, call] of Object.entries(await tries(scene))) {
        const snapshot = await takeSnapshot();
        const earlier = (await token.outcomes()).length;
        await token.setCall(call.to, call.data);
        // A move may be refused because of what was called; then nothing has happened.
        const act = moves(scene)[move];
        if (name === "look") await act();
        else await act().catch(() => undefined);
        await token.setCall(ethers.ZeroAddress, "0x");
        if (name === "look") expect((await token.outcomes()).length).to.be.above(earlier);
        const what = `${name} (${(await token.outcomes()).slice(earlier).join(", ")})`;
        expect(await token.balanceOf(c.pool), what).to.be.at.least(await c.pool.idle(asset));
        expect(await c.accountant.totalLoss(), what).to.equal(0n);
        await c.accountant.report();
        expect(await c.accountant.totalLoss(), what).to.equal(0n);
        expect(await c.pool.rate(), what).to.equal(WAD);
        expect((await books(world)).netAssetValue, what).to.equal(await c.trEth.totalSupply());
        expect(await held(), what).to.equal(before.held);
        await snapshot.restore();
      }
    });
  }
});
